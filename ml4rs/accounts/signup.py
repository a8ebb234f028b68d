"""The sign-up form. Apart from `forms`, because allauth builds its base class from there."""

from allauth.account.forms import SignupForm as BaseSignupForm
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
