"""QR codes as pictures within a page."""

from django.utils.safestring import SafeString, mark_safe
from qrcode import QRCode
from qrcode.constants import ERROR_CORRECT_M
from qrcode.image.svg import SvgPathImage


def code_of(address: str) -> SafeString:
    """An SVG that a camera reads as this address; it still does with a seventh of it soiled (level M)."""
    code = QRCode(error_correction=ERROR_CORRECT_M, border=2, image_factory=SvgPathImage)
    code.add_data(address)
    return mark_safe(code.make_image().to_string(encoding="unicode"))  # noqa: S308 - drawn from modules, no text in it
