"""Accounts to look around with, on a machine for trying things out. Never in production."""

from django.db.models import QuerySet

from ml4rs.accounts.models import User

DOMAIN = "demo.example"  # reserved: no mail ever reaches it, and nobody can verify an address in it
PASSWORD = "look-around"  # noqa: S105 - known to everybody on purpose

START = "/sandbox/my/"  # what everybody sees first

# What is worth trying as whom: the name before the address's @ → (words, page). Only these pages are led to.
TO_TRY: dict[str, tuple[tuple[str, str], ...]] = {
    "author": (
        ("Mend the draft that has a page too many", START),
        ("Start a submission", "/sandbox/submit/"),
        ("Apply for travel support", "/sandbox/travel/application/"),
        ("Read reviews and a decision", "/rehearsal/my/"),
    ),
    "reviewer": (
        ("Finish a review", "/sandbox/reviewing/"),
        ("Say which papers to review", "/sandbox/reviewing/bids/"),
        ("Look back on finished reviews", "/rehearsal/reviewing/"),
    ),
    "organiser": (
        ("See where the edition stands", "/sandbox/organise/"),
        ("Invite reviewers", "/sandbox/organise/committee/invite/"),
        ("Work out an assignment", "/sandbox/organise/assignments/"),
        ("Decide and release", "/sandbox/organise/decisions/"),
        ("Move a date", "/sandbox/organise/edition/dates/"),
        ("Build the programme", "/rehearsal/organise/programme/"),
    ),
    "grants": (
        ("Answer applications", "/sandbox/grants/"),
        ("Look at the budget", "/rehearsal/grants/money/"),
    ),
}


def demo_people() -> QuerySet[User]:
    """The demo accounts with their roles and editions. At most three queries."""
    people = User.objects.filter(email__endswith=f"@{DOMAIN}", is_active=True, is_staff=False, is_superuser=False)
    return people.prefetch_related("roles__edition").order_by("pk")
