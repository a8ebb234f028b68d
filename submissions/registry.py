"""Where higher floors announce what one page per paper shows of theirs, such as reviews and the decision.

Apps fill this in `AppConfig.ready()`; nothing here imports them.
"""

from collections.abc import Callable
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


detail_sections: Registry[Callable[[Viewer, Submission], Section | None]] = Registry()


def sections_of(viewer: Viewer, submission: Submission) -> list[Section]:
    """What the floors above show of this paper to this viewer; `submission` comes from `seen_by`."""
    return [found for source in detail_sections if (found := source(viewer, submission)) is not None]
