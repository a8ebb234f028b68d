"""The form with which the next edition is started."""

from django import forms
from django.core.exceptions import ValidationError

from ml4rs.editions.forms import day_input
from ml4rs.editions.models import Edition, slug_validator

# First parts of the site's own addresses, which an edition's pages would hide behind.
RESERVED_SLUGS = frozenset(
    {"accounts", "admin", "demo", "editions", "health", "jobs", "mailbox", "media", "organise", "static", "unsent"}
)


class NextEditionForm(forms.Form):
    """What a new edition needs to know; everything else comes from the old one."""

    slug = forms.CharField(
        label="Address",
        max_length=40,
        validators=[slug_validator],
        help_text="The first part of its pages' addresses, such as iclr2026.",
    )
    host = forms.CharField(label="Host conference", max_length=80, required=False, help_text="Such as ICLR 2026.")
    starts_on = forms.DateField(
        label="First day of the workshop",
        required=False,
        widget=day_input(),
        help_text="All dates move with it. Empty: to be confirmed.",
    )
    shift_days = forms.IntegerField(
        label="Move all dates by, in days",
        required=False,
        min_value=-3660,
        max_value=3660,
        help_text="Only if they should move by another number of days than the workshop. 364 keeps the weekdays.",
    )

    def clean_slug(self) -> str:
        slug = self.cleaned_data["slug"]
        if slug in RESERVED_SLUGS or Edition.objects.filter(slug=slug).exists():
            raise ValidationError("This address is taken.")
        return slug
