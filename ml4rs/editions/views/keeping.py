"""Keeps what somebody sent after their session had ended, so that signing in again loses nothing."""

from django.http import HttpRequest

MOST_KEPT = 400_000  # characters
_KEY = "unsent"
_TOKEN = "csrfmiddlewaretoken"  # noqa: S105  the name of a field


def is_ours(request: HttpRequest) -> bool:
    """Whether the form was on a page of ours; another site's must never be offered for sending."""
    origin = f"{request.scheme}://{request.get_host()}"
    told = request.headers.get("Origin") or request.headers.get("Referer", "")
    return told == origin or told.startswith(f"{origin}/")


def keep(request: HttpRequest) -> bool:
    """Keep the fields of a form in its sender's session.

    False: there were none or too many, there are files among them, or they may be secrets.
    """
    if request.method != "POST" or request.path.startswith("/accounts/"):
        return False
    fields = request.POST.copy()
    fields.pop(_TOKEN, None)
    typed = fields.urlencode()
    if not typed or len(typed) > MOST_KEPT or request.FILES:
        return False
    request.session[_KEY] = [request.get_full_path(), typed]
    return True


def kept(request: HttpRequest) -> tuple[str, str] | None:
    """Where a form was sent to, and its fields."""
    found = request.session.get(_KEY)
    return (found[0], found[1]) if found else None


def drop(request: HttpRequest) -> None:
    request.session.pop(_KEY, None)
