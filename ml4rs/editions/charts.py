"""Charts as pages show them: bars drawn as SVG by a template, with the same numbers as a table beside them."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, _GAP = 720.0, 180.0, 0.2
_MOST_LABELS = 12
_LINE, _NAMES = 26.0, 230.0  # of charts that lie on their side: the height of a row, the room for labels


@dataclass(frozen=True)
class Row:
    """A bar: its label, its value (≥ 0), and what of it is set off in a second colour (≤ value)."""

    label: str
    value: float
    part: float = 0
    note: str = ""


@dataclass(frozen=True)
class Bar:
    """A row as it is drawn, in the units of the view box."""

    row: Row
    x: float
    y: float
    width: float
    height: float
    part_y: float
    part_height: float
    middle: float
    shows_label: bool


@dataclass(frozen=True)
class Lying:
    """A row of a chart that lies on its side, with its label to the left."""

    row: Row
    y: float
    middle: float
    width: float
    part_width: float
    end: float


class Chart:
    """Bars side by side, or below each other (`sideways`, for long labels).

    `mark` is the number of rows left of a dashed line (a deadline), None for no line.
    """

    width, height, names, line = WIDTH, HEIGHT, _NAMES, _LINE * 0.7

    def __init__(
        self,
        title: str,
        rows: Sequence[Row],
        *,
        columns: tuple[str, str] = ("", "Number"),
        part: str = "",
        mark: int | None = None,
        mark_label: str = "",
        sideways: bool = False,
    ) -> None:
        self.title, self.rows, self.columns, self.part = title, list(rows), columns, part
        self.mark_x = None if mark is None or not rows else WIDTH * mark / len(rows)
        self.mark_label = mark_label
        self.sideways = sideways

    @property
    def is_empty(self) -> bool:
        return not any(row.value for row in self.rows)

    @property
    def has_notes(self) -> bool:
        return any(row.note for row in self.rows)

    @property
    def most(self) -> float:
        return max((row.value for row in self.rows), default=0)

    @property
    def shows_values(self) -> bool:
        return len(self.rows) <= _MOST_LABELS

    @property
    def mark_anchor(self) -> str:
        """The label of the line stays inside the chart."""
        return "end" if self.mark_x and self.mark_x > WIDTH * 0.9 else "middle"

    @property
    def lying_height(self) -> float:
        return _LINE * len(self.rows)

    @property
    def lying(self) -> list[Lying]:
        scale = (WIDTH - _NAMES - 40) / self.most if self.most else 0
        return [
            Lying(
                row=row,
                y=round(at * _LINE + _LINE * 0.15, 2),
                middle=round((at + 0.5) * _LINE + 4, 2),
                width=round(row.value * scale, 2),
                part_width=round(row.part * scale, 2),
                end=round(_NAMES + row.value * scale + 6, 2),
            )
            for at, row in enumerate(self.rows)
        ]

    @property
    def bars(self) -> list[Bar]:
        if self.is_empty:
            return []
        step, every = WIDTH / len(self.rows), -(-len(self.rows) // _MOST_LABELS)
        return [self._bar(row, at, step, every) for at, row in enumerate(self.rows)]

    def _bar(self, row: Row, at: int, step: float, every: int) -> Bar:
        scale = HEIGHT / self.most
        return Bar(
            row=row,
            x=round(at * step + step * _GAP / 2, 2),
            y=round(HEIGHT - row.value * scale, 2),
            width=round(step * (1 - _GAP), 2),
            height=round(row.value * scale, 2),
            part_y=round(HEIGHT - row.part * scale, 2),
            part_height=round(row.part * scale, 2),
            middle=round((at + 0.5) * step, 2),
            shows_label=at % every == 0,
        )
