"""Ways of looking at the table of decisions that organisers keep for themselves."""

from django.db import transaction

from ml4rs.editions.policy import NotAllowed, require
from ml4rs.editions.viewer import Viewer
from reviews.models import SavedView
from reviews.policy import may_run_committee

_MOST = 50
_LONGEST = 2000


@transaction.atomic
def save_view(name: str, query: str, *, by: Viewer) -> SavedView:
    """Keep how the table is filtered, ordered and shown now, under a name; one of the same name is replaced.

    Raises:
        NotAllowed: `by` is no organiser, there is no name, or there are too many already.
    """
    require(may_run_committee(by))
    words = " ".join(name.replace("\0", "").split())[:60]
    if not words:
        raise NotAllowed("Give the view a name.")
    if len(query) > _LONGEST:
        raise NotAllowed("This is too long to keep.")
    own = SavedView.objects.filter(edition=by.edition, owner=by.user)
    if own.exclude(name=words).count() >= _MOST:
        raise NotAllowed(f"You keep {_MOST} views already. Forget one first.")
    kept, _ = SavedView.objects.update_or_create(
        edition=by.edition, owner=by.user, name=words, defaults={"query": query}
    )
    return kept


@transaction.atomic
def forget_view(public_id: str, *, by: Viewer) -> None:
    """Drop one of one's own.

    Raises:
        NotAllowed: there is none of this kind.
    """
    found, _ = SavedView.objects.filter(edition=by.edition, owner=by.user, public_id=public_id).delete()
    if not found:
        raise NotAllowed("This view is gone already.")
