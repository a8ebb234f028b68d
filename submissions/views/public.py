"""Accepted papers as everybody sees them: the list, one page each, and the published PDF."""

import json
from hashlib import sha256

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag

from ml4rs.editions.queries import milestone
from ml4rs.editions.seo import as_script
from ml4rs.editions.views.downloads import send_file
from ml4rs.editions.views.guards import methods, takes
from submissions.models import Submission
from submissions.queries import accepted, paper_page, public_answers, public_file
from submissions.queries.certificates import certificate_behind
from submissions.queries.citation import bibtex, citation_tags, scholarly_article
from submissions.queries.downloads import neutral_name
from submissions.queries.papers import further_files, papers_as_data
from submissions.queries.related import related_to
from submissions.registry import marks_of, public_sections_of

_PAGE = 50


@methods("GET")
@takes("q", "track", "topic", "page")
def papers(request: HttpRequest) -> HttpResponse:
    """The accepted papers after release, by track, with search."""
    asked, viewer = request.GET, request.viewer
    text = asked.get("q", "").replace("\0", "").strip()
    track, topic = asked.get("track", ""), asked.get("topic", "")
    found = accepted(viewer, text=text, track=track, topic=topic)
    page = Paginator(found, _PAGE).get_page(asked.get("page"))
    for row in page:
        row.paper_file = public_file(row)
    context = {
        "page_obj": page,
        "asked": {"q": text, "track": track, "topic": topic},
        "is_filtered": bool(text or track or topic),
        "tracks": list(viewer.edition.tracks.all()),
        "topics": list(viewer.edition.topics.all()),
        "notification": milestone(viewer.edition, "notification"),
        "querystring": _without_page(request),
    }
    return render(request, "submissions/papers.html", context)


@methods("GET")
def papers_json(request: HttpRequest) -> HttpResponse:
    """The accepted papers as data, for other programs; 304 for those who have it."""
    edition = request.viewer.edition
    data = {"edition": edition.slug, "name": str(edition), "papers": papers_as_data(request.viewer)}
    content = json.dumps(data, ensure_ascii=False)
    tag = quote_etag(sha256(content.encode()).hexdigest()[:24])
    response = get_conditional_response(request, etag=tag) or HttpResponse(content, content_type="application/json")
    for name, value in {"ETag": tag, "Cache-Control": "no-cache", "Access-Control-Allow-Origin": "*"}.items():
        response.headers[name] = value
    return response


@methods("GET")
def paper(request: HttpRequest, pid: str) -> HttpResponse:
    found = _public_paper(request, pid)
    article = scholarly_article(request.viewer.edition, found)
    context = {
        "submission": found,
        "paper_file": public_file(found),
        "further": further_files(found),
        "answered": public_answers(found),
        "marks": marks_of(request.viewer, found),
        "sections": public_sections_of(request.viewer, found),
        "related": related_to(request.viewer, found),
        "citation": citation_tags(request.viewer.edition, found),
        "bibtex": bibtex(request.viewer.edition, found),
        "article": article,
        "article_script": as_script(article),
    }
    return render(request, "submissions/paper.html", context)


@methods("GET")
def paper_bibtex(request: HttpRequest, pid: str) -> HttpResponse:
    found = _public_paper(request, pid)
    response = HttpResponse(bibtex(request.viewer.edition, found) + "\n", content_type="text/x-bibtex; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{request.viewer.edition.slug}-{pid}.bib"'
    return response


@methods("GET")
def paper_pdf(request: HttpRequest, pid: str) -> HttpResponseBase:
    """The camera-ready paper (or slide), once it is published."""
    found = _public_paper(request, pid)
    version = public_file(found)
    if version is None:
        raise Http404
    name = neutral_name(request.viewer, found, version, counted=False)
    return send_file(request, version.stored, content_type=version.content_type, filename=name, inline=True)


@methods("GET")
def further_file(request: HttpRequest, pid: str, kind: str) -> HttpResponseBase:
    """A published poster or other file beside the paper."""
    found = _public_paper(request, pid)
    version = next((file for file in further_files(found) if file.kind == kind), None)
    if version is None:
        raise Http404
    name = neutral_name(request.viewer, found, version, counted=False)
    return send_file(request, version.stored, content_type=version.content_type, filename=name, inline=True)


@methods("GET")
def slide_picture(request: HttpRequest, pid: str) -> HttpResponseBase:
    """A published slide as a picture, for the screen in the room."""
    version = public_file(_public_paper(request, pid), "slide")
    if version is None or not version.picture:
        raise Http404
    return send_file(request, version.picture, content_type="image/png", filename=f"{pid}.png", inline=True)


@methods("GET")
def certificate(request: HttpRequest, token: str) -> HttpResponse:
    """Who presented a paper, for whoever was given the address; it prints on one page."""
    found = certificate_behind(request.viewer, token)
    if found is None:
        raise Http404
    return render(
        request, "submissions/certificate.html", {"certificate": found, "address": request.build_absolute_uri()}
    )


def _public_paper(request: HttpRequest, pid: str) -> Submission:
    found = paper_page(request.viewer, pid)
    if found is None:
        raise Http404
    return found


def _without_page(request: HttpRequest) -> str:
    query = request.GET.copy()
    query.pop("page", None)
    return query.urlencode()
