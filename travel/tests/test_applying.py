"""The applicant: eligibility, a form that loses nothing, submitting, withdrawing, answering an offer."""

from datetime import UTC, datetime, timedelta

import pytest

from ml4rs.audit.models import Entry
from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.tests.factories import (
    MilestoneFactory,
    RoleFactory,
    TextBlockFactory,
    TrackFactory,
    UserFactory,
)
from ml4rs.editions.viewer import Viewer
from submissions.tests.factories import SubmissionFactory
from travel import actions
from travel.models import Application
from travel.registering import duties
from travel.reminding import drafting
from travel.tests.factories import ApplicationFactory, SettingsFactory

pytestmark = pytest.mark.django_db
DEADLINE = datetime(2025, 3, 29, 11, 59, 59, tzinfo=UTC)
NOW = DEADLINE - timedelta(days=5)
PAGE = "/iclr2025/travel/application/"
COMPLETE = {
    "legal_name": "Ada Lovelace",
    "status": "phd",
    "institution": "Analytical Society",
    "country": "GB",
    "airport": "ZRH",
    "will_present": "on",
    "amount": "1,200.50",
    "currency": "EUR",
    "other_funding": "",
    "benefit": "I would learn a lot.",
    "is_true": "on",
    "consents": "on",
    "need": "",
}


@pytest.fixture(autouse=True)
def _clock(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def edition():
    edition = SettingsFactory(edition__slug="iclr2025").edition
    MilestoneFactory(edition=edition, kind="travel", instant=DEADLINE)
    return edition


@pytest.fixture
def student(client, edition):
    user = UserFactory(name="Ada Lovelace")
    client.force_login(user)
    return user


def viewer(user, edition, now=NOW):
    return Viewer.of(user, edition, now)


def own(user):
    return Application.objects.get(user=user)


def save(client, user, htmx=False, **change):
    data = {**COMPLETE, "revision": own(user).revision, "tab": "tab-one", **change}
    headers = {"HX-Request": "true"} if htmx else {}
    return client.post(PAGE, {**data, **({"typing": "1"} if htmx else {})}, headers=headers)


def test_the_public_page_says_who_when_and_what_the_organisers_wrote(client, edition):
    TextBlockFactory(edition=edition, key="travel", body="Thanks to our sponsors, **money** for {{ host }}.")
    text = client.get("/iclr2025/travel/").text
    assert "28 Mar 2025" in text
    assert "<strong>money</strong> for ICLR 2025" in text
    assert "Apply for travel support" in text


def test_after_the_deadline_the_public_page_says_closed(client, edition, time_machine):
    time_machine.move_to(DEADLINE + timedelta(seconds=1), tick=False)
    text = client.get("/iclr2025/travel/").text
    assert "Applications are closed." in text
    assert "Apply for travel support" not in text


def test_a_stranger_signs_in_first(client, edition):
    response = client.get(PAGE)
    assert response.status_code == 302
    assert "next=/iclr2025/travel/application/" in response.headers["Location"]


def test_eligibility_comes_first_with_papers_found_from_the_account(client, edition, student):
    track = TrackFactory(edition=edition)
    SubmissionFactory(track=track, created_by=student, title="Mypaper")
    SubmissionFactory(track=track, title="Strangepaper")
    text = client.get(PAGE).text
    assert "Mypaper" in text
    assert "Strangepaper" not in text
    assert not Application.objects.exists()


def test_the_whole_way_from_start_to_receipt(client, edition, student, mails):
    client.post(PAGE)
    assert own(student).legal_name == "Ada Lovelace"
    assert save(client, student).status_code == 302
    client.post(f"{PAGE}submit/")
    row = own(student)
    assert (row.state, row.amount_minor, row.currency, row.airport) == ("submitted", 120_050, "EUR", "ZRH")
    (mail,) = mails.messages
    assert (mail.event, mail.recipient, mail.grants_only) == ("travel.receipt", student.email, True)
    assert "28 Mar 2025, 23:59 AoE" in mail.body_text
    assert not Entry.objects.filter(verb__startswith="grant.", grants_only=False).exists()


def test_submitting_twice_sends_one_receipt(client, edition, student, mails):
    ApplicationFactory(edition=edition, user=student, draft=True)
    client.post(f"{PAGE}submit/")
    assert "submitted already" in client.post(f"{PAGE}submit/", follow=True).text
    assert mails.events() == ["travel.receipt"]


def test_typing_saves_the_draft_and_a_wrong_field_does_not_stop_the_rest(client, edition, student):
    client.post(PAGE)
    response = save(client, student, htmx=True, amount="much", benefit="Half a senten")
    assert "Write the amount in digits" in response.text
    assert "The rest is saved" in response.text
    assert own(student).benefit == "Half a senten"
    assert "Saved at" in save(client, student, htmx=True).text
    assert own(student).amount_minor == 120_050


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"amount": "-5"}, "Write the amount in digits"),
        ({"amount": "0"}, "above zero"),
        ({"amount": "1.234"}, "no unit that small"),
        ({"amount": "99999999999"}, "too large"),
        ({"amount": "1e3"}, "Write the amount in digits"),
        ({"currency": "XXX"}, "Select a valid choice"),
        ({"airport": "Atlantis"}, "No airport is known"),
    ],
)
def test_bad_input_is_told_in_words_and_keeps_what_was_typed(client, edition, student, change, words):
    client.post(PAGE)
    response = save(client, student, benefit="Keepthis", **change)
    assert response.status_code == 422
    assert words in response.text
    assert "Keepthis" in response.text
    assert own(student).amount_minor is None or "amount" not in change


def test_a_second_tab_overwrites_nothing_and_shows_both(client, edition, student):
    client.post(PAGE)
    old = own(student).revision
    save(client, student, benefit="First tab", tab="tab-one")
    response = save(client, student, benefit="Second tab", tab="tab-two", revision=old)
    assert response.status_code == 409
    assert "First tab" in response.text
    assert "Second tab" in response.text
    assert own(student).benefit == "First tab"
    assert save(client, student, benefit="Both", tab="tab-two").status_code == 302


def test_the_same_tab_may_save_again_without_hearing_back(client, edition, student):
    client.post(PAGE)
    old = own(student).revision
    save(client, student, htmx=True, benefit="One", revision=old)
    save(client, student, htmx=True, benefit="One two", revision=old)
    assert own(student).benefit == "One two"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"benefit": "word " * 201}, "201 words; at most 200"),
        ({"need": "word " * 151}, "151 words; at most 150"),
        ({"status": "other"}, "for students"),
        ({"amount_minor": None}, "how much you ask for"),
        ({"airport": ""}, "airport nearest"),
    ],
)
def test_what_is_missing_is_named_and_nothing_is_submitted(client, edition, student, change, words):
    ApplicationFactory(edition=edition, user=student, draft=True, **change)
    assert words in client.post(f"{PAGE}submit/", follow=True).text
    assert own(student).state == "draft"


def test_a_submitted_application_changes_until_the_deadline_but_stays_complete(client, edition, student):
    ApplicationFactory(edition=edition, user=student)
    assert save(client, student, benefit="Better words").status_code == 302
    assert own(student).benefit == "Better words"
    response = save(client, student, benefit="")
    assert response.status_code == 403
    assert own(student).benefit == "Better words"


def test_after_the_deadline_nothing_changes_and_what_was_typed_stays_on_the_page(
    client, edition, student, time_machine
):
    ApplicationFactory(edition=edition, user=student, draft=True)
    time_machine.move_to(DEADLINE + timedelta(seconds=1), tick=False)
    response = save(client, student, benefit="Toolate")
    assert response.status_code == 403
    assert "deadline for travel support has passed" in response.text
    assert "Toolate" in response.text
    assert "has passed" in client.post(f"{PAGE}submit/", follow=True).text
    assert own(student).state == "draft"


def test_the_last_second_anywhere_on_earth_counts(client, edition, student, time_machine, mails):
    ApplicationFactory(edition=edition, user=student, draft=True)
    time_machine.move_to(DEADLINE, tick=False)
    client.post(f"{PAGE}submit/")
    assert own(student).state == "submitted"


def test_withdrawing_asks_once_more_and_can_be_undone_until_the_deadline(client, edition, student, mails):
    ApplicationFactory(edition=edition, user=student)
    assert "Withdraw your application?" in client.get(f"{PAGE}withdraw/").text
    client.post(f"{PAGE}withdraw/")
    assert own(student).state == "withdrawn"
    client.post(f"{PAGE}reopen/")
    assert own(student).state == "draft"
    assert mails.events() == ["travel.withdrawn"]


def test_nobody_touches_the_application_of_another(edition):
    row = ApplicationFactory(edition=edition)
    stranger = viewer(UserFactory(), edition)
    for verb in (actions.submit, actions.withdraw, actions.reopen):
        with pytest.raises(NotAllowed):
            verb(row, by=stranger)
    with pytest.raises(NotAllowed):
        actions.save(row, {"benefit": "Mischief"}, by=stranger, revision=1)
    row.refresh_from_db()
    assert (row.state, row.benefit) == ("submitted", "I would learn a lot.")


def test_another_persons_page_shows_nothing_of_mine(client, edition, student):
    ApplicationFactory(edition=edition, legal_name="Applicantsorrel")
    assert "Applicantsorrel" not in client.get(PAGE).text
    assert client.post(f"{PAGE}submit/").status_code == 404


def test_the_desk_says_what_the_application_needs(edition):
    row = ApplicationFactory(edition=edition, draft=True)
    (owed,) = duties(viewer(row.user, edition))
    assert (owed.state, owed.due) == ("open", DEADLINE)
    Application.objects.update(state="submitted")
    (waiting,) = duties(viewer(row.user, edition))
    assert waiting.state == "waiting"
    assert list(duties(viewer(UserFactory(), edition))) == []


def test_only_people_with_a_draft_are_reminded_and_only_officers_may_know(edition):
    draft = ApplicationFactory(edition=edition, draft=True)
    ApplicationFactory(edition=edition)
    ApplicationFactory(draft=True)
    found = edition.milestones.get(kind="travel")
    assert [owed.recipient.address for owed in drafting(found, NOW)] == [draft.user.email]


def test_airports_are_completed(client, edition, student):
    assert "ZRH" in client.get("/iclr2025/travel/airports/?airport=zurich").text
    assert client.get("/iclr2025/travel/airports/?airport=").text.strip() == ""
    assert client.get("/iclr2025/travel/airports/?q=z").status_code == 400


@pytest.mark.parametrize("size", [1, 50, 300])
def test_the_applicants_page_costs_the_same_whatever_others_do(client, edition, student, cost_of, size):
    for _ in range(size):
        ApplicationFactory(edition=edition)
    ApplicationFactory(edition=edition, user=student)
    client.get(PAGE)
    with cost_of() as cost:
        assert client.get(PAGE).status_code == 200
    assert cost.queries <= 14
    assert cost.objects <= 12


# --- On the page of an author's paper ---------------------------------------------------------------


@pytest.fixture
def paper_page(edition, student):
    paper = SubmissionFactory(edition=edition, created_by=student)
    return f"/iclr2025/submissions/{paper.public_id}/"


def test_the_page_of_a_paper_offers_travel_support_to_its_author(client, paper_page):
    assert "Apply for travel support" in client.get(paper_page).text


def test_it_says_how_the_authors_own_application_stands(client, edition, student, paper_page):
    ApplicationFactory(edition=edition, user=student, state="offered")
    words = client.get(paper_page).text
    assert "Offered" in words
    assert "See the offer" in words


def test_it_says_nothing_of_travel_support_to_an_organiser(client, edition, student, paper_page):
    ApplicationFactory(edition=edition, user=student)
    organiser = RoleFactory(edition=edition, name="organiser").user
    client.force_login(organiser)
    page = client.get(paper_page)
    assert page.status_code == 200
    assert "travel-heading" not in page.text


def test_costs_dates_and_the_least_amount_are_kept_in_minor_units(client, edition, student):
    client.post(PAGE)
    more = {
        "cost_transport": "900.50", "cost_lodging": "300", "least": "400", "without": "maybe", "wants_letter": "on",
        "arrives_on": "2025-04-26", "leaves_on": "2025-04-29", "preferred_name": "Ada",
    }  # fmt: skip
    save(client, student, amount="1000", **more)
    row = own(student)
    assert row.costs == {"transport": 90_050, "lodging": 30_000}
    assert (row.costs_minor, row.least_minor, row.without, row.wants_letter) == (120_050, 40_000, "maybe", True)
    form = client.get(PAGE).context["form"]
    assert (form["cost_transport"].value(), form["least"].value()) == ("900.50", "400")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"amount": "300", "least": "400"}, "cannot be more than what you ask for"),
        ({"amount": "", "least": "400"}, "cannot be more than what you ask for"),
        ({"cost_visa": "-5"}, "Write"),
        ({"cost_visa": "0"}, "above zero"),
        ({"arrives_on": "2025-04-29", "leaves_on": "2025-04-26"}, "cannot be before the arrival"),
    ],
)
def test_what_cannot_be_is_told_and_the_rest_is_saved(client, edition, student, fields, words):
    client.post(PAGE)
    before = {"arrives_on": "2025-04-20", "leaves_on": "2025-04-21", "amount": "500", "least": "100"}
    save(client, student, **before)
    response = save(client, student, **{**before, "benefit": "Something new.", **fields})
    assert response.status_code == 422
    assert words in response.text
    row = own(student)
    assert (row.benefit, row.amount_minor, row.least_minor) == ("Something new.", 50_000, 10_000)
    assert row.arrives_on.day == 20
