"""The small language of the tables of papers, as conditions over `judged`."""

from functools import reduce
from operator import and_, or_

from django.db.models import OuterRef, Q, QuerySet, Subquery

from ml4rs.editions.viewer import Viewer
from reviews.models import Tagging
from reviews.searching import NUMBERS, All, Any, Comparison, Expression, Not, SearchError, Words, parse
from submissions.models import CheckReport, FileVersion, Submission

__all__ = ["SearchError", "condition", "searched"]

_COLUMNS = {
    "score": "mean",
    "low": "low",
    "high": "high",
    "spread": "spread",
    "confidence": "confidence",
    "reviews": "reviews_in",
    "missing": "reviews_missing",
    "assigned": "assigned",
    "said": "said",
}
_LOOKUPS = {"=": "exact", ">": "gt", ">=": "gte", "<": "lt", "<=": "lte"}
_DECISIONS = ("none", "accepted", "rejected", "staged", "held", "released", *Submission.Presentation.values)
FIELDS = {
    **dict.fromkeys(_COLUMNS, NUMBERS),
    "track": None,
    "topic": None,
    "tag": None,
    "decision": _DECISIONS,
    "discussion": ("none", "open", "closed"),
    "check": ("none", *CheckReport.Verdict.values),
    "response": ("none", "shown", "sent"),
}


def condition(viewer: Viewer, text: str) -> Q:
    """What is asked, as a condition over rows of `judged(viewer)`; no query of its own.

    Raises:
        SearchError: it cannot be understood.
    """
    asked = parse(text.replace("\0", ""), FIELDS)
    return Q() if asked is None else _condition(viewer, asked)


def searched(viewer: Viewer, rows: QuerySet[Submission], text: str) -> tuple[QuerySet[Submission], str]:
    """The rows that the text asks for; all of them, with words that say why, where it cannot be understood."""
    try:
        return rows.filter(condition(viewer, text)), ""
    except SearchError as error:
        return rows, str(error)


def _condition(viewer: Viewer, asked: Expression) -> Q:
    match asked:
        case Words(text):
            return _words(text)
        case Comparison():
            return _test(viewer, asked)
        case Not(inner):
            return ~_condition(viewer, inner)
        case All(parts):
            return reduce(and_, (_condition(viewer, part) for part in parts))
        case Any(parts):
            return reduce(or_, (_condition(viewer, part) for part in parts))


def _words(text: str) -> Q:
    found = Q(title__icontains=text)
    digits = text.lstrip("#")
    if digits.isascii() and digits.isdecimal() and len(digits) < 10:
        found |= Q(number=int(digits))
    return found


def _test(viewer: Viewer, test: Comparison) -> Q:
    if test.field in _COLUMNS:
        column = _COLUMNS[test.field]
        # A paper without a score is not below 4; and it is not "not below 4" only because nothing is known either.
        return Q(**{f"{column}__isnull": False, f"{column}__{_LOOKUPS[test.sign]}": test.value})
    return _RULES[test.field](viewer, str(test.value))


def _track(viewer: Viewer, value: str) -> Q:
    return Q(track__slug__iexact=value) | Q(track__name__iexact=value)


def _topic(viewer: Viewer, value: str) -> Q:
    links = Submission.topics.through.objects
    found = links.filter(topic__slug__iexact=value) | links.filter(topic__name__iexact=value)
    return Q(pk__in=found.values("submission"))


def _tag(viewer: Viewer, value: str) -> Q:
    wanted = Tagging.objects.seen_by(viewer).filter(tag__name__iexact=value.lstrip("#"))
    return Q(pk__in=wanted.order_by().values("submission"))


def _decision(viewer: Viewer, value: str) -> Q:
    if value == "none":
        return Q(decision_state__isnull=True)
    known = Q(decision_state__isnull=False)
    if value in Submission.Outcome.values:
        return known & Q(decided=value)
    if value in Submission.Presentation.values:
        return known & Q(form_of_presentation=value)
    return known & Q(decision_state="draft" if value == "staged" else value)


def _discussion(viewer: Viewer, value: str) -> Q:
    return Q(discussed__isnull=True) if value == "none" else Q(discussed__isnull=False, discussed=value)


def _check(viewer: Viewer, value: str) -> Q:
    manuscripts = FileVersion.objects.filter(submission=OuterRef("submission"), kind="manuscript").order_by("-version")
    newest = FileVersion.objects.filter(pk=Subquery(manuscripts.values("pk")[:1]))
    reports = CheckReport.objects.filter(file_version=OuterRef("pk")).order_by("-checked_at")
    checked = newest.annotate(verdict=Subquery(reports.values("verdict")[:1])).filter(verdict__isnull=False)
    if value == "none":
        return ~Q(pk__in=checked.values("submission"))
    return Q(pk__in=checked.filter(verdict=value).values("submission"))


def _response(viewer: Viewer, value: str) -> Q:
    sent = Q(response__isnull=False, response__sent_at__isnull=False)
    shown = Q(reviews_shown_at__isnull=False)
    return {"sent": sent, "shown": shown, "none": shown & ~sent}[value]


_RULES = {
    "track": _track,
    "topic": _topic,
    "tag": _tag,
    "decision": _decision,
    "discussion": _discussion,
    "check": _check,
    "response": _response,
}
