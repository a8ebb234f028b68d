"""A poster: its orientation, and whether it fits a board. Plain Python."""

from submissions.pdfcheck.result import WARNS, Finding
from submissions.pdfcheck.rules import Rules

_MM_PER_POINT = 25.4 / 72
_LEEWAY = 1.01  # printers trim


def judge_poster(width: float, height: float, rules: Rules, *, has_size: bool) -> list[Finding]:
    """Of a page in points (`has_size`), or a picture in pixels, of which only the shape is known."""
    found = []
    if rules.orientation == "portrait" and width > height * _LEEWAY:
        message = "The poster is wider than it is high; boards here are for portrait format. Turn the layout."
        found.append(Finding("poster.orientation", WARNS, message, page=1))
    if rules.orientation == "landscape" and height > width * _LEEWAY:
        message = "The poster is higher than it is wide; boards here are for landscape format. Turn the layout."
        found.append(Finding("poster.orientation", WARNS, message, page=1))
    if has_size and (too_large := _too_large(width * _MM_PER_POINT, height * _MM_PER_POINT, rules)):
        found.append(Finding("poster.size", WARNS, too_large, page=1))
    return found


def _too_large(width: float, height: float, rules: Rules) -> str:
    sides = zip((width, height), rules.largest_mm, strict=True)
    if not any(most and side > most * _LEEWAY for side, most in sides):
        return ""
    widest, highest = rules.largest_mm
    limits = [f"{widest} mm wide" if widest else "", f"{highest} mm high" if highest else ""]
    return (
        f"The poster is {width:.0f} × {height:.0f} mm; a board holds at most {' and '.join(filter(None, limits))}. "
        "Print it smaller, or make the page smaller."
    )
