"""The organisers' list: filters, search and sorting over the papers they are in no conflict with."""

from dataclasses import asdict, dataclass

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.utils.functional import cached_property

from ml4rs.editions.viewer import Viewer
from submissions.models import Authorship, CheckReport, Dispute, FileVersion, Finding, Submission
from submissions.questions import in_words
from submissions.search import matching

SORTS = {
    "number": ["number", "pk"],
    "title": ["title", "pk"],
    "track": ["track__position", "track__name", "number", "pk"],
    "state": ["state", "number", "pk"],
    "submitted": ["submitted_at", "pk"],
}
CHECKS = [
    *CheckReport.Verdict.choices,
    ("disputed", "Disputed by its authors"),
    ("pending", "Not checked yet"),
    ("none", "No file"),
]
STATES = [
    *Submission.State.choices,
    ("objected", "An author objects"),
    ("too_many", "Somebody is on too many"),
]
OUTCOMES = [*Submission.Outcome.choices, ("open", "No answer yet"), ("no_camera_ready", "Camera-ready missing")]
# Findings by what they are about, as their codes begin.
FINDINGS = [
    ("identity", "Names and other traces of authors"),
    ("authors", "Names that differ from the list"),
    ("length", "Length"),
    ("template", "Margins and style"),
    ("hidden", "Hidden words"),
    ("file", "The file itself"),
]
FILTERS = {"q", "track", "topic", "state", "check", "finding", "outcome", "sort"}
PARAMETERS = FILTERS | {"page", "authors", "export"}
_MAIN_KINDS = ["manuscript", "slide"]


@dataclass(frozen=True)
class Filters:
    """What an organiser asked the list for; unknown values simply find nothing."""

    q: str = ""
    track: str = ""
    state: str = ""
    topic: str = ""
    check: str = ""
    finding: str = ""
    outcome: str = ""
    sort: str = "number"

    @classmethod
    def of(cls, asked) -> "Filters":
        names = cls.__dataclass_fields__
        given = {name: asked[name].replace("\0", "").strip() for name in names if asked.get(name, "").strip()}
        return cls(**given)

    @cached_property
    def active(self) -> bool:
        return any(value for name, value in asdict(self).items() if name != "sort")


def listed(viewer: Viewer, filters: Filters) -> QuerySet[Submission]:
    """The papers an unconflicted organiser may list, each with its `check_verdict`. One query when evaluated."""
    newest = FileVersion.objects.filter(submission=OuterRef("pk"), kind__in=_MAIN_KINDS).order_by("-version")
    reports = CheckReport.objects.filter(file_version=OuterRef("main_file")).order_by("-checked_at")
    final = FileVersion.objects.filter(submission=OuterRef("pk"), kind="camera_ready")
    rows = (
        Submission.objects.seen_by(viewer)
        .filter(is_chair=True)
        .select_related("track")
        .defer("abstract", "declarations", "answers")
        .annotate(main_file=Subquery(newest.values("pk")[:1]), has_camera_ready=Exists(final))
        .annotate(
            check_verdict=Subquery(reports.values("verdict")[:1]),
            newest_report=Subquery(reports.values("pk")[:1]),
            objections=Subquery(_objections(), output_field=IntegerField()),
            open_disputes=Subquery(_open_disputes(), output_field=IntegerField()),
        )
    )
    return _sorted(_filtered(rows, filters), filters.sort)


def _objections() -> QuerySet:
    """One row with 1 where somebody named as an author objects."""
    found = Authorship.objects.filter(submission=OuterRef("pk"), answer=Authorship.Answer.OBJECTED).order_by()
    return found.annotate(one=Value(1)).values("one")[:1]


def _open_disputes() -> QuerySet:
    """One row with 1 where the main file's check is disputed and nobody has answered."""
    found = Dispute.objects.filter(file_version=OuterRef("main_file"), answer="")
    return found.annotate(one=Value(1)).values("one")[:1]


def _filtered(rows: QuerySet[Submission], filters: Filters) -> QuerySet[Submission]:
    if filters.q:
        rows = rows.filter(_matches(filters.q))
    if filters.track:
        rows = rows.filter(track__slug=filters.track)
    if filters.state == "objected":
        rows = rows.filter(objections=1)
    elif filters.state == "too_many":
        rows = rows.filter(_somebody_is_on_too_many(rows))
    elif filters.state:
        rows = rows.filter(state=filters.state)
    if filters.check:
        rows = rows.filter(_check_is(filters.check))
    if filters.topic:
        chosen = Submission.topics.through.objects.filter(topic__slug=filters.topic)
        rows = rows.filter(pk__in=chosen.values("submission"))
    if filters.finding:
        found = Finding.objects.filter(code__startswith=f"{filters.finding}.")
        rows = rows.filter(newest_report__in=found.exclude(severity=Finding.Severity.INFORMS).values("report"))
    if filters.outcome:
        rows = rows.filter(_outcome_is(filters.outcome))
    return rows


def _matches(text: str) -> Q:
    """A number (`#17` means nothing else), or words of the paper, or an author."""
    digits = text.lstrip("#")
    is_number = digits.isascii() and digits.isdigit() and len(digits) < 9
    if is_number and text.startswith("#"):
        return Q(number=int(digits))
    by_author = Authorship.objects.filter(
        Q(name__icontains=text) | Q(email__icontains=text) | Q(affiliation__icontains=text)
    )
    found = matching(text) | Q(pk__in=by_author.values("submission"))
    return found | Q(number=int(digits)) if is_number else found


def _somebody_is_on_too_many(rows: QuerySet[Submission]) -> Q:
    """Papers with an author who stands on more submissions to the track than it takes of one person. One query."""
    listed = rows.filter(state=Submission.State.SUBMITTED, track__submissions_per_author__isnull=False)
    people = (
        Authorship.objects.filter(submission__in=listed.order_by().values("pk"))
        .order_by()
        .values("submission__track", "email")
        .annotate(papers=Count("submission"))
        .filter(papers__gt=F("submission__track__submissions_per_author"))
    )
    found = Q(pk__in=())
    for each in people:
        named = Authorship.objects.filter(email=each["email"]).values("submission")
        found |= Q(track=each["submission__track"], state=Submission.State.SUBMITTED, pk__in=named)
    return found


def _check_is(wanted: str) -> Q:
    if wanted == "none":
        return Q(main_file__isnull=True)
    if wanted == "pending":
        return Q(main_file__isnull=False, check_verdict__isnull=True)
    if wanted == "disputed":
        return Q(open_disputes__gt=0)
    return Q(check_verdict=wanted)


def _outcome_is(wanted: str) -> Q:
    if wanted == "open":
        return Q(state=Submission.State.SUBMITTED, seen_outcome="")
    if wanted == "no_camera_ready":
        return Q(seen_outcome=Submission.Outcome.ACCEPTED, has_camera_ready=False, track__is_reviewed=True)
    return Q(seen_outcome=wanted)


def _sorted(rows: QuerySet[Submission], sort: str) -> QuerySet[Submission]:
    first, *rest = SORTS.get(sort.lstrip("-"), SORTS["number"])
    leading = F(first).desc(nulls_last=True) if sort.startswith("-") else F(first).asc(nulls_last=True)
    return rows.order_by(leading, *rest)


def export_rows(rows: QuerySet[Submission]) -> list[dict]:
    """Exactly the listed papers as plain data, authors and answers included. Five queries."""
    found = list(rows.defer("abstract", "declarations").prefetch_related("authorships", "topics", "track__questions"))
    asked = {question.label: None for row in found for question in row.track.questions.all()}
    answers = [{each.label: each.text for each in in_words(row.track.questions.all(), row.answers)} for row in found]
    return [
        {
            "number": row.number,
            "id": row.public_id,
            "title": row.title,
            "track": row.track.name,
            "state": row.get_state_display(),
            "check": row.check_verdict or "",
            "outcome": row.seen_outcome or "",
            "presentation": row.seen_presentation or "",
            "authors": "; ".join(author.name for author in row.authorships.all()),
            "addresses": "; ".join(author.email for author in row.authorships.all()),
            "topics": "; ".join(topic.name for topic in row.topics.all()),
            "keywords": row.keywords,
            "submitted": row.submitted_at.isoformat() if row.submitted_at else "",
            **{label: said.get(label, "") for label in asked},
        }
        for row, said in zip(found, answers, strict=True)
    ]
