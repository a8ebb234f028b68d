"""The list of authors: adding by e-mail address or by a pasted list, changing, ordering, removing."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.views.attempts import attempt
from ml4rs.editions.views.guards import methods, signed_in
from submissions import actions
from submissions.forms import AuthorForm, PasteForm
from submissions.models import Submission
from submissions.policy import may_change_authors
from submissions.views.shared import author_or_404, url_of


@signed_in
@methods("GET", "POST")
@never_cache
def authors(request: HttpRequest, pid: str) -> HttpResponse:
    """The list, and a form to add one more."""
    submission = author_or_404(request.viewer, pid)
    form = AuthorForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            added = actions.add_author(submission, form.details(), by=request.viewer)
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{added.name} is on the list.")
            return _to_list(request, pid)
    return _page(request, submission, form=form)


@signed_in
@methods("POST")
def paste(request: HttpRequest, pid: str) -> HttpResponse:
    submission = author_or_404(request.viewer, pid)
    form = PasteForm(request.POST)
    if form.is_valid():
        try:
            added = actions.add_authors(submission, form.cleaned_data["people"], by=request.viewer)
        except NotAllowed as refusal:
            form.add_error("people", str(refusal))
        else:
            messages.success(request, f"Added: {', '.join(author.name for author in added)}.")
            return _to_list(request, pid)
    return _page(request, submission, paste_form=form)


@signed_in
@methods("GET", "POST")
@never_cache
def author(request: HttpRequest, pid: str, author_pid: str) -> HttpResponse:
    """Correct one author's details."""
    submission = author_or_404(request.viewer, pid)
    person = submission.authorships.filter(public_id=author_pid).first()
    if person is None:
        raise Http404
    fields = AuthorForm.base_fields
    form = AuthorForm(request.POST or None, initial={name: getattr(person, name) for name in fields})
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_author(submission, author_pid, form.details(), by=request.viewer)
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "The author's details are saved.")
            return _to_list(request, pid)
    return render(request, "submissions/author.html", {"submission": submission, "person": person, "form": form})


@signed_in
@methods("POST")
def move(request: HttpRequest, pid: str, author_pid: str) -> HttpResponse:
    submission = author_or_404(request.viewer, pid)
    up = request.POST.get("direction") == "up"
    attempt(
        request, lambda: actions.move_author(submission, author_pid, by=request.viewer, up=up), "The order is saved."
    )
    return _to_list(request, pid)


@signed_in
@methods("POST")
def order(request: HttpRequest, pid: str) -> HttpResponse:
    """The whole order at once, as dragging gives it."""
    submission = author_or_404(request.viewer, pid)
    wanted = request.POST.getlist("author")
    attempt(request, lambda: actions.order_authors(submission, wanted, by=request.viewer), "The order is saved.")
    return _to_list(request, pid)


@signed_in
@methods("POST")
def remove(request: HttpRequest, pid: str, author_pid: str) -> HttpResponse:
    submission = author_or_404(request.viewer, pid)
    attempt(
        request,
        lambda: actions.remove_author(submission, author_pid, by=request.viewer),
        "The author is no longer on the list.",
    )
    return _to_list(request, pid)


def _to_list(request: HttpRequest, pid: str) -> HttpResponse:
    return redirect(url_of(request, "authors", pid))


def _page(
    request: HttpRequest, submission: Submission, form: AuthorForm | None = None, paste_form: PasteForm | None = None
) -> HttpResponse:
    context = {
        "submission": submission,
        "people": list(submission.authorships.all()),
        "form": form or AuthorForm(),
        "paste_form": paste_form or PasteForm(),
        "editable": may_change_authors(request.viewer, submission),
    }
    return render(request, "submissions/authors.html", context)
