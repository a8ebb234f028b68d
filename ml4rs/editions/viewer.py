"""Who looks, at which edition, at what time: the argument of everything that decides on sight or action."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import Value
from django.utils import timezone

from ml4rs.accounts.factors import has_second_factor
from ml4rs.accounts.models import User, normalise_address
from ml4rs.editions.models import Edition, Role

SECOND_FACTOR_ROLES = frozenset({Role.Name.ORGANISER, Role.Name.DEPUTY, Role.Name.GRANTS_OFFICER})
# Roles that show an organiser nothing new: to look through the eyes of any other, one must have that role oneself.
_OPEN_TO_WATCHERS = frozenset({Role.Name.REVIEWER, Role.Name.SCHEDULE_EDITOR})
# Of applications even figures are for those alone whom nothing ties to the applicant, and two people are never alike.
_CLOSED_TO_WATCHERS = frozenset({Role.Name.GRANTS_OFFICER})


@dataclass(frozen=True, eq=False)
class Viewer:
    """A person looking at an edition at an instant.

    `user` is None for somebody who is not signed in. `now` is when the request arrived, so that one request
    is judged by one clock. Roles and verified addresses are loaded once, by one query together.

    With a `watcher` an organiser looks through this person's eyes (see `ml4rs.editions.view_as`): whatever decides on
    sight allows what both may see. `played` is the role of somebody who does not exist.
    """

    user: User | None
    edition: Edition | None
    now: datetime
    watcher: "Viewer | None" = None
    played: Role.Name | None = None

    @classmethod
    def of(cls, user: User | AnonymousUser | None, edition: Edition | None, now: datetime | None = None) -> "Viewer":
        person = user if isinstance(user, User) and user.is_active else None
        return cls(person, edition, now or timezone.now())

    @property
    def is_signed_in(self) -> bool:
        return self.user is not None

    @property
    def is_watched(self) -> bool:
        """What is this person's alone (a draft, a ballot, an application) stays closed to whoever looks along."""
        return self.watcher is not None

    @property
    def earliest(self) -> datetime:
        """`now`, or the watcher's if that is before: what is out in the future only is not out yet."""
        return self.now if self.watcher is None else min(self.now, self.watcher.now)

    @cached_property
    def _facts(self) -> list[tuple[bool, str]]:
        """Pairs of "is a role" and the role's name or the address: two short tables in one query."""
        if self.user is None:
            return []
        roles = Role.objects.filter(edition=self.edition, user=self.user).order_by()
        addresses = EmailAddress.objects.filter(user=self.user, verified=True).order_by()
        rows = roles.values_list(Value(True), "name").union(addresses.values_list(Value(False), "email"), all=True)
        return [(bool(is_role), text) for is_role, text in rows]

    @cached_property
    def _given_roles(self) -> frozenset[str]:
        if self.played is not None:
            return frozenset({self.played})
        return frozenset(text for is_role, text in self._facts if is_role)

    @cached_property
    def resting_roles(self) -> frozenset[str]:
        """Roles that rest until this person sets up a second factor, where `REQUIRE_MFA` asks for one."""
        guarded = self._given_roles & SECOND_FACTOR_ROLES
        if self.played or self.user is None or not settings.REQUIRE_MFA or not guarded or has_second_factor(self.user):
            return frozenset()
        return guarded

    @cached_property
    def roles(self) -> frozenset[str]:
        """Role names (values of `Role.Name`) that this person has in this edition and may use now."""
        awake = self._given_roles - self.resting_roles
        if self.watcher is None:
            return awake
        return awake & (self.watcher.roles - _CLOSED_TO_WATCHERS | _OPEN_TO_WATCHERS)

    @cached_property
    def addresses(self) -> frozenset[str]:
        """All verified e-mail addresses of this person, lower case."""
        return frozenset(normalise_address(text) for is_role, text in self._facts if not is_role)

    @cached_property
    def memo(self) -> dict[str, Any]:
        """What was looked up for this viewer already, by "app.name", for as long as the request lasts."""
        return {}

    @property
    def is_organiser(self) -> bool:
        return Role.Name.ORGANISER in self.roles

    @property
    def is_deputy(self) -> bool:
        """Stands in for the organisers where all of them are in conflict with a paper."""
        return Role.Name.DEPUTY in self.roles

    @property
    def is_grants_officer(self) -> bool:
        return Role.Name.GRANTS_OFFICER in self.roles

    @property
    def is_schedule_editor(self) -> bool:
        return Role.Name.SCHEDULE_EDITOR in self.roles or self.is_organiser

    @property
    def is_reviewer(self) -> bool:
        return Role.Name.REVIEWER in self.roles
