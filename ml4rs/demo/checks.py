"""A warning for administrators: demo accounts have a password that everybody knows."""

from typing import Any

from django.conf import settings
from django.core import checks
from django.db import DatabaseError

from ml4rs.accounts.demo import demo_people


@checks.register(checks.Tags.database)
def no_demo_accounts_in_production(databases: list[str] | None, **kwargs: Any) -> list[checks.Warning]:
    """Only when asked for databases, as `migrate` and `check --database default` do."""
    if settings.DEBUG or not databases:
        return []
    try:
        count = demo_people().filter(is_active=True).count()
    except DatabaseError:  # no tables yet
        return []
    if not count:
        return []
    words = f"{count} demo account{'s have' if count > 1 else ' has'} a password that is written in the documentation."
    return [checks.Warning(words, hint="Deactivate or delete them, or start with an empty database.", id="ml4rs.W020")]
