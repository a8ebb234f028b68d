"""Every mail of the site in the browser, on a developer's own machine only."""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache

from ml4rs.editions.views.guards import methods, takes
from ml4rs.notifications.models import Message
from ml4rs.notifications.views.html_part import html_part

_SHOWN = 100


def _while_debugging(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Outside debug mode these pages do not exist: they show everybody's mail to anybody."""

    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not settings.DEBUG:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@methods("GET")
@takes("q")
@_while_debugging
@never_cache
def mailbox(request: HttpRequest) -> HttpResponse:
    """The newest mails, of one address if `q` names it."""
    asked = request.GET.get("q", "").strip()
    found = Message.objects.filter(recipient__icontains=asked).select_related("edition").defer("body_text", "body_html")
    return render(request, "notifications/mailbox.html", {"mails": list(found[:_SHOWN]), "q": asked})


@methods("GET")
@_while_debugging
@never_cache
def mail(request: HttpRequest, message_pid: str) -> HttpResponse:
    message = get_object_or_404(Message, public_id=message_pid)
    return render(request, "notifications/mailbox_mail.html", {"message": message})


@methods("GET")
@_while_debugging
def mail_html(request: HttpRequest, message_pid: str) -> HttpResponse:
    return html_part(get_object_or_404(Message, public_id=message_pid))
