"""Roles by address: given to whoever has verified it, else waiting for them; never without an organiser left."""

from ml4rs.editions.actions import holder
from ml4rs.editions.filing.removing import CannotLoadError
from ml4rs.editions.filing.schema import RolesPart
from ml4rs.editions.models import Edition, Role
from ml4rs.editions.signals import acted


def load_roles(part: RolesPart, edition: Edition) -> None:
    """Give and take roles until those of each kind that the file names are as it says.

    Raises:
        CannotLoadError: nobody who can sign in would organise the edition any longer.
    """
    for name in RolesPart.model_fields:
        addresses = getattr(part, name)
        if addresses is not None:
            _load_kind(name, addresses, edition)


def _load_kind(name: str, addresses: list[str], edition: Edition) -> None:
    there = list(Role.objects.filter(edition=edition, name=name).select_related("user"))
    kept: set[int] = set()
    for address in dict.fromkeys(addresses):
        role = _found(there, address) or _give(edition, name, address)
        kept.add(role.pk)
    gone = [role for role in there if role.pk not in kept]
    could_sign_in = any(role.user_id for role in there)
    if gone and name == Role.Name.ORGANISER and could_sign_in and not _has_member(edition, kept):
        raise CannotLoadError("Nobody under `roles: organiser:` has an account yet: the edition needs an organiser.")
    for role in gone:
        _tell("taken", role, of=str(role.user.public_id if role.user else role.email))
        role.delete()


def _has_member(edition: Edition, kept: set[int]) -> bool:
    return Role.objects.filter(edition=edition, pk__in=kept, user__isnull=False).exists()


def _found(there: list[Role], address: str) -> Role | None:
    user = holder(address)
    for role in there:
        if role.email == address or (role.user and (role.user == user or role.user.email == address)):
            return role
    return None


def _give(edition: Edition, name: str, address: str) -> Role:
    user = holder(address)
    role, is_new = Role.objects.get_or_create(edition=edition, name=name, user=user, email="" if user else address)
    if is_new:
        _tell("given", role, to=address)
    return role


def _tell(verb: str, role: Role, **details: str) -> None:
    details = {"role": role.name, **details}
    acted.send(Role, by=None, verb=f"role.{verb}", subject=role, edition=role.edition, details=details)
