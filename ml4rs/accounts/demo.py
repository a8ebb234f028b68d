"""Accounts to look around with, on a machine for trying things out. Never in production."""

from django.db.models import QuerySet

from ml4rs.accounts.models import User

DOMAIN = "demo.example"  # reserved: no mail ever reaches it, and nobody can verify an address in it
PASSWORD = "look-around"  # noqa: S105 - known to everybody on purpose

START = "/sandbox/my/"  # what somebody without a role sees first


def demo_people() -> QuerySet[User]:
    """The demo accounts with their roles and editions. At most three queries."""
    people = User.objects.filter(email__endswith=f"@{DOMAIN}", is_active=True, is_staff=False, is_superuser=False)
    return people.prefetch_related("roles__edition").order_by("pk")
