"""Writing to many: choose a list, write, look at each mail, send them as a batch."""

from urllib.parse import urlencode

from django.contrib import messages as notes
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from ml4rs.audit.actions import record
from ml4rs.editions.models import Role
from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.views.guards import methods, role_required, takes, works_when_frozen
from ml4rs.notifications import managing, merging, queries
from ml4rs.notifications.forms import WriteForm
from ml4rs.notifications.registry import Addressee, MailingList
from ml4rs.notifications.wording import offered

_STAFF = role_required(Role.Name.ORGANISER, Role.Name.GRANTS_OFFICER)


@methods("GET")
@_STAFF
@never_cache
@works_when_frozen
def lists(request: HttpRequest) -> HttpResponse:
    """The lists that there are, each with the page where it is filtered."""
    return render(request, "notifications/lists.html", {"lists": queries.lists_for(request.viewer)})


def _list(request: HttpRequest, name: str) -> MailingList:
    for found in queries.lists_for(request.viewer):
        if found.name == name:
            return found
    raise Http404


@methods("GET", "POST")
@takes(also=queries.parameters_of)
@_STAFF
@never_cache
@works_when_frozen
def write(request: HttpRequest, list_name: str) -> HttpResponse:
    """The filters stand in the address, so that the form and its previews are about the same people."""
    those, viewer = _list(request, list_name), request.viewer
    everybody = merging.addressees(those, request.GET, viewer)
    _record_reading(request, those, everybody)
    form = WriteForm(request.POST or None, event=those.event, initial={"batch": managing.new_occasion()})
    words = [form.data.get(name, "") for name in ("subject", "body")] if form.is_bound else []
    people = merging.merged(everybody, those, *words) if words else everybody
    is_meant = form.is_valid() and people and {"send", "hold"} & set(request.POST)
    if is_meant and (answer := _sent(request, people, those, form)) is not None:
        return answer
    context = {
        "those": those,
        "form": form,
        "people": people,
        "choices": _choices(request, those),
        "variables": [(name, those.event.sample.get(name, "")) for name in offered(those.event)],
        "kept": _kept(request, those),
        "querystring": request.GET.urlencode(),
        "back": urlencode({name: request.GET[name] for name in sorted(those.filters & set(request.GET))}),
        "digest": merging.digest(people),
    }
    if form.is_bound and form.is_valid() and people:
        context |= _preview(request, people, those, form)
    return render(request, "notifications/write.html", context)


def _record_reading(request: HttpRequest, those: MailingList, people: list[Addressee]) -> None:
    """The page names people beside their papers."""
    details = {"list": those.label, "people": len(people)}
    record("mail.list_read", by=request.viewer, grants_only=those.grants_only, details=details)


def _choices(request: HttpRequest, those: MailingList) -> list[tuple]:
    return [(name, label, options, request.GET.get(name, "")) for name, label, options in those.choices]


def _kept(request: HttpRequest, those: MailingList) -> list[tuple[str, list[str]]]:
    """The other filters, which stay when one of the list's own is chosen."""
    chosen = {name for name, *_ in those.choices}
    return [(name, request.GET.getlist(name)) for name in request.GET if name not in chosen]


def _preview(request: HttpRequest, people: list[Addressee], those: MailingList, form: WriteForm) -> dict:
    asked = request.POST.get("show", "")
    at = min(int(asked), len(people) - 1) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 0
    data = form.cleaned_data
    sample = merging.preview(people[at], those, data["subject"], data["body"], request.viewer)
    earlier, later = (at - 1 if at else None), (at + 1 if at + 1 < len(people) else None)
    return {"sample": sample, "reader": people[at], "at": at + 1, "earlier": earlier, "later": later}


def _sent(request: HttpRequest, people: list[Addressee], those: MailingList, form: WriteForm) -> HttpResponse | None:
    """To the batch; or back to the form, with the reason."""
    if request.POST.get("seen") != merging.digest(people):
        form.add_error(None, f"The list has changed since you looked: it holds {len(people)} now. Look once more.")
        return None
    data, held = form.cleaned_data, "hold" in request.POST
    try:
        count = merging.send(people, those, held=held, by=request.viewer, **data)
    except NotAllowed as refusal:
        form.add_error(None, f"{refusal}")
        return None
    mails = f"{count} mail{'s' if count != 1 else ''}"
    notes.success(request, f"{mails} held back. Release them here." if held else f"{mails} on the way.")
    return redirect("notifications:batch", request.viewer.edition.slug, data["batch"])
