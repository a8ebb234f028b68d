"""Both readers' facts held against the rules: the findings and the verdict. Runs in the child process."""

from collections.abc import Callable

from submissions.pdfcheck.active import judge_active
from submissions.pdfcheck.facts import Structure
from submissions.pdfcheck.fonts import judge_fonts
from submissions.pdfcheck.hidden import judge_hidden, judge_prompts
from submissions.pdfcheck.identity import judge_identity
from submissions.pdfcheck.length import judge_length
from submissions.pdfcheck.mapping import judge_mapping
from submissions.pdfcheck.poster import judge_poster
from submissions.pdfcheck.printed import judge_printed
from submissions.pdfcheck.result import (
    BLOCKS,
    INFORMS,
    WARNS,
    CheckResult,
    Finding,
    UnusableFile,
    refusal,
    reweighed,
    verdict_of,
)
from submissions.pdfcheck.rules import COUNTED, Rules
from submissions.pdfcheck.sections import Parts, find_parts
from submissions.pdfcheck.structure import read_structure
from submissions.pdfcheck.template import judge_template
from submissions.pdfcheck.text import Text, look, look_at_letters, opened, read_text

_PAPER_SIZES = {"US Letter": (612, 792), "A4": (595.28, 841.89)}
_TOLERANCE = 6  # points
_SMALLEST_SIDE, _LARGEST_SIDE = 36, 14_400  # points; the latter is the largest that PDF knows (annex C)


def judge(path: str, rules: Rules, tell: Callable[[CheckResult], None]) -> CheckResult:
    """Read a file with both readers and say what is in it and what breaks the rules.

    `tell` gets what is known before the pages are drawn: drawing is where a file can still end this process.
    """
    try:
        structure = read_structure(path)
        with opened(path) as document:
            text = read_text(document)
            _refuse_disagreement(structure, text)
            tell(_result(structure, text, rules))
            look(document, text.layout)
            look_at_letters(document, structure.bare, text.layout)
            return _result(structure, text, rules)
    except UnusableFile as reason:
        return refusal(reason.code, reason.message)


def _result(structure: Structure, text: Text, rules: Rules) -> CheckResult:
    by_page = text.by_page
    has_text = any(page.strip() for page in by_page)
    thanks_count = rules.acknowledgements == COUNTED
    parts = find_parts(text.layout, acknowledgements_count=thanks_count) if rules.is_main_file else Parts()
    findings = [
        *_judge_file(structure, text, has_text),
        *_judge_page_size(structure, rules),
        *judge_fonts(structure.fonts),
        *judge_length(structure.pages, parts, text.layout, rules),
        *judge_hidden(text.layout.pages),
        *judge_prompts(text.layout),
        *judge_mapping(text.layout, structure.glyphs),
        *_judge_sight(text),
        *judge_identity(structure, text.layout, parts, rules),
        *judge_template(text.layout, parts, rules),
        *judge_printed(text.layout, parts, rules),
    ]
    findings = reweighed(findings, rules)
    known = has_text and text.is_complete
    return CheckResult(
        verdict=verdict_of(findings),
        pages=structure.pages,
        main_text_pages=parts.main_text_pages if known else None,
        references_page=parts.references_page,
        appendix_page=parts.appendix_page,
        findings=tuple(findings),
        facts={"sizes": _sizes(structure), "text_pages": len(by_page)},
        text=text.plain,
    )


def _sizes(structure: Structure) -> list[list[int]]:
    """Width and height of the pages in points; one pair where all are the same."""
    sizes = [[round(width), round(height)] for width, height in structure.sizes]
    return sizes[:1] if all(size == sizes[0] for size in sizes) else sizes


def _refuse_disagreement(structure: Structure, text: Text) -> None:
    """Two readers that see different papers in one file: a reviewer's viewer could show either."""
    if structure.pages != text.pages:
        raise UnusableFile(
            "file.page_counts_differ",
            f"Our two readers count {structure.pages} and {text.pages} pages. Make the PDF again and upload it.",
        )


def _judge_file(structure: Structure, text: Text, has_text: bool) -> list[Finding]:
    found = list(judge_active(structure.active))
    if not structure.complete_walk:
        message = "The file has so many parts that not all could be looked at. Print it to a new PDF."
        found.append(Finding("file.too_many_objects", BLOCKS, message))
    if structure.repaired:
        message = "The file is slightly damaged; it could be repaired for reading. If you can, make the PDF again."
        found.append(Finding("file.repaired", WARNS, message, excerpt=structure.repaired))
    if structure.unreadable_pages:
        message = "What is drawn on this page cannot be unpacked; some viewers will show nothing. Make the PDF again."
        found.append(Finding("file.page_unreadable", WARNS, message, page=structure.unreadable_pages[0]))
    if not has_text:
        message = "No text can be read in this file: it may be a scan or an image. Upload a PDF with text if you can."
        found.append(Finding("text.none", WARNS, message))
    elif not text.is_complete:
        message = f"Only the first {len(text.layout.pages)} of {text.pages} pages were read."
        found.append(Finding("text.not_all_read", INFORMS, message))
    return found


def _judge_sight(text: Text) -> list[Finding]:
    unseen = [page.number for page in text.layout.pages if not page.is_looked_at]
    if not unseen:
        return []
    message = (
        f"{'Page' if len(unseen) == 1 else 'Pages from'} {unseen[0]} could not be drawn in the time there is, so words "
        "that nobody sees were not looked for. If a figure has very many points or lines, put it in as a picture."
    )
    return [Finding("sight.incomplete", WARNS, message, page=unseen[0])]


def _judge_page_size(structure: Structure, rules: Rules) -> list[Finding]:
    found = []
    if len({(round(width), round(height)) for width, height in structure.sizes}) > 1 and rules.is_main_file:
        found.append(Finding("page.sizes_differ", INFORMS, "The pages are not all of one size."))
    width, height = structure.sizes[0]
    if not _SMALLEST_SIDE <= min(width, height) <= max(width, height) <= _LARGEST_SIDE:
        message = f"The pages are {width:.0f} × {height:.0f} pt, which no viewer can show. Make the PDF again."
        return [*found, Finding("page.size_absurd", BLOCKS, message, page=1)]
    if rules.is_poster:
        return [*found, *judge_poster(width, height, rules, has_size=True)]
    if not rules.is_main_file:
        return found
    if rules.landscape:
        if width and height and abs(width / height - 16 / 9) > 0.05:
            message = "The slide is not 16:9; it will be shown with bars beside or above it."
            found.append(Finding("page.not_16_9", INFORMS, message, page=1))
    elif not any(_close(width, w) and _close(height, h) for w, h in _PAPER_SIZES.values()):
        message = f"The pages are {width:.0f} × {height:.0f} pt, neither US Letter nor A4. Use the style's page size."
        found.append(Finding("page.size", WARNS, message, page=1))
    return found


def _close(one: float, other: float) -> bool:
    return abs(one - other) <= _TOLERANCE
