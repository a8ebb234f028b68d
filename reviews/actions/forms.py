"""Review forms: every reviewed track has one, and a changed one never breaks reviews already written."""

from django.db import transaction
from django.utils import timezone

from ml4rs.editions.models import Edition, Track
from reviews import review_forms
from reviews.models import Field, Form

_TINY = 2  # pages

# What a question consists of.
QUESTION = ("key", "label", "help", "kind", "audience", "use", "required", "options", "max_length")


def usual_questions(track: Track) -> list[dict]:
    """What reviewers of a track are asked unless its edition says otherwise; less for very short papers."""
    is_tiny = track.page_limit is not None and track.page_limit <= _TINY
    return [_whole(each) for each in (review_forms.TINY_PAPER if is_tiny else review_forms.PAPER)]


def questions_of(form: Form) -> list[dict]:
    """The questions of a form, in order. One query."""
    return list(form.fields.values(*QUESTION))


def current_form(track: Track) -> Form | None:
    """The newest form of a track. One query."""
    return track.review_forms.order_by("-version").first()


@transaction.atomic
def ensure_forms(track: Track) -> Form:
    """The track's current form; made from our defaults the first time, lighter for papers of up to two pages."""
    form, is_new = Form.objects.get_or_create(
        track=track,
        version=track.review_forms.order_by("-version").values_list("version", flat=True).first() or 1,
        defaults={"created_at": timezone.now()},
    )
    if is_new:
        _write(form, usual_questions(track))
    return form


@transaction.atomic
def replace_questions(track: Track, questions: list[dict] | None) -> None:
    """Ask these questions from now on (None: the usual ones). Reviews already begun keep the form they began with."""
    form = current_form(track)
    if questions is None and form is None:
        return  # it gets the usual ones when it is needed
    questions = usual_questions(track) if questions is None else questions
    if form is not None and questions_of(form) == questions:
        return
    if form is None or form.reviews.exists():
        form = Form.objects.create(track=track, version=form.version + 1 if form else 1, created_at=timezone.now())
    form.fields.all().delete()
    _write(form, questions)


def copy_forms(source: Edition, target: Edition) -> None:
    """Give the tracks of a cloned edition the current forms of the tracks they come from (matched by slug)."""
    tracks = {track.slug: track for track in target.tracks.filter(is_reviewed=True)}
    for track in source.tracks.filter(slug__in=tracks):
        form = current_form(track)
        if form is None or tracks[track.slug].review_forms.exists():
            continue
        copied = Form.objects.create(track=tracks[track.slug], version=1, created_at=timezone.now())
        _write(copied, questions_of(form))


def _write(form: Form, questions: list[dict]) -> None:
    Field.objects.bulk_create(Field(form=form, position=place, **each) for place, each in enumerate(questions, start=1))


def _whole(question: dict) -> dict:
    """A question of ours with the defaults that it leaves out."""
    return {name: question.get(name, Field._meta.get_field(name).get_default()) for name in QUESTION}
