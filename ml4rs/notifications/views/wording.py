"""An edition's own words for its mails."""

from django.contrib import messages as notes
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from ml4rs.editions.models import Role
from ml4rs.editions.views.guards import methods, role_required
from ml4rs.notifications import managing, queries
from ml4rs.notifications.forms import WordingForm
from ml4rs.notifications.models import Template
from ml4rs.notifications.registry import MailEvent, Recipient, event_named
from ml4rs.notifications.wording import offered, sample_words, starting_point

_ORGANISERS = role_required(Role.Name.ORGANISER)


def _event(name: str) -> MailEvent:
    found = event_named(name)
    if found is None:
        raise Http404
    return found


@methods("GET")
@_ORGANISERS
@never_cache
def events(request: HttpRequest) -> HttpResponse:
    """Every kind of mail, and which of them have words of their own."""
    own = set(Template.objects.filter(edition=request.viewer.edition).values_list("event", flat=True))
    rows = [(event, event.name in own) for event in queries.sorted_events()]
    return render(request, "notifications/wording.html", {"rows": rows})


@methods("GET", "POST")
@_ORGANISERS
@never_cache
def event(request: HttpRequest, event_name: str) -> HttpResponse:
    """Write, preview and store the words of one kind of mail; without own ones the form starts from the usual."""
    known, viewer = _event(event_name), request.viewer
    own = Template.objects.filter(edition=viewer.edition, event=event_name).first()
    subject, body = (own.subject, own.body) if own else starting_point(known, viewer.edition)
    form = WordingForm(request.POST or None, event=known, initial={"subject": subject, "body": body.strip()})
    if form.is_valid() and "preview" not in request.POST:
        managing.set_wording(known, by=viewer, **form.cleaned_data)
        notes.success(request, "Mails of this kind have these words from now on.")
        return redirect("notifications:wording", viewer.edition.slug)
    if form.is_bound and form.is_valid():
        subject, body = form.cleaned_data["subject"], form.cleaned_data["body"]
    you = Recipient(viewer.user.email, viewer.user.name, viewer.user)
    context = {
        "event": known,
        "own": own,
        "form": form,
        "variables": [(name, known.sample.get(name, "")) for name in offered(known)],
        "sample": sample_words(known, viewer.edition, subject, body, you),
    }
    return render(request, "notifications/event.html", context)


@methods("POST")
@_ORGANISERS
def reset(request: HttpRequest, event_name: str) -> HttpResponse:
    if managing.reset_wording(_event(event_name), by=request.viewer):
        notes.success(request, "Mails of this kind have the usual words again.")
    return redirect("notifications:event", request.viewer.edition.slug, event_name)
