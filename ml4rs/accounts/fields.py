"""How model fields become form fields in this project."""

from django import forms
from django.db import models


def https_urls(field: models.Field, **kwargs) -> forms.Field | None:
    """A `formfield_callback`: an address written without its scheme is taken as https."""
    if isinstance(field, models.URLField):
        kwargs["assume_scheme"] = "https"
    return field.formfield(**kwargs)
