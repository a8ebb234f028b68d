"""What higher floors announce to the outbox: the mails they send, and who may need a reminder."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ml4rs.accounts.models import User
from ml4rs.editions.models import Milestone
from ml4rs.editions.registry import Registry


@dataclass(frozen=True)
class Recipient:
    """One address, the name to greet, and the account behind it if there is one."""

    address: str
    name: str = ""
    user: User | None = None


@dataclass(frozen=True)
class MailEvent:
    """A kind of mail. `variables` are what an edition's own wording may use; `sample` fills a preview."""

    name: str
    label: str
    variables: tuple[str, ...] = ()
    optional: bool = False
    sample: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Owed:
    """Somebody owes something: whom to tell, about what, and the page where it is done."""

    recipient: Recipient
    about: str
    url: str
    what: str
    submission_id: int | None = None


@dataclass(frozen=True)
class Audience:
    """Those who still owe something before a kind of milestone, asked for at sending time."""

    name: str
    label: str
    kind: Milestone.Kind
    owing: Callable[[Milestone, datetime], Iterable[Owed]]


mail_events: Registry[MailEvent] = Registry()
audiences: Registry[Audience] = Registry()
