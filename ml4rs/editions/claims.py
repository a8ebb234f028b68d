"""Roles given to an address before its owner had an account become theirs once the address is verified."""

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models.signals import post_save
from django.dispatch import receiver

from ml4rs.accounts.models import User, normalise_address
from ml4rs.editions.models import Role
from ml4rs.editions.signals import acted


def claim_roles(user: User, address: str) -> int:
    """Tie the roles that wait for a verified address of `user` to them; how many there were."""
    waiting = list(Role.objects.filter(user=None, email=normalise_address(address)).select_related("edition"))
    return _claim(waiting, user) if waiting else 0


@transaction.atomic
def _claim(waiting: list[Role], user: User) -> int:
    claimed = 0
    for role in waiting:
        if Role.objects.filter(edition=role.edition, name=role.name, user=user).exists():
            role.delete()
            continue
        # Conditional, so that two requests that verify the same address claim it once.
        if Role.objects.filter(pk=role.pk, user=None).update(user=user, email=""):
            claimed += 1
            details = {"user": user.public_id, "role": role.name}
            acted.send(Role, by=None, verb="role.claimed", subject=role, edition=role.edition, details=details)
    return claimed


@receiver(post_save, sender=EmailAddress)
def on_address_saved(sender: type[EmailAddress], instance: EmailAddress, **kwargs) -> None:
    """However an address came to be verified (code, reset, provider, command), its roles follow."""
    if instance.verified:
        claim_roles(instance.user, instance.email)
