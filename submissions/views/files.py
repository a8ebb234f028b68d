"""Uploading files and handing them out, each through the guarded queryset."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from ml4rs.editions.models import TrackFile
from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.views.attempts import attempt
from ml4rs.editions.views.downloads import send_file
from ml4rs.editions.views.guards import methods, open_to_watchers, signed_in
from ml4rs.editions.views.uploads import Quota
from submissions import actions
from submissions.forms import UploadForm
from submissions.incoming import BadFile
from submissions.queries.downloads import download_for
from submissions.queries.sheet import wanted_files
from submissions.views.shared import author_or_404, seen_or_404, to_paper


@csrf_exempt  # only so that the quota stands before the body is read; the inner view checks the token
@signed_in
@methods("POST")
def upload(request: HttpRequest, pid: str, kind: str) -> HttpResponse:
    """Take a file, and submit the paper right after if that was asked for."""
    submission = author_or_404(request.viewer, pid)
    wanted = next((each for each in wanted_files(submission.track) if each.kind == kind), None)
    if wanted is None:
        raise Http404
    quota = Quota(wanted.max_megabytes)
    request.upload_handlers.insert(0, quota)
    return _upload(request, submission, wanted, quota)


@csrf_protect
def _upload(request: HttpRequest, submission, wanted: TrackFile, quota: Quota) -> HttpResponse:
    form = UploadForm(request.POST, request.FILES)
    if quota.is_exceeded:
        messages.error(request, f"The file is larger than {wanted.max_megabytes} MB, the most that is taken.")
    elif not form.is_valid():
        messages.error(request, form.errors["file"][0])
    elif _keep(request, submission, wanted, form) and request.POST.get("then") == "submit":
        done = "Your paper is submitted. A receipt is on its way to you by mail."
        attempt(request, lambda: actions.submit(submission, by=request.viewer), done)
    return _onward(request, to_paper(request, submission.public_id))


def _onward(request: HttpRequest, redirect: HttpResponse) -> HttpResponse:
    """The page's script is told where to go instead of being sent there: it would swallow the messages."""
    if request.headers.get("X-Upload"):
        return HttpResponse(status=204, headers={"X-Location": redirect["Location"]})
    return redirect


def _keep(request: HttpRequest, submission, wanted: TrackFile, form: UploadForm) -> bool:
    try:
        version = actions.upload(submission, wanted.kind, form.cleaned_data["file"], by=request.viewer)
    except (NotAllowed, BadFile) as refusal:
        messages.error(request, str(refusal))
        return False
    messages.success(request, f"{wanted.get_kind_display()} received, version {version.version}.")
    return True


@signed_in
@methods("GET")
@open_to_watchers
def file(request: HttpRequest, pid: str, kind: str, file_pid: str) -> HttpResponseBase:
    """One file version: the original for insiders, the copy without metadata for reviewers."""
    download = download_for(request.viewer, seen_or_404(request.viewer, pid), kind, file_pid)
    if download is None:
        raise Http404
    return send_file(request, download.file, content_type=download.content_type, filename=download.name, inline=True)
