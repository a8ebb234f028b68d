"""Receipts and payments: handed in by grantees, approved by officers, never above the grant or what bills show."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from ml4rs.audit.models import Entry
from ml4rs.editions.models import Role
from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.tests.factories import MilestoneFactory, RoleFactory, UserFactory
from ml4rs.editions.viewer import Viewer
from submissions.incoming import BadFile
from submissions.tests.pdfs import make_pdf
from travel import actions
from travel.models import Offer, Payment, Receipt
from travel.queries import own_grant
from travel.registering import duties, figures
from travel.reminding import grantees, without_receipts
from travel.tests.factories import ApplicationFactory, PoolFactory, SettingsFactory

NOW = datetime(2025, 5, 5, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _clock(request):
    if request.cls is None:
        request.getfixturevalue("mails")
        request.getfixturevalue("time_machine").move_to(NOW, tick=False)


def viewer(user, edition, now=NOW):
    return Viewer.of(user, edition, now)


@pytest.fixture
def edition(db):
    edition = SettingsFactory(edition__slug="iclr2025").edition
    MilestoneFactory(edition=edition, kind="travel", instant=NOW - timedelta(days=40))
    MilestoneFactory(edition=edition, kind="receipts", instant=NOW + timedelta(days=20))
    return edition


@pytest.fixture
def officer(edition):
    return viewer(RoleFactory(edition=edition, name=Role.Name.GRANTS_OFFICER).user, edition)


def granted(edition, officer, amount_minor=100_000):
    row = ApplicationFactory(edition=edition)
    made = actions.offer(row, pool=PoolFactory(edition=edition), amount_minor=amount_minor, by=officer)
    actions.accept_offer(made, by=viewer(row.user, edition))
    return Offer.objects.select_related("application__user").get(pk=made.pk)


@pytest.fixture
def grant(edition, officer):
    return granted(edition, officer)


@pytest.fixture
def grantee(grant, edition):
    return viewer(grant.application.user, edition)


def bill(data=b"%PDF-1.7 bill", name="bill.pdf"):
    return SimpleUploadedFile(name, data)


def hand_in(grant, by, amount_minor=41_250, currency="EUR", file=None):
    return actions.hand_in(grant, file or bill(), line="transport", amount_minor=amount_minor, currency=currency, by=by)


def test_a_grantee_hands_in_a_bill_on_the_page(client, grantee, grant):
    client.force_login(grantee.user)
    sent = {"line": "transport", "amount": "412.50", "currency": "EUR", "file": bill(make_pdf(1))}
    assert client.post("/iclr2025/travel/receipts/", sent).status_code == 302
    shown = client.get("/iclr2025/travel/receipts/").text
    assert "412.50 EUR" in shown
    assert "Waiting for approval" in shown
    response = client.get(f"/iclr2025/travel/receipts/{Receipt.objects.get().public_id}/")
    assert b"".join(response.streaming_content).startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"amount": "-3"}, "Write the amount in digits"),
        ({"amount": "0"}, "Write an amount above zero"),
        ({"amount": "99999999999"}, "too large to be meant"),
        ({"currency": "XXX"}, "is not one of the available choices"),
        ({"line": ""}, "This field is required"),
        ({"file": bill(b"")}, "The file is empty"),
        ({"file": bill(b"MZ program")}, "We do not know this type of file"),
        ({"file": bill(b"%PDF" + b"-" * (11 * 1024 * 1024))}, "larger than 10 MB"),
    ],
    ids=["negative", "nothing", "absurd", "currency", "line", "empty", "program", "large"],
)
def test_what_is_wrong_with_a_bill_is_said_and_nothing_is_kept(client, grantee, grant, change, words):
    client.force_login(grantee.user)
    sent = {"line": "transport", "amount": "412.50", "currency": "EUR", "file": bill(), **change}
    response = client.post("/iclr2025/travel/receipts/", sent)
    assert response.status_code == 422
    assert words in response.text
    assert not Receipt.objects.exists()


def test_the_same_file_counts_once_until_it_is_withdrawn(grant, grantee):
    first = hand_in(grant, grantee)
    with pytest.raises(NotAllowed, match="this very file"):
        hand_in(grant, grantee)
    actions.withdraw_receipt(Receipt.objects.get(pk=first.pk), by=grantee)
    hand_in(grant, grantee)
    assert sorted(Receipt.objects.values_list("state", flat=True)) == ["submitted", "withdrawn"]


def test_after_the_date_no_bill_is_taken(grant, edition):
    late = viewer(grant.application.user, type(edition).objects.get(), NOW + timedelta(days=21))
    with pytest.raises(NotAllowed, match="date for receipts has passed"):
        hand_in(grant, late)


def test_an_officer_approves_in_the_currency_of_the_grant(client, grant, grantee, officer):
    receipt = hand_in(grant, grantee, amount_minor=50_000, currency="CHF")
    client.force_login(officer.user)
    case = f"/iclr2025/grants/{grant.application.public_id}/"
    client.post(f"{case}receipts/{receipt.public_id}/judge/", {"answer": "approve", "amount": "530", "text": "ECB"})
    grant.refresh_from_db()
    assert (grant.approved_minor, grant.payable_minor) == (53_000, 53_000)
    assert "counts for 530 EUR" in client.get(case).text


def test_a_bill_never_counts_for_more_than_it_shows(grant, grantee, officer):
    receipt = hand_in(grant, grantee)
    with pytest.raises(NotAllowed, match=r"412\.50 EUR, not more"):
        actions.approve_receipt(receipt, counted_minor=41_251, by=officer)


def test_a_refused_bill_tells_why_and_leaves_room_for_another(grant, grantee, officer, mails):
    receipt = hand_in(grant, grantee)
    with pytest.raises(NotAllowed, match="Say why"):
        actions.refuse_receipt(receipt, text=" ", by=officer)
    actions.refuse_receipt(receipt, text="This is the booking.", by=officer)
    last = mails.messages[-1]
    assert (last.recipient, last.grants_only) == (grantee.user.email, True)
    assert "This is the booking." in last.body_text
    hand_in(grant, grantee)


def test_of_two_officers_one_judges(grant, grantee, officer):
    receipt = hand_in(grant, grantee)
    actions.approve_receipt(receipt, counted_minor=10_000, by=officer)
    with pytest.raises(NotAllowed, match="a moment ago"):
        actions.approve_receipt(receipt, counted_minor=10_000, by=officer)
    grant.refresh_from_db()
    assert grant.approved_minor == 10_000


def test_a_second_click_pays_nothing_twice(client, grant, grantee, officer, mails):
    actions.approve_receipt(hand_in(grant, grantee), counted_minor=40_000, by=officer)
    client.force_login(officer.user)
    page = f"/iclr2025/grants/{grant.application.public_id}/"
    typed = {"amount": "150", "reference": "2025-117", "paid_before": "0"}
    client.post(f"{page}pay/", typed)
    again = client.post(f"{page}pay/", typed, follow=True)
    assert "A payment was recorded a moment ago" in again.text
    grant.refresh_from_db()
    assert (grant.paid_minor, Payment.objects.count()) == (15_000, 1)
    assert "150 EUR" in mails.messages[-1].body_text


@pytest.mark.parametrize("approved", [20_000, 150_000])
def test_no_more_is_paid_than_granted_or_approved(grant, grantee, officer, approved):
    receipt = hand_in(grant, grantee, amount_minor=150_000)
    actions.approve_receipt(receipt, counted_minor=approved, by=officer)
    grant.refresh_from_db()
    with pytest.raises(NotAllowed, match="At most"):
        actions.pay(grant, amount_minor=min(approved, 100_000) + 1, reference="", paid_before=0, by=officer)
    with pytest.raises(IntegrityError), transaction.atomic():
        Offer.objects.filter(pk=grant.pk).update(paid_minor=min(approved, 100_000) + 1)


def test_a_grant_that_was_paid_is_not_withdrawn(grant, grantee, officer):
    actions.approve_receipt(hand_in(grant, grantee), counted_minor=40_000, by=officer)
    grant.refresh_from_db()
    actions.pay(grant, amount_minor=1, reference="", paid_before=0, by=officer)
    with pytest.raises(NotAllowed, match="Money was paid"):
        actions.withdraw(grant.application, by=grantee)


def test_a_payment_in_the_moment_of_the_withdrawal_wins(grant, grantee, monkeypatch):
    monkeypatch.setattr("travel.actions.applying.give_back", lambda *args, **kwargs: False)
    with pytest.raises(NotAllowed, match="a moment ago"):
        actions.withdraw(grant.application, by=grantee)
    grant.application.refresh_from_db()
    assert grant.application.state == "offered"


def test_nobody_else_meets_a_bill(client, grant, grantee, edition, officer):
    receipt = hand_in(grant, grantee)
    own = f"/iclr2025/travel/receipts/{receipt.public_id}/"
    case = f"/iclr2025/grants/{grant.application.public_id}/receipts/{receipt.public_id}/"
    client.force_login(RoleFactory(edition=edition, name="organiser").user)
    assert [client.get(page).status_code for page in (own, case, "/iclr2025/travel/receipts/")] == [404] * 3
    tied = RoleFactory(edition=edition, name="grants_officer", user=UserFactory(affiliation="Polytechnic Tied")).user
    type(grant.application).objects.update(institution="Polytechnic Tied")
    client.force_login(tied)
    assert client.get(case).status_code == 404
    assert client.post(f"/iclr2025/grants/{grant.application.public_id}/pay/").status_code == 404
    assert list(client.get("/iclr2025/grants/payments/").context["grants"]) == []
    client.force_login(officer.user)
    response = client.get(case)
    assert b"".join(response.streaming_content) == b"%PDF-1.7 bill"
    assert not Entry.objects.filter(verb__startswith="grant.", grants_only=False).exists()


def test_a_file_that_is_none_of_ours_is_refused(grant, grantee):
    with pytest.raises(BadFile, match="Upload PDF, PNG image or JPEG image"):
        hand_in(grant, grantee, file=bill(b"PK\x03\x04 archive"))


def test_the_accountant_gets_each_grant_in_a_line(client, grant, grantee, officer):
    actions.approve_receipt(hand_in(grant, grantee), counted_minor=41_250, by=officer)
    client.force_login(officer.user)
    text = client.get("/iclr2025/grants/payments/?format=csv").content.decode("utf-8-sig")
    assert text.splitlines()[0] == "name,institution,pool,currency,granted,approved,paid,to pay,references"
    assert "EUR,1000,412.50,0,412.50," in text


def test_grantees_without_bills_are_reminded_and_have_it_on_their_desk(edition, officer, grant, grantee):
    due = edition.milestones.get(kind="receipts")
    (owed,) = without_receipts(due, NOW)
    assert owed.url.endswith("/iclr2025/travel/receipts/")
    assert [duty.title for duty in duties(grantee)] == ["Hand in the receipts of your journey"]
    receipt = hand_in(grant, grantee)
    assert list(without_receipts(due, NOW)) == []
    actions.refuse_receipt(receipt, text="Unreadable.", by=officer)
    assert len(list(without_receipts(due, NOW))) == 1
    assert len(list(grantees(due, NOW))) == 1


def test_officers_see_how_many_bills_wait(edition, grant, grantee, officer):
    hand_in(grant, grantee)
    assert [each.value for each in figures(officer) if each.label == "receipts to look at"] == [1]


@pytest.mark.parametrize("count", [1, 6])
def test_the_pages_cost_the_same_for_one_and_for_many(client, edition, officer, grant, grantee, cost_of, count):
    for number in range(count):
        hand_in(grant, grantee, file=bill(b"%PDF-1.7 " + bytes([65 + number])))
    for _ in range(count - 1):
        granted(edition, officer)
    client.force_login(grantee.user)
    with cost_of() as own:
        client.get("/iclr2025/travel/receipts/")
    client.force_login(officer.user)
    with cost_of() as table:
        client.get("/iclr2025/grants/payments/")
    assert own.queries <= 9, own.statements
    assert table.queries <= 13, table.statements


STEP = st.tuples(st.sampled_from(["bill", "approve", "refuse", "pay"]), st.integers(1, 130_000))


@pytest.mark.usefixtures("mails")
class PaymentsTest(TestCase):
    @settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
    @given(steps=st.lists(STEP, max_size=12))
    def test_every_cent_is_accounted_for_in_any_order(self, steps):
        edition = SettingsFactory().edition
        officer = viewer(RoleFactory(edition=edition, name=Role.Name.GRANTS_OFFICER).user, edition)
        grant = granted(edition, officer)
        grantee = viewer(grant.application.user, edition)
        for number, (verb, amount) in enumerate(steps):
            _step(verb, amount, grant, grantee, officer, number)
        grant.refresh_from_db()
        counted = sum(each.counted_minor for each in grant.receipts.filter(state="approved"))
        paid = sum(each.amount_minor for each in grant.payments.all())
        assert (grant.approved_minor, grant.paid_minor) == (counted, paid)
        assert paid <= min(counted, grant.amount_minor)


def _step(verb, amount, grant, grantee, officer, number):
    current = own_grant(grantee)
    waiting = current.receipts.filter(state="submitted").first()
    try:
        if verb == "bill":
            hand_in(current, grantee, amount_minor=amount, file=bill(b"%PDF-1.7 " + bytes([65 + number])))
        elif verb == "pay":
            actions.pay(current, amount_minor=amount, reference="", paid_before=current.paid_minor, by=officer)
        elif waiting is not None and verb == "approve":
            actions.approve_receipt(waiting, counted_minor=amount, by=officer)
        elif waiting is not None:
            actions.refuse_receipt(waiting, text="No.", by=officer)
    except NotAllowed:
        pass
