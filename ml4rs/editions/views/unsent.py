"""What somebody sent after their session had ended: kept until they have signed in again, then sent on request."""

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from ml4rs.editions.views.guards import methods, signed_in
from ml4rs.editions.views.keeping import drop, kept


@methods("GET", "POST")
@signed_in
@never_cache
def unsent(request: HttpRequest) -> HttpResponse:
    """The kept form, for its sender to send or to drop."""
    found = kept(request)
    if request.method == "POST" or found is None:
        drop(request)
        return redirect("editions:root")
    path, typed = found
    fields = [(name, value) for name, values in QueryDict(typed).lists() for value in values]
    return render(request, "editions/unsent.html", {"path": path, "fields": fields})
