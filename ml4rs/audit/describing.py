"""What the rows of the floors below are called in the log."""

from collections.abc import Iterable, Iterator

from django.apps import apps

from ml4rs.audit.registry import Described, describers
from ml4rs.editions.viewer import Viewer

# Model label → what its `str()` needs, so that a describer stays at one query.
_SPOKEN_FOR = {
    "accounts.user": (),
    "editions.edition": (),
    "editions.milestone": (),
    "editions.person": (),
    "editions.role": ("user",),
    "editions.sponsor": (),
    "editions.sponsortier": (),
    "editions.textblock": (),
    "editions.topic": (),
    "editions.track": (),
    "editions.trackfile": (),
}


def register() -> None:
    for label, related in _SPOKEN_FOR.items():
        describers.register(label, _by_name(label, related))


def _by_name(label: str, related: tuple[str, ...]):
    def describe(viewer: Viewer, keys: Iterable[int]) -> Iterator[tuple[int, Described]]:
        model = apps.get_model(label)
        kind = str(model._meta.verbose_name).capitalize()
        for row in model._default_manager.filter(pk__in=keys).select_related(*related):
            yield row.pk, Described(f"{kind}: {row}")

    return describe
