"""What somebody else did between a verb's look and its write: the second is refused, and the money stays right."""

from datetime import UTC, datetime, timedelta

import pytest

from ml4rs.audit.models import Entry
from ml4rs.editions.models import Role
from ml4rs.editions.policy import ALLOWED, NotAllowed
from ml4rs.editions.tests.factories import MilestoneFactory, RoleFactory
from ml4rs.editions.viewer import Viewer
from travel import actions
from travel.actions.applying import EditConflict
from travel.actions.money import give_back
from travel.models import Application, Confirmation, Offer, Pool, Receipt
from travel.tests.factories import ApplicationFactory, PoolFactory, SettingsFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mails")]
NOW = datetime(2025, 3, 20, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def edition():
    edition = SettingsFactory(edition__slug="iclr2025").edition
    MilestoneFactory(edition=edition, kind="travel", instant=NOW + DAY)
    return edition


@pytest.fixture
def officer(edition):
    return Viewer.of(RoleFactory(edition=edition, name=Role.Name.GRANTS_OFFICER).user, edition, NOW)


@pytest.fixture
def pool(edition):
    return PoolFactory(edition=edition)


@pytest.fixture
def meanwhile(monkeypatch):
    """`meanwhile("applying.may_edit", act)`: the rule is asked, says yes, and then somebody does something."""

    def arrange(rule: str, act) -> None:
        def asked(*args):
            act()
            return ALLOWED

        monkeypatch.setattr(f"travel.actions.{rule}", asked)

    return arrange


def owner_of(row: Application) -> Viewer:
    return Viewer.of(row.user, row.edition, NOW)


def accepted_offer(edition, pool, officer, **sums) -> Offer:
    made = actions.offer(ApplicationFactory(edition=edition), pool=pool, amount_minor=100_000, by=officer)
    actions.accept_offer(made, by=owner_of(made.application))
    Offer.objects.filter(pk=made.pk).update(**sums)
    return Offer.objects.select_related("application__user", "application__edition").get(pk=made.pk)


# --- Applications ---------------------------------------------------------------------------------------

VERBS = {
    "submit": ("draft", "submitted", "applying.may_submit", lambda row, *_: actions.submit(row, by=owner_of(row))),
    "withdraw": (
        "submitted", "declined", "applying.may_withdraw",
        lambda row, *_: actions.withdraw(row, by=owner_of(row)),
    ),
    "reopen": ("withdrawn", "draft", "applying.may_reopen", lambda row, *_: actions.reopen(row, by=owner_of(row))),
    "decline": (
        "submitted", "withdrawn", "granting.may_decide",
        lambda row, by, _: actions.decline(row, text="", by=by),
    ),
    "offer": (
        "submitted", "withdrawn", "granting.may_decide",
        lambda row, by, pool: actions.offer(row, pool=pool, amount_minor=1, by=by),
    ),
    "reconsider": ("declined", "submitted", "granting.may_handle", lambda row, by, _: actions.reconsider(row, by=by)),
}  # fmt: skip


@pytest.mark.parametrize("name", VERBS)
def test_an_application_that_moved_on_is_left_where_it_is(edition, officer, pool, meanwhile, mails, name):
    old, moved, rule, verb = VERBS[name]
    row = ApplicationFactory(edition=edition, state=old)
    meanwhile(rule, lambda: Application.objects.filter(pk=row.pk).update(state=moved))
    with pytest.raises(NotAllowed, match=r"a moment ago|submitted already|can be reconsidered"):
        verb(row, officer, pool)
    assert (mails.events(), Entry.objects.count(), Pool.objects.get().committed_minor) == ([], 0, 0)


@pytest.mark.parametrize("name", VERBS)
def test_an_application_that_nobody_else_touched_is_moved(edition, officer, pool, name):
    old, _, _, verb = VERBS[name]
    row = ApplicationFactory(edition=edition, state=old)
    verb(row, officer, pool)
    assert not Application.objects.filter(pk=row.pk, state=old).exists()


@pytest.mark.parametrize("change", [{"state": "submitted"}, {"revision": 9}], ids=["submitted", "saved"])
def test_what_is_typed_is_not_written_over_what_happened_meanwhile(edition, meanwhile, change):
    row = ApplicationFactory(edition=edition, draft=True)
    meanwhile("applying.may_edit", lambda: Application.objects.update(**change))
    with pytest.raises(EditConflict):
        actions.save(row, {"benefit": "More."}, by=owner_of(row), revision=row.revision)


# --- Offers ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [{"state": "declined"}, {"state": "accepted"}, {"expires_at": NOW - DAY}],
    ids=["declined", "accepted", "expired"],
)
def test_an_offer_that_is_no_longer_open_is_not_accepted(edition, officer, pool, meanwhile, change):
    made = actions.offer(ApplicationFactory(edition=edition), pool=pool, amount_minor=100, by=officer)
    meanwhile("answering.may_answer", lambda: Offer.objects.update(**change))
    with pytest.raises(NotAllowed, match="answered a moment ago"):
        actions.accept_offer(made, by=owner_of(made.application))


@pytest.mark.parametrize("verb", ["decline", "revoke", "expire"])
def test_an_offer_that_was_accepted_meanwhile_keeps_its_money(edition, officer, pool, meanwhile, verb):
    row = ApplicationFactory(edition=edition)
    made = actions.offer(row, pool=pool, amount_minor=100, by=officer, expires_at=NOW + DAY)
    for rule in ("answering.may_answer", "granting.may_handle"):
        meanwhile(rule, lambda: Offer.objects.update(state="accepted"))
    if verb == "expire":
        Offer.objects.update(state="accepted")
        assert actions.expire_due(NOW + 2 * DAY) == 0
    else:
        with pytest.raises(NotAllowed):
            actions.revoke(made, by=officer) if verb == "revoke" else actions.decline_offer(made, by=owner_of(row))
    assert Pool.objects.get().committed_minor == 100


@pytest.mark.parametrize("state", [Offer.State.DECLINED, Offer.State.REVOKED, Offer.State.EXPIRED])
def test_money_that_was_paid_never_returns_to_its_pool(edition, officer, pool, state):
    grant = accepted_offer(edition, pool, officer, approved_minor=500, paid_minor=1)
    assert not give_back(grant, state, at=NOW)
    grant.refresh_from_db()
    assert (grant.state, Pool.objects.get().committed_minor) == ("accepted", 100_000)


def test_money_returns_once_whoever_asks_twice(edition, officer, pool):
    grant = accepted_offer(edition, pool, officer)
    assert give_back(grant, Offer.State.DECLINED, at=NOW)
    assert not give_back(grant, Offer.State.DECLINED, at=NOW)
    assert Pool.objects.get().committed_minor == 0


def test_a_grant_that_is_paid_while_it_is_withdrawn_stays(edition, officer, pool, meanwhile):
    grant = accepted_offer(edition, pool, officer, approved_minor=500)
    meanwhile("applying.may_withdraw", lambda: Offer.objects.update(paid_minor=500))
    with pytest.raises(NotAllowed, match="changed a moment ago"):
        actions.withdraw(grant.application, by=owner_of(grant.application))
    assert Pool.objects.get().committed_minor == 100_000


# --- Receipts and payments ------------------------------------------------------------------------------


def receipt_of(grant: Offer) -> Receipt:
    return Receipt.objects.create(
        offer=grant, line="transport", amount_minor=500, currency="EUR", sha256="a" * 64, size=1,
        content_type="application/pdf", handed_in_at=NOW, stored="receipts/none",
    )  # fmt: skip


JUDGED = {
    "withdrawn": {"state": "withdrawn"},
    "refused": {"state": "refused"},
    "approved": {"state": "approved", "counted_minor": 500},
}
ON_RECEIPTS = {
    "withdraw": ("may_withdraw_receipt", lambda receipt, by: actions.withdraw_receipt(receipt, by=by)),
    "approve": ("may_judge_receipt", lambda receipt, by: actions.approve_receipt(receipt, counted_minor=500, by=by)),
    "refuse": ("may_judge_receipt", lambda receipt, by: actions.refuse_receipt(receipt, text="Torn.", by=by)),
}


@pytest.mark.parametrize("change", JUDGED)
@pytest.mark.parametrize("name", ON_RECEIPTS)
def test_a_receipt_that_was_judged_meanwhile_is_left_as_it_is(edition, officer, pool, meanwhile, mails, name, change):
    grant = accepted_offer(edition, pool, officer)
    receipt, sent = receipt_of(grant), len(mails.messages)
    rule, verb = ON_RECEIPTS[name]
    meanwhile(f"receipts.{rule}", lambda: Receipt.objects.update(**JUDGED[change]))
    with pytest.raises(NotAllowed, match="a moment ago"):
        verb(receipt, officer)
    grant.refresh_from_db()
    assert (grant.approved_minor, len(mails.messages)) == (0, sent)


def test_a_receipt_of_a_grant_that_was_given_back_meanwhile_is_not_approved(edition, officer, pool, meanwhile):
    receipt = receipt_of(accepted_offer(edition, pool, officer))
    meanwhile("receipts.may_judge_receipt", lambda: Offer.objects.update(state="declined"))
    with pytest.raises(NotAllowed, match="a moment ago"):
        actions.approve_receipt(receipt, counted_minor=500, by=officer)


@pytest.mark.parametrize(
    "change",
    [{"state": "declined"}, {"paid_minor": 1}, {"amount_minor": 399}, {"approved_minor": 399}],
    ids=["given back", "paid", "cut", "less approved"],
)
def test_nothing_is_paid_on_a_grant_that_changed_meanwhile(edition, officer, pool, meanwhile, mails, change):
    grant = accepted_offer(edition, pool, officer, approved_minor=500)
    sent = len(mails.messages)
    meanwhile("receipts.may_pay", lambda: Offer.objects.update(**change))
    with pytest.raises(NotAllowed, match="a moment ago"):
        actions.pay(grant, amount_minor=400, reference="", paid_before=0, by=officer)
    assert (grant.payments.count(), len(mails.messages)) == (0, sent)


# --- Advisors -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [{"answer": "denied", "answered_at": NOW}, {"token_hash": "b" * 64}],
    ids=["answered", "somebody else is asked"],
)
def test_an_advisors_word_counts_once_and_only_while_they_are_the_one_asked(edition, change):
    row = ApplicationFactory(edition=edition, draft=True, legal_name="Ada Lovelace")
    asked = actions.ask_advisor(row, name="Augusta", email="augusta@poly.example", by=owner_of(row))
    Confirmation.objects.update(**change)
    with pytest.raises(NotAllowed, match="a moment ago"):
        actions.answer_for(asked, confirmed=True, text="", by=Viewer.of(None, edition, NOW))
    assert not Confirmation.objects.filter(answer="confirmed").exists()
