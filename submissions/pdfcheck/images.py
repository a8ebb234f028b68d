"""A slide or poster that comes as a picture: whether it is one, fit for screen or board. Runs in the child process."""

from PIL import Image, UnidentifiedImageError

from submissions.pdfcheck.poster import judge_poster
from submissions.pdfcheck.result import INFORMS, CheckResult, Finding, refusal, verdict_of
from submissions.pdfcheck.rules import Rules

_MOST_PIXELS = 80_000_000  # a large poster; what claims to be larger is never unpacked
_NARROWEST = 1280  # pixels, below which a slide is blurred on a projector
_UNREADABLE = "This picture cannot be read. Save it anew as PNG or JPEG and check that it opens."


def judge_image(path: str, rules: Rules) -> CheckResult:
    """Reads all of the picture, so that one that is cut off is noticed."""
    Image.MAX_IMAGE_PIXELS = None  # the limit is ours, and stands before anything is unpacked
    try:
        with Image.open(path, formats=("PNG", "JPEG")) as picture:
            width, height = picture.size
            if width * height > _MOST_PIXELS:
                message = f"The picture has {width} × {height} pixels, more than any screen shows. Make it smaller."
                return refusal("file.too_costly", message)
            picture.load()
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        return refusal("file.unreadable", _UNREADABLE)
    is_poster = rules.is_poster
    findings = judge_poster(width, height, rules, has_size=False) if is_poster else _findings(width, height)
    facts = {"sizes": [[width, height]]}
    return CheckResult(verdict=verdict_of(findings), pages=1, findings=tuple(findings), facts=facts)


def _findings(width: int, height: int) -> list[Finding]:
    found = []
    if abs(width / height - 16 / 9) > 0.05:
        message = "The slide is not 16:9; it will be shown with bars beside or above it."
        found.append(Finding("page.not_16_9", INFORMS, message))
    if width < _NARROWEST:
        message = f"The slide is {width} pixels wide; from {_NARROWEST} on it is sharp on the screen."
        found.append(Finding("page.few_pixels", INFORMS, message))
    return found
