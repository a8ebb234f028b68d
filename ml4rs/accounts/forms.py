"""Forms about oneself: the name asked at sign-up, and the profile."""

from zoneinfo import available_timezones

from django import forms
from django.http import HttpRequest

from ml4rs.accounts.fields import https_urls
from ml4rs.accounts.models import User
from ml4rs.accounts.orcid import normalised


def zone_choices() -> list[tuple[str, str]]:
    """Zones that people know by a city, and UTC; the aliases of older systems are left out."""
    regions = ("Africa/", "America/", "Antarctica/", "Arctic/", "Asia/", "Atlantic/", "Australia/", "Europe/")
    regions += ("Indian/", "Pacific/")
    names = sorted(name for name in available_timezones() if name.startswith(regions))
    return [(name, name.replace("_", " ")) for name in ["UTC", *names]]


class NameForm(forms.Form):
    """What sign-up asks beyond address and password; allauth builds its forms on this one."""

    name = forms.CharField(
        label="Full name",
        max_length=200,
        help_text="As it stands on your papers.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    def signup(self, request: HttpRequest, user: User) -> None:
        user.name = self.cleaned_data["name"]
        user.save(update_fields=["name"])


class ProfileForm(forms.ModelForm):
    """What a person tells about themselves."""

    time_zone = forms.ChoiceField(
        label="Time zone",
        required=False,
        help_text="Dates are shown in this zone too. Without one, your browser's is used.",
    )
    orcid = forms.CharField(
        label="ORCID",
        required=False,
        max_length=60,
        help_text="16 digits, such as 0000-0002-1825-0097. The address of your ORCID page will do.",
    )

    class Meta:
        model = User
        formfield_callback = https_urls
        fields = ["name", "affiliation", "country", "time_zone", "orcid", "homepage", "dblp", "scholar"]
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "name"}),
            "affiliation": forms.TextInput(attrs={"autocomplete": "organization"}),
        }

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = True
        zones = zone_choices()
        kept = self.instance.time_zone
        if kept and kept not in dict(zones):
            zones.append((kept, kept))
        self.fields["time_zone"].choices = [("", "My browser's zone"), *zones]
        self.fields["time_zone"].widget.attrs["data-suggest-zone"] = ""

    def clean_orcid(self) -> str:
        given = self.cleaned_data["orcid"]
        if not given:
            return ""
        found = normalised(given)
        if found is None:
            raise forms.ValidationError(
                "This is not an ORCID: it has 16 digits and the last one is a check digit. Look for a typing slip."
            )
        return found
