"""Awards: the organisers' pages, and the ballot."""

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from ml4rs.editions.models import Role, Track
from ml4rs.editions.views.attempts import attempt
from ml4rs.editions.views.guards import methods, role_required
from reviews import actions
from reviews.models import Award, Mark
from reviews.policy import may_vote
from reviews.queries.awarding import award_or_none, awards_of, ballot_of, ballots_cast, standings, suggested
from reviews.queries.papers import reviewed_tracks
from reviews.views.shared import chairs_paper_or_404, organisers_only, to

voters_only = role_required(Role.Name.ORGANISER, Role.Name.REVIEWER)
_LONGEST_LAUDATION = 2000


class AwardForm(forms.Form):
    name = forms.CharField(label="Name", max_length=120, help_text="Such as “Best paper”.")
    track = forms.ModelChoiceField(
        Track.objects.none(), label="For papers of", required=False, empty_label="all tracks", to_field_name="slug"
    )
    committee_votes = forms.BooleanField(
        label="The committee votes as well, once decisions are released", required=False
    )

    def __init__(self, *args, tracks: list[Track], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["track"].queryset = Track.objects.filter(pk__in=[track.pk for track in tracks])


@methods("GET", "POST")
@organisers_only
@never_cache
def awards(request: HttpRequest) -> HttpResponse:
    """All awards, and a new one."""
    viewer = request.viewer
    form = AwardForm(request.POST or None, tracks=reviewed_tracks(viewer))
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        if attempt(request, lambda: actions.create_award(viewer.edition, by=viewer, **values), "The award is there."):
            return to(request, "awards")
    return render(request, "reviews/awards.html", {"awards": awards_of(viewer.edition), "form": form})


@methods("GET")
@organisers_only
@never_cache
def award(request: HttpRequest, award_pid: str) -> HttpResponse:
    """One award: candidates, votes, winners."""
    found, viewer = _award_or_404(request, award_pid), request.viewer
    is_preparing = found.state == Award.State.PREPARING
    context = {
        "award": found,
        "standings": standings(viewer, found),
        "suggested": suggested(viewer, found) if is_preparing else [],
        "ballots": ballots_cast(found),
        "may_vote": may_vote(viewer, found),
    }
    return render(request, "reviews/award.html", context)


@methods("POST")
@organisers_only
def change_award(request: HttpRequest, award_pid: str) -> HttpResponse:
    """Candidates on and off, the next step, a winner, the announcement."""
    found, by = _award_or_404(request, award_pid), request.viewer
    verb = request.POST.get("verb", "")
    if verb == "nominate":
        papers = [chairs_paper_or_404(request, pid) for pid in request.POST.getlist("paper")]
        attempt(request, lambda: actions.nominate(found, papers, by=by), "Noted. Nobody but organisers sees it.")
    elif verb == "announce":
        attempt(request, lambda: actions.announce_award(found, by=by), "Announced, and its authors are told by mail.")
    elif verb.startswith("move-"):
        attempt(request, lambda: actions.move_award(found, verb.removeprefix("move-"), by=by), "Noted.")
    elif verb in ("take_off", "wins", "loses"):
        _change_candidate(request, found, verb)
    return to(request, "award", award_pid)


def _change_candidate(request: HttpRequest, found: Award, verb: str) -> None:
    paper, by = chairs_paper_or_404(request, request.POST.get("paper", "")), request.viewer
    if verb == "take_off":
        attempt(request, lambda: actions.take_off(found, paper, by=by), "It is no candidate any more.")
        return
    words = request.POST.get("laudation", "").replace("\0", "").strip()[:_LONGEST_LAUDATION]
    wins = verb == "wins"
    said = "Noted as a winner. It is announced with the others." if wins else "Noted: it does not win."
    attempt(request, lambda: actions.settle_winner(found, paper, wins=wins, laudation=words, by=by), said)


@methods("GET", "POST")
@voters_only
@never_cache
def ballot(request: HttpRequest, award_pid: str) -> HttpResponse:
    """Points for each candidate that the voter is not in conflict with."""
    found, viewer = _award_or_404(request, award_pid), request.viewer
    if not may_vote(viewer, found):
        raise Http404
    choices = ballot_of(viewer, found)
    if request.method == "POST":
        points = {each.candidate.pk: _points(request, each.candidate.submission.public_id) for each in choices}
        said = "Your vote counts. You can change it until voting closes."
        attempt(request, lambda: actions.vote(found, points, by=viewer), said)
        return to(request, "ballot", award_pid)
    context = {
        "award": found,
        "choices": choices,
        "scale": range(Mark.MOST + 1),
        "has_voted": any(choice.points is not None for choice in choices),
    }
    return render(request, "reviews/ballot.html", context)


def _points(request: HttpRequest, pid: str) -> int | None:
    given = request.POST.get(f"points-{pid}", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 4 else None


def _award_or_404(request: HttpRequest, award_pid: str) -> Award:
    found = award_or_none(request.viewer, award_pid)
    if found is None:
        raise Http404
    return found
