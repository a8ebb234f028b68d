"""The public pages of an edition, readable by anybody without JavaScript."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ml4rs.editions import queries
from ml4rs.editions.models import Edition, Person
from ml4rs.editions.registry import home_sections, person_sections
from ml4rs.editions.seo import event_data
from ml4rs.editions.view_as import viewer_of
from ml4rs.editions.views.downloads import send_file


@require_safe
def root(request: HttpRequest) -> HttpResponse:
    """The current edition; an invitation to look at past ones when there is none."""
    edition = Edition.objects.filter(is_current=True, is_public=True).first()
    if edition is None:
        return render(request, "editions/no_edition.html", {"editions": queries.public_editions()})
    request.viewer = viewer_of(request, edition)
    return home(request)


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Before the day what one needs to take part; afterwards what was shown there comes first."""
    viewer = request.viewer
    people = queries.people(viewer.edition)
    is_over = queries.is_over(viewer)
    context = {
        "is_over": is_over,
        "accepts": not is_over and queries.accepts_submissions(viewer),
        "texts": queries.texts(viewer.edition),
        "next_milestone": queries.next_milestone(viewer),
        "milestones": queries.public_milestones(viewer.edition),
        "tracks": queries.tracks(viewer.edition),
        "topic_areas": queries.topics_by_area(viewer.edition),
        "speakers": people["keynote"] + people["invited"],
        "organisers": people["organiser"],
        "sponsor_tiers": queries.visible_sponsors(viewer),
        "sections": [section for source in home_sections for section in source(viewer)],
        "structured_data": event_data(viewer),
    }
    return render(request, "editions/home.html", context)


@require_safe
def call(request: HttpRequest) -> HttpResponse:
    edition = request.viewer.edition
    context = {
        "texts": queries.texts(edition),
        "tracks": queries.tracks(edition),
        "topic_areas": queries.topics_by_area(edition),
        "milestones": queries.public_milestones(edition),
    }
    return render(request, "editions/call.html", context)


@require_safe
def dates(request: HttpRequest) -> HttpResponse:
    return render(request, "editions/dates.html", {"milestones": queries.public_milestones(request.viewer.edition)})


@require_safe
def speakers(request: HttpRequest) -> HttpResponse:
    people = queries.people(request.viewer.edition)
    groups = [
        ("Keynote speakers", people["keynote"]),
        ("Invited speakers", people["invited"]),
        ("Panellists", people["panellist"]),
    ]
    return render(request, "editions/speakers.html", {"groups": [group for group in groups if group[1]]})


@require_safe
def committee(request: HttpRequest) -> HttpResponse:
    edition = request.viewer.edition
    context = {
        "organisers": queries.people(edition)["organiser"],
        "members": queries.committee(edition),
        "texts": queries.texts(edition),
    }
    return render(request, "editions/committee.html", context)


@require_safe
def sponsors(request: HttpRequest) -> HttpResponse:
    viewer = request.viewer
    context = {"sponsor_tiers": queries.visible_sponsors(viewer), "texts": queries.texts(viewer.edition)}
    return render(request, "editions/sponsors.html", context)


@require_safe
def contact(request: HttpRequest) -> HttpResponse:
    edition = request.viewer.edition
    context = {"texts": queries.texts(edition), "organisers": queries.people(edition)["organiser"]}
    return render(request, "editions/contact.html", context)


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Who sees what, and when: the very table that the tests hold every page to."""
    return render(request, "editions/privacy.html", {"matrix": queries.visibility()})


@require_safe
def person(request: HttpRequest, person_pid: str) -> HttpResponse:
    """Who somebody is and what they give at this workshop. Members of a past committee are only listed."""
    viewer = request.viewer
    found = viewer.edition.people.filter(public_id=person_pid).exclude(kind=Person.Kind.COMMITTEE).first()
    if found is None:
        raise Http404
    sections = [section for source in person_sections for section in source(viewer, found)]
    return render(request, "editions/person.html", {"person": found, "sections": sections})


@require_safe
def portrait(request: HttpRequest, person_pid: str) -> HttpResponse:
    person = request.viewer.edition.people.filter(public_id=person_pid).first()
    if person is None or not person.shown_portrait:
        raise Http404
    return send_file(request, person.portrait, content_type="image/jpeg", filename="portrait.jpg", inline=True)


@require_safe
def logo(request: HttpRequest, sponsor_pid: str) -> HttpResponse:
    """A sponsor's logo, for as long as the sponsor is shown."""
    shown = (each for _, sponsors in queries.visible_sponsors(request.viewer) for each in sponsors)
    sponsor = next((each for each in shown if each.public_id == sponsor_pid and each.logo), None)
    if sponsor is None:
        raise Http404
    kind = "image/png" if sponsor.logo.name.endswith(".png") else "image/jpeg"
    return send_file(request, sponsor.logo, content_type=kind, filename="logo", inline=True)


@require_safe
def past(request: HttpRequest) -> HttpResponse:
    return render(request, "editions/past.html", {"editions": queries.public_editions()})
