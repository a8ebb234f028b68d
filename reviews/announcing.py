"""What this app announces to the floors below: duties, figures, menu entries, mails, page sections."""

from collections.abc import Iterator

from django.urls import reverse

from ml4rs.editions.models import Edition, Milestone
from ml4rs.editions.queries import milestone, milestones
from ml4rs.editions.registry import Duty, Figure, HomeSection, MenuEntry
from ml4rs.editions.viewer import Viewer
from ml4rs.notifications.links import absolute
from ml4rs.notifications.registry import Category, MailEvent
from reviews.actions.committee import invitation_link
from reviews.models import Decision, Review, Reviewer
from reviews.policy import may_bid, may_exclude, may_respond
from reviews.queries import committee, delegating, papers
from reviews.queries.awarding import votes_due, winners
from reviews.queries.journal import invitation_of
from reviews.queries.responding import response_of
from reviews.queries.reviews import desk, membership, reviews_of
from reviews.queries.summing import meta_review_of
from submissions.models import Submission
from submissions.registry import Section


def _url(viewer: Viewer, name: str, *arguments: str) -> str:
    return reverse(f"reviews:{name}", args=[viewer.edition.slug, *arguments])


# --- Duties ---------------------------------------------------------------------------------------------


def duties(viewer: Viewer) -> Iterator[Duty]:
    """What a member of the committee owes: an answer, conflicts, bids, reviews; and authors, a response.

    At most nine queries.
    """
    if viewer.user is None or viewer.edition is None:
        return
    yield from _responses(viewer)
    yield from _in_care(viewer)
    if not viewer.is_watched:
        yield from _votes(viewer)
        yield from _unanswered(viewer)
    reviewer = membership(viewer) if viewer.is_reviewer else None
    if reviewer is None:
        return
    if reviewer.conflicts_declared_at is None:
        yield Duty("Declare your conflicts of interest", _url(viewer, "conflicts"), detail="Before you can see papers.")
        return
    if not reviewer.profile:
        yield Duty("Say what you work on", _url(viewer, "about_me"), detail="It finds you the right papers.")
    if may_bid(viewer, reviewer):
        state = "done" if reviewer.bids.exists() else "open"
        yield _dated("Say which papers you would like to review", _url(viewer, "bids"), viewer, "bidding", state)
    yield from _reviews_due(viewer)


def _votes(viewer: Viewer) -> Iterator[Duty]:
    """Awards to vote on. One query, two where there are any."""
    if not (viewer.is_organiser or viewer.is_reviewer):
        return
    for award, has_voted in votes_due(viewer):
        state = "done" if has_voted else "open"
        yield Duty(f"Vote on the award “{award.name}”", _url(viewer, "ballot", award.public_id), state=state)


def _in_care(viewer: Viewer) -> Iterator[Duty]:
    """Papers with which all organisers are in conflict. One query, for deputies only."""
    if not viewer.is_deputy or viewer.is_organiser:
        return
    rows = Submission.objects.seen_by(viewer).filter(is_chair=True, state="submitted", released_at__isnull=True)
    if number := rows.count():
        papers = "1 paper has" if number == 1 else f"{number} papers have"
        url = _url(viewer, "decisions")
        yield Duty(f"{papers} no organiser without conflict", url, detail="You assign and decide in their place.")


def _responses(viewer: Viewer) -> Iterator[Duty]:
    """Reviews that authors may answer, while they may. One query, none without such a date."""
    due = [each for each in milestones(viewer.edition) if each.kind == Milestone.Kind.RESPONSE]
    if not due:
        return
    own = Submission.objects.seen_by(viewer).filter(is_author=True, reviews_shown_at__lte=viewer.now)
    for paper in own.select_related("track", "response").order_by("number"):
        if not may_respond(viewer, paper):
            continue
        found = milestone(viewer.edition, Milestone.Kind.RESPONSE, paper.track)
        response = getattr(paper, "response", None)
        is_sent = response is not None and response.sent_at is not None
        yield Duty(
            f"Answer the reviews of “{paper.title}”",
            _url(viewer, "respond", paper.public_id),
            due=found.instant if found else None,
            aoe=found.aoe if found else False,
            state="done" if is_sent else "open",
            detail="Sent" if is_sent else "You may; you need not.",
        )


def _unanswered(viewer: Viewer) -> Iterator[Duty]:
    """Invitations to any verified address; the link is in the mail, and here, since the address is proved."""
    invited = Reviewer.objects.filter(
        edition=viewer.edition, email__in=viewer.addresses, state=Reviewer.State.INVITED
    ).select_related("edition")
    for reviewer in invited:
        link = invitation_link(reviewer).removeprefix(absolute("editions:root").rstrip("/"))
        yield Duty("Answer the invitation to the programme committee", link)


def _reviews_due(viewer: Viewer) -> Iterator[Duty]:
    for row in desk(viewer):
        if row.is_released:
            continue
        url = _url(viewer, "review", row.assignment.public_id)
        title = f"Review “{row.assignment.submission.title}”"
        due, aoe = (row.due.instant, row.due.aoe) if row.due else (None, False)
        if row.assignment.sums_up:
            meta = _url(viewer, "sum_up", row.assignment.public_id)
            yield Duty(f"Sum up the reviews of “{row.assignment.submission.title}”", meta)
        if row.assignment.is_discussed:
            talk = _url(viewer, "discussion", row.assignment.public_id)
            yield Duty(f"Discuss “{row.assignment.submission.title}”", talk, state="waiting")
        if row.state == Review.State.SUBMITTED:
            yield Duty(title, url, due=due, aoe=aoe, state="done", detail="Submitted")
        else:
            detail = "A draft is saved." if row.state == Review.State.DRAFT else ""
            yield Duty(title, url, due=due, aoe=aoe, detail=detail)


def _dated(title: str, url: str, viewer: Viewer, kind: str, state: str) -> Duty:
    found = milestone(viewer.edition, kind)
    due, aoe = (found.instant, found.aoe) if found else (None, False)
    return Duty(title, url, due=due, aoe=aoe, state=state)


# --- Figures and menu -------------------------------------------------------------------------------------


def figures(viewer: Viewer) -> Iterator[Figure]:
    """Committee, reviews and decisions at a glance, of papers without conflict. Four queries."""
    if viewer.is_deputy and not viewer.is_organiser:
        yield from _decision_figures(viewer)
    if not viewer.is_organiser:
        return
    states, without = committee.states(viewer.edition), committee.undeclared(viewer.edition)
    to_committee = _url(viewer, "committee")
    group = "Committee"
    yield Figure(group, "invited, no answer", states["invited"], f"{to_committee}?state=invited")
    yield Figure(group, "accepted", states["accepted"], f"{to_committee}?state=accepted")
    yield Figure(group, "declined", states["declined"], f"{to_committee}?state=declined")
    if without:
        yield Figure(group, "conflicts not declared", without, f"{to_committee}?state=accepted", "warn")
    yield from _review_figures(viewer)
    yield from _decision_figures(viewer)


def _review_figures(viewer: Viewer) -> Iterator[Figure]:
    url = _url(viewer, "progress")
    each = papers.carried(viewer).values()
    assigned, submitted, late = (sum(column) for column in zip((0, 0, 0), *each, strict=True))
    yield Figure("Reviews", "assigned", assigned, _url(viewer, "assignments"))
    yield Figure("Reviews", "submitted", submitted, url)
    if proposed := delegating.waiting(viewer):
        yield Figure(
            "Reviews", "colleagues to approve", proposed, f"{_url(viewer, 'assignments')}?colleagues=1", "warn"
        )
    yield Figure("Reviews", "late", late, f"{url}?only=unfinished", "bad" if late else "")


def _decision_figures(viewer: Viewer) -> Iterator[Figure]:
    url = _url(viewer, "decisions")
    rows = Submission.objects.seen_by(viewer).filter(is_chair=True, state="submitted", track__is_reviewed=True)
    decided = dict.fromkeys(["none", *Decision.State.values], 0)
    for state in rows.order_by().values_list("decision__state", flat=True):
        decided[state or "none"] += 1
    yield Figure("Decisions", "undecided", decided["none"], f"{url}?decision=none")
    yield Figure("Decisions", "staged", decided["draft"], url)
    yield Figure("Decisions", "held back", decided["held"], f"{url}?decision=held")
    yield Figure("Decisions", "released", decided["released"], f"{url}?decision=released")


def menu(viewer: Viewer) -> Iterator[MenuEntry]:
    if viewer.edition is None:
        return
    if viewer.is_reviewer:
        yield MenuEntry("reviewing", "Papers to review", _url(viewer, "desk"), 10)
        yield MenuEntry("reviewing", "Bids", _url(viewer, "bids"), 20)
        yield MenuEntry("reviewing", "Conflicts", _url(viewer, "conflicts"), 30)
        yield MenuEntry("reviewing", "What I work on", _url(viewer, "about_me"), 40)
    if viewer.is_deputy and not viewer.is_organiser:
        yield MenuEntry("organising", "Papers in my care", _url(viewer, "decisions"), 30)
        yield MenuEntry("organising", "Their reviewers", _url(viewer, "assignments"), 32)
    if viewer.is_organiser:
        yield MenuEntry("organising", "Committee", _url(viewer, "committee"), 30)
        yield MenuEntry("organising", "Conflicts", _url(viewer, "conflict_list"), 32)
        yield MenuEntry("organising", "Assignments", _url(viewer, "assignments"), 34)
        yield MenuEntry("organising", "Reviews", _url(viewer, "progress"), 36)
        yield MenuEntry("organising", "Statistics", _url(viewer, "statistics"), 42)
        yield MenuEntry("organising", "Tags", _url(viewer, "tags"), 40)
        yield MenuEntry("organising", "Decisions", _url(viewer, "decisions"), 38)
        yield MenuEntry("organising", "Freeze", _url(viewer, "freeze"), 95)
        yield MenuEntry("organising", "Awards", _url(viewer, "awards"), 43)
        yield MenuEntry("organising", "Journal", _url(viewer, "journal"), 44)


# --- One page per paper -----------------------------------------------------------------------------------


def section(viewer: Viewer, submission: Submission) -> Section | None:
    """Reviews and decision on the paper's page, for whoever may read them; nothing at all before.

    Five queries, six where authors may respond.
    """
    if submission.is_chair and submission.track.is_reviewed:
        return Section("reviews/_section_chair.html", {"submission": submission})
    if not (submission.sees_reviews or (submission.reads and submission.seen_outcome)):
        return None
    decision = Decision.objects.seen_by(viewer, paper=submission).first()
    found = reviews_of(viewer, submission)
    if decision is None and not found:
        return None
    context = {
        "decision": decision,
        "reviews": found,
        "is_author": submission.is_author,
        "response": response_of(viewer, submission),
        "meta": meta_review_of(viewer, submission),
        "may_respond": submission.track.has_author_response and may_respond(viewer, submission),
        "response_due": milestone(viewer.edition, Milestone.Kind.RESPONSE, submission.track),
    }
    return Section("reviews/_section.html", context)


def exclude_section(viewer: Viewer, submission: Submission) -> Section | None:
    """The way to name people who must not review, for authors while they may. No query."""
    if submission.is_author and may_exclude(viewer, submission):
        return Section("reviews/_section_exclude.html", {"submission": submission})
    return None


def journal_section(viewer: Viewer, submission: Submission) -> Section | None:
    """The invitation to a journal, on the page of a paper that has one. None of an eligible track, else two queries."""
    inside = submission.is_author or submission.is_chair
    accepted = submission.seen_outcome == Submission.Outcome.ACCEPTED
    if not (inside and accepted and submission.track.journal_eligible):
        return None
    found = invitation_of(viewer, submission)
    if found is None:
        return None
    return Section("reviews/_section_journal.html", {"invitation": found, "submission": submission})


def winners_section(viewer: Viewer) -> Iterator[HomeSection]:
    """Awards on the home page, once they are announced. One query, none before the notification."""
    if _is_notified(viewer) and (found := winners(viewer)):
        yield HomeSection("Awards", "reviews/_winners.html", {"winners": found})


def public_awards(viewer: Viewer, submission: Submission) -> Iterator[str]:
    """Awards of one paper, once they are announced. One query, none before the notification."""
    if _is_notified(viewer):
        yield from (each.award.name for each in winners(viewer) if each.submission_id == submission.pk)


def _is_notified(viewer: Viewer) -> bool:
    out = milestone(viewer.edition, Milestone.Kind.NOTIFICATION) if viewer.edition else None
    return out is not None and out.has_passed(viewer.earliest)


def public_committee(edition: Edition) -> Iterator[tuple[str, str]]:
    """Accepted members who agreed to be named. One query."""
    shown = Reviewer.objects.filter(edition=edition, state=Reviewer.State.ACCEPTED, show_publicly=True)
    for name, affiliation, own_name, own_affiliation in shown.values_list(
        "name", "affiliation", "user__name", "user__affiliation"
    ):
        if own_name or name:
            yield own_name or name, own_affiliation or affiliation


# --- Mails and reminders ----------------------------------------------------------------------------------

_LINK = "https://ml4rs.example/iclr2025/reviewing/"
_INVITED = {"name": "Ada Lovelace", "link": _LINK, "load": 4, "words": ""}
_DESK = {"name": "Ada Lovelace", "link": _LINK, "due": "Wed 26 Feb 2025, 23:59 AoE"}
_TALK = {"name": "Ada Lovelace", "link": _LINK, "pseudonym": "K"}
_COLLEAGUE = {"name": "Ada Lovelace", "link": _LINK, "colleague": "Mary Somerville"}
_SHOWN = {
    "name": "Ada Lovelace",
    "title": "Clouds in time series",
    "until": "Sun 2 Mar 2025, 23:59 AoE",
    "link": "https://ml4rs.example/iclr2025/submissions/",
}
_JOURNAL = {
    "name": "Ada Lovelace",
    "title": "Clouds in time series",
    "journal": "Letters of Remote Sensing",
    "article_type": "Letter",
    "until": "Sun 1 Jun 2025, 23:59 AoE",
    "link": "https://ml4rs.example/iclr2025/submissions/#journal",
}
_AWARD = {
    "name": "Ada Lovelace",
    "title": "Clouds in time series",
    "award": "Best paper",
    "laudation": "For a simple idea, tested with care.",
    "link": "https://ml4rs.example/iclr2025/papers/",
}
_DECIDED = {
    "name": "Ada Lovelace",
    "title": "Clouds in time series",
    "track": "Papers",
    "accepted": True,
    "presentation": "Oral",
    "comment": "",
    "conditions": "",
    "link": _LINK,
}


def _event(
    name: str, label: str, sample: dict, why: str = "you are on the programme committee", category: str = ""
) -> MailEvent:
    return MailEvent(f"reviews.{name}", label, tuple(sample), sample=sample, why=why, category=category)


MAIL_EVENTS = [
    _event("invitation", "Invitation to the programme committee", _INVITED, "the organisers invited you"),
    _event("invitation_reminder", "Reminder of an invitation", _INVITED, "the organisers invited you"),
    _event("assigned", "Papers were assigned to a reviewer", _DESK),
    _event("chased", "Reviews are missing", _DESK),
    _event("extended", "A reviewer has more time", _DESK),
    _event("meta_review_asked", "A reviewer is asked for a meta-review", {"name": "Ada Lovelace", "link": _LINK}),
    _event("discussion_opened", "The discussion of a paper is open", _TALK),
    _event("discussion_news", "Something new in a discussion", _TALK, category=Category.NEWS),
    _event("mentioned", "A reviewer is addressed in a discussion", _TALK),
    _event("delegation_done", "A colleague took a paper over", _COLLEAGUE),
    _event("delegation_refused", "A colleague cannot take a paper over", {**_COLLEAGUE, "text": "They have enough."}),
    _event("reviews_shown", "Authors may answer the reviews", _SHOWN, "you are an author of this paper"),
    _event(
        "response_in",
        "The authors answered the reviews",
        {"name": "Ada Lovelace", "link": _LINK},
        category=Category.NEWS,
    ),
    _event("journal_invitation", "A paper is invited to the journal", _JOURNAL, "you are an author of this paper"),
    _event("award", "A paper receives an award", _AWARD, "you are an author of this paper"),
    _event("decision", "The decision on a paper", _DECIDED, "you are an author of this paper"),
    _event(
        "decision_corrected",
        "A released decision was corrected",
        {**_DECIDED, "reason": "A review was late."},
        "you are an author of this paper",
    ),
]
