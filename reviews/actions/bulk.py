"""A file of changes, `paper,action,user,value`: tried as a whole, applied as a whole, undone as a whole.

Trying it is applying it, in a transaction that is rolled back: the differences shown are those that will be made.
"""

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import transaction

from ml4rs.accounts.models import User, normalise_address
from ml4rs.audit.actions import record
from ml4rs.editions.policy import NotAllowed, require
from ml4rs.editions.viewer import Viewer
from reviews.actions.assigning import assign, unassign
from reviews.actions.conflicts import dismiss_conflict, set_conflict
from reviews.actions.deciding import clear, decide
from reviews.actions.tagging import tag, untag
from reviews.models import Assignment, BulkChange, Conflict, Decision, Reviewer
from reviews.policy import may_run_committee
from reviews.writing.offline import decoded
from submissions.models import Submission
from submissions.queries.papers import reviewable

MOST_LINES = 5_000
_PAST = 20
COLUMNS = ("paper", "action", "user", "value")
_OUTCOMES = {
    "accept": "accepted:", "accepted": "accepted:", "oral": "accepted:oral", "spotlight": "accepted:spotlight",
    "poster": "accepted:poster", "reject": "rejected:", "rejected": "rejected:", "none": "",
}  # fmt: skip


@dataclass
class Line:
    """One line of the file: what it does, does not need to do, or why it can't."""

    number: int
    text: str
    state: str = "do"  # do, same or fault
    words: str = ""
    step: dict = field(default_factory=dict)


@dataclass
class Result:
    lines: list[Line]
    remark: str = ""
    change: BulkChange | None = None

    def _count(self, state: str) -> int:
        return sum(line.state == state for line in self.lines)

    @property
    def done(self) -> int:
        return self._count("do")

    @property
    def same(self) -> int:
        return self._count("same")

    @property
    def faults(self) -> int:
        return self._count("fault")

    @property
    def is_good(self) -> bool:
        return bool(self.done) and not self.faults


def run(data: bytes, *, by: Viewer, rehearsal: bool) -> Result:
    """Carry out a file, or only try it. With a single fault nothing is changed.

    Raises:
        NotAllowed: `by` is no organiser, it is no text, or it is far too long.
    """
    require(may_run_committee(by))
    lines, remark = _read(data)
    result = Result(lines, remark)
    with transaction.atomic():
        desk = _Desk(by)
        for line in lines:
            if line.state == "do":
                desk.carry_out(line)
        if rehearsal or not result.is_good:
            transaction.set_rollback(True)
        else:
            result.change = _keep(lines, by)
    return result


def _keep(lines: list[Line], by: Viewer) -> BulkChange:
    steps = [line.step for line in lines if line.state == "do"]
    made = BulkChange.objects.create(edition=by.edition, steps=steps, applied_by=by.user, applied_at=by.now)
    record("bulk.applied", by=by, subject=made, edition=by.edition, details={"changes": len(steps)})
    return made


def _read(data: bytes) -> tuple[list[Line], str]:
    try:
        text, remark = decoded(data)
    except ValueError as error:
        raise NotAllowed("This is no text file. Upload a CSV file.") from error
    try:
        rows = list(csv.reader(io.StringIO(text.replace("\0", ""), newline="")))
    except csv.Error as error:
        raise NotAllowed("A quotation mark is never closed, or a cell is far too long. Mend the file.") from error
    if len(rows) > MOST_LINES:
        raise NotAllowed(f"This file has {len(rows):,} lines; at most {MOST_LINES:,} are taken at once.")
    lines = []
    for number, row in enumerate(rows, start=1):
        cells = [cell.strip() for cell in row]
        if not any(cells) or cells[0].startswith("//") or [c.lower() for c in cells[:2]] == ["paper", "action"]:
            continue
        line = Line(number, ", ".join(cells)[:200], step=dict(zip(COLUMNS, [*cells, "", "", "", ""], strict=False)))
        if len(cells) > len(COLUMNS):
            line.state, line.words = "fault", "There are more than four columns: paper, action, user, value."
        lines.append(line)
    return lines, remark


class _Desk:
    """The papers and people that an organiser can act on, looked up once. Three queries."""

    def __init__(self, by: Viewer) -> None:
        self.by = by
        rows = reviewable(by).filter(is_chair=True)
        self.papers = {str(paper.number): paper for paper in rows}
        self.by_id = {paper.public_id: paper for paper in self.papers.values()}
        members = Reviewer.objects.filter(edition=by.edition).exclude(state=Reviewer.State.REMOVED)
        self.reviewers = {each.email: each for each in members.select_related("edition", "user")}
        for each in list(self.reviewers.values()):
            if each.user is not None:
                self.reviewers.setdefault(normalise_address(each.user.email), each)
        self.verbs: dict[str, Callable[[Submission, str, str], dict | None]] = {
            "assign": self._assign,
            "unassign": self._unassign,
            "conflict": self._conflict,
            "decision": self._decision,
            "tag": self._tag,
            "untag": self._untag,
        }

    def carry_out(self, line: Line) -> None:
        asked = line.step
        try:
            paper = self.papers.get(asked["paper"].lstrip("#"))
            verb = self.verbs.get(asked["action"].lower())
            if verb is None:
                raise NotAllowed(f"“{asked['action'][:30]}” is none of {', '.join(self.verbs)}.")
            if paper is None:
                raise NotAllowed(f"There is no paper “{asked['paper'][:30]}” under review.")
            with transaction.atomic():
                done = verb(paper, asked["user"], asked["value"])
        except NotAllowed as refusal:
            line.state, line.words = "fault", str(refusal)
            return
        line.state = "same" if done is None else "do"
        line.words = "Is so already." if done is None else done.pop("words")
        line.step = {} if done is None else {"action": asked["action"].lower(), "paper": paper.public_id, **done}

    def _reviewer(self, address: str) -> Reviewer:
        found = self.reviewers.get(normalise_address(address))
        if found is None:
            raise NotAllowed(f"Nobody on the committee has the address “{address[:60]}”.")
        return found

    def _seat(self, paper: Submission, reviewer: Reviewer) -> Assignment | None:
        seats = Assignment.objects.seen_by(self.by).active().filter(is_chairs=True, submission=paper.pk)
        return seats.filter(reviewer=reviewer.pk).select_related("submission", "reviewer").first()

    def _assign(self, paper: Submission, user: str, value: str) -> dict | None:
        reviewer = self._reviewer(user)
        if self._seat(paper, reviewer):
            return None
        assign(paper, reviewer, by=self.by)
        return {"reviewer": reviewer.public_id, "words": f"{reviewer} reviews “{paper.title}”."}

    def _unassign(self, paper: Submission, user: str, value: str) -> dict | None:
        reviewer = self._reviewer(user)
        seat = self._seat(paper, reviewer)
        if seat is None:
            return None
        unassign(seat, by=self.by)
        return {"reviewer": reviewer.public_id, "words": f"{reviewer} no longer reviews “{paper.title}”."}

    def _conflict(self, paper: Submission, user: str, value: str) -> dict | None:
        person = self._person(user)
        kind = Conflict.Kind.BY_ORGANISER
        if Conflict.objects.filter(user=person, submission=paper.pk, kind=kind, dismissed_at__isnull=True).exists():
            return None
        set_conflict(paper, person, by=self.by, note=value[:300] or "From a file")
        return {"person": person.public_id, "words": f"{person} is in conflict with “{paper.title}”."}

    def _person(self, address: str) -> User:
        rows = User.objects.filter(emailaddress__email__iexact=normalise_address(address), emailaddress__verified=True)
        found = rows.filter(roles__edition=self.by.edition).distinct().first()
        if found is None:
            raise NotAllowed(f"Nobody on the committee or among the organisers has the address “{address[:60]}”.")
        return found

    def _decision(self, paper: Submission, user: str, value: str) -> dict | None:
        word = value.lower()
        if word not in _OUTCOMES:
            raise NotAllowed(f"“{value[:30]}” is none of {', '.join(_OUTCOMES)}.")
        before = Decision.objects.filter(submission=paper.pk).values_list("outcome", "presentation").first()
        outcome, _, presentation = _OUTCOMES[word].partition(":")
        changed = (
            decide([paper], outcome=outcome, presentation=presentation, by=self.by)
            if outcome
            else clear([paper], by=self.by)
        )
        if not changed:
            return None
        return {"before": list(before or []), "words": f"“{paper.title}”: {word}."}

    def _tag(self, paper: Submission, user: str, value: str) -> dict | None:
        changed = tag([paper], value, by=self.by)
        return {"tag": value, "words": f"“{paper.title}” gets the tag {value}."} if changed else None

    def _untag(self, paper: Submission, user: str, value: str) -> dict | None:
        changed = untag([paper], value, by=self.by)
        return {"tag": value, "words": f"“{paper.title}” loses the tag {value}."} if changed else None

    # --- Back again ---------------------------------------------------------------------------------------

    def undo(self, step: dict) -> None:
        """Make one step undone.

        Raises:
            NotAllowed: what has happened since stands in the way.
        """
        paper = self.by_id.get(step["paper"])
        if paper is None:
            raise NotAllowed("One of its papers is not under review any more, or you are in conflict with it now.")
        action = step["action"]
        if action in ("assign", "unassign"):
            self._undo_seat(paper, step, back=action == "unassign")
        elif action == "conflict":
            self._undo_conflict(paper, step)
        elif action == "decision":
            if step["before"]:
                outcome, presentation = step["before"]
                decide([paper], outcome=outcome, presentation=presentation, by=self.by)
            else:
                clear([paper], by=self.by)
        else:
            (untag if action == "tag" else tag)([paper], step["tag"], by=self.by)

    def _undo_seat(self, paper: Submission, step: dict, *, back: bool) -> None:
        reviewer = next((each for each in self.reviewers.values() if each.public_id == step["reviewer"]), None)
        if reviewer is None:
            raise NotAllowed("One of its reviewers has left the committee.")
        seat = self._seat(paper, reviewer)
        if back and seat is None:
            assign(paper, reviewer, by=self.by)
        elif not back and seat is not None:
            unassign(seat, by=self.by)

    def _undo_conflict(self, paper: Submission, step: dict) -> None:
        rows = Conflict.objects.filter(
            submission=paper.pk, user__public_id=step["person"], kind=Conflict.Kind.BY_ORGANISER
        )
        for found in rows.filter(dismissed_at__isnull=True):
            dismiss_conflict(found, paper, by=self.by, note="The file that set it was undone")


def past_changes(by: Viewer) -> list[BulkChange]:
    """The last files whose papers this organiser all sees without conflict; others are absent. Two queries."""
    seen = set(reviewable(by).filter(is_chair=True).values_list("public_id", flat=True))
    rows = BulkChange.objects.filter(edition=by.edition).select_related("applied_by")[:_PAST]
    return [each for each in rows if all(step["paper"] in seen for step in each.steps)]


@transaction.atomic
def undo(change: BulkChange, *, by: Viewer) -> None:
    """Undo all that a file did, or nothing. A reviewer who comes back gets a new letter and a mail.

    Raises:
        NotAllowed: `by` is no organiser, it was undone already, or something since stands in the way.
    """
    require(may_run_committee(by))
    applied = BulkChange.objects.filter(pk=change.pk, edition=by.edition, undone_at__isnull=True)
    if not applied.update(undone_at=by.now):
        raise NotAllowed("This was undone already.")
    desk = _Desk(by)
    for step in reversed(change.steps):
        desk.undo(step)
    record("bulk.undone", by=by, subject=change, edition=by.edition, details={"changes": len(change.steps)})
