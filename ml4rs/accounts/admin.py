"""People in Django's admin: found and repaired, never promoted by anybody but a superuser."""

from allauth.account.decorators import secure_admin_login
from allauth.mfa.admin import AuthenticatorAdmin as BaseAuthenticatorAdmin
from allauth.mfa.models import Authenticator
from allauth.socialaccount import admin as social_admin
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as BaseUserAdmin
from django.db import models
from django.http import HttpRequest

from ml4rs.accounts.models import User

# The admin has no sign-in of its own: rate limits and the second factor hold there too.
admin.site.login = secure_admin_login(admin.site.login)
admin.site.site_header = "ML4RS"
# Keys come from the environment, tokens are not kept; the secret of a second factor is for nobody's eyes.
admin.site.unregister([social_admin.SocialApp, social_admin.SocialToken, Authenticator])

_POWERS = ("is_staff", "is_superuser", "groups", "user_permissions")


@admin.register(User)
class UserAdmin(BaseUserAdmin):
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    ordering = ("name", "email")
    list_display = ("name", "email", "affiliation", "is_active", "is_staff")
    list_filter = ("is_active", "is_staff", "is_superuser")
    search_fields = ("name", "email", "affiliation", "emailaddress__email")
    readonly_fields = ("public_id", "date_joined", "last_login")
    fieldsets = (
        (None, {"fields": ("email", "password", "public_id")}),
        ("Person", {"fields": ("name", "affiliation", "country", "time_zone", "orcid", "homepage", "dblp", "scholar")}),
        ("Access", {"fields": ("is_active", *_POWERS)}),
        ("Dates", {"fields": ("date_joined", "last_login")}),
    )
    add_fieldsets = ((None, {"classes": ("wide",), "fields": ("email", "usable_password", "password1", "password2")}),)

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        """Staff may help people in; only superusers give powers, or touch the account of one who has them."""
        if request.user.is_superuser:
            return self.readonly_fields
        touched = ("email", "password") if obj is not None and (obj.is_staff or obj.is_superuser) else ()
        return (*self.readonly_fields, *_POWERS, *touched)

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = ""):  # noqa: A002
        if not request.user.is_superuser:
            self.message_user(request, "Only a superuser sets another person's password. Point them to the reset page.")
            return self._response_post_save(request, self.get_object(request, id))
        return super().user_change_password(request, id, form_url)


@admin.register(Authenticator)
class AuthenticatorAdmin(BaseAuthenticatorAdmin):
    """Seen and removed (a lost phone), not read."""

    fields = readonly_fields = ("user", "type", "created_at", "last_used_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False
