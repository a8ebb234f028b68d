"""Organisers decide: a table, one paper, a preview, and the release."""

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from ml4rs.accounts.models import random_public_id
from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.viewer import Viewer
from ml4rs.editions.views.attempts import attempt
from ml4rs.editions.views.guards import methods, open_to_watchers, takes
from ml4rs.editions.views.lists import export
from ml4rs.notifications.actions import Recipient
from ml4rs.notifications.batches import batch_seen_by
from ml4rs.notifications.wording import Words, words_for
from reviews import actions
from reviews.capacity_form import CapacityForm
from reviews.forms import CorrectionForm, DecideForm, OneDecisionForm
from reviews.models import Decision, Field
from reviews.policy import may_correct, may_decide
from reviews.queries import columns
from reviews.queries import papers as queries
from reviews.queries.capacity import capacities, offered, tally
from reviews.queries.reviews import reviews_of
from reviews.queries.searching import searched
from reviews.queries.summing import meta_review_of
from reviews.queries.tagging import tagged, tags_of, tags_on
from reviews.queries.writing import named_in_reviews
from reviews.views.shared import chairs_only, chairs_paper_or_404, chosen, organisers_only, page_of, to
from submissions.models import Submission

_FILTERS = {"q", "track", "reviews", "discussion", "decision", "tag", "sort", "page", "format", "columns"}
_NO_SECRETS = ("discuss", "end_discussion", "tag", "untag")


@methods("GET")
@takes(*_FILTERS)
@chairs_only
@never_cache
@open_to_watchers
def decisions(request: HttpRequest) -> HttpResponse:
    """All papers under review with scores and staged decisions."""
    values = chosen(request)
    viewer = request.viewer
    values["columns"] = ",".join(request.GET.getlist("columns"))
    wanted = columns.chosen(values["columns"])
    rows, complaint = searched(viewer, queries.narrowed(queries.judged(viewer), values), values["q"])
    rows = tagged(viewer, rows, values["tag"])
    if "topics" in wanted:
        rows = rows.prefetch_related("topics")
    if kind := values["format"]:
        if complaint:
            raise BadRequest(complaint)
        return export(request, kind, f"{viewer.edition.slug}-decisions", _exported(viewer, list(rows), wanted))
    page, query = page_of(request, rows)
    on_papers = tags_on(viewer, [row.pk for row in page.object_list])
    for row in page.object_list:
        row.tags = on_papers[row.pk]
    context = {
        "page": page,
        "query": query,
        "chosen": values,
        "complaint": complaint,
        "columns": wanted,
        "all_columns": columns.COLUMNS,
        "saved": queries.saved_views(viewer),
        "tracks": queries.reviewed_tracks(viewer),
        "form": DecideForm(),
        "tags": tags_of(viewer),
        "tally": tally(viewer),
    }
    return render(request, "reviews/decisions.html", context)


def _exported(viewer: Viewer, rows: list[Submission], wanted: frozenset[str]) -> list[dict]:
    on_papers = tags_on(viewer, [row.pk for row in rows])
    return [columns.line(row, on_papers[row.pk], wanted) for row in rows]


@methods("POST")
@organisers_only
def views(request: HttpRequest) -> HttpResponse:
    """Keep the table as it is shown, or forget a view."""
    query = request.POST.get("query", "")
    if forgotten := request.POST.get("forget"):
        attempt(request, lambda: actions.forget_view(forgotten, by=request.viewer), "Forgotten.")
    else:
        name = request.POST.get("name", "")
        attempt(request, lambda: actions.save_view(name, query, by=request.viewer), "Kept. Only you see it.")
    return to(request, "decisions", query=query)


@methods("GET", "POST")
@organisers_only
@never_cache
def capacity(request: HttpRequest) -> HttpResponse:
    """How much room each form of presentation has."""
    viewer = request.viewer
    form = CapacityForm(request.POST or None, presentations=offered(viewer), current=capacities(viewer))
    if request.method == "POST" and form.is_valid():
        actions.set_capacities(viewer.edition, form.capacities(), by=viewer)
        messages.success(request, "Stored.")
        return to(request, "decisions")
    return render(request, "reviews/capacity.html", {"form": form})


@methods("POST")
@takes(*_FILTERS)
@chairs_only
def decide(request: HttpRequest) -> HttpResponse:
    """Do one thing to all ticked papers."""
    form = DecideForm(request.POST)
    chosen = queries.reviewable(request.viewer).filter(is_chair=True, public_id__in=request.POST.getlist("paper"))
    papers = list(chosen)
    if not papers:
        messages.error(request, "Tick the papers first.")
    elif not form.is_valid():
        messages.error(request, "; ".join(error for errors in form.errors.values() for error in errors))
    else:
        _carry_out(request, form, papers)
    return to(request, "decisions", query=request.GET.urlencode())


def _carry_out(request: HttpRequest, form: DecideForm, papers: list[Submission]) -> None:
    verb = form.cleaned_data["verb"]
    try:
        if verb == "decide":
            outcome, presentation = form.outcome()
            number = actions.decide(papers, outcome=outcome, presentation=presentation, by=request.viewer)
        elif verb == "clear":
            number = actions.clear(papers, by=request.viewer)
        elif verb in ("tag", "untag"):
            act = actions.tag if verb == "tag" else actions.untag
            number = act(papers, form.cleaned_data["tag"], by=request.viewer)
        elif verb == "discuss":
            number = actions.open_discussions(papers, by=request.viewer)
        elif verb == "end_discussion":
            number = actions.close_discussions(papers, by=request.viewer)
        else:
            number = actions.hold(papers, by=request.viewer, held=verb == "hold")
    except NotAllowed as refusal:
        messages.error(request, f"Nothing was changed. {refusal}")
    else:
        seen = "" if verb in _NO_SECRETS else " Nobody but organisers sees this."
        messages.success(request, f"Changed: {number} of {len(papers)}.{seen}")


@methods("GET", "POST")
@chairs_only
@never_cache
def decision(request: HttpRequest, pid: str) -> HttpResponse:
    """One paper: reviews, decision, comment; after release, the correction."""
    paper = chairs_paper_or_404(request, pid)
    current = Decision.objects.seen_by(request.viewer, paper=paper).first()
    form_class = CorrectionForm if may_correct(paper, current) else OneDecisionForm
    initial = _as_decided(current) if current else None
    form = form_class(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid() and _decided(request, paper, form):
        return to(request, "decision", pid)
    context = {
        "submission": paper,
        "decision": current,
        "form": form,
        "verdict": may_correct(paper, current) or may_decide(paper),
        "is_correction": form_class is CorrectionForm,
        "reviews": reviews_of(request.viewer, paper),
        "meta": meta_review_of(request.viewer, paper),
    }
    return render(request, "reviews/decision.html", context)


def _as_decided(decision: Decision) -> dict[str, str]:
    verdict = f"{decision.outcome}:{decision.presentation}"
    return {"verdict": verdict, "comment": decision.comment, "conditions": decision.conditions}


def _decided(request: HttpRequest, paper: Submission, form: OneDecisionForm) -> bool:
    outcome, presentation = form.outcome()
    words = {name: form.cleaned_data[name] for name in ("comment", "conditions")}

    def stage() -> None:
        actions.decide([paper], outcome=outcome, presentation=presentation, by=request.viewer)
        actions.comment_on(paper, **words, by=request.viewer)

    def correct() -> None:
        reason = form.cleaned_data["reason"]
        actions.correct_decision(
            paper, outcome=outcome, presentation=presentation, **words, reason=reason, by=request.viewer
        )

    if isinstance(form, CorrectionForm):
        return attempt(request, correct, "The decision is corrected, and its authors are told.")
    return attempt(request, stage, "The decision is noted. Nobody but organisers sees it until it is released.")


@methods("GET")
@chairs_only
@never_cache
def preview(request: HttpRequest, pid: str) -> HttpResponse:
    """What the authors will read."""
    paper = chairs_paper_or_404(request, pid)
    rows = Decision.objects.seen_by(request.viewer).select_related("submission__track", "submission__edition")
    current = rows.filter(submission=paper.pk).first()
    reviews = reviews_of(request.viewer, paper, audience=Field.Audience.AUTHORS)
    mail = _words(current) if current else None
    context = {"submission": paper, "decision": current, "reviews": reviews, "mail": mail}
    return render(request, "reviews/preview.html", context)


def _words(current: Decision) -> Words:
    """The mail as it will be, to nobody in particular."""
    context = actions.mail_context(current) | {"name": ""}
    edition = current.submission.edition
    return words_for("reviews.decision", edition=edition, recipient=Recipient(""), context=context)


@methods("GET", "POST")
@takes("track")
@organisers_only
@never_cache
def release(request: HttpRequest) -> HttpResponse:
    """What a release will do to whom, and the release."""
    viewer = request.viewer
    track = viewer.edition.tracks.filter(slug=request.POST.get("track") or request.GET.get("track") or "").first()
    slug = track.slug if track else ""
    if request.method == "POST":
        return _released(request, slug)
    rows = queries.judged(viewer).filter(released_at__isnull=True)
    rows = list((rows.filter(track=track) if track else rows).order_by("number"))
    people = named_in_reviews(viewer, [row.pk for row in rows])
    context = {
        "track": track,
        "tracks": queries.reviewed_tracks(viewer),
        "going": [row for row in rows if row.decision_state == Decision.State.DRAFT],
        "held": [row for row in rows if row.decision_state == Decision.State.HELD],
        "undecided": [row for row in rows if row.decision_state is None],
        "named": [(row, people[row.pk]) for row in rows if row.pk in people],
        "open_form": [row for row in rows if row.decided == "accepted" and not row.form_of_presentation],
    }
    return render(request, "reviews/release.html", context)


def _released(request: HttpRequest, track: str) -> HttpResponse:
    """To the mails, where their sending can be watched and stopped."""
    viewer, batch = request.viewer, random_public_id()
    attempt(
        request,
        lambda: actions.release_decisions(viewer.edition, by=viewer, track=track, batch=batch),
        "Released. The mails are on their way.",
    )
    if batch_seen_by(viewer, batch) is None:
        return to(request, "decisions")
    return redirect("notifications:batch", viewer.edition.slug, batch)
