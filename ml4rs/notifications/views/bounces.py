"""The door for reports of mails that came back, for mail services that post them instead of piping them."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.csrf import csrf_exempt

from ml4rs.editions.views.guards import methods
from ml4rs.notifications.bounces import LARGEST, take_in


@csrf_exempt  # a mail service has no session; the token in its header is the proof
@methods("POST")
def bounce(request: HttpRequest) -> HttpResponse:
    """The body is the report as it came (message/rfc822). Without the token the door does not exist."""
    token = settings.BOUNCE_TOKEN
    if not token or not constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {token}"):
        raise Http404
    return HttpResponse(f"{take_in(request.read(LARGEST))}\n", content_type="text/plain")
