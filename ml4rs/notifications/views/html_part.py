"""A mail's HTML part on a page of ours: in a frame of its own, where nothing runs and nothing is fetched."""

from django.http import HttpResponse

from ml4rs.notifications.models import Message

# Mails carry their few styles inline, as mail programs want it.
_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; "
    "sandbox allow-popups allow-top-navigation-by-user-activation"
)


def html_part(message: Message) -> HttpResponse:
    return HttpResponse(
        message.body_html,
        headers={"Content-Security-Policy": _POLICY, "X-Frame-Options": "SAMEORIGIN", "Cache-Control": "no-store"},
    )
