"""Where higher floors announce what one page per paper shows of theirs, such as reviews and the decision.

Apps fill this in `AppConfig.ready()`; nothing here imports them.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from ml4rs.editions.registry import Registry
from ml4rs.editions.viewer import Viewer
from submissions.models import Submission


@dataclass(frozen=True)
class Section:
    """A part of the page: its template is included with `section`, and reads `section.context`."""

    template: str
    context: dict[str, Any] = field(default_factory=dict)


# What stands by a paper on the public pages, such as an award.
public_marks: Registry[Callable[[Viewer, Submission], Iterable[str]]] = Registry()
# Parts of a paper's public page, such as when and where it is shown.
public_sections: Registry[Callable[[Viewer, Submission], Section | None]] = Registry()
detail_sections: Registry[Callable[[Viewer, Submission], Section | None]] = Registry()


def sections_of(viewer: Viewer, submission: Submission) -> list[Section]:
    """What the floors above show of this paper to this viewer; `submission` comes from `seen_by`."""
    return [found for source in detail_sections if (found := source(viewer, submission)) is not None]


def public_sections_of(viewer: Viewer, submission: Submission) -> list[Section]:
    """What the floors above show of an accepted paper to everybody."""
    return [found for source in public_sections if (found := source(viewer, submission)) is not None]


def marks_of(viewer: Viewer, submission: Submission) -> list[str]:
    """What the floors above have to say of an accepted paper to everybody."""
    return [words for source in public_marks for words in source(viewer, submission)]
