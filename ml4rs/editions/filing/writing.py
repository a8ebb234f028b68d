"""Plain data as YAML that people like to read: texts as blocks, short lists in a line, the same every time."""

import re
from typing import Any

import yaml

_SHORT = 90
# What YAML 1.2 readers take for something else than text; dates and clock times are text there.
_NOT_TEXT = re.compile(
    r"^(?:~|null|Null|NULL|true|True|TRUE|false|False|FALSE|yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF"
    r"|[-+]?[0-9][0-9_]*(?:\.[0-9]*)?(?:[eE][-+]?[0-9]+)?|[-+]?\.[0-9]+|0x[0-9a-fA-F]+|0o?[0-7]+"
    r"|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)|=|<<|)$"
)
_VALUE = "!value"  # tag of what stands there without quotes; a text that looks like it gets quotes


class _Dumper(yaml.SafeDumper):
    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)  # the dash of a list item stands inside its key

    def ignore_aliases(self, data: Any) -> bool:
        return True


_Dumper.yaml_implicit_resolvers = {None: [(_VALUE, _NOT_TEXT)]}


def _text(dumper: yaml.Dumper, text: str) -> yaml.ScalarNode:
    tag = "tag:yaml.org,2002:str"
    if "\n" in text:
        return dumper.represent_scalar(tag, text.rstrip("\n") + "\n", style="|")
    return dumper.represent_scalar(tag, text)


def _flag(dumper: yaml.Dumper, flag: bool) -> yaml.ScalarNode:
    return dumper.represent_scalar(_VALUE, "true" if flag else "false")


def _number(dumper: yaml.Dumper, number: int) -> yaml.ScalarNode:
    return dumper.represent_scalar(_VALUE, str(number))


def _list(dumper: yaml.Dumper, items: list) -> yaml.SequenceNode:
    words = all(isinstance(each, str) for each in items)
    in_a_line = words and sum(len(each) + 2 for each in items) <= _SHORT
    return dumper.represent_sequence("tag:yaml.org,2002:seq", items, flow_style=in_a_line)


_Dumper.add_representer(str, _text)
_Dumper.add_representer(bool, _flag)
_Dumper.add_representer(int, _number)
_Dumper.add_representer(list, _list)


def write_yaml(data: dict[str, Any]) -> str:
    """The sections of a file, a blank line between them."""
    parts = [
        yaml.dump({key: value}, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=10_000)
        for key, value in data.items()
    ]
    return "\n".join(parts)
