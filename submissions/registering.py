"""What this app announces to the floors below: duties, figures, menu entries, mails."""

from collections.abc import Iterable, Iterator

from django.db.models import Case, Count, OuterRef, Q, Subquery, When
from django.urls import reverse

from ml4rs.audit.registry import Described
from ml4rs.editions import queries as editions
from ml4rs.editions.models import Milestone
from ml4rs.editions.registry import Duty, Figure, MenuEntry, Part
from ml4rs.editions.viewer import Viewer
from ml4rs.notifications.registry import Category, MailEvent
from submissions import mailing
from submissions.models import Authorship, CheckReport, FileVersion, Submission
from submissions.policy import is_final_open_for, is_open_for
from submissions.queries.final import owed_by_authors, with_parts
from submissions.queries.listing import Filters, listed

State = Submission.State
_BAD = [CheckReport.Verdict.BLOCKED, CheckReport.Verdict.REFUSED]


def authors(viewer: Viewer) -> Iterator[Part]:
    """Authors with an account, of the papers that this organiser sees without conflict. One query."""
    papers = Submission.objects.keys_where(viewer, "is_chair")
    named = Authorship.objects.filter(submission__in=Submission.objects.none() if papers is None else papers)
    rows = named.filter(user__is_active=True).order_by("submission", "pk")
    for public_id, name, email, paper in rows.values_list("user__public_id", "user__name", "user__email", "submission"):
        yield Part("Authors", public_id, name or email, paper)


def duties(viewer: Viewer) -> Iterator[Duty]:
    """One line for each of a person's papers: what it needs now, or what it waits for.

    One query and the dates, and seven more where papers are accepted.
    """
    if not viewer.is_signed_in or viewer.edition is None:
        return
    newest = FileVersion.objects.filter(submission=OuterRef("pk"), kind__in=["manuscript", "slide"])
    reports = CheckReport.objects.filter(file_version=OuterRef("main_file")).order_by("-checked_at")
    rows = (
        Submission.objects.seen_by(viewer)
        .filter(is_author=True)
        .select_related("track")
        .defer("abstract", "declarations")
        .annotate(main_file=Subquery(newest.order_by("-version").values("pk")[:1]))
        .annotate(check_verdict=Subquery(reports.values("verdict")[:1]))
        .order_by("pk")
    )
    papers = list(rows)
    for paper in papers:
        paper.edition = viewer.edition
    with_parts([paper for paper in papers if paper.seen_outcome == Submission.Outcome.ACCEPTED])
    for paper in papers:
        yield _duty(viewer, paper)


def _duty(viewer: Viewer, paper: Submission) -> Duty:
    url = reverse("submissions:detail", args=[viewer.edition.slug, paper.public_id])
    title = f"“{paper.title}”" if paper.title else "an untitled draft"
    is_open = is_open_for(viewer, paper.track, paper)
    if paper.state == State.DRAFT:
        if not is_open:
            return Duty(f"Never submitted: {title}", url, state="done", detail="The deadline has passed.")
        return _due(viewer, paper, Milestone.Kind.SUBMISSION, f"Finish and submit {title}", url)
    if paper.state != State.SUBMITTED:
        return Duty(f"{paper.get_state_display()}: {title}", url, state="done")
    if paper.seen_outcome == Submission.Outcome.REJECTED:
        return Duty(f"Not accepted: {title}", url, state="done")
    if paper.seen_outcome == Submission.Outcome.ACCEPTED:
        return _duty_after_acceptance(viewer, paper, title, url)
    if paper.check_verdict in _BAD and is_open:
        return _due(viewer, paper, Milestone.Kind.SUBMISSION, f"Replace the file of {title}", url, "The check failed.")
    return _due(viewer, paper, Milestone.Kind.NOTIFICATION, f"Submitted: {title}", url, state="waiting")


def _duty_after_acceptance(viewer: Viewer, paper: Submission, title: str, url: str) -> Duty:
    is_open = is_final_open_for(viewer, paper)
    if is_open and (owed := owed_by_authors(paper)):
        has_file = any(version.kind == "camera_ready" for version in paper.newest_first)
        what = f"{'Complete' if has_file else 'Hand in'} the camera-ready version of {title}"
        detail = f"Still missing: {owed[0].text}"
        more = f" and {len(owed) - 1} more" if len(owed) > 1 else ""
        return _due(viewer, paper, Milestone.Kind.CAMERA_READY, what, f"{url}#final", f"{detail}{more}.")
    return Duty(f"Accepted: {title}", url, state="done")


def _due(
    viewer: Viewer, paper: Submission, kind: str, title: str, url: str, detail: str = "", state: str = "open"
) -> Duty:
    found, later = editions.milestone(viewer.edition, kind, paper.track), None
    due, aoe = (found.instant, found.aoe) if found else (None, False)
    if found and found.has_closed(viewer.now):
        later = editions.extension(viewer.edition, kind, paper.public_id)
    if later:
        due, aoe, detail = later.until, False, detail or "Extended for this paper."
    return Duty(title, url, due=due, aoe=aoe, state=state, detail=detail)


def figures(viewer: Viewer) -> Iterator[Figure]:
    """The state of submissions at a glance, each number with the list behind it. One query."""
    if not viewer.is_organiser:
        return
    manage = reverse("submissions:manage", args=[viewer.edition.slug])
    submitted, accepted = Q(state=State.SUBMITTED), Q(seen_outcome=Submission.Outcome.ACCEPTED)
    counts = (
        listed(viewer, Filters())
        .order_by()
        .aggregate(
            submitted=_count(submitted),
            drafts=_count(Q(state=State.DRAFT)),
            blocked=_count(submitted & Q(check_verdict="blocked")),
            refused=_count(submitted & Q(check_verdict="refused")),
            unanswered=_count(submitted & Q(track__is_reviewed=False, seen_outcome="")),
            objected=_count(Q(objections=1)),
            disputed=_count(Q(open_disputes=1)),
            final=_count(accepted & Q(has_camera_ready=False, track__is_reviewed=True)),
        )
    )
    group = "Submissions"
    yield Figure(group, "submitted", counts["submitted"], f"{manage}?state=submitted")
    yield Figure(group, "drafts", counts["drafts"], f"{manage}?state=draft")
    for name, label in (("blocked", "break a rule"), ("refused", "unusable files")):
        tone = "bad" if counts[name] else ""
        yield Figure(group, label, counts[name], f"{manage}?state=submitted&check={name}", tone)
    if counts["objected"]:
        yield Figure(group, "objections of authors", counts["objected"], f"{manage}?state=objected", "bad")
    if counts["disputed"]:
        yield Figure(group, "objections to the check", counts["disputed"], f"{manage}?check=disputed", "warn")
    if counts["unanswered"]:
        yield Figure(group, "slides and demos to answer", counts["unanswered"], f"{manage}?outcome=open", "warn")
    if counts["final"]:
        yield Figure(group, "camera-ready missing", counts["final"], f"{manage}?outcome=no_camera_ready", "warn")


def _count(condition: Q) -> Count:
    return Count(Case(When(condition, then=1)))


def menu(viewer: Viewer) -> Iterator[MenuEntry]:
    """Where to hand in, where to read. No query beyond the edition's dates."""
    edition = viewer.edition
    if edition is None:
        return
    notification = editions.milestone(edition, Milestone.Kind.NOTIFICATION)
    if notification is not None and notification.has_passed(viewer.now):
        yield MenuEntry("public", "Papers", reverse("submissions:papers", args=[edition.slug]), 30, lasts=True)
    if viewer.is_signed_in:
        yield MenuEntry("personal", "Submit", reverse("submissions:start", args=[edition.slug]), 20)
    if viewer.is_organiser:
        yield MenuEntry("organising", "Submissions", reverse("submissions:manage", args=[edition.slug]), 20)


def describe(viewer: Viewer, keys: Iterable[int]) -> Iterator[tuple[int, Described]]:
    """Papers as the log names them, to those who may know of them. One query."""
    seen = Submission.objects.seen_by(viewer).filter(pk__in=keys)
    for pk, public_id, number, title in seen.values_list("pk", "public_id", "number", "title"):
        url = reverse("submissions:detail", args=[viewer.edition.slug, public_id])
        yield pk, Described(f"Paper {number}: {title}" if number else f"Draft: {title or 'untitled'}", url)


_PAPER = ("title", "number", "track", "deadline", "url")
_SAMPLE = {
    "title": "Seeing fields from space",
    "number": 17,
    "track": "Workshop papers",
    "deadline": "Mon 10 Feb 2025, 23:59 AoE",
    "url": "https://example.org/iclr2025/submissions/abc/",
}
_ANSWER = "https://example.org/iclr2025/named/abc/"
_FILE = {"kind": "Manuscript", "version": 1, "size": 1_234_567, "sha256": "0" * 64}


def _event(name: str, label: str, category: str = "", **sample) -> MailEvent:
    return MailEvent(
        f"submissions.{name}",
        label,
        variables=(*_PAPER, *sample),
        category=category,
        sample={**_SAMPLE, **sample},
        why="you are an author of this paper",
    )


MAIL_EVENTS = [
    _event("receipt", "Receipt for a submission or a new file", Category.RECEIPTS, files=[_FILE]),
    _event("named", "Somebody was named as an author", named_by="Ada Lovelace", answer_url=_ANSWER),
    _event("objected", "An author objects to being named", who="Bob Example", words="I did not take part."),
    _event("withdrawn", "A paper was withdrawn", withdrawn_by="Ada Lovelace", reason="We found a mistake."),
    _event("desk_rejected", "A paper was desk-rejected", reason="It is over the page limit."),
    _event("reinstated", "A desk rejection was taken back"),
    _event("check_failed", "The check found a file unusable", kind="manuscript", reasons=["The file is encrypted."]),
    _event(
        "dispute_answered", "An objection to the check was answered", kind="manuscript", passes=True, note="We see."
    ),
    _event("extended", "A paper was given a later date", what="Camera-ready deadline", until="Mon 10 Mar 2025, 23:59"),
    _event("conditions_met", "The conditions of an acceptance are met"),
    mailing.MESSAGE,
    _event("bonus_answered", "A slide or demo was accepted or declined", accepted=True, comment=""),
]
