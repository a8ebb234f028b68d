"""A verb that may be refused, and what is said of it on the page that follows."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest

from ml4rs.editions.policy import NotAllowed


def attempt(request: HttpRequest, verb: Callable[[], object], done: str) -> bool:
    """Do it and say so; or say why not, calmly. Whether it was done."""
    try:
        verb()
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
        return False
    messages.success(request, done)
    return True
