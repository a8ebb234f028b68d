"""The committee's work in numbers, for an organiser: of papers without conflict only."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from ml4rs.editions.charts import Chart, Row
from ml4rs.editions.models import Milestone
from ml4rs.editions.queries import milestone
from ml4rs.editions.viewer import Viewer
from reviews.matching.agreement import alpha
from reviews.models import Answer, Field, Review
from reviews.queries.papers import judged, loads
from reviews.queries.reviews import topic_names
from submissions.models import Submission

_MOST_DAYS = 120


@dataclass(frozen=True)
class Statistics:
    charts: list[Chart]
    alpha: float | None
    compared: int  # papers with at least two scores


def statistics(viewer: Viewer, track: str = "") -> Statistics:
    """All charts of the edition, or of one track. Nine queries."""
    rows = judged(viewer).order_by("pk")
    papers = list(rows.filter(track__slug=track) if track else rows)
    keys = [paper.pk for paper in papers]
    scores = _scores(keys)
    charts = [_by_day(viewer, keys), _distribution(scores), _spread(scores), _load(viewer)]
    charts += [_accepted_by_track(papers), _accepted_by_topic(viewer, papers)]
    compared = [each for each in scores.values() if len(each) > 1]
    return Statistics(charts, alpha(compared), len(compared))


def _submitted(papers: list[int]):
    return Review.objects.filter(
        assignment__submission__in=papers, assignment__state="active", state=Review.State.SUBMITTED
    )


def _by_day(viewer: Viewer, papers: list[int]) -> Chart:
    zone = ZoneInfo(viewer.edition.time_zone)
    times = _submitted(papers).values_list("submitted_at", flat=True)
    days = Counter(instant.astimezone(zone).date() for instant in times)
    found = milestone(viewer.edition, Milestone.Kind.REVIEW)
    due = found.instant.astimezone(zone).date() if found and found.instant else None
    shown = _days(days, due)
    rows = [Row(f"{day:%-d %b}", days[day]) for day in shown]
    mark = (due - shown[0]).days + 1 if shown and due and shown[0] <= due <= shown[-1] else None
    return Chart("Reviews handed in, by day", rows, columns=("Day", "Reviews"), mark=mark, mark_label="due")


def _days(days: Counter, due: date | None) -> list[date]:
    """Every day from the first review to the last, and to the deadline where that is near."""
    if not days:
        return []
    first, last = min(days), max(days)
    if due and due > last:
        last = min(due, first + timedelta(days=_MOST_DAYS - 1))
    first = max(first, last - timedelta(days=_MOST_DAYS - 1))
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def _scores(papers: list[int]) -> dict[int, list[int]]:
    """Paper → its overall scores. One query."""
    found: dict[int, list[int]] = defaultdict(list)
    rows = Answer.objects.filter(
        review__in=_submitted(papers), field__use=Field.Use.OVERALL, number__isnull=False
    ).values_list("review__assignment__submission", "number")
    for paper, number in rows:
        found[paper].append(number)
    return found


def _distribution(scores: dict[int, list[int]]) -> Chart:
    counts = Counter(number for paper in scores.values() for number in paper)
    steps = range(min(counts), max(counts) + 1) if counts else []
    return Chart("Overall scores", [Row(str(step), counts[step]) for step in steps], columns=("Score", "Reviews"))


def _spread(scores: dict[int, list[int]]) -> Chart:
    counts = Counter(max(paper) - min(paper) for paper in scores.values() if len(paper) > 1)
    rows = [Row(str(step), counts[step]) for step in range(max(counts, default=-1) + 1)]
    return Chart("Highest less lowest score of a paper", rows, columns=("Difference", "Papers"))


def _load(viewer: Viewer) -> Chart:
    """How many members carry how many papers; the part that is done with all of them."""
    carried, finished = Counter(), Counter()
    for load in loads(viewer):
        carried[load.assigned] += 1
        finished[load.assigned] += load.assigned == load.submitted and load.assigned > 0
    most = max(carried, default=-1)
    rows = [Row(str(number), carried[number], finished[number]) for number in range(most + 1)]
    return Chart("Papers of a reviewer", rows, columns=("Papers", "Reviewers"), part="All reviews in")


def _accepted_by_track(papers: list[Submission]) -> Chart:
    groups: dict[str, list[Submission]] = defaultdict(list)
    for paper in papers:
        groups[paper.track.name].append(paper)
    return _accepted("Acceptance by track", "Track", groups)


def _accepted_by_topic(viewer: Viewer, papers: list[Submission]) -> Chart:
    names = topic_names(viewer, [paper.pk for paper in papers])
    groups: dict[str, list[Submission]] = defaultdict(list)
    for paper in papers:
        for name in names[paper.pk]:
            groups[name].append(paper)
    return _accepted("Acceptance by topic", "Topic", groups)


def _accepted(title: str, column: str, groups: dict[str, list[Submission]]) -> Chart:
    """Papers, and the part that is accepted: staged decisions count, since only organisers read this."""
    rows = []
    for name, papers in sorted(groups.items()):
        accepted = sum(paper.decided == Submission.Outcome.ACCEPTED for paper in papers)
        undecided = sum(paper.decided is None for paper in papers)
        note = f"{accepted / len(papers):.0%}" + (f", {undecided} undecided" if undecided else "")
        rows.append(Row(name, len(papers), accepted, note))
    return Chart(title, rows, columns=(column, "Papers"), part="Accepted", sideways=True)
