"""People: who signs in. Their addresses are allauth's `EmailAddress` rows; several may be verified."""

import secrets

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django_countries.fields import CountryField

_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # no letter that is read as another one


def random_public_id() -> str:
    """Twelve random characters (59 bits): an address that tells neither order nor time."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(12))


def normalise_address(address: str) -> str:
    """The form in which an e-mail address is stored and compared: trimmed and lower case."""
    return address.strip().lower()


class UserManager(BaseUserManager["User"]):
    use_in_migrations = True

    def create_user(self, email: str, password: str | None = None, **fields) -> "User":
        if not email:
            raise ValueError("A user needs an e-mail address.")
        user = self.model(email=normalise_address(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=normalise_address(username or ""))


class User(AbstractBaseUser, PermissionsMixin):
    """A person. Signs in by e-mail; `email` is the primary address, always lower case."""

    public_id = models.CharField(max_length=12, unique=True, default=random_public_id, editable=False)
    email = models.EmailField("e-mail address", max_length=254, unique=True)
    name = models.CharField("full name", max_length=200, blank=True)
    affiliation = models.CharField(max_length=200, blank=True)
    country = CountryField(blank=True)
    time_zone = models.CharField(max_length=64, blank=True, help_text="Empty: the browser's zone.")
    orcid = models.CharField(
        "ORCID",
        max_length=19,
        blank=True,
        validators=[RegexValidator(r"^\d{4}-\d{4}-\d{4}-\d{3}[\dX]$", "Write the ORCID as 0000-0002-1825-0097.")],
    )
    homepage = models.URLField(blank=True)
    dblp = models.URLField("DBLP page", blank=True)
    scholar = models.URLField("Google Scholar page", blank=True)
    is_staff = models.BooleanField("may enter the admin", default=False)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(default=timezone.now, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_unique_any_case")]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name or self.email

    def get_short_name(self) -> str:
        return self.name.split(" ")[0] if self.name else self.email
