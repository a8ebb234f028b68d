"""Organisers build the committee: invite, remind, remove, and judge conflicts."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from ml4rs.accounts.models import User, normalise_address
from ml4rs.audit.actions import record
from ml4rs.editions.milestone_form import LaterDateForm
from ml4rs.editions.views.attempts import attempt
from ml4rs.editions.views.guards import methods, takes
from ml4rs.editions.views.lists import export
from ml4rs.jobs.actions import enqueue
from reviews import actions
from reviews.forms import InviteForm, PaperConflictForm
from reviews.invitees import MOST_AT_ONCE, read_invitees
from reviews.models import Conflict, Reviewer
from reviews.queries import committee as queries
from reviews.queries.dates import last_review_date
from reviews.queries.dates import more_time as more_time_of
from reviews.views.shared import (
    chairs_only,
    chairs_paper_or_404,
    chosen,
    keeps_what_was_typed,
    organisers_only,
    page_of,
    take_typed,
    to,
)

_CONFLICTS = ("q", "state", "kind", "page")


@methods("GET")
@takes("q", "state", "page", "format")
@organisers_only
def committee(request: HttpRequest) -> HttpResponse:
    """Everybody invited, with their answers."""
    values = chosen(request)
    viewer = request.viewer
    rows = queries.members(viewer, state=_state(request), text=values["q"])
    if kind := values["format"]:
        return export(request, kind, f"{viewer.edition.slug}-committee", [_exported(row) for row in rows])
    page, query = page_of(request, rows)
    context = {
        "page": page,
        "query": query,
        "chosen": values,
        "counts": queries.states(viewer.edition),
        "states": [*Reviewer.State.choices, (queries.BOUNCED, "Mail came back"), (queries.STEPS_IN, "Step in")],
        "undeclared": queries.undeclared(viewer.edition),
    }
    return render(request, "reviews/committee.html", context)


def _state(request: HttpRequest) -> str:
    state = request.GET.get("state", "")
    return state if state in (*Reviewer.State.values, queries.BOUNCED, queries.STEPS_IN) else ""


def _exported(row: Reviewer) -> dict:
    return {
        "name": row.name,
        "email": row.email,
        "affiliation": row.affiliation,
        "state": row.get_state_display(),
        "load": row.load,
        "steps in": "yes" if row.steps_in else "no",
        "senior": "yes" if row.is_senior else "no",
        "invited": row.invited_at.isoformat(timespec="minutes"),
        "answered": row.answered_at.isoformat(timespec="minutes") if row.answered_at else "",
        "mail came back": "yes" if row.bounced else "no",
        "conflicts declared": "yes" if row.conflicts_declared_at else "no",
        "reason": row.decline_reason,
        "suggestion": row.suggestion,
    }


@keeps_what_was_typed("invite")
@methods("GET", "POST")
@organisers_only
def invite(request: HttpRequest) -> HttpResponse:
    """Paste names and addresses, see what each line means, then send."""
    form = InviteForm(request.POST or None, request.FILES or None, initial=take_typed(request, "invite"))
    people = []
    if request.method == "POST" and form.is_valid():
        people = read_invitees(request.viewer.edition, form.cleaned_data["people"])
        if form.cleaned_data["remark"]:
            messages.warning(request, form.cleaned_data["remark"])
        if len(people) > MOST_AT_ONCE:
            form.add_error("people", f"These are {len(people)} lines; invite at most {MOST_AT_ONCE} at once.")
            people = []
        elif request.POST.get("send"):
            return _send(request, form, people)
        elif form.cleaned_data["file"]:
            form = InviteForm(initial={**form.cleaned_data, "file": None})  # its lines stand in the form now
    counts = {state: sum(each.state == state for each in people) for state in ("new", "known", "faulty")}
    return render(request, "reviews/invite.html", {"form": form, "people": people, "counts": counts})


def _send(request: HttpRequest, form: InviteForm, people: list) -> HttpResponse:
    data = form.cleaned_data
    sent = actions.invite(request.viewer.edition, people, by=request.viewer, load=data["load"], words=data["words"])
    passed_over = len(people) - len(sent)
    rest = f" {passed_over} lines were passed over." if passed_over else ""
    messages.success(request, f"Invited: {len(sent)}.{rest}")
    return to(request, "committee")


@methods("GET", "POST")
@organisers_only
def seniors(request: HttpRequest) -> HttpResponse:
    """Tick who counts as senior where an assignment puts one on each paper."""
    edition = request.viewer.edition
    if request.method == "POST":
        number = actions.mark_seniors(edition, request.POST.getlist("senior"), by=request.viewer)
        messages.success(request, f"Saved. Senior: {number}.")
        return to(request, "seniors")
    members = queries.members(request.viewer, state=Reviewer.State.ACCEPTED)
    return render(request, "reviews/seniors.html", {"members": members})


@methods("POST")
@organisers_only
def remind(request: HttpRequest) -> HttpResponse:
    """Ask again those ticked, or all who have not answered."""
    waiting = Reviewer.objects.filter(edition=request.viewer.edition)
    if chosen := request.POST.getlist("reviewer"):
        waiting = waiting.filter(public_id__in=chosen)
    number = actions.remind(waiting, by=request.viewer)
    messages.success(request, f"Reminded: {number}. Nobody gets more than one reminder a day.")
    return to(request, "committee")


@methods("GET", "POST")
@organisers_only
def remove(request: HttpRequest, reviewer_pid: str) -> HttpResponse:
    """Take somebody off the committee, after a look at what that means."""
    reviewer = _reviewer(request, reviewer_pid)
    if request.method == "POST":
        attempt(request, lambda: actions.remove(reviewer, by=request.viewer), f"{reviewer} is off the committee.")
        return to(request, "committee")
    return render(request, "reviews/remove.html", {"reviewer": reviewer})


def _reviewer(request: HttpRequest, reviewer_pid: str) -> Reviewer:
    """Somebody who was invited and has not been removed."""
    rows = Reviewer.objects.filter(edition=request.viewer.edition, public_id=reviewer_pid).select_related("user")
    reviewer = rows.exclude(state=Reviewer.State.REMOVED).first()
    if reviewer is None:
        raise Http404
    return reviewer


@methods("GET", "POST")
@organisers_only
def more_time(request: HttpRequest, reviewer_pid: str) -> HttpResponse:
    """Give one member a later date for their reviews."""
    reviewer = _reviewer(request, reviewer_pid)
    form = LaterDateForm(request.POST or None)
    if form.is_valid():
        done = f"{reviewer} has more time, and is told by mail."
        if attempt(request, lambda: actions.give_time(reviewer, **form.cleaned_data, by=request.viewer), done):
            return to(request, "committee")
    edition = request.viewer.edition
    context = {"due": last_review_date(edition), "granted": more_time_of(edition, reviewer_pid)}
    return render(request, "reviews/more_time.html", {"reviewer": reviewer, "form": form, **context})


@methods("POST")
@organisers_only
def take_time_back(request: HttpRequest, reviewer_pid: str) -> HttpResponse:
    reviewer = _reviewer(request, reviewer_pid)
    done = f"For {reviewer} the date that holds for everybody holds again."
    attempt(request, lambda: actions.take_time_back(reviewer, by=request.viewer), done)
    return to(request, "committee")


@methods("GET")
@takes(*_CONFLICTS)
@organisers_only
def conflicts(request: HttpRequest) -> HttpResponse:
    """Conflicts with papers that this organiser sees, each with its reason."""
    values = chosen(request)
    rows = queries.conflicts(request.viewer, state=values["state"], kind=values["kind"], text=values["q"])
    page, query = page_of(request, rows)
    record("conflicts.read", by=request.viewer)  # their reasons name authors
    context = {
        "page": page,
        "query": query,
        "chosen": values,
        "kinds": Conflict.Kind.choices,
        "patterns": queries.patterns(request.viewer),
    }
    return render(request, "reviews/conflict_list.html", context)


@methods("POST")
@takes(*_CONFLICTS)
@organisers_only
def judge_conflict(request: HttpRequest, conflict_pid: str) -> HttpResponse:
    """Confirm or dismiss, with a note."""
    conflict = queries.conflicts(request.viewer).filter(public_id=conflict_pid).first()
    if conflict is None:
        raise Http404
    paper = chairs_paper_or_404(request, conflict.submission.public_id)
    verb = actions.dismiss_conflict if request.POST.get("verdict") == "dismiss" else actions.confirm_conflict
    note = request.POST.get("note", "")[:300]
    attempt(request, lambda: verb(conflict, paper, by=request.viewer, note=note), "Noted.")
    return to(request, "conflict_list", query=request.GET.urlencode())


@methods("POST")
@organisers_only
def look_for_conflicts(request: HttpRequest) -> HttpResponse:
    """Search through everybody and every paper again, in the background."""
    edition = request.viewer.edition
    enqueue("reviews.find_conflicts", subject=edition.slug, edition=edition, by=request.viewer)
    messages.info(request, "Looking for conflicts. New ones appear here in a moment.")
    return to(request, "conflict_list")


@methods("POST")
@chairs_only
def set_conflict(request: HttpRequest, pid: str) -> HttpResponse:
    """An organiser knows of a conflict between a person and this paper."""
    paper = chairs_paper_or_404(request, pid)
    form = PaperConflictForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Give the person's address and say why.")
        return to(request, "paper", pid)
    address = normalise_address(form.cleaned_data["person"])
    person = User.objects.filter(emailaddress__email__iexact=address, emailaddress__verified=True).first()
    if person is None or not person.roles.filter(edition=request.viewer.edition).exists():
        messages.error(request, "Nobody on the committee or among the organisers has this address.")
    else:
        note = form.cleaned_data["note"]
        attempt(request, lambda: actions.set_conflict(paper, person, by=request.viewer, note=note), "Noted.")
    return to(request, "paper", pid)
