"""Organisers look at what reviewers are asked, and change it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from ml4rs.editions.models import Track
from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.views.attempts import attempt
from ml4rs.editions.views.guards import methods
from reviews import actions
from reviews.forms import ReviewForm
from reviews.queries.forms import fingerprint, form_of, forms_of, questions_now, sample_of
from reviews.question_form import QuestionForm
from reviews.views.shared import keeps_what_was_typed, organisers_only, take_typed, to


@methods("GET")
@organisers_only
def forms(request: HttpRequest) -> HttpResponse:
    """What reviewers are asked, as they see it, and who reads which answer."""
    views = [(each, ReviewForm(each.questions, prefix=each.track.slug)) for each in forms_of(request.viewer)]
    return render(request, "reviews/forms.html", {"views": views})


@methods("GET", "POST")
@organisers_only
@never_cache
def form(request: HttpRequest, track_slug: str) -> HttpResponse:
    """The questions of one track in their order, and how reviewers and authors see them."""
    track = _track_or_404(request, track_slug)
    if request.method == "POST":
        _changed(request, track)
        return to(request, "form", track_slug)
    view, questions = form_of(track), questions_now(track)
    context = {
        "track": track,
        "view": view,
        "seen": fingerprint(questions),
        "as_reviewer": ReviewForm(view.questions),
        "as_author": sample_of(view),
    }
    return render(request, "reviews/form.html", context)


def _changed(request: HttpRequest, track: Track) -> None:
    key, seen, by = request.POST.get("key", ""), request.POST.get("seen", ""), request.viewer
    verb = request.POST.get("verb")
    if verb in ("earlier", "later"):
        places = -1 if verb == "earlier" else 1
        attempt(request, lambda: actions.move_question(track, key, places, seen=seen, by=by), "Moved.")
    elif verb == "remove":
        words = "It is asked no more. Answers that were given stay with their reviews."
        attempt(request, lambda: actions.remove_question(track, key, seen=seen, by=by), words)
    elif verb == "usual":
        attempt(request, lambda: actions.ask_the_usual(track, seen=seen, by=by), "These are the usual questions again.")


@keeps_what_was_typed("add_question")
@methods("GET", "POST")
@organisers_only
@never_cache
def add_question(request: HttpRequest, track_slug: str) -> HttpResponse:
    return _question(request, _track_or_404(request, track_slug), "", "add_question", track_slug)


@keeps_what_was_typed("question")
@methods("GET", "POST")
@organisers_only
@never_cache
def question(request: HttpRequest, track_slug: str, key: str) -> HttpResponse:
    return _question(request, _track_or_404(request, track_slug), key, "question", track_slug, key)


def _question(request: HttpRequest, track: Track, key: str, *page: str) -> HttpResponse:
    questions = questions_now(track)
    found = next((each for each in questions if each["key"] == key), {})
    if key and not found:
        raise Http404
    initial = {**found, "seen": fingerprint(questions)}
    typed = request.POST if request.method == "POST" else take_typed(request, *page)
    form = QuestionForm(typed, key=key, initial=initial)
    if request.method == "POST" and form.is_valid() and _stored(request, track, form):
        messages.success(request, "Stored. Reviews already begun keep the questions that they began with.")
        return to(request, "form", track.slug)
    return render(request, "reviews/question.html", {"track": track, "form": form, "key": key})


def _stored(request: HttpRequest, track: Track, form: QuestionForm) -> bool:
    """Whether it went through; otherwise the form says why, holds what was typed, and may be sent again."""
    try:
        actions.put_question(track, form.question(), key=form.key, seen=form.cleaned_data["seen"], by=request.viewer)
    except NotAllowed as refusal:
        form.add_error(None, str(refusal))
        form.data = form.data.copy()
        form.data["seen"] = fingerprint(questions_now(track))
        return False
    return True


def _track_or_404(request: HttpRequest, slug: str) -> Track:
    track = request.viewer.edition.tracks.filter(slug=slug, is_reviewed=True).first()
    if track is None:
        raise Http404
    return track
