"""Stars kept in an account, so that they are the same on every device and fill a calendar by themselves."""

from collections.abc import Iterable

from django.db import transaction

from ml4rs.accounts.models import User
from ml4rs.editions.models import Edition
from schedule.models import StarList, new_secret

MOST_STARS = 300


@transaction.atomic
def star(edition: Edition, user: User, *, add: Iterable[str] = (), remove: Iterable[str] = ()) -> StarList:
    """Add and remove stars, by the ids of sessions and items. Beyond 300 the newest win."""
    StarList.objects.get_or_create(edition=edition, user=user)
    stars = StarList.objects.select_for_update().get(edition=edition, user=user)
    gone = set(remove)
    kept = dict.fromkeys([*stars.items, *add])
    stars.items = [each for each in kept if each not in gone][-MOST_STARS:]
    stars.save(update_fields=["items"])
    return stars


def renew_secret(edition: Edition, user: User) -> StarList:
    """A new address for the calendar; the old one answers no longer."""
    stars = star(edition, user)
    stars.secret = new_secret()
    stars.save(update_fields=["secret"])
    return stars
