"""The page behind the link that everybody named on a paper gets."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from ml4rs.editions.views.attempts import attempt
from ml4rs.editions.views.guards import methods, rests_when_frozen
from submissions import actions
from submissions.forms import ObjectionForm
from submissions.views.shared import url_of


@methods("GET", "POST")
@never_cache
@rests_when_frozen
def named(request: HttpRequest, token: str) -> HttpResponse:
    """Confirm or object, without an account. Opening it changes nothing, since mail scanners follow links."""
    author = actions.named_by_link(request.viewer.edition, token)
    if author is None:
        raise Http404
    answer = request.POST.get("answer", "")
    form = ObjectionForm(request.POST if answer == "object" else None)
    if answer == "confirm":
        attempt(request, lambda: actions.agree(author, by=request.viewer), "Thank you. You are confirmed as an author.")
        return redirect(url_of(request, "named", token))
    if answer == "object" and form.is_valid():
        words = form.cleaned_data["words"]
        attempt(
            request,
            lambda: actions.object_to_being_named(author, words=words, by=request.viewer),
            "Thank you. The other authors and the organisers know.",
        )
        return redirect(url_of(request, "named", token))
    context = {"author": author, "paper": author.submission, "form": form}
    response = render(request, "submissions/named.html", context)
    response.headers["Referrer-Policy"] = "same-origin"  # the address is the secret
    return response
