"""Figures in rows, for people and for programs."""

from dataclasses import asdict, dataclass, field


@dataclass
class Table:
    """`rows` are lists as long as `columns`; numbers stay numbers."""

    title: str
    columns: list[str]
    rows: list[list] = field(default_factory=list)
    note: str = ""

    def as_dict(self) -> dict:
        return asdict(self)


def as_markdown(table: Table) -> str:
    lines = [f"### {table.title}", ""]
    lines.append(f"| {' | '.join(table.columns)} |")
    lines.append(f"|{'---|' * len(table.columns)}")
    lines += [f"| {' | '.join(_in_words(value) for value in row)} |" for row in table.rows]
    return "\n".join([*lines, *(["", table.note] if table.note else [])])


def _in_words(value: object) -> str:
    if isinstance(value, float):
        return f"{value:,.1f}" if value >= 10 else f"{value:.2f}"
    return f"{value:,}" if isinstance(value, int) else str(value)
