"""Review forms: every reviewed track has one, and a changed one never breaks reviews already written."""

from django.db import transaction
from django.utils import timezone

from ml4rs.editions.models import Edition, Track
from reviews import review_forms
from reviews.models import Field, Form

_TINY = 2  # pages


@transaction.atomic
def ensure_forms(track: Track) -> Form:
    """The track's current form; made from our defaults the first time, lighter for papers of up to two pages."""
    form, is_new = Form.objects.get_or_create(
        track=track,
        version=track.review_forms.order_by("-version").values_list("version", flat=True).first() or 1,
        defaults={"created_at": timezone.now()},
    )
    if is_new:
        is_tiny = track.page_limit is not None and track.page_limit <= _TINY
        questions = review_forms.TINY_PAPER if is_tiny else review_forms.PAPER
        _write(form, questions)
    return form


def copy_forms(source: Edition, target: Edition) -> None:
    """Give the tracks of a cloned edition the current forms of the tracks they come from (matched by slug)."""
    tracks = {track.slug: track for track in target.tracks.filter(is_reviewed=True)}
    for track in source.tracks.filter(slug__in=tracks):
        form = track.review_forms.order_by("-version").first()
        if form is None or tracks[track.slug].review_forms.exists():
            continue
        copied = Form.objects.create(track=tracks[track.slug], version=1, created_at=timezone.now())
        kept = ("key", "label", "help", "kind", "audience", "use", "required", "options", "max_length")
        _write(copied, list(form.fields.values(*kept)))


def _write(form: Form, questions: list[dict]) -> None:
    Field.objects.bulk_create(Field(form=form, position=place, **each) for place, each in enumerate(questions, start=1))
