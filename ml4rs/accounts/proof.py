"""From an address that somebody has just proved to be theirs (a mailed secret came back) to its owner."""

from allauth.account.models import EmailAddress
from django.db import transaction

from ml4rs.accounts.models import User, normalise_address


class AddressTakenError(Exception):
    """The address stands, unconfirmed, on the account of somebody who has confirmed another one."""


@transaction.atomic
def person_of_proved_address(address: str, *, name: str = "", affiliation: str = "") -> User:
    """The account that owns this address; a new one without a usable password if there is none.

    An account that only claimed the address, and never confirmed anything, is taken over without its password:
    whoever opened it in a stranger's name must not share it now.

    Raises:
        AddressTakenError: see there; that person has to confirm the address by signing in.
    """
    email = normalise_address(address)
    owned = EmailAddress.objects.filter(email__iexact=email, verified=True).select_related("user").first()
    if owned is not None:
        return owned.user
    user = User.objects.filter(email=email).first()
    if user is None:
        user = User.objects.create_user(email, name=name, affiliation=affiliation)
    elif EmailAddress.objects.filter(user=user, verified=True).exists():
        raise AddressTakenError
    else:
        user.set_unusable_password()
        user.name = user.name or name
        user.save(update_fields=["password", "name"])
    EmailAddress.objects.filter(user=user).exclude(email=email).update(primary=False)
    EmailAddress.objects.update_or_create(user=user, email=email, defaults={"verified": True, "primary": True})
    return user
