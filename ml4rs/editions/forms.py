"""Forms with which organisers edit their edition. Each knows which action stores it."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import models
from django.utils.text import slugify

from ml4rs.accounts.fields import https_urls
from ml4rs.accounts.forms import zone_choices
from ml4rs.editions import actions
from ml4rs.editions.line_fields import LinesField, SeveritiesField
from ml4rs.editions.models import (
    Edition,
    Person,
    Question,
    Role,
    Sponsor,
    SponsorTier,
    TextBlock,
    Topic,
    Track,
    TrackFile,
)
from ml4rs.editions.pictures import cleaned_picture
from ml4rs.editions.side_by_side import SideBySideForm
from ml4rs.editions.viewer import Viewer
from ml4rs.editions.wording import CONSTRAINT_WORDS


def day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class GroupedMixin:
    """Fields under headings, so that a long form can be read in parts."""

    groups: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = ()

    def grouped(self) -> list[tuple[str, list[forms.BoundField]]]:
        """Headings with their fields; those that no heading names come first."""
        named = {name for _, names in self.groups for name in names}
        rest = [field for field in self.visible_fields() if field.name not in named]
        parts = [(heading, [self[name] for name in names if name in self.fields]) for heading, names in self.groups]
        return [("", rest), *parts] if rest else parts


def _unix(text: str) -> str:
    """Browsers send CRLF; files and differences want LF."""
    return text.replace("\r\n", "\n")


class ItemForm(GroupedMixin, SideBySideForm, forms.ModelForm):
    """A row of an edition. Answers broken constraints in words, and tells when somebody else was quicker."""

    slug_from: ClassVar[str] = ""  # the field that names a row whose slug was left empty
    slug_field: ClassVar[str] = "slug"
    also_checked: ClassVar[set[str]] = {"edition"}  # fields that no input shows but constraints compare

    def __init__(self, *args, edition: Edition, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.edition = edition
        if self.instance.pk is None and hasattr(self.instance, "edition_id"):
            self.instance.edition = edition
        for field in self.fields.values():
            if isinstance(field, forms.ModelChoiceField):
                field.queryset = field.queryset.filter(edition=edition)
        if self.slug_from:
            self.fields[self.slug_field].required = False
            self.fields[self.slug_field].help_text = "Part of a page's address. Empty: made from the name."
        self.opened_on(self.instance)

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        found.update({name: _unix(value) for name, value in found.items() if isinstance(value, str)})
        if self.slug_from and not found.get(self.slug_field) and found.get(self.slug_from):
            found[self.slug_field] = slugify(found[self.slug_from])[:40].strip("-")
            if not found[self.slug_field]:
                self.add_error(self.slug_field, "Write a short address in lower-case letters and digits.")
        return found

    def _post_clean(self) -> None:
        self.instance.validate_constraints = lambda exclude=None: None  # Django's words would come beside ours
        try:
            super()._post_clean()
        finally:
            del self.instance.validate_constraints

    def validate_unique(self) -> None:
        """Each broken constraint in its own words, at its own field. Nothing beyond constraints is unique here."""
        exclude = self._get_validation_exclusions() - self.also_checked
        for constraint in self._meta.model._meta.constraints:
            try:
                constraint.validate(type(self.instance), self.instance, exclude=exclude)
            except ValidationError:
                field, words = CONSTRAINT_WORDS[constraint.name]
                self.add_error(field if field in self.fields else None, words)

    def store(self, by: Viewer) -> models.Model:
        if self.instance.pk is None:
            return actions.add(self.instance, by=by)
        return actions.change(self.instance, by=by, seen=self.cleaned_data["seen"])

    def form_of(self, stored: models.Model) -> "ItemForm":
        return type(self)(instance=stored, edition=self.edition)


class EditionForm(ItemForm):
    """The basics: what the workshop is called, where and when it is, and who may see it."""

    groups = (
        ("Where and when", ("starts_on", "ends_on", "venue", "city", "country", "time_zone")),
        ("Contact and archive", ("contact_email", "source_url")),
        ("Who sees it", ("is_public", "is_current", "papers_public")),
        ("Reviewing", ("coauthor_years",)),
    )
    time_zone = forms.ChoiceField(choices=zone_choices, help_text="Zone of the venue: times of the programme are in it")

    class Meta:
        model = Edition
        formfield_callback = https_urls
        fields = [
            "name", "short_name", "ordinal", "tagline", "host", "host_url", "starts_on", "ends_on", "venue", "city",
            "country", "time_zone", "contact_email", "source_url", "is_public", "is_current", "papers_public",
            "coauthor_years",
        ]  # fmt: skip
        widgets = {"starts_on": day_input(), "ends_on": day_input()}
        labels = {
            "host": "Host conference",
            "host_url": "Host's web page",
            "starts_on": "First day",
            "ends_on": "Last day",
            "contact_email": "Contact address",
            "source_url": "Archived at",
            "is_public": "Open to the public",
            "is_current": "On the site's front page",
            "papers_public": "Camera-ready papers are published",
            "coauthor_years": "Years for which publishing together is a conflict",
        }
        help_texts = {"name": "", "short_name": "Such as ML4RS", "host": "Such as ICLR 2025"}

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["coauthor_years"].required = False

    def clean_coauthor_years(self) -> int:
        """Nothing means the usual."""
        given = self.cleaned_data["coauthor_years"]
        return Edition._meta.get_field("coauthor_years").default if given is None else given

    def validate_unique(self) -> None:
        """As for all rows, but being the one current edition is settled by the action, which asks the other."""
        current, self.instance.is_current = self.instance.is_current, False
        super().validate_unique()
        self.instance.is_current = current
        if current and not self.instance.is_public:
            self.add_error("is_current", CONSTRAINT_WORDS["current_edition_is_public"][1])

    def store(self, by: Viewer) -> Edition:
        return actions.change_basics(self.instance, by=by, seen=self.cleaned_data["seen"])


class TrackForm(ItemForm):
    slug_from = "name"
    groups = (
        ("Length", ("page_limit", "references", "appendix", "acknowledgements")),
        (
            "Review",
            (
                "is_reviewed", "reviews_per_paper", "blind", "reviewers_see_reviews", "reviews_wait_for_due",
                "reviews_fixed_once_due", "reviewers_see_names", "reviewers_see_decisions", "has_discussion",
                "has_author_response", "response_words",
                "author_conflicts", "has_meta_review",
            ),
        ),
        ("Checks", ("style", "severities", "submissions_per_author")),
        ("After acceptance", ("presentations", "journal_eligible", "is_archival", "camera_ready_pages", "places")),
    )  # fmt: skip
    presentations = forms.MultipleChoiceField(
        choices=[
            ("oral", "Oral"),
            ("spotlight", "Spotlight"),
            ("poster", "Poster"),
            ("slide", "Slide"),
            ("demo", "Demo"),
        ],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="The forms in which accepted papers can be presented.",
    )
    severities = SeveritiesField(
        required=False,
        label="What findings of the PDF check weigh",
        help_text="One a line, such as “page.size: informs”: blocks, warns, informs or ignored. Empty: as usual.",
    )

    class Meta:
        model = Track
        formfield_callback = https_urls
        fields = [
            "name", "slug", "kind", "summary", "description", "template_url", "page_limit", "references", "appendix",
            "acknowledgements", "blind", "is_reviewed", "reviews_per_paper", "reviewers_see_reviews",
            "reviews_wait_for_due", "reviews_fixed_once_due",
            "reviewers_see_names", "reviewers_see_decisions", "has_discussion", "has_author_response",
            "response_words", "author_conflicts", "has_meta_review", "presentations", "journal_eligible",
            "dual_submission_allowed",
            "is_archival", "style", "severities", "submissions_per_author", "camera_ready_pages",
            "places",
        ]  # fmt: skip
        labels = {
            "style": "Papers are set in the",
            "submissions_per_author": "Submissions per person, at most",
            "camera_ready_pages": "Pages more in the camera-ready version",
            "places": "Places for demos",
            "kind": "Kind of contribution",
            "template_url": "LaTeX template",
            "page_limit": "Pages of main text",
            "references": "References",
            "blind": "Reviewing is",
            "is_reviewed": "Submissions are reviewed",
            "reviewers_see_reviews": "Reviewers see the other reviews",
            "reviews_wait_for_due": "The other reviews are shown only once reviews are due",
            "reviews_fixed_once_due": "Submitted reviews stay as they are once reviews are due",
            "reviewers_see_names": "Reviewers see each other's names",
            "reviewers_see_decisions": "Reviewers see the decisions",
            "has_discussion": "Reviewers discuss",
            "has_author_response": "Authors may respond to reviews",
            "response_words": "Words in a response, at most",
            "has_meta_review": "A reviewer sums the reviews up",
            "author_conflicts": "People whom authors may keep from a paper, at most",
            "journal_eligible": "Papers can be proposed to a journal",
            "dual_submission_allowed": "Work under review elsewhere is welcome",
            "is_archival": "Accepted papers count as published",
        }

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for name in ("camera_ready_pages", "response_words", "author_conflicts"):
            self.fields[name].required = False

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        found["camera_ready_pages"] = found.get("camera_ready_pages") or 0
        if found.get("author_conflicts") is None:
            found["author_conflicts"] = Track._meta.get_field("author_conflicts").default
        found["response_words"] = found.get("response_words") or Track._meta.get_field("response_words").default
        if not found.get("is_reviewed"):
            found["reviews_per_paper"] = None
        return found


class RightsForm(ItemForm):
    """What the committee and authors of one track may see and do while it is reviewed."""

    class Meta:
        model = Track
        fields = [
            "reviewers_see_reviews", "reviews_wait_for_due", "reviews_fixed_once_due", "reviewers_see_names",
            "reviewers_see_decisions", "has_discussion", "has_author_response", "has_meta_review",
        ]  # fmt: skip
        labels = {name: TrackForm.Meta.labels[name] for name in fields}


class QuestionForm(ItemForm):
    """Something that a track asks."""

    slug_from = "label"
    slug_field = "key"
    choices = LinesField(required=False, help_text="For a choice only: one answer a line.")

    class Meta:
        model = Question
        fields = ["track", "label", "key", "stage", "kind", "choices", "help_text", "required", "audience"]
        labels = {
            "label": "Question",
            "stage": "Asked",
            "kind": "Answered by",
            "help_text": "Explanation below it",
            "required": "An answer is needed",
            "audience": "Answers are seen by",
        }

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].disabled = self.instance.pk is not None  # answers are kept under it
        self.fields["key"].help_text = "Names the answers in the edition's file. Empty: made from the question."

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        if (found.get("kind") == Question.Kind.CHOICE) != (len(found.get("choices", [])) > 1):
            self.add_error("choices", "A choice needs at least two answers, one a line; no other kind has any.")
        return found


class TrackFileForm(ItemForm):
    types = forms.MultipleChoiceField(
        label="Accepted types",
        choices=[("pdf", "PDF"), ("zip", "ZIP archive"), ("png", "PNG picture"), ("jpeg", "JPEG picture")],
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = TrackFile
        fields = ["track", "kind", "types", "max_megabytes", "required", "orientation", "widest_mm", "highest_mm"]
        labels = {
            "orientation": "Orientation of a poster",
            "widest_mm": "Widest poster in mm",
            "highest_mm": "Highest poster in mm",
            "kind": "File",
            "max_megabytes": "Largest size in MB",
            "required": "Nothing can be submitted without it",
        }


class TopicForm(ItemForm):
    slug_from = "name"

    class Meta:
        model = Topic
        fields = ["name", "slug", "area"]


class TextForm(ItemForm):
    class Meta:
        model = TextBlock
        fields = ["key", "title", "body"]
        labels = {"key": "Place", "title": "Heading", "body": "Text"}
        help_texts = {"body": ""}
        widgets = {"body": forms.Textarea(attrs={"rows": 16, "spellcheck": "true"})}

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].disabled = self.instance.pk is not None
        self.fields["key"].help_text = "The name under which a page asks for this text, such as about."


class PictureMixin(forms.Form):
    """A picture that is read, cleaned and made small before it is kept."""

    picture_field: ClassVar[str]
    longest: ClassVar[int]
    opaque: ClassVar[bool] = False

    picture = forms.FileField(
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
        help_text="PNG, JPEG or WebP, up to 10 MB. It is stored small and without its metadata.",
    )
    remove_picture = forms.BooleanField(required=False, label="Remove the picture")

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.kept_name = str(getattr(self.instance, self.picture_field) or "")
        if not self.kept_name:
            del self.fields["remove_picture"]

    def clean_picture(self) -> ContentFile | None:
        upload = self.cleaned_data["picture"]
        return cleaned_picture(upload, longest=self.longest, opaque=self.opaque) if upload else None

    def store(self, by: Viewer) -> models.Model:
        fresh = self.cleaned_data["picture"]
        if fresh is not None or self.cleaned_data.get("remove_picture"):
            setattr(self.instance, self.picture_field, fresh or "")
        return super().store(by)


class PersonForm(PictureMixin, ItemForm):
    picture_field = "portrait"
    longest = 640
    opaque = True

    class Meta:
        model = Person
        formfield_callback = https_urls
        fields = ["kind", "name", "affiliation", "url", "bio", "consent", "details_hidden"]
        labels = {
            "kind": "Part in the workshop",
            "url": "Home page",
            "consent": "Consent",
            "details_hidden": "Show neither portrait nor biography",
        }
        help_texts = {
            "consent": "When and how they agreed to portrait, biography and recording. Only organisers read this.",
            "details_hidden": "For those who have not agreed, or no longer do.",
        }


class TierForm(ItemForm):
    slug_from = "name"
    also_checked: ClassVar[set[str]] = {"edition", "amount_minor"}
    amount = forms.DecimalField(
        required=False, min_value=0, max_digits=12, decimal_places=2, help_text="What a sponsor of this tier gives."
    )

    class Meta:
        model = SponsorTier
        fields = ["name", "slug", "currency"]
        help_texts = {"currency": "Three letters, such as USD"}

    field_order = ["name", "slug", "amount", "currency"]

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.amount_minor is not None:
            self.initial["amount"] = f"{self.instance.amount_minor / 100:.2f}"

    def clean_currency(self) -> str:
        currency = self.cleaned_data["currency"].strip().upper()
        if currency and not (len(currency) == 3 and currency.isascii() and currency.isalpha()):
            raise ValidationError("Write the currency in three letters, such as USD or EUR.")
        return currency

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        amount = found.get("amount")
        self.instance.amount_minor = None if amount is None else int(amount * 100)
        return found


class SponsorForm(PictureMixin, ItemForm):
    picture_field = "logo"
    longest = 800

    class Meta:
        model = Sponsor
        formfield_callback = https_urls
        fields = ["tier", "name", "url", "visible_from", "visible_until"]
        labels = {"url": "Web page"}
        widgets = {"visible_from": day_input(), "visible_until": day_input()}


class RoleForm(GroupedMixin, forms.Form):
    """Give a role to an address. Reviewers are invited on the committee's page, with a mail that they answer."""

    name = forms.ChoiceField(
        label="Role", choices=[choice for choice in Role.Name.choices if choice[0] != Role.Name.REVIEWER]
    )
    address = forms.EmailField(
        label="E-mail address",
        help_text="Whoever has verified this address gets the role at once; otherwise it waits for them.",
    )
    stored_instead: ClassVar[list] = []

    def __init__(self, *args, edition: Edition, instance: Role | None = None, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.edition, self.instance = edition, instance

    def store(self, by: Viewer) -> Role:
        return actions.give_role(self.edition, self.cleaned_data["name"], self.cleaned_data["address"], by=by)
