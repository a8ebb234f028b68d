"""Everything about who applied is deleted on the day that they were told. A week before, officers hear what goes."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db import transaction

from ml4rs.audit.actions import erase_entries, record
from ml4rs.editions.models import Edition, Role
from ml4rs.notifications.actions import Recipient, queue_mail
from ml4rs.notifications.links import absolute
from ml4rs.notifications.models import Message
from travel.actions.money import one_at_a_time
from travel.models import Application, Offer, Payment, Pool, Proof, Receipt, TravelSettings
from travel.queries import erased_on, settings_of
from travel.thanks import Figures, figures_by_pool

NOTICE = timedelta(days=7)


def _editions() -> Iterator[tuple[Edition, TravelSettings]]:
    for edition in Edition.objects.filter(travel_applications__isnull=False).distinct():
        yield edition, settings_of(edition)


def _days(edition: Edition, settings: TravelSettings) -> dict[int, date]:
    """By application, the day on which it goes: what its writer was told, or an earlier one announced since."""
    announced = erased_on(edition, settings)
    found = {}
    for pk, told in Application.objects.filter(edition=edition).values_list("pk", "erase_on"):
        days = [day for day in (told, announced) if day is not None]
        if days:
            found[pk] = min(days)
    return found


def warn_of_erasure(now: datetime) -> int:
    """Tell the officers of each edition what will be erased within a week, once for each day. How many editions."""
    return sum(_warn(edition, settings, now) for edition, settings in _editions())


@transaction.atomic
def _warn(edition: Edition, settings: TravelSettings, now: datetime) -> bool:
    days = _days(edition, settings)
    soon = min((day for day in days.values() if day <= (now + NOTICE).date()), default=None)
    if soon is None or settings.warned_for == soon:
        return False
    row, _ = TravelSettings.objects.get_or_create(edition=edition)
    TravelSettings.objects.filter(pk=row.pk).update(warned_for=soon, warned_at=now)
    going = [pk for pk, day in days.items() if day <= soon]
    context = {
        "day": f"{max(soon, (now + NOTICE).date()):%-d %B %Y}",
        "applications": len(going),
        "receipts": Receipt.objects.filter(offer__application__in=going, state=Receipt.State.SUBMITTED).count(),
        "unpaid": sum(offer.paid_minor < offer.amount_minor for offer in _accepted(going)),
        "url": absolute("travel:payments", edition.slug),
    }
    for role in Role.objects.filter(edition=edition, name=Role.Name.GRANTS_OFFICER, user__is_active=True):
        to = Recipient(role.user.email, role.user.name, role.user)
        about, day = f"{edition.slug}:{soon}", f"{now:%Y%m%d}"
        queue_mail(
            "travel.erasure", edition=edition, to=to, about=about, context=context, revision=day, grants_only=True
        )
    return True


def _accepted(going: list[int]) -> list[Offer]:
    return list(Offer.objects.filter(application__in=going, state=Offer.State.ACCEPTED).select_related("application"))


def erase_due(now: datetime) -> int:
    """Delete every application whose day has come and of which officers were told a week ago. How many."""
    return sum(_erase(edition, settings, now) for edition, settings in _editions())


@transaction.atomic
def _erase(edition: Edition, settings: TravelSettings, now: datetime) -> int:
    if settings.warned_for is None or settings.warned_at > now - NOTICE:
        return 0
    one_at_a_time(edition)
    last = min(settings.warned_for, now.date())
    going = [pk for pk, day in _days(edition, settings).items() if day <= last]
    if not going:
        return 0
    _keep_figures(_accepted(going))
    _delete(going)
    Message.objects.filter(application_id__in=going).delete()
    erase_entries(going, at=now)
    record("grant.erased", by=None, edition=edition, grants_only=True, details={"applications": len(going)})
    return len(going)


def _keep_figures(offers: list[Offer]) -> None:
    for pk, figures in figures_by_pool(offers).items():
        pool = Pool.objects.select_for_update().get(pk=pk)
        pool.final_figures = (Figures.unpacked(pool.final_figures) + figures).packed()
        pool.save(update_fields=["final_figures"])


def _delete(going: list[int]) -> None:
    """The rows, and their files once that is final. Pools keep what they gave: `committed_minor` stays."""
    offers = Offer.objects.filter(application__in=going)
    receipts, proofs = Receipt.objects.filter(offer__in=offers), Proof.objects.filter(application__in=going)
    names = {*receipts.values_list("stored", flat=True), *proofs.values_list("stored", flat=True)}
    Payment.objects.filter(offer__in=offers).delete()
    receipts.delete()
    offers.delete()
    Application.objects.filter(pk__in=going).delete()
    kept = set(Receipt.objects.filter(stored__in=names).values_list("stored", flat=True))
    transaction.on_commit(lambda: _delete_files(names - kept))


def _delete_files(names: set[str]) -> None:
    storage = Receipt.stored.field.storage
    for name in sorted(names):
        storage.delete(name)
