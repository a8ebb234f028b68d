"""The letter of invitation: for whoever accepted an offer, with what an embassy asks for."""

from datetime import UTC, date, datetime

import pypdfium2
import pytest

from ml4rs.editions.models import TextBlock
from ml4rs.editions.tests.factories import EditionFactory, PersonFactory, RoleFactory, TrackFactory, UserFactory
from submissions.tests.factories import AuthorshipFactory, SubmissionFactory
from travel.models import Offer
from travel.tests.factories import ApplicationFactory, PoolFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2025, 4, 1, 12, tzinfo=UTC)
LETTER = "/iclr2025/travel/letters/invitation.pdf"


@pytest.fixture(autouse=True)
def _clock(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def offer():
    edition = EditionFactory(
        slug="iclr2025", starts_on=date(2025, 4, 27), ends_on=date(2025, 4, 28), venue="Expo", city="Singapore"
    )
    PersonFactory(edition=edition, kind="organiser", name="Olga Organiser")
    row = ApplicationFactory(
        edition=edition, legal_name="Łucja Nguyễn-Ковач", institution="Coastal University", will_present=True
    )
    paper = SubmissionFactory(track=TrackFactory(edition=edition), accepted=True, title="Reeds from space")
    AuthorshipFactory(submission=paper, user=row.user)
    officer = RoleFactory(edition=edition, name="grants_officer").user
    return Offer.objects.create(
        application=row, pool=PoolFactory(edition=edition), amount_minor=120_000, currency="EUR",
        state="accepted", offered_by=officer, offered_at=NOW, answered_at=NOW,
    )  # fmt: skip


def words_of(response) -> str:
    with pypdfium2.PdfDocument(response.content) as document:
        return " ".join(document[0].get_textpage().get_text_bounded().split())


def test_it_says_who_is_invited_where_when_and_with_which_grant(client, offer):
    client.force_login(offer.application.user)
    response = client.get(LETTER)
    assert response["Content-Type"] == "application/pdf"
    text = words_of(response)
    for words in (
        "Łucja Nguyễn-Ковач of Coastal University", "27 April to 28 April 2025", "Expo, Singapore", "1,200",
        "“Reeds from space”", "Olga Organiser", f"Reference {offer.public_id}", "1 April 2025",
    ):  # fmt: skip
        assert words in text


def test_the_editions_own_words_are_used_and_a_wrong_variable_shows(client, offer):
    body = "Dear {{ legal_name }}, come to {{ city }}. {{ nonsense }}"
    TextBlock.objects.create(edition=offer.pool.edition, key="invitation", body=body)
    client.force_login(offer.application.user)
    assert "Dear Łucja Nguyễn-Ковач, come to Singapore. {{ nonsense }}" in words_of(client.get(LETTER))


def test_an_undecided_paper_is_not_in_the_letter(client, offer):
    paper = SubmissionFactory(track=TrackFactory(edition=offer.pool.edition), title="Undecided paper")
    AuthorshipFactory(submission=paper, user=offer.application.user)
    client.force_login(offer.application.user)
    assert "Undecided" not in words_of(client.get(LETTER))


@pytest.mark.parametrize("state", ["open", "declined", "revoked", "expired"])
def test_without_an_accepted_offer_there_is_no_letter(client, offer, state):
    Offer.objects.update(state=state)
    client.force_login(offer.application.user)
    assert client.get(LETTER).status_code == 404
    assert "Letter of invitation" not in client.get("/iclr2025/travel/application/").text


def test_it_is_the_grantees_own(client, offer):
    assert client.get(LETTER).status_code == 302
    client.force_login(UserFactory())
    assert client.get(LETTER).status_code == 404
    client.force_login(offer.application.user)
    assert "Letter of invitation" in client.get("/iclr2025/travel/application/").text
