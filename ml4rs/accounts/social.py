"""Whose account a sign-in through another site opens."""

from allauth.account.models import EmailAddress
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin

from ml4rs.accounts.models import User


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """An address opens the account that has verified it, or one that has never verified anything: from that,
    allauth takes the password away, because somebody else may have opened it in the person's name. An account
    that merely claims the address beside a verified one is not opened: it is somebody else's."""

    def authenticate_by_email(self, sociallogin: SocialLogin) -> tuple[User, str] | None:
        found = super().authenticate_by_email(sociallogin)
        if found is None:
            return None
        user, address = found
        verified = set(EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True))
        return found if not verified or address.lower() in verified else None
