"""Handing a paper on to a colleague."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.views.attempts import attempt
from ml4rs.editions.views.guards import methods
from reviews import actions
from reviews.forms import DelegateForm
from reviews.models import Delegation
from reviews.policy import may_decline
from reviews.views.reviewing import desk_or_404
from reviews.views.shared import chairs_only, chairs_paper_or_404, keeps_what_was_typed, reviewers_only, take_typed, to


@keeps_what_was_typed("delegate")
@methods("GET", "POST")
@reviewers_only
@never_cache
def delegate(request: HttpRequest, pid: str) -> HttpResponse:
    """Propose a colleague for one's paper."""
    page = desk_or_404(request, pid)
    form = DelegateForm(request.POST or None, initial=take_typed(request, "delegate", pid))
    if request.method == "POST" and form.is_valid():
        try:
            actions.propose_delegate(page.assignment, by=request.viewer, **form.cleaned_data)
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "The organisers are asked. Until a colleague takes it over, the paper is yours.")
            return to(request, "review", pid)
    context = {
        "page": page,
        "form": form,
        "verdict": may_decline(request.viewer, page.assignment),
        "asked": page.assignment.delegations.first(),
    }
    return render(request, "reviews/delegate.html", context)


@methods("POST")
@chairs_only
def decide_delegation(request: HttpRequest, pid: str, delegation_pid: str) -> HttpResponse:
    """Approve or refuse what a reviewer of this paper proposed."""
    paper = chairs_paper_or_404(request, pid)
    rows = Delegation.objects.filter(assignment__submission=paper.pk, public_id=delegation_pid)
    found = rows.select_related("assignment__reviewer__user", "assignment__submission__edition").first()
    if found is None:
        raise Http404
    if request.POST.get("answer") == "refuse":
        text = request.POST.get("text", "").replace("\0", "").strip()[:1000]
        done = "The reviewer is told."
        attempt(request, lambda: actions.refuse_delegate(found, paper, text=text, by=request.viewer), done)
    else:
        done = f"{found} takes the paper over once they are on the committee and without conflict."
        attempt(request, lambda: actions.approve_delegate(found, paper, by=request.viewer), done)
    return to(request, "paper", pid)
