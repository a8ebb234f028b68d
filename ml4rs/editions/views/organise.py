"""Organisers edit their edition: one list, one form and one confirmation for every part of it."""

from collections.abc import Callable

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from ml4rs.editions import actions
from ml4rs.editions.cloning import start_next
from ml4rs.editions.forms import EditionForm
from ml4rs.editions.markdown import render_for, variables
from ml4rs.editions.meanwhile import ChangedMeanwhileError, fingerprint
from ml4rs.editions.models import Edition, Milestone, Role
from ml4rs.editions.next_form import NextEditionForm
from ml4rs.editions.policy import NotAllowed, may_start_next
from ml4rs.editions.sections import SECTIONS, Section, count_rows, found
from ml4rs.editions.views.guards import methods, role_required, signed_in

organisers_only = role_required(Role.Name.ORGANISER)


def _section(slug: str) -> Section:
    if slug not in SECTIONS:
        raise Http404
    return SECTIONS[slug]


def _row(request: HttpRequest, section: Section, pid: str):
    row = found(section, request.viewer.edition, pid)
    if row is None:
        raise Http404
    return row


def _page(request: HttpRequest, template: str, **context) -> HttpResponse:
    return render(request, f"editions/organise/{template}.html", {"parts": SECTIONS.values(), **context})


def _stored(form: BaseForm, store: Callable) -> bool:
    """Whether the action went through; otherwise the form says why, in words."""
    try:
        with transaction.atomic():
            store()
    except ChangedMeanwhileError as changed:
        form.refuse_because_changed(changed.stored)
    except IntegrityError:
        form.add_error(None, "Somebody else stored the same a moment ago. Look at the list first.")
    except NotAllowed as refusal:
        form.add_error(None, str(refusal))
    return form.is_valid()


@methods("GET")
@organisers_only
def overview(request: HttpRequest) -> HttpResponse:
    return _page(request, "overview", sections=count_rows(request.viewer.edition))


@methods("GET", "POST")
@organisers_only
def basics(request: HttpRequest) -> HttpResponse:
    edition = Edition.objects.get(pk=request.viewer.edition.pk)  # apart from the one that the frame shows
    form = EditionForm(request.POST or None, instance=edition, edition=request.viewer.edition)
    if form.is_valid() and _stored(form, lambda: form.store(request.viewer)):
        messages.success(request, "The basics are changed.")
        return redirect("editions:editing", edition.slug)
    return _page(request, "basics", form=form)


@methods("GET")
@organisers_only
def rows(request: HttpRequest, section: str) -> HttpResponse:
    part = _section(section)
    return _page(request, "rows", section=part, rows=list(part.rows(request.viewer.edition)))


@methods("GET", "POST")
@organisers_only
def add_row(request: HttpRequest, section: str) -> HttpResponse:
    part = _section(section)
    return _form_page(request, part, None, f"{part.one.capitalize()} added.")


@methods("GET", "POST")
@organisers_only
def change_row(request: HttpRequest, section: str, pid: str) -> HttpResponse:
    part = _section(section)
    if not part.editable:
        raise Http404
    return _form_page(request, part, _row(request, part, pid), f"{part.one.capitalize()} changed.")


def _form_page(request: HttpRequest, section: Section, row, done: str) -> HttpResponse:
    title = str(row) if row else ""  # before the form writes into the row
    form = section.form(request.POST or None, request.FILES or None, instance=row, edition=request.viewer.edition)
    preview = None
    if "preview" in request.POST:
        preview = render_for(request.POST.get("body", ""), request.viewer.edition)
    elif form.is_valid() and _stored(form, lambda: form.store(request.viewer)):
        messages.success(request, done)
        return redirect("editions:rows", request.viewer.edition.slug, section.slug)
    known = variables(request.viewer.edition) if section.slug == "texts" else {}
    shown = {"form": form, "preview": preview, "variables": known.items()}
    return _page(request, "form", section=section, row=row, row_title=title, **shown)


@methods("GET", "POST")
@organisers_only
def remove_row(request: HttpRequest, section: str, pid: str) -> HttpResponse:
    part = _section(section)
    row = _row(request, part, pid)
    refusal = ""
    if request.method == "POST":
        try:
            part.remove(row, by=request.viewer, seen=request.POST.get("seen", ""))
            messages.success(request, f"{part.one.capitalize()} removed.")
            return redirect("editions:rows", request.viewer.edition.slug, part.slug)
        except (NotAllowed, ChangedMeanwhileError) as error:
            refusal = f"{error}"
    shown = {"seen": fingerprint(row), "refusal": refusal, "also": part.also_removed(row)}
    return _page(request, "remove", section=part, row=row, **shown)


@methods("POST")
@organisers_only
def move_row(request: HttpRequest, section: str, pid: str) -> HttpResponse:
    part = _section(section)
    if part.siblings is None or request.POST.get("to") not in ("up", "down"):
        raise Http404
    row = _row(request, part, pid)
    actions.reorder(row, part.siblings(row), up=request.POST["to"] == "up", by=request.viewer)
    return redirect("editions:rows", request.viewer.edition.slug, part.slug)


@methods("POST")
@organisers_only
def undo_move(request: HttpRequest, pid: str) -> HttpResponse:
    milestone: Milestone = _row(request, SECTIONS["dates"], pid)
    actions.undo_move(milestone, by=request.viewer)
    messages.success(request, f"{milestone.title} is back to where it was.")
    return redirect("editions:rows", request.viewer.edition.slug, "dates")


@methods("GET", "POST")
@signed_in
def next_edition(request: HttpRequest) -> HttpResponse:
    if not may_start_next(request.viewer):
        raise Http404
    form = NextEditionForm(request.POST or None)
    if form.is_valid():
        new = start_next(request.viewer.edition, **form.cleaned_data, by=request.viewer)
        messages.success(request, "The next edition is there. Only its organisers see it until you open it.")
        return redirect("editions:editing", new.slug)
    return render(request, "editions/organise/next.html", {"form": form})
