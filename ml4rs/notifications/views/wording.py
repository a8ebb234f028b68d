"""An edition's own words for its mails."""

from django.contrib import messages as notes
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from ml4rs.editions.models import Role
from ml4rs.editions.viewer import Viewer
from ml4rs.editions.views.guards import methods, role_required
from ml4rs.notifications import managing, queries
from ml4rs.notifications.forms import WordingForm
from ml4rs.notifications.models import Message, Template
from ml4rs.notifications.registry import MailEvent, Recipient, event_named
from ml4rs.notifications.wording import Words, offered, sample_words, starting_point

_ORGANISERS = role_required(Role.Name.ORGANISER)


def _event(name: str) -> MailEvent:
    found = event_named(name)
    if found is None or found.by_hand:
        raise Http404
    return found


@methods("GET")
@_ORGANISERS
@never_cache
def events(request: HttpRequest) -> HttpResponse:
    """Every kind of mail, and which of them have words of their own."""
    own = set(Template.objects.filter(edition=request.viewer.edition).values_list("event", flat=True))
    rows = [(event, event.name in own) for event in queries.sorted_events() if not event.by_hand]
    return render(request, "notifications/wording.html", {"rows": rows})


@methods("GET", "POST")
@_ORGANISERS
@never_cache
def event(request: HttpRequest, event_name: str) -> HttpResponse:
    """Write, preview and store the words of one kind of mail; without own ones the form starts from the usual."""
    known, viewer = _event(event_name), request.viewer
    own = Template.objects.filter(edition=viewer.edition, event=event_name).first()
    subject, body = (own.subject, own.body) if own else starting_point(known, viewer.edition)
    initial = {"subject": subject, "body": body.strip(), "copy": own is not None and own.copy}
    form = WordingForm(request.POST or None, event=known, initial=initial)
    if form.is_valid() and "preview" not in request.POST:
        managing.set_wording(known, by=viewer, **form.cleaned_data)
        notes.success(request, "Mails of this kind have these words from now on.")
        return redirect("notifications:wording", viewer.edition.slug)
    if form.is_bound and form.is_valid():
        subject, body = form.cleaned_data["subject"], form.cleaned_data["body"]
    readers = queries.recent_readers(viewer, known)
    reader = next((each for each in readers if each.public_id == request.POST.get("reader")), None)
    context = {
        "event": known,
        "own": own,
        "form": form,
        "variables": [(name, known.sample.get(name, "")) for name in offered(known)],
        "readers": readers,
        "reader": reader,
        "sample": _sample(known, viewer, subject, body, reader),
    }
    return render(request, "notifications/event.html", context)


def _sample(known: MailEvent, viewer: Viewer, subject: str, body: str, reader: Message | None) -> Words:
    """With the values of a mail that somebody got, or with sample values for whoever looks."""
    if reader is None:
        you = Recipient(viewer.user.email, viewer.user.name, viewer.user)
        return sample_words(known, viewer.edition, subject, body, you)
    somebody = Recipient(reader.recipient, reader.recipient_name, reader.user)
    return sample_words(known, viewer.edition, subject, body, somebody, reader.values)


@methods("POST")
@_ORGANISERS
def reset(request: HttpRequest, event_name: str) -> HttpResponse:
    if managing.reset_wording(_event(event_name), by=request.viewer):
        notes.success(request, "Mails of this kind have the usual words again.")
    return redirect("notifications:event", request.viewer.edition.slug, event_name)
