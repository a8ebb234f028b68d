"""Whoever is given a role learns of it by mail: what it is, what it lets them do, and where."""

from ml4rs.accounts.models import User
from ml4rs.editions.models import Edition, Role
from ml4rs.editions.viewer import Viewer
from ml4rs.notifications.actions import queue_mail
from ml4rs.notifications.links import absolute
from ml4rs.notifications.registry import MailEvent, Recipient

POWERS = {
    Role.Name.ORGANISER: "Organisers set up the edition, invite the committee, and see to papers and decisions.",
    Role.Name.GRANTS_OFFICER: "Grants officers read the applications for travel grants and decide on them.",
    Role.Name.DEPUTY: "A deputy handles the papers with which all organisers are in conflict, and sees no others.",
    Role.Name.SCHEDULE_EDITOR: "Schedule editors put the programme together and publish it.",
}

ROLE_GIVEN = MailEvent(
    "notifications.role_given",
    "A role is given to somebody",
    ("role", "powers", "given_by", "first_step", "url"),
    copyable=True,
    sample={
        "role": "Grants officer",
        "powers": POWERS[Role.Name.GRANTS_OFFICER],
        "given_by": "Ada Lovelace",
        "first_step": "Sign in with ada@example.org.",
        "url": "https://example.org/iclr2025/my/",
    },
    why="an organiser gave you this role",
)


def tell_of_role(sender, *, by: Viewer | None, verb: str, subject: Role, edition: Edition, **kwargs) -> None:
    """Listens to what happens in editions. Whoever sets up a site from a file tells people in their own way."""
    if verb != "role.given" or by is None or by.user is None or subject.name not in POWERS or subject.user == by.user:
        return
    queue_mail(
        ROLE_GIVEN.name,
        edition=edition,
        to=_recipient(subject),
        about=subject.public_id,
        context={
            "role": subject.get_name_display(),
            "powers": POWERS[subject.name],
            "given_by": by.user.get_full_name(),
            "first_step": _first_step(subject),
            "url": absolute("editions:desk", edition.slug),
        },
    )


def _recipient(role: Role) -> Recipient:
    user: User | None = role.user
    return Recipient(user.email, user.name, user) if user else Recipient(role.email)


def _first_step(role: Role) -> str:
    if role.user:
        return f"Sign in as {role.user.email}."
    return f"The role waits for {role.email}: sign up with this address, or confirm it in the account that you have."
