"""What a person does to their own account, beyond what allauth does."""

from django.db import transaction

from ml4rs.accounts.models import User


@transaction.atomic
def update_profile(user: User, changes: dict[str, str]) -> User:
    """Write the changed profile fields of one's own account, and no other field."""
    allowed = {"name", "affiliation", "country", "time_zone", "orcid", "homepage", "dblp", "scholar"}
    if unknown := changes.keys() - allowed:
        raise ValueError(f"not part of a profile: {', '.join(sorted(unknown))}")
    for field, value in changes.items():
        setattr(user, field, value)
    user.save(update_fields=list(changes))
    return user
