"""Whether a paper keeps to its track's length: what counts, measured in pages and parts of one.

It blocks only what is certain. A limit that is passed by less than `_SPILL` of a page, or by a paper whose parts
were not found for sure, is a warning.
"""

from submissions.pdfcheck.layout import Layout, TextBlock
from submissions.pdfcheck.result import BLOCKS, INFORMS, WARNS, Finding
from submissions.pdfcheck.rules import COUNTED, FORBIDDEN, Rules
from submissions.pdfcheck.sections import Heading, Parts

_SPILL = 0.15

Place = tuple[int, float]  # page from 1, height in points


def judge_length(pages: int, parts: Parts, layout: Layout, rules: Rules) -> list[Finding]:
    """What breaks the track's limit for certain, and what looks as if it did."""
    if not rules.is_main_file:
        return []
    findings = _forbidden_parts(parts, rules)
    limit = rules.page_limit
    if limit is None:
        return findings
    if rules.every_page_counts:
        return findings + (_too_many_pages(pages, limit) if pages > limit else [])
    findings += _late_floats(parts, limit)
    if pages <= limit or not any(page.lines for page in layout.pages):
        return findings
    if parts.references is None and parts.appendix is None:
        message = (
            f"We found no heading “References”, so we cannot tell where the main text ends. Of {pages} pages "
            f"at most {limit} may be main text."
        )
        return [*findings, Finding("length.unknown_end", WARNS, message)]
    return findings + _over(parts, layout, rules, limit)


def _too_many_pages(pages: int, limit: int) -> list[Finding]:
    message = f"The file has {pages} pages; this track takes {in_words(limit)}, and every page counts."
    return [Finding("length.over_limit", BLOCKS, message, page=limit + 1)]


def _over(parts: Parts, layout: Layout, rules: Rules, limit: int) -> list[Finding]:
    used = counted_length(parts, layout, rules)
    over = used - limit
    if used <= 0 or over <= 0.01:
        return []
    what, page = _what_counts(rules), parts.main_text_pages or limit + 1
    end = f"the main text ends on page {page}{_before(parts, rules)}"
    if over < _SPILL:
        code, severity = "length.spills", WARNS
        message = f"{what} spills over the limit of {in_words(limit)} by a few lines: {end}. Shorten it a little."
    elif not parts.sure:
        code, severity = "length.seems_over_limit", WARNS
        message = f"{what} seems to be longer than the limit of {in_words(limit)}: {end}."
    else:
        code, severity = "length.over_limit", BLOCKS
        message = f"{what} takes about {used:.1f} pages; this track takes {in_words(limit)}. In this file {end}."
    return [Finding(code, severity, message, page=page, excerpt=_evidence(parts), box=_end_on(page, parts))]


def counted_length(parts: Parts, layout: Layout, rules: Rules) -> float:
    """Pages that count towards the limit, with the used part of the last one; 0 where that cannot be measured."""
    if parts.main_ends is None or layout.block is None:
        return float(parts.main_text_pages or 0)
    block = layout.block
    page, lowest = parts.main_ends
    length = page - 1 + _share_above(lowest, block)
    if rules.references == COUNTED and parts.references:
        length += _part(parts.references, _end_of_references(parts, layout), block)
    if rules.appendix == COUNTED and parts.appendix:
        length += _part(parts.appendix, _end_of_appendix(parts, layout), block)
    return length


def _share_above(height: float, block: TextBlock) -> float:
    """The share of the text block above a height, from 0 to 1."""
    return min(1.0, max(0.0, (block.top - height) / block.height))


def _part(start: Heading, end: Place, block: TextBlock) -> float:
    top = start.line.box[3]
    return max(0.0, end[0] - start.line.page + _share_above(end[1], block) - _share_above(top, block))


def _end_of_references(parts: Parts, layout: Layout) -> Place:
    """Where the appendix begins, if it stands behind them, else the end of the file."""
    appendix, references = parts.appendix, parts.references
    if appendix and references and _place(appendix) > _place(references):
        return appendix.line.page, appendix.line.box[3]
    return _end_of_file(layout)


def _end_of_appendix(parts: Parts, layout: Layout) -> Place:
    appendix, references = parts.appendix, parts.references
    if appendix and references and _place(references) > _place(appendix):
        return references.line.page, references.line.box[3]
    return _end_of_file(layout)


def _place(heading: Heading) -> Place:
    """Sorts as the reader meets them: by page, then downwards."""
    return heading.line.page, -heading.line.baseline


def _end_of_file(layout: Layout) -> Place:
    last = next((page for page in reversed(layout.pages) if page.lines), layout.pages[-1])
    return last.number, min((line.box[1] for line in last.lines), default=last.height)


def _late_floats(parts: Parts, limit: int) -> list[Finding]:
    """Figures and tables that drifted behind the references belong to the main text all the same."""
    late = [line for line in parts.late_floats if line.page > limit]
    if not late:
        return []
    message = "A figure or table stands behind the references, beyond the page limit. Move it into the main text."
    return [Finding("length.late_floats", WARNS, message, page=late[0].page, excerpt=late[0].text)]


def _forbidden_parts(parts: Parts, rules: Rules) -> list[Finding]:
    found = []
    if rules.appendix == FORBIDDEN and parts.appendix:
        message = "This seems to be an appendix, and this track takes none. Move it to the supplementary file."
        line = parts.appendix.line
        found.append(Finding("length.appendix", WARNS, message, page=line.page, excerpt=line.text))
    if rules.references == COUNTED and parts.references_page:
        message = "In this track the references count towards the page limit."
        found.append(Finding("length.references_count", INFORMS, message, page=parts.references_page))
    return found


def _end_on(page: int, parts: Parts) -> tuple[float, float, float, float] | None:
    """The heading that ends the main text, where it stands on that page."""
    ends = (parts.statements, parts.acknowledgements, parts.references, parts.appendix)
    return next((heading.line.box for heading in ends if heading and heading.line.page == page), None)


def _what_counts(rules: Rules) -> str:
    extra = [name for name, rule in (("references", rules.references), ("appendix", rules.appendix)) if rule == COUNTED]
    return f"The main text with its {' and '.join(extra)}" if extra else "The main text"


def _before(parts: Parts, rules: Rules) -> str:
    """What shows where the main text ends."""
    ends = [heading for heading in (parts.references, parts.appendix) if heading]
    first = min(ends, key=_place, default=None)
    if first is None:
        return ""
    closing = [part.part for part in (parts.acknowledgements, parts.statements) if part]
    uncounted = f" ({' and '.join(closing)} do not count)" if closing and rules.acknowledgements != COUNTED else ""
    return f", before the heading “{first.line.text}” on page {first.line.page}{uncounted}"


def _evidence(parts: Parts) -> str:
    return " · ".join(
        f"{heading.line.text} (page {heading.line.page})"
        for heading in (parts.acknowledgements, parts.statements, parts.references, parts.appendix)
        if heading
    )


def in_words(limit: int) -> str:
    return "one page" if limit == 1 else f"{limit} pages"
