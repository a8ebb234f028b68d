"""Portraits and logos: read as what they are, freed of everything but their pixels, made small."""

import io

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from PIL import Image, ImageOps, UnidentifiedImageError

from ml4rs.accounts.models import random_public_id

MAX_MEGABYTES = 10
_MAX_PIXELS = 40_000_000  # a small file can unfold into gigabytes
_FORMATS = ("PNG", "JPEG", "WEBP")  # no SVG: it can carry scripts


def cleaned_picture(upload: UploadedFile, *, longest: int, opaque: bool = False) -> ContentFile:
    """The picture anew: turned upright, at most `longest` pixels a side, without metadata, under a random name.

    JPEG, or PNG where it is see-through; `opaque` puts white behind it.

    Raises:
        ValidationError: it is too large, or no PNG, JPEG or WebP picture.
    """
    if upload.size > MAX_MEGABYTES * 1024 * 1024:
        raise ValidationError(f"The picture is larger than {MAX_MEGABYTES} MB.")
    try:
        with Image.open(upload, formats=_FORMATS) as opened:
            if opened.width * opened.height > _MAX_PIXELS:
                raise ValidationError("The picture has more than 40 million pixels. Send a smaller one.")
            opened.load()
            picture = ImageOps.exif_transpose(opened)
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError) as error:
        raise ValidationError("This is no picture that we can read. Send a PNG, JPEG or WebP file.") from error
    see_through = picture.has_transparency_data
    picture = picture.convert("RGBA" if see_through else "RGB")
    picture.thumbnail((longest, longest))
    if see_through and opaque:
        behind = Image.new("RGBA", picture.size, "white")
        picture, see_through = Image.alpha_composite(behind, picture).convert("RGB"), False
    return _written(picture, "PNG" if see_through else "JPEG")


def _written(picture: Image.Image, form: str) -> ContentFile:
    # Onto a fresh canvas: whatever text, profile or thumbnail came with the file stays behind.
    fresh = Image.new(picture.mode, picture.size)
    fresh.paste(picture)
    out = io.BytesIO()
    options = {"quality": 88, "progressive": True} if form == "JPEG" else {}
    fresh.save(out, format=form, optimize=True, **options)
    suffix = "jpg" if form == "JPEG" else "png"
    return ContentFile(out.getvalue(), name=f"{random_public_id()}.{suffix}")
