"""Answers are planned, looked at together, and released at once."""

from collections import Counter
from datetime import datetime
from typing import Any

from django.db import transaction

from ml4rs.audit.actions import record
from ml4rs.editions.policy import NotAllowed, require
from ml4rs.editions.viewer import Viewer
from ml4rs.notifications.actions import batch_of
from travel.actions.granting import decline, fresh_for
from travel.actions.money import one_at_a_time
from travel.actions.offering import MEANWHILE, make_offer
from travel.actions.telling import note, tell
from travel.models import Application, Plan, Pool
from travel.outlook import fingerprint, planned
from travel.policies import POLICIES, into_pools
from travel.policy import may_officiate, may_plan
from travel.quorum import missing_assessments
from travel.standings import Line, places, standings

State, Answer = Application.State, Plan.Answer


@transaction.atomic
def plan(
    application: Application, *, answer: str, by: Viewer, pool: Pool | None = None, amount_minor: int | None = None
) -> Plan:
    """Note what is to be answered; the applicant hears when all answers are released.

    Raises:
        NotAllowed: `by` may not answer this application, it is answered already, or an offer lacks its money.
    """
    one_at_a_time(by.edition)
    current = fresh_for(application, by)
    require(may_plan(by, current))
    if answer != Answer.DECLINE and not amount_minor:
        raise NotAllowed("Say how much is to be offered.")
    if answer == Answer.OFFER and (pool is None or pool.edition_id != by.edition.pk):
        raise NotAllowed("Choose the pool that the money comes from.")
    place = places(by).get(current.pk, 0)
    values = {"application": current, **_values(answer, pool, amount_minor, place, by)}
    Plan.objects.filter(application=current).delete()
    made = Plan.objects.create(**values)
    note("planned", current, by=by, answer=answer)
    return made


@transaction.atomic
def unplan(application: Application, *, by: Viewer) -> None:
    """Forget what was planned.

    Raises:
        NotAllowed: `by` may not answer this application, or it is answered already.
    """
    one_at_a_time(by.edition)
    current = fresh_for(application, by)
    require(may_plan(by, current))
    Plan.objects.filter(application=current).delete()


def _values(answer: str, pool: Pool | None, amount: int | None, place: int, by: Viewer) -> dict[str, Any]:
    return {
        "answer": answer,
        "pool": pool if answer == Answer.OFFER else None,
        "amount_minor": None if answer == Answer.DECLINE else amount,
        "place": place,
        "planned_by": by.user,
        "planned_at": by.now,
    }


@transaction.atomic
def plan_all(policy: str, *, others: str, by: Viewer) -> Counter[str]:
    """Plan an answer for everybody in this officer's ranking who has none: offers by a way of sharing what is left,

    and for `others` the waiting list, a refusal, or nothing yet (empty). Returns how many got which answer, and how
    many fit into no single pool (`homeless`).

    Raises:
        NotAllowed: `by` is no grants officer, or there is no such way.
    """
    require(may_officiate(by))
    if policy not in POLICIES or others not in ("", Answer.WAIT, Answer.DECLINE):
        raise NotAllowed("Choose a way of sharing, and what the others hear.")
    one_at_a_time(by.edition)
    found = standings(by)
    order = [line.candidate for line in found.undecided]
    pools = {pool.public_id: pool for pool in found.pools}
    grants = POLICIES[policy][2](order, found.left)
    placed, homeless = into_pools(order, grants, {key: pool.left_minor for key, pool in pools.items()})
    keys = [line.application.pk for line in found.undecided]
    Plan.objects.filter(application__in=keys).delete()
    standing = places(by)
    plans = [_planned(line, standing, placed, pools, others, by) for line in found.undecided]
    made = Plan.objects.bulk_create([each for each in plans if each is not None])
    counted = Counter([each.answer for each in made], homeless=len(homeless))
    details = {"way": POLICIES[policy][0], "others": others}
    record("grant.planned_all", by=by, grants_only=True, details=details)
    return counted


def _planned(
    line: Line,
    standing: dict[int, int],
    placed: dict[str, tuple[str, int]],
    pools: dict[str, Pool],
    others: str,
    by: Viewer,
) -> Plan | None:
    row = line.application
    answer, pool, amount = others, "", row.amount_minor
    if row.public_id in placed:
        answer = Answer.OFFER
        pool, amount = placed[row.public_id]
    if not answer or (answer == Answer.WAIT and not amount):
        return None
    return Plan(application=row, **_values(answer, pools.get(pool), amount, standing[row.pk], by))


@transaction.atomic
def release(*, seen: str, expires_at: datetime, words: dict[str, str], by: Viewer) -> Counter[str]:
    """Give all planned answers at once, or none: offers, places on the waiting list, refusals, each with its mail.

    `seen` is the fingerprint of what the officer looked at; `words` are theirs to each kind of answer.

    Raises:
        NotAllowed: `by` is no grants officer, there is nothing to release, it changed since they looked, an
            application lacks assessments, a pool has less left, or the offers would expire at once.
    """
    require(may_officiate(by))
    one_at_a_time(by.edition)
    plans = planned(by)
    _check_release(plans, seen, expires_at, by)
    batch, standing = batch_of(plans), places(by)
    for each in plans:
        Plan.objects.filter(pk=each.pk).update(place=standing[each.application_id])
        _release_one(each, expires_at, words.get(each.answer, "").strip(), batch, by)
    counted: Counter[str] = Counter(each.answer for each in plans)
    record("grant.released", by=by, grants_only=True, details=dict(counted))
    return counted


def _check_release(plans: list[Plan], seen: str, expires_at: datetime, by: Viewer) -> None:
    if not plans:
        raise NotAllowed("Nothing is planned, or it was released a moment ago.")
    if fingerprint(plans) != seen:
        raise NotAllowed("The plan changed since you looked at it. Look again before you release it.")
    if expires_at <= by.now:
        raise NotAllowed("The offers would expire before they are made. Choose a later day.")
    if missing := missing_assessments(by, [each.application for each in plans]):
        names = ", ".join(each.application.legal_name for each in plans if each.application_id in missing)
        raise NotAllowed(f"Not enough officers have assessed these yet: {names}.")


def _release_one(each: Plan, expires_at: datetime, words: str, batch: str, by: Viewer) -> None:
    application = each.application
    if each.answer == Answer.OFFER:
        money = {"pool": each.pool, "amount_minor": each.amount_minor}
        who = {"offered_by": by.user, "by": by, "at": by.now}
        make_offer(application, **money, **who, expires_at=expires_at, message=words, batch=batch)
    elif each.answer == Answer.WAIT:
        _put_on_the_list(application, words, batch, by)
    else:
        decline(application, text=words, by=by, batch=batch)


def _put_on_the_list(application: Application, words: str, batch: str, by: Viewer) -> None:
    rows = Application.objects.filter(pk=application.pk, state=State.SUBMITTED)
    if not rows.update(state=State.WAITING):
        raise NotAllowed(MEANWHILE)
    note("waiting", application, by=by)
    revision = f"{application.revision}:{by.now:%Y%m%d%H%M%S}"
    tell("waiting", application, to=application.user, revision=revision, context={"text": words}, batch=batch)


@transaction.atomic
def close_waiting_list(*, text: str, by: Viewer) -> int:
    """Tell everybody on the waiting list whom this officer handles that no money came back. How many.

    Raises:
        NotAllowed: `by` is no grants officer, or nobody waits.
    """
    require(may_officiate(by))
    one_at_a_time(by.edition)
    rows = list(Application.objects.handled_by(by).filter(state=State.WAITING))
    if not rows:
        raise NotAllowed("Nobody whom you may answer is on the waiting list.")
    batch = batch_of(rows)
    for row in rows:
        decline(row, text=text, by=by, batch=batch)
    return len(rows)
