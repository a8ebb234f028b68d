"""Conditions of sight, as parts of a query that shrink before the database meets them.

What can never hold for a viewer (an author is no organiser) falls out of the query instead of being asked of
every row. Rules are thus written for everybody, and each viewer pays for his or her own part only.
"""

from django.db.models import BooleanField, Case, CharField, ExpressionWrapper, Field, Q, Value, When

NEVER = Q(Value(False, output_field=BooleanField()))
ALWAYS = Q(Value(True, output_field=BooleanField()))


def constant(truth: bool) -> Q:
    """A condition that is known before the query."""
    return ALWAYS if truth else NEVER


def all_of(*conditions: Q) -> Q:
    """Every one of them holds."""
    if any(condition is NEVER for condition in conditions):
        return NEVER
    return _joined([condition for condition in conditions if condition is not ALWAYS], Q.AND) or ALWAYS


def any_of(*conditions: Q) -> Q:
    """At least one of them holds."""
    if any(condition is ALWAYS for condition in conditions):
        return ALWAYS
    return _joined([condition for condition in conditions if condition is not NEVER], Q.OR) or NEVER


def _joined(conditions: list[Q], connector: str) -> Q | None:
    """A single one stays itself, so that `given` knows it again."""
    if len(conditions) < 2:
        return next(iter(conditions), None)
    whole = Q()
    for condition in conditions:
        whole = whole & condition if connector == Q.AND else whole | condition
    return whole


def given(condition: Q, filtered_by: Q) -> Q:
    """The condition among rows that were filtered by another: known, if that is the very same one."""
    return ALWAYS if condition is filtered_by else condition


def none_of(*conditions: Q) -> Q:
    """Not a single one of them holds. Conditions must not be NULL, as a comparison with an empty column is."""
    found = any_of(*conditions)
    if found is NEVER or found is ALWAYS:
        return constant(found is NEVER)
    return ~found


class Flag(Case):
    """A boolean column that many conditions refer to, each built on those before it.

    Wherever such a column is referred to, Django resolves it and writes it out anew, with all that it is built on:
    the work doubles with every floor of rules. But it means the same each time. So it is resolved once, in the query
    that it is a column of (it refers to nothing outside), and written once as long as it is the same object: what
    renames tables works on a copy, which starts unwritten.
    """

    _is_resolved = False
    _written: tuple[str, str, tuple] | None = None

    def copy(self) -> "Flag":
        made = super().copy()
        made._written = None
        return made

    def resolve_expression(self, *args, **kwargs) -> "Flag":
        if self._is_resolved:
            return self
        made = super().resolve_expression(*args, **kwargs)
        made._is_resolved = True
        return made

    def as_sql(self, compiler, connection, **context):
        if self._written is None or self._written[0] != connection.alias or context:
            sql, parameters = super().as_sql(compiler, connection, **context)
            if context:
                return sql, parameters
            self._written = (connection.alias, sql, tuple(parameters))
        return self._written[1], list(self._written[2])


def flag(condition: Q) -> Case | Value:
    """The condition as a boolean column that is never NULL."""
    if condition is NEVER or condition is ALWAYS:
        return Value(condition is ALWAYS, output_field=BooleanField())
    return Flag(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


def guarded(value, condition: Q, output_field: Field | None = None) -> Case | Value:
    """The value (an expression, or a field's name as F) where the condition holds, else NULL."""
    kind = output_field or CharField(null=True)
    if condition is NEVER:
        return Value(None, output_field=kind)
    if condition is ALWAYS:
        return ExpressionWrapper(value, output_field=kind)
    return Case(When(condition, then=value), default=Value(None), output_field=kind)
