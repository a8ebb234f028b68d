"""The least that a page can cost: one view that answers with a constant, behind the site's middleware."""

from django.http import HttpRequest, HttpResponse
from django.urls import path


def bare(request: HttpRequest) -> HttpResponse:
    return HttpResponse("as little as can be")


urlpatterns = [path("", bare)]
