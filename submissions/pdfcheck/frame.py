"""The frame of a paper: what in the margins is not its text, and the block in which the text stands.

Line numbers, as review styles print them, and running heads are told apart, for neither is part of the paper.
"""

import re
from collections import Counter
from collections.abc import Callable
from itertools import pairwise

from submissions.pdfcheck.layout import Glyph, Layout, Line, Page, TextBlock, line_of

_ONLY_DIGITS = re.compile(r"[0-9]{1,4}")
_FEWEST_NUMBERS = 12
_LONG_LINE = 20  # letters
_RUNNING = re.compile(r"under review as|published as|workshop paper|workshop at iclr|preprint|arxiv:\d", re.IGNORECASE)


def finish(pages: list[Page]) -> Layout:
    """Set line numbers and running heads apart, and measure the text block."""
    _set_line_numbers_apart(pages)
    _set_running_heads_apart(pages)
    return Layout(pages, measure(pages))


# --- What is not the paper's text ------------------------------------------------------------------------


def _set_line_numbers_apart(pages: list[Page]) -> None:
    """Many short numbers, one under the other, outside of where the words stand.

    They may stand anywhere in the stream, be joined to their line by a narrow gap, and two columns may have them on
    both sides.
    """
    cut = [(page, line, *_cut_numbers_off(line)) for page in pages for line in page.lines]
    place = _outside([rest for *_, rest in cut if rest and len(rest.text) > _LONG_LINE])
    places = Counter(place(number) for _, _, numbers, _ in cut for number in numbers)
    margins = {at for at in places if at and sum(places[at + step] for step in (-1, 0, 1)) >= _FEWEST_NUMBERS}
    for page in pages:
        page.lines = []
    for page, line, numbers, rest in cut:
        apart = [number for number in numbers if place(number) in margins]
        page.line_numbers += apart
        page.lines += [kept for kept in ([rest] if apart else [line]) if kept]


def _outside(words: list[Line]) -> Callable[[Line], int]:
    """Where a number stands in the margins, in steps of 4 points: negative left of all words, 0 among them."""
    lefts, rights = Counter(round(line.left) for line in words), Counter(round(line.right) for line in words)
    left = min(_frequent(lefts, len(words)), default=0)
    right = max(_frequent(rights, len(words)), default=0)

    def place(number: Line) -> int:
        if number.right <= left + 1:
            return round(number.right / 4) - 10_000
        return round(number.left / 4) + 10_000 if number.left >= right - 1 else 0

    return place


def _cut_numbers_off(line: Line) -> tuple[list[Line], Line | None]:
    """The numbers that a gap parts from the beginning or the end of a line, and the rest of it."""
    at = [index for index, glyph in enumerate(line.glyphs) if not glyph.text.isspace()]
    inked = [line.glyphs[index] for index in at]
    if len(inked) < 5 and all(glyph.text.isdecimal() for glyph in inked):
        return [line], None
    first, last = _digits_apart(inked), len(inked) - _digits_apart(inked[::-1])
    if last - first == len(inked) or first >= last:
        return [], line
    numbers = [*line_of(inked[:first], line.page), *line_of(inked[last:], line.page)]
    return numbers, next(line_of(line.glyphs[at[first] : at[last - 1] + 1], line.page), None)


def _digits_apart(glyphs: list[Glyph]) -> int:
    """How many digits, four at most, a gap parts from the glyphs behind them."""
    for count, (glyph, other) in enumerate(pairwise(glyphs[:5]), start=1):
        if not glyph.text.isdecimal():
            break
        gap = max(glyph.left, other.left) - min(glyph.right, other.right)
        if gap > 0.6 * max(glyph.size, other.size):
            return count
    return 0


def _set_running_heads_apart(pages: list[Page]) -> None:
    """Words that stand at the same height of the margin on most pages, and page numbers."""
    seen: Counter[str] = Counter()
    for page in pages:
        seen.update({_bare(line.text) for line in page.lines if _is_in_margin(line, page)})
    often = {text for text, count in seen.items() if text and count >= max(2, len(pages) * 0.4)}
    numbers = _page_numbers(pages)
    for page in pages:
        running = [line for line in page.lines if _is_in_margin(line, page) and _is_running(line, often)]
        running += [number for number in numbers.get(page.number, []) if number not in running]
        apart = set(map(id, running))
        page.running = running
        page.lines = [line for line in page.lines if id(line) not in apart]


def _page_numbers(pages: list[Page]) -> dict[int, list[Line]]:
    """Numbers that stand lowest on their pages and count them, wherever the foot of the page is."""
    lowest = {page.number: min(page.lines, key=lambda line: line.baseline) for page in pages if page.lines}
    counting = {number: line for number, line in lowest.items() if _ONLY_DIGITS.fullmatch(line.text)}
    steps = Counter(int(line.text) - number for number, line in counting.items())
    step, count = next(iter(steps.most_common(1)), (0, 0))
    if count < max(2, len(pages) / 2):
        return {}
    return {number: [line] for number, line in counting.items() if int(line.text) - number == step}


def _is_running(line: Line, often: set[str]) -> bool:
    bare = _bare(line.text)
    return bare in often or not bare or bool(_RUNNING.search(line.text))


_RUNNING = re.compile(r"under review as|published as|workshop paper|workshop at iclr|preprint|arxiv:\d", re.IGNORECASE)


def _is_in_margin(line: Line, page: Page) -> bool:
    return line.baseline > page.height * 0.915 or line.baseline < page.height * 0.07


def _bare(text: str) -> str:
    return re.sub(r"[^a-z]", "", text.casefold())


# --- The text block --------------------------------------------------------------------------------------


def measure(pages: list[Page]) -> TextBlock | None:
    """The text block by the body's own lines: those in the most frequent size. None where there is too little."""
    weights: Counter[float] = Counter()
    for page in pages:
        for line in page.lines:
            weights[round(line.size * 2) / 2] += len(line.text)
    if sum(weights.values()) < 400:
        return None
    size = weights.most_common(1)[0][0]
    body = [line for page in pages for line in page.lines if abs(line.size - size) < 0.3 and len(line.text) > 20]
    if len(body) < 8:
        return None
    columns = _columns(body, pages[0].width)
    lefts = Counter(round(line.left) for line in body)
    rights = Counter(round(line.right) for line in body)
    left = min(_frequent(lefts, len(body)))
    right = max(_frequent(rights, len(body)))
    bottoms = sorted(min((line.baseline for line in page.lines), default=page.height) for page in pages)
    tops = sorted(max((line.box[3] for line in page.lines), default=0.0) for page in pages)
    return TextBlock(
        left, right, bottoms[len(bottoms) // 4], tops[3 * len(tops) // 4], size, _leading(body) or size * 1.1, columns
    )


def _frequent(places: Counter[int], total: int) -> list[int]:
    """Places where at least a twelfth of the lines begin or end, counted with their neighbours."""
    found = [p for p in places if places[p - 1] + places[p] + places[p + 1] >= max(3, total / 12)]
    return found or [place for place, _ in places.most_common(1)]


def _columns(body: list[Line], page_width: float) -> int:
    half = [line for line in body if line.width < page_width * 0.47]
    right = [line for line in half if line.left > page_width * 0.48]
    left = [line for line in half if line.right < page_width * 0.54]
    return 2 if len(half) > 0.7 * len(body) and min(len(left), len(right)) > 0.2 * len(body) else 1


def _leading(body: list[Line]) -> float | None:
    steps = Counter(
        round((before.baseline - after.baseline) * 4) / 4
        for before, after in pairwise(body)
        if before.page == after.page and 0 < before.baseline - after.baseline < 3 * before.size
    )
    return steps.most_common(1)[0][0] if steps else None
