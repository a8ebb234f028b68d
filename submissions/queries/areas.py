"""Study areas of papers that everybody may know of, as rectangles and points of a map."""

from dataclasses import dataclass

from ml4rs.editions.maps import WIDTH, on_map
from ml4rs.editions.viewer import Viewer
from submissions.models import StudyArea, Submission


@dataclass(frozen=True)
class Mark:
    """One area of a paper in the view box: a point where width and height are 0, else a rectangle."""

    paper: str  # public id
    title: str
    words: str
    x: float
    y: float
    width: float
    height: float


def area_marks(viewer: Viewer) -> list[Mark]:
    """By title; the largest first within a paper, so that smaller ones stay on top. One query."""
    stranger = Viewer.of(None, viewer.edition, viewer.earliest)
    public = Submission.objects.seen_by(stranger).filter(is_public=True).order_by().values("pk")
    rows = StudyArea.objects.filter(submission__in=public).select_related("submission")
    rows = rows.order_by("submission__title", "pk")
    marks = [mark for row in rows for mark in marks_of_area(row)]
    return sorted(marks, key=lambda mark: -mark.width * mark.height)


def marks_of_area(area: StudyArea) -> list[Mark]:
    """One mark, or two for a box that crosses 180°."""
    west, east, south, north = (float(each) for each in (area.west, area.east, area.south, area.north))
    (left, top), (right, bottom) = on_map(west, north), on_map(east, south)
    spans = [(left, right)] if left <= right else [(left, WIDTH), (0.0, right)]
    paper = area.submission
    return [
        Mark(paper.public_id, paper.title, str(area), start, top, end - start, bottom - top) for start, end in spans
    ]
