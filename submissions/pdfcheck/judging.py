"""Both readers' facts held against the rules: the findings and the verdict. Runs in the child process."""

from submissions.pdfcheck.hidden import judge_hidden
from submissions.pdfcheck.identity import judge_identity
from submissions.pdfcheck.length import judge_length
from submissions.pdfcheck.result import BLOCKS, INFORMS, WARNS, CheckResult, Finding, refusal, verdict_of
from submissions.pdfcheck.rules import COUNTED, Rules
from submissions.pdfcheck.sections import Parts, find_parts
from submissions.pdfcheck.structure import Structure, UnusableFile, read_structure
from submissions.pdfcheck.text import Text, read_text

MOST_PAGES = 1000
_PAPER_SIZES = {"US Letter": (612, 792), "A4": (595.28, 841.89)}
_TOLERANCE = 6  # points

_ACTIVE_MESSAGES = {
    "active.javascript": (BLOCKS, "The file contains JavaScript. Make the PDF without scripts or animations."),
    "active.launch": (BLOCKS, "The file contains a link that starts a program. Remove that link."),
    "active.submit_form": (BLOCKS, "The file contains a form that sends data away. Remove the form."),
    "active.import_data": (BLOCKS, "The file contains an action that reads data in. Remove it."),
    "active.rich_media": (BLOCKS, "The file contains a media player. Put the film into the supplementary file."),
    "active.xfa": (BLOCKS, "The file is an XFA form, which most viewers cannot show. Print it to a plain PDF."),
    "active.embedded_file": (WARNS, "Other files are embedded in this PDF. Reviewers get a copy without them."),
}


def judge(path: str, rules: Rules) -> CheckResult:
    """Read a file with both readers and say what is in it and what breaks the rules."""
    try:
        structure = read_structure(path)
        _refuse_odd_counts(structure.pages)
        text = read_text(path)
        _refuse_disagreement(structure, text)
    except UnusableFile as reason:
        return refusal(reason.code, reason.message)
    by_page = text.by_page
    has_text = any(page.strip() for page in by_page)
    thanks_count = rules.acknowledgements == COUNTED
    parts = find_parts(text.layout, acknowledgements_count=thanks_count) if rules.is_main_file else Parts()
    findings = [
        *_judge_file(structure, text, has_text),
        *_judge_page_size(structure, rules),
        *judge_length(structure.pages, parts, text.layout, rules),
        *judge_hidden(text.layout.pages),
        *judge_identity(structure, text.layout, parts, rules),
    ]
    known = has_text and text.is_complete
    return CheckResult(
        verdict=verdict_of(findings),
        pages=structure.pages,
        main_text_pages=parts.main_text_pages if known else None,
        references_page=parts.references_page,
        appendix_page=parts.appendix_page,
        findings=tuple(findings),
        facts={"size": [round(side) for side in structure.sizes[0]], "text_pages": len(by_page)},
    )


def _refuse_odd_counts(pages: int) -> None:
    if pages == 0:
        raise UnusableFile("file.no_pages", "The file has no pages. Make the PDF again.")
    if pages > MOST_PAGES:
        raise UnusableFile("file.too_many_pages", f"The file has {pages} pages; no more than {MOST_PAGES} can be read.")


def _refuse_disagreement(structure: Structure, text: Text) -> None:
    """Two readers that see different papers in one file: a reviewer's viewer could show either."""
    if structure.pages != text.pages:
        raise UnusableFile(
            "file.page_counts_differ",
            f"Our two readers count {structure.pages} and {text.pages} pages. Make the PDF again and upload it.",
        )


def _judge_file(structure: Structure, text: Text, has_text: bool) -> list[Finding]:
    found = []
    for code, count in sorted(structure.active.items()):
        severity, message = _ACTIVE_MESSAGES[code]
        found.append(Finding(code, severity, message, excerpt=f"{count} times" if count > 1 else ""))
    if not structure.complete_walk:
        message = "The file has so many parts that not all could be looked at. Print it to a new PDF."
        found.append(Finding("file.too_many_objects", BLOCKS, message))
    if structure.repaired:
        message = "The file is slightly damaged; it could be repaired for reading. If you can, make the PDF again."
        found.append(Finding("file.repaired", WARNS, message, excerpt=structure.repaired))
    if not has_text:
        message = "No text can be read in this file: it may be a scan or an image. Upload a PDF with text if you can."
        found.append(Finding("text.none", WARNS, message))
    elif not text.is_complete:
        message = f"Only the first {len(text.layout.pages)} of {text.pages} pages were read."
        found.append(Finding("text.not_all_read", INFORMS, message))
    return found


def _judge_page_size(structure: Structure, rules: Rules) -> list[Finding]:
    found = []
    if len({(round(width), round(height)) for width, height in structure.sizes}) > 1 and rules.is_main_file:
        found.append(Finding("page.sizes_differ", INFORMS, "The pages are not all of one size."))
    width, height = structure.sizes[0]
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
