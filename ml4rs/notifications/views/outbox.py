"""The outbox of an edition, for organisers and grants officers: look, hold, reword, release, cancel, send again."""

from collections.abc import Callable

from django.contrib import messages as notes
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from ml4rs.editions.models import Role
from ml4rs.editions.views.guards import methods, role_required, takes, works_when_frozen
from ml4rs.notifications import actions, policy, queries
from ml4rs.notifications.forms import RewordForm
from ml4rs.notifications.models import Message
from ml4rs.notifications.views.html_part import html_part

_PAGE = 50
_STAFF = role_required(Role.Name.ORGANISER, Role.Name.GRANTS_OFFICER)

# What a button says → the verb, and what to tell afterwards.
VERBS: dict[str, tuple[Callable, str]] = {
    "hold": (actions.hold, "held back"),
    "release": (actions.release, "on its way"),
    "cancel": (actions.cancel, "cancelled"),
}


def _message(request: HttpRequest, message_pid: str) -> Message:
    found = policy.seen_by(request.viewer).select_related("edition").filter(public_id=message_pid).first()
    if found is None:
        raise Http404
    return found


@methods("GET")
@takes(*queries.PARAMETERS)
@_STAFF
@never_cache
@works_when_frozen
def outbox(request: HttpRequest) -> HttpResponse:
    filters = queries.Filters.of(request.GET)
    page = Paginator(queries.messages(request.viewer, filters), _PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    labels = queries.labels()
    context = {
        "page_obj": page,
        "rows": [(message, labels.get(message.event, message.event)) for message in page],
        "filters": filters,
        "states": Message.State.choices,
        "events": queries.sorted_events(),
        "querystring": query.urlencode(),
    }
    return render(request, "notifications/outbox.html", context)


@methods("POST")
@_STAFF
@works_when_frozen
def selected(request: HttpRequest) -> HttpResponse:
    """Do one thing with all messages that were ticked; those that moved on meanwhile are told apart."""
    if request.POST.get("verb") not in VERBS:
        raise Http404
    act, done = VERBS[request.POST["verb"]]
    with transaction.atomic():
        chosen = policy.seen_by(request.viewer).filter(public_id__in=request.POST.getlist("mail"))
        outcomes = [act(message, by=request.viewer) for message in chosen]
    if moved := sum(outcomes):
        notes.success(request, f"{moved} mail{'s' if moved != 1 else ''} {done}.")
    if left := len(outcomes) - moved:
        notes.warning(request, f"{left} could not be changed: sent or cancelled already.")
    if not outcomes:
        notes.warning(request, "No mail was selected.")
    return redirect("notifications:outbox", request.viewer.edition.slug)


@methods("GET")
@_STAFF
@never_cache
@works_when_frozen
def message(request: HttpRequest, message_pid: str) -> HttpResponse:
    found = _message(request, message_pid)
    label = queries.labels().get(found.event, found.event)
    return render(request, "notifications/message.html", {"message": found, "label": label})


@methods("GET")
@_STAFF
@works_when_frozen
def message_html(request: HttpRequest, message_pid: str) -> HttpResponse:
    return html_part(_message(request, message_pid))


@methods("POST")
@_STAFF
@works_when_frozen
def act(request: HttpRequest, message_pid: str, verb: str) -> HttpResponse:
    found = _message(request, message_pid)
    if verb == "resend":
        copy = actions.resend(found, by=request.viewer)
        notes.success(request, "This is the copy that is sent now.")
        return redirect("notifications:message", request.viewer.edition.slug, copy.public_id)
    if verb not in VERBS:
        raise Http404
    change, done = VERBS[verb]
    if change(found, by=request.viewer):
        notes.success(request, f"The mail is {done}.")
    else:
        notes.warning(request, "The mail has moved on meanwhile; this is how it stands now.")
    return redirect("notifications:message", request.viewer.edition.slug, message_pid)


@methods("GET", "POST")
@_STAFF
@never_cache
@works_when_frozen
def reword(request: HttpRequest, message_pid: str) -> HttpResponse:
    found = _message(request, message_pid)
    form = RewordForm(request.POST or None, initial={"subject": found.subject, "body": found.body_text})
    if form.is_valid():
        if actions.reword(found, by=request.viewer, **form.cleaned_data):
            notes.success(request, "The mail has its new words. It stays held until you release it.")
            return redirect("notifications:message", request.viewer.edition.slug, message_pid)
        form.add_error(None, "Only a mail that is held back can be reworded. Hold it first.")
    return render(request, "notifications/reword.html", {"form": form, "message": found})
