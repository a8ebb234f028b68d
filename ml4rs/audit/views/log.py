"""The log of an edition."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from ml4rs.audit import queries
from ml4rs.editions.models import Role
from ml4rs.editions.views.guards import methods, role_required, takes, works_when_frozen

_PAGE = 50


@methods("GET")
@takes(*queries.PARAMETERS)
@role_required(Role.Name.ORGANISER, Role.Name.GRANTS_OFFICER)
@never_cache
@works_when_frozen
def log(request: HttpRequest) -> HttpResponse:
    filters = queries.Filters.of(request.GET)
    page = Paginator(queries.entries(request.viewer, filters), _PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "page_obj": page,
        "lines": queries.lines(request.viewer, page),
        "verbs": queries.verbs(request.viewer),
        "filters": filters,
        "querystring": query.urlencode(),
    }
    return render(request, "audit/log.html", context)
