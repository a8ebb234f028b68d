"""What mails to reviewers say of their desk."""

from ml4rs.editions.models import Edition, Milestone
from ml4rs.editions.queries import milestone
from ml4rs.editions.times import announced
from ml4rs.notifications.links import absolute


def desk_in_words(edition: Edition) -> dict[str, str]:
    """Where the desk is, and the edition's date for reviews; empty while it is to be confirmed."""
    found = milestone(edition, Milestone.Kind.REVIEW)
    due = ""
    if found is not None and found.instant is not None:
        due = announced(found.instant, aoe=found.aoe, whole_day=found.whole_day, venue=edition.time_zone)
    return {"link": absolute("reviews:desk", edition.slug), "due": due}
