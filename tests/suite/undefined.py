"""An undefined template variable fails a test; all else is rendered as production renders it.

Django's own `string_if_invalid` cannot do that: what raises or is seen must be truthy, and then an `{% if %}` on
a row that is missing is true in tests and false in production. So it stays empty here too, and who prints a name that
nobody defined is caught where it is printed. What a template provides for is no mistake: a condition, a loop,
`default`, and a related row that does not exist.
"""

import inspect
from pathlib import Path
from typing import Any

from django.template.base import FilterExpression, Variable, VariableDoesNotExist
from django.template.context import BaseContext

_PROVIDED_FOR = {"default"}


class Nothing(str):
    """The empty string that stands for a missing row, to be told from a text that is empty."""

    __slots__ = ()


NOTHING = Nothing()
_failed: list[tuple[Variable, VariableDoesNotExist]] = []


def install() -> None:
    """Make undefined variables an AssertionError, for as long as the process runs."""
    plain_variable, plain_expression = Variable.resolve, FilterExpression.resolve

    def resolve_variable(self: Variable, context: BaseContext) -> Any:
        try:
            return plain_variable(self, context)
        except VariableDoesNotExist as error:
            _failed[:] = [(self, error)]
            raise

    def resolve_expression(self: FilterExpression, context: BaseContext, ignore_failures: bool = False) -> Any:
        _failed.clear()
        value = plain_expression(self, context, ignore_failures)
        if _failed and _failed[0][0] is self.var and not ignore_failures and _is_a_mistake(self, _failed[0][1]):
            raise AssertionError(f"undefined template variable: {self.var}")
        return value

    Variable.resolve = resolve_variable
    FilterExpression.resolve = resolve_expression


def _is_a_mistake(expression: FilterExpression, error: VariableDoesNotExist) -> bool:
    if any(function.__name__ in _PROVIDED_FOR for function, _ in expression.filters):
        return False
    looked_in = error.params[1] if len(error.params) > 1 else None
    return looked_in is not NOTHING and not _is_in_an_installed_package()


def _is_in_an_installed_package() -> bool:
    """Whether the template that is being rendered came with a package: those are not ours to make strict."""
    frame = inspect.currentframe()
    while frame is not None:
        origin = getattr(frame.f_locals.get("self"), "origin", None)
        if origin is not None:
            return "site-packages" in Path(str(getattr(origin, "name", ""))).parts
        frame = frame.f_back
    return False
