"""The forms at the entrance. Apart from `forms`, because allauth builds their base classes from there."""

from allauth.account.forms import RequestLoginCodeForm
from allauth.account.forms import SignupForm as BaseSignupForm
from allauth.account.models import EmailAddress
from django.http import HttpRequest

from ml4rs.accounts.models import User


class SignupForm(BaseSignupForm):
    """Name, address, password. Answers in the same words and about the same time whether or not the address
    has an account."""

    field_order = ["name", "email", "password1"]

    def try_save(self, request: HttpRequest):
        if self.account_already_exists:
            User().set_password(self.cleaned_data["password1"])  # a new account would have been hashed too
        return super().try_save(request)


class LoginCodeForm(RequestLoginCodeForm):
    """A sign-in code goes to verified addresses only.

    An account that somebody opened in a stranger's name has the opener's password: a code must not lead its
    rightful reader in beside them. They sign up or reset the password, which ends the other's hold.
    """

    def clean_email(self) -> str:
        address = super().clean_email()
        if not EmailAddress.objects.filter(user=self._user, email=address.lower(), verified=True).exists():
            self._user = None
        return address
