"""Whether a paper keeps to ICLR's style: its running head, its author block, and how much fits on a page.

Measured on the lines of running text, so that a single overfull line is no finding. The style's own figures
(iclr2025_conference.sty): a text block of 5.5 by 9 inches, 10 on 11 point.
"""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from submissions.pdfcheck.layout import Layout, Line, Page, TextBlock
from submissions.pdfcheck.places import Places
from submissions.pdfcheck.result import INFORMS, WARNS, Finding
from submissions.pdfcheck.rules import DOUBLE, Rules
from submissions.pdfcheck.sections import Parts

ICLR = "iclr"
WIDTH, HEIGHT, SIZE, LEADING = 396.0, 648.0, 10.0, 11.0  # points

_TOO_WIDE, _TOO_HIGH, _TOO_SMALL, _TOO_TIGHT = WIDTH + 8, HEIGHT + 18, SIZE - 0.5, LEADING - 0.4
_LONG = 0.8  # of the block's width: what is shorter may be a figure's or a table's
_FEWEST_LINES = 15  # on one page, to say something about it
_UNDER_REVIEW = re.compile(r"under review", re.IGNORECASE)
_PUBLISHED = re.compile(r"published as", re.IGNORECASE)
_ANY_HEAD = re.compile(r"under review|published as|workshop|iclr", re.IGNORECASE)
_ANONYMOUS = re.compile(r"anonym", re.IGNORECASE)


def judge_template(layout: Layout, parts: Parts, rules: Rules) -> list[Finding]:
    """What differs from the style that the track asks for; nothing where it asks for none."""
    if rules.style != ICLR or not rules.is_main_file or rules.landscape or layout.block is None:
        return []
    return [*_block(layout.block), *_pages(layout, parts), *_head(layout, rules), *_author_block(layout, parts, rules)]


def _block(block: TextBlock) -> Iterator[Finding]:
    if block.columns > 1:
        message = "The text is set in two columns; the style has one. Use the track's template."
        yield Finding("template.columns", WARNS, message, page=1)
    elif block.width > _TOO_WIDE:
        message = f"The text is {block.width:.0f} pt wide; the style has {WIDTH:.0f} pt. Do not change the margins."
        yield Finding("template.text_width", WARNS, message, page=1)
    if block.height > _TOO_HIGH:
        message = f"The text is {block.height:.0f} pt high; the style has {HEIGHT:.0f} pt. Do not change the margins."
        yield Finding("template.text_height", WARNS, message, page=1)
    if block.size <= _TOO_SMALL:
        message = f"The text is set in {block.size:g} pt; the style has {SIZE:.0f} pt. Do not make it smaller."
        yield Finding("template.font_size", WARNS, message, page=1)
    elif block.leading < _TOO_TIGHT:
        message = (
            f"The lines stand {block.leading:g} pt apart; the style has {LEADING:.0f} pt. Do not set them tighter."
        )
        yield Finding("template.leading", WARNS, message, page=1)


def _pages(layout: Layout, parts: Parts) -> Iterator[Finding]:
    """Pages of main text that are set smaller or tighter than the paper as a whole."""
    block, last = layout.block, parts.main_text_pages
    if block is None or block.columns > 1 or last is None:
        return
    for page in layout.pages[:last]:
        long = [line for line in page.lines if line.width >= _LONG * block.width]
        if len(long) < _FEWEST_LINES:
            continue
        size = _commonest(round(line.size * 2) / 2 for line in long)
        steps = _steps(page, long)
        if size <= _TOO_SMALL < block.size:
            message = f"This page is set in {size:g} pt; the style has {SIZE:.0f} pt. Do not make it smaller."
            yield Finding("template.font_size", WARNS, message, page=page.number)
        elif len(steps) >= _FEWEST_LINES and _commonest(steps) < _TOO_TIGHT <= block.leading:
            message = f"The lines of this page stand {_commonest(steps):g} pt apart; the style has {LEADING:.0f} pt."
            yield Finding("template.leading", WARNS, message, page=page.number)


def _steps(page: Page, long: list[Line]) -> list[float]:
    """From baseline to baseline of long lines that follow each other, in quarters of a point."""
    wanted = set(map(id, long))
    return [
        round((before.baseline - after.baseline) * 4) / 4
        for before, after in pairwise(page.lines)
        if {id(before), id(after)} <= wanted and 0 < before.baseline - after.baseline < 2 * before.size
    ]


def _commonest(values) -> float:
    return Counter(values).most_common(1)[0][0]


def _head(layout: Layout, rules: Rules) -> Iterator[Finding]:
    """The style's first option tells in the running head whether names are printed."""
    first = layout.pages[0]
    words = " ".join(line.text for line in first.running) or " ".join(line.text for line in first.lines[:2])
    if rules.blind == DOUBLE and _PUBLISHED.search(words):
        message = "The running head says “Published as”: use the style's anonymous option (no \\iclrfinalcopy)."
        yield Finding("template.final_head", WARNS, message, page=1, excerpt=words)
    elif rules.prints_authors and _UNDER_REVIEW.search(words):
        message = "The running head still says “Under review”: use the style's final option (\\iclrfinalcopy)."
        yield Finding("template.review_head", WARNS, message, page=1, excerpt=words)
    elif not _ANY_HEAD.search(words):
        yield Finding("template.head", INFORMS, "The style's running head is missing on the first page.", page=1)
    if rules.prints_authors and sum(len(page.line_numbers) for page in layout.pages) > 10:
        message = "The line numbers of the review style are still there: use the final option (\\iclrfinalcopy)."
        yield Finding("template.line_numbers", WARNS, message, page=1)


def _author_block(layout: Layout, parts: Parts, rules: Rules) -> Iterator[Finding]:
    if rules.blind != DOUBLE:
        return
    byline = Places.of(layout, parts).byline
    if not any(_ANONYMOUS.search(line.text) for line in byline):
        message = "The style's line “Anonymous authors” is missing below the title."
        yield Finding("template.author_block", INFORMS, message, page=1)
