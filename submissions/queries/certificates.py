"""Certificates of presentation: signed addresses that anybody may check, once the workshop is over."""

from dataclasses import dataclass

from django.core import signing
from django.urls import reverse

from ml4rs.editions.viewer import Viewer
from submissions.models import Authorship, Submission
from submissions.policy import may_have_certificates

_SALT = "submissions.certificate"


@dataclass(frozen=True)
class Certificate:
    """Who presented what; `url` shows it to whoever is given it."""

    name: str
    affiliation: str
    paper: Submission
    url: str


def certificates_of(viewer: Viewer, submission: Submission) -> list[Certificate]:
    """One for each presenter of a paper, for its authors and organisers. No query if its authors are prefetched."""
    if not may_have_certificates(viewer, submission):
        return []
    people = list(submission.authorships.all())
    presenters = [author for author in people if author.is_presenter] or people
    return [_certificate(author, submission, viewer) for author in presenters]


def certificate_behind(viewer: Viewer, token: str) -> Certificate | None:
    """What a signed address certifies today; None if it is forged, or no longer true. Two queries."""
    try:
        public_id = signing.Signer(salt=_SALT).unsign(token)
    except signing.BadSignature:
        return None
    author = Authorship.objects.filter(public_id=public_id).first()
    if author is None:
        return None
    seen = Submission.objects.seen_by(viewer).select_related("track").filter(pk=author.submission_id, is_public=True)
    paper = seen.first()
    if paper is None or not may_have_certificates(viewer, paper, asked_by_anybody=True):
        return None
    return _certificate(author, paper, viewer)


def _certificate(author: Authorship, submission: Submission, viewer: Viewer) -> Certificate:
    token = signing.Signer(salt=_SALT).sign(author.public_id)  # without a time: the address stays the same
    url = reverse("submissions:certificate", args=[viewer.edition.slug, token])
    return Certificate(author.name, author.affiliation, submission, url)
