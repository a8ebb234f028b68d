"""What is to be read, watched or visited beside a talk or poster. It is public at once, or from its date on."""

from dataclasses import dataclass
from datetime import datetime

from ml4rs.audit.actions import record
from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.viewer import Viewer
from schedule.actions.undoing import step
from schedule.models import Resource, Slot


@dataclass(frozen=True)
class ResourceDetails:
    """What an editor says of a link. Without dates it is shown always."""

    kind: str
    url: str
    label: str = ""
    visible_from: datetime | None = None
    visible_until: datetime | None = None


@step("Added a link to an item of “{0.session.title}”")
def add_resource(slot: Slot, details: ResourceDetails, *, by: Viewer) -> Resource:
    """Add a link to a talk or poster.

    Raises:
        NotAllowed: `by` does not edit the programme, the link is there already, or it would be hidden before it is
            shown.
    """
    if slot.resources.filter(url=details.url).exists():
        raise NotAllowed("This link is there already.")
    if details.visible_from and details.visible_until and details.visible_from >= details.visible_until:
        raise NotAllowed("The link would be hidden before it is shown. Give a later end.")
    resource = slot.resources.create(**vars(details))
    record(
        "programme.link_added", by=by, subject=resource, submission_id=slot.submission_id, details={"url": resource.url}
    )
    return resource


@step("Removed a link of an item of “{0.slot.session.title}”")
def remove_resource(resource: Resource, *, by: Viewer) -> None:
    """Take a link away.

    Raises:
        NotAllowed: `by` does not edit the programme.
    """
    slot = resource.slot
    record(
        "programme.link_removed",
        by=by,
        subject=resource,
        submission_id=slot.submission_id,
        details={"url": resource.url},
    )
    resource.delete()
