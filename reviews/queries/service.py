"""Certificates of service: signed addresses that anybody may check. They say who reviewed how much, and no paper."""

from dataclasses import dataclass

from django.core import signing
from django.db.models import Count, Q
from django.urls import reverse

from ml4rs.editions.viewer import Viewer
from reviews.models import Review, Reviewer
from reviews.policy import may_have_service_certificate

_SALT = "reviews.service"


@dataclass(frozen=True)
class ServiceCertificate:
    """How many reviews somebody wrote; `url` shows it to whoever is given it."""

    name: str
    affiliation: str
    reviews: int
    url: str


def own_certificate(viewer: Viewer) -> ServiceCertificate | None:
    """The viewer's own, once decisions are out and if at least one review was written. One query."""
    if viewer.user is None or viewer.is_watched:
        return None
    return _certificate(viewer, Q(user=viewer.user))


def certificate_behind(viewer: Viewer, token: str) -> ServiceCertificate | None:
    """What a signed address certifies today; None if it is forged, or no longer true. One query."""
    try:
        public_id = signing.Signer(salt=_SALT).unsign(token)
    except signing.BadSignature:
        return None
    return _certificate(viewer, Q(public_id=public_id))


def _certificate(viewer: Viewer, who: Q) -> ServiceCertificate | None:
    if not may_have_service_certificate(viewer):
        return None
    written = Count("assignments", filter=Q(assignments__review__state=Review.State.SUBMITTED))
    rows = Reviewer.objects.filter(who, edition=viewer.edition, user__isnull=False).select_related("user")
    found = rows.annotate(written=written).filter(written__gt=0).first()
    if found is None:
        return None
    token = signing.Signer(salt=_SALT).sign(found.public_id)  # without a time: the address stays the same
    url = reverse("reviews:service", args=[viewer.edition.slug, token])
    person = found.user
    return ServiceCertificate(person.name or found.name, person.affiliation or found.affiliation, found.written, url)
