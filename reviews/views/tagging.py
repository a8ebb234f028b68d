"""Organisers' tags, and files of changes."""

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.views.attempts import attempt
from ml4rs.editions.views.guards import methods
from reviews import actions
from reviews.actions import bulk
from reviews.models import Tag
from reviews.queries.tagging import tags_of
from reviews.views.shared import keeps_what_was_typed, organisers_only, take_typed, to

_MOST_TEXT = 500_000


@methods("GET")
@organisers_only
@never_cache
def tags(request: HttpRequest) -> HttpResponse:
    """All shared tags and one's own."""
    context = {
        "tags": tags_of(request.viewer),
        "tones": Tag.Tone.choices,
        "audiences": [choice for choice in Tag.Audience.choices if choice[0] != Tag.Audience.PRIVATE],
    }
    return render(request, "reviews/tags.html", context)


@methods("POST")
@organisers_only
def change_tag(request: HttpRequest, tag_pid: str) -> HttpResponse:
    """Another colour or audience, or away with it."""
    own = Q(owner__isnull=True) | Q(owner=request.viewer.user)
    found = Tag.objects.filter(own, edition=request.viewer.edition, public_id=tag_pid).first()
    if found is None:
        raise Http404
    if request.POST.get("verb") == "delete":
        attempt(request, lambda: actions.delete_tag(found, by=request.viewer), f"The tag “{found}” is gone.")
        return to(request, "tags")
    tone, audience = request.POST.get("tone", ""), request.POST.get("audience", found.audience)
    if tone not in Tag.Tone.values or audience not in Tag.Audience.values:
        messages.error(request, "Choose a colour and who sees it.")
    else:
        attempt(
            request,
            lambda: actions.change_tag(found, tone=tone, audience=audience, by=request.viewer),
            f"The tag “{found}” is changed.",
        )
    return to(request, "tags")


@keeps_what_was_typed("changes")
@methods("GET", "POST")
@organisers_only
@never_cache
def changes(request: HttpRequest) -> HttpResponse:
    """Upload or paste a file of changes, see what each line does, then apply all of it."""
    typed = take_typed(request, "changes")
    text, result = typed.get("text", "") if typed else "", None
    if request.method == "POST":
        text, data = _given(request)
        try:
            result = bulk.run(data, by=request.viewer, rehearsal=not request.POST.get("apply"))
        except NotAllowed as refusal:
            messages.error(request, str(refusal))
        else:
            if result.change is not None:
                messages.success(request, f"Applied: {result.done} changes. They can be undone below.")
                return to(request, "changes")
    context = {
        "text": text,
        "result": result,
        "past": bulk.past_changes(request.viewer),
    }
    return render(request, "reviews/changes.html", context)


def _given(request: HttpRequest) -> tuple[str, bytes]:
    """The text for the form, and the bytes to read: of the file if there is one, else of what was pasted."""
    sent = request.FILES.get("file")
    if sent is None or sent.size > _MOST_TEXT:
        if sent is not None:
            messages.error(request, "The file is larger than 500 kB. Divide it.")
        text = request.POST.get("text", "")
        return text, text.encode()
    data = sent.read()
    try:
        return bulk.decoded(data)[0].replace("\0", ""), data
    except ValueError:
        return "", data


@methods("POST")
@organisers_only
def undo_change(request: HttpRequest, change_pid: str) -> HttpResponse:
    found = next((each for each in bulk.past_changes(request.viewer) if each.public_id == change_pid), None)
    if found is None:
        raise Http404
    attempt(request, lambda: bulk.undo(found, by=request.viewer), "All of it is undone.")
    return to(request, "changes")
