"""What is wrong with a file, in plain words: the schema's complaints, each at its place."""

from collections.abc import Callable, Iterator
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, RootModel, ValidationError
from pydantic_core import ErrorDetails

from ml4rs.editions.filing.reading import Document, Path, Problem


def validated(schema: type[BaseModel], data: Any, document: Document, at: Path = ()) -> BaseModel | None:
    """The data as an instance of `schema`; None where it does not fit, which `document.problems` then tells."""
    try:
        return schema.model_validate(data)
    except ValidationError as error:
        document.problems.extend(_told(each, schema, document, at) for each in error.errors(include_url=False))
        return None


def _told(error: ErrorDetails, schema: type[BaseModel], document: Document, at: Path) -> Problem:
    path = tuple(part for part in error["loc"] if part != "[key]")
    is_about_key = error["type"] == "extra_forbidden" or "[key]" in error["loc"]
    if error["type"] == "extra_forbidden":
        words = unknown_key(str(path[-1]), keys_at(schema, path[:-1]))
    elif error["type"] == "missing":
        words, path = f"“{path[-1]}” is missing here.", path[:-1]
    else:
        words = _WORDS.get(error["type"], _as_it_is)(error)
    return document.problem((*at, *path), words, at_key=is_about_key)


def unknown_key(key: str, known: list[str]) -> str:
    near = get_close_matches(key, known, n=1)
    hint = f" Did you mean “{near[0]}”?" if near else f" Known here: {', '.join(known)}." if known else ""
    return f"There is no key “{key}” here.{hint}"


def keys_at(schema: type[BaseModel], path: Path) -> list[str]:
    """The keys that the mapping at `path` may have."""
    for part in path:
        if isinstance(part, int):
            if issubclass(schema, RootModel):
                schema = next(models_in(schema.model_fields["root"].annotation), schema)
            continue  # an item has the form that its list says
        field = schema.model_fields.get(str(part))
        found = next(models_in(field.annotation), None) if field is not None else schema
        if found is None:
            return []
        schema = found
    return list(schema.model_fields)


def models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    """The models that an annotation such as `list[TrackPart] | None` speaks of."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in getattr(annotation, "__args__", ()):
        yield from models_in(inner)


def _as_it_is(error: ErrorDetails) -> str:
    return f"{error['msg']}."


def _choice(error: ErrorDetails) -> str:
    return f"“{error['input']}” is none of: {error['ctx']['expected'].replace(chr(39), '')}."


def _too_long(error: ErrorDetails) -> str:
    limit = error["ctx"]["max_length"]
    return f"This is too long: {len(error['input'])} characters of at most {limit}."


def _own(error: ErrorDetails) -> str:
    return str(error["ctx"]["error"])


_WORDS: dict[str, Callable[[ErrorDetails], str]] = {
    "value_error": _own,
    "literal_error": _choice,
    "string_too_long": _too_long,
    "string_too_short": lambda error: "This cannot be empty.",
    "string_pattern_mismatch": lambda error: f"“{error['input']}” does not have the form that is needed here.",
    "too_short": lambda error: "This list needs at least one entry.",
    "string_type": lambda error: "Write a text here.",
    "list_type": lambda error: "Write a list here: one line for each, starting with “- ”.",
    "dict_type": lambda error: "Write keys with values here, such as “name: …”.",
    "model_type": lambda error: "Write keys with values here, such as “name: …”.",
    "bool_parsing": lambda error: f"“{error['input']}” is neither true nor false.",
    "bool_type": lambda error: "Write true or false.",
    "int_parsing": lambda error: f"“{error['input']}” is no whole number.",
    "int_type": lambda error: "Write a whole number.",
    "greater_than_equal": lambda error: f"{error['input']} is too small: at least {error['ctx']['ge']}.",
    "less_than_equal": lambda error: f"{error['input']} is too large: at most {error['ctx']['le']}.",
}
