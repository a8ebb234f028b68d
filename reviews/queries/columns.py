"""The columns of the table of decisions: which there are, which are shown, and what an export says in them."""

from collections.abc import Iterable

from reviews.queries.tagging import TagView
from submissions.models import Submission

COLUMNS = {
    "score": "Score",
    "spread": "Spread",
    "confidence": "Confidence",
    "reviews": "Reviews",
    "discussion": "Discussion",
    "decision": "Decision",
    "topics": "Topics",
    "response": "Response",
}
_USUAL = frozenset(COLUMNS) - {"topics", "response"}


def chosen(asked: str) -> frozenset[str]:
    """The columns that were asked for, by their names with commas; the usual ones where none is known."""
    return frozenset(asked.split(",")) & COLUMNS.keys() or _USUAL


def line(row: Submission, tags: Iterable[TagView], wanted: frozenset[str]) -> dict:
    """A row of `judged` as an export has it: number, title, track and tags, and what is shown."""
    parts = {
        "score": {"mean": _rounded(row.mean)},
        "spread": {"lowest": _known(row.low), "highest": _known(row.high)},
        "confidence": {"confidence": _rounded(row.confidence)},
        "reviews": {"reviews": row.reviews_in, "missing": row.reviews_missing},
        "discussion": {"discussion": row.discussed or "", "said": row.said},
        "decision": {
            "decision": row.decided or "",
            "presentation": row.form_of_presentation or "",
            "state": row.decision_state or "",
        },
        "topics": {"topics": "; ".join(topic.name for topic in row.topics.all())} if "topics" in wanted else {},
        "response": {"response": row.responded},
    }
    found = {"paper": row.number, "title": row.title, "track": row.track.name}
    for name, values in parts.items():
        if name in wanted:
            found |= values
    return found | {"tags": " ".join(tag.name for tag in tags)}


def _rounded(value: float | None) -> float | str:
    return round(value, 2) if value is not None else ""


def _known(value: int | None) -> int | str:
    return value if value is not None else ""
