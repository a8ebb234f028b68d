"""Papers like a paper: by the words of title, abstract and keywords, among those that everybody may read."""

from hashlib import sha256

from django.core.cache import cache

from ml4rs.editions.models import Edition
from ml4rs.editions.viewer import Viewer
from submissions.models import Submission

_MOST, _LEAST_ALIKE = 3, 0.08  # papers shown; cosine of TF-IDF vectors below which words are common by chance
_KEEP = 24 * 60 * 60


def related_to(viewer: Viewer, submission: Submission) -> list[Submission]:
    """The closest public papers, the closest first. Two queries while nothing changed.

    All is computed from what a stranger may read, whoever asks: a page never tells of a paper that is not public.
    """
    public = _public(viewer)
    ids = sorted(public.values_list("public_id", flat=True))
    key = sha256(",".join(ids).encode()).hexdigest()[:20]
    alike: dict[str, list[str]] = cache.get_or_set(
        f"related:{viewer.edition.slug}:{key}", lambda: _alike(viewer.edition, public), _KEEP
    )
    wanted = alike.get(submission.public_id, [])
    found = {row.public_id: row for row in public.filter(public_id__in=wanted).only("public_id", "title")}
    return [found[each] for each in wanted if each in found]


def _public(viewer: Viewer):
    stranger = Viewer.of(None, viewer.edition, viewer.earliest)
    return Submission.objects.seen_by(stranger).filter(is_public=True).order_by()


def _alike(edition: Edition, public) -> dict[str, list[str]]:
    import numpy as np
    from sklearn.feature_extraction.text import TfidfVectorizer  # a second of start-up that few pages need

    rows = list(public.values_list("public_id", "title", "abstract", "keywords"))
    if len(rows) < 2:
        return {}
    texts = [f"{title} {title}\n{abstract}\n{keywords}" for _, title, abstract, keywords in rows]
    try:
        vectors = TfidfVectorizer(sublinear_tf=True, stop_words="english").fit_transform(texts)
    except ValueError:  # no word that would tell anything
        return {}
    closeness = (vectors @ vectors.T).toarray()
    np.fill_diagonal(closeness, 0)
    found = {}
    for place, (pid, *_) in enumerate(rows):
        best = np.argsort(-closeness[place], kind="stable")[:_MOST]
        found[pid] = [rows[other][0] for other in best if closeness[place, other] >= _LEAST_ALIKE]
    return found
