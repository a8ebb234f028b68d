"""Whether a person signs in with two proofs."""

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled

from ml4rs.accounts.models import User


def has_second_factor(user: User) -> bool:
    """An authenticator app, passkey or security key is set up. Recovery codes alone do not count. One query."""
    return is_mfa_enabled(user, [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN])
