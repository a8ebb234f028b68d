"""Conflicts follow the facts they come from: authors, roles, addresses and affiliations.

Receivers of saved rows rather than calls from every action, so that a new author, role or address from anywhere
(a page, an edition file, the admin) can never slip past; each runs in the transaction of the change itself.
"""

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db.models.signals import post_save
from django.dispatch import receiver

from ml4rs.editions.models import Role
from reviews.actions.conflicts import find_conflicts_around, find_conflicts_of
from submissions.models import Authorship


@receiver(post_save, sender=Authorship)
def authors_changed(sender, instance: Authorship, raw: bool = False, **kwargs) -> None:
    if not raw:
        find_conflicts_around(instance.submission)


@receiver(post_save, sender=Role)
def role_given(sender, instance: Role, raw: bool = False, **kwargs) -> None:
    if not raw and instance.user_id is not None:
        find_conflicts_of(instance.user, instance.edition)


@receiver(post_save, sender=EmailAddress)
def address_verified(sender, instance: EmailAddress, raw: bool = False, **kwargs) -> None:
    if not raw and instance.verified:
        _everywhere(instance.user)


@receiver(post_save, sender=settings.AUTH_USER_MODEL)
def affiliation_changed(
    sender, instance, update_fields=None, raw: bool = False, created: bool = False, **kwargs
) -> None:
    """Only when the affiliation was among what was written: a sign-in saves the user too."""
    if not raw and not created and update_fields and "affiliation" in update_fields:
        _everywhere(instance)


def _everywhere(user) -> None:
    """In every edition in which this person has a role."""
    seen = set()
    for role in Role.objects.filter(user=user).select_related("edition"):
        if role.edition_id not in seen:
            seen.add(role.edition_id)
            find_conflicts_of(user, role.edition)
