"""The pages on which organisers edit their edition, for those who may and those who may not."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from ml4rs.editions.forms import ItemForm
from ml4rs.editions.models import (
    Edition,
    Milestone,
    Person,
    Question,
    Role,
    Sponsor,
    SponsorTier,
    TextBlock,
    Topic,
    Track,
    TrackFile,
)
from ml4rs.editions.sections import SECTIONS
from ml4rs.editions.tests.factories import (
    EditionFactory,
    MilestoneFactory,
    PersonFactory,
    RoleFactory,
    TextBlockFactory,
    TopicFactory,
    TrackFactory,
    UserFactory,
)
from ml4rs.editions.tests.test_pictures import upload
from ml4rs.editions.wording import CONSTRAINT_WORDS

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition():
    return EditionFactory(slug="iclr2025")


@pytest.fixture
def organiser(edition):
    return RoleFactory(edition=edition, name="organiser").user


@pytest.fixture
def desk(client, organiser):
    """An organiser's browser: `desk.get("topics/")` is relative to the editing pages."""
    client.force_login(organiser)
    return Desk(client)


class Desk:
    BASE = "/iclr2025/organise/edition/"

    def __init__(self, client):
        self.client = client

    def get(self, path=""):
        return self.client.get(self.BASE + path)

    def post(self, path, **data):
        return self.client.post(self.BASE + path, data)

    def form(self, path):
        """What the form of a page would send if it were submitted untouched."""
        return untouched(self.get(path).context["form"])


def untouched(form) -> dict:
    sent = {}
    for bound in form:
        value = bound.value()
        if value is None or value is False:
            continue
        sent[bound.html_name] = "on" if value is True else value
    return sent


def filled(edition):
    """An edition with a row of every kind; its rows by section."""
    track = TrackFactory(edition=edition)
    tier = SponsorTier.objects.create(edition=edition, slug="gold", name="Gold", amount_minor=500_00, currency="USD")
    return {
        "dates": MilestoneFactory(edition=edition),
        "tracks": track,
        "files": track.files.get(),
        "questions": Question.objects.create(
            track=track, key="data", label="Which data?", kind="choice", choices=["Optical", "Radar"]
        ),
        "topics": TopicFactory(edition=edition),
        "roles": RoleFactory(edition=edition, name="schedule_editor"),
        "people": PersonFactory(edition=edition),
        "tiers": tier,
        "sponsors": Sponsor.objects.create(tier=tier, name="Acme"),
        "texts": TextBlockFactory(edition=edition, key="about"),
    }


def every_path(rows):
    yield from ("", "basics/", "next/")
    for slug, row in rows.items():
        yield from (f"{slug}/", f"{slug}/add/", f"{slug}/{row.public_id}/remove/")
        if SECTIONS[slug].editable:
            yield f"{slug}/{row.public_id}/"


def test_an_organiser_opens_every_page(desk, edition):
    for path in every_path(filled(edition)):
        page = desk.get(path)
        assert page.status_code == 200, path
        assert page.content.decode().count("<h1") == 1, path


def test_for_everybody_else_the_pages_do_not_exist(client, edition, organiser):
    paths = list(every_path(filled(edition)))
    others = [UserFactory(), RoleFactory(name="organiser").user]
    others += [
        RoleFactory(edition=edition, name=name).user for name in ("reviewer", "grants_officer", "schedule_editor")
    ]
    for user in others:
        client.force_login(user)
        for path in paths:
            assert client.get(Desk.BASE + path).status_code == 404, (user, path)
            refusal = 404 if (path and path.count("/") > 1) or path in ("basics/", "next/") else 405
            assert client.post(Desk.BASE + path, {"name": "Mine"}).status_code == refusal, (user, path)
    assert not Topic.objects.filter(name="Mine").exists()


def test_a_stranger_is_sent_to_sign_in(client, edition):
    for path in every_path(filled(edition)):
        answer = client.get(Desk.BASE + path)
        assert (answer.status_code, answer.url) == (302, f"/accounts/login/?next={Desk.BASE}{path}")


def test_rows_of_another_edition_are_not_found_through_ones_own(desk):
    for slug, row in filled(EditionFactory()).items():
        for path in (f"{slug}/{row.public_id}/", f"{slug}/{row.public_id}/remove/"):
            assert desk.get(path).status_code == 404
            assert desk.post(path, name="Mine").status_code == 404
        assert desk.post(f"{slug}/{row.public_id}/move/", to="up").status_code == 404
        assert type(row).objects.filter(pk=row.pk).exists()


def test_nonsense_gets_a_plain_refusal(desk, edition):
    topic = TopicFactory(edition=edition)
    assert desk.get("nonsense/").status_code == 404
    assert desk.get("topics/999999/").status_code == 404
    assert desk.post(f"topics/{topic.public_id}/move/", to="sideways").status_code == 404
    assert desk.get(f"topics/{topic.public_id}/move/").status_code == 405
    assert desk.post("topics/").status_code == 405
    assert desk.get("dates/999999/undo/").status_code == 405
    assert desk.post("dates/999999/undo/").status_code == 404


@pytest.mark.parametrize("slug", [slug for slug, section in SECTIONS.items() if section.editable])
def test_a_form_that_is_sent_back_untouched_changes_nothing(slug, desk, edition):
    row = filled(edition)[slug]
    before = {field.name: field.value_from_object(row) for field in row._meta.concrete_fields}
    answer = desk.client.post(f"{Desk.BASE}{slug}/{row.public_id}/", desk.form(f"{slug}/{row.public_id}/"))
    assert answer.status_code == 302, answer.context["form"].errors
    row.refresh_from_db()
    assert {field.name: field.value_from_object(row) for field in row._meta.concrete_fields} == before


def test_an_organiser_adds_edits_moves_and_removes_a_topic(desk, edition):
    TopicFactory(edition=edition, name="First")
    assert desk.post("topics/add/", name="Floods & fires", area="Hazards").status_code == 302
    topic = Topic.objects.get(name="Floods & fires")
    assert topic.slug == "floods-fires"
    sent = desk.form(f"topics/{topic.public_id}/")
    desk.client.post(f"{Desk.BASE}topics/{topic.public_id}/", {**sent, "name": "Floods"})
    assert f"/topics/{topic.public_id}/move/" in desk.get("topics/").content.decode()
    desk.post(f"topics/{topic.public_id}/move/", to="up")
    assert [each.name for each in edition.topics.all()] == ["Floods", "First"]
    page = desk.get(f"topics/{topic.public_id}/remove/")
    desk.post(f"topics/{topic.public_id}/remove/", seen=page.context["seen"])
    assert [each.name for each in edition.topics.all()] == ["First"]


def test_two_organisers_at_one_row_are_shown_both_versions(desk, edition):
    topic = TopicFactory(edition=edition, name="Floods", area="Water")
    path = f"topics/{topic.public_id}/"
    mine = {**desk.form(path), "name": "Droughts"}
    Topic.objects.filter(pk=topic.pk).update(name="Fires")
    page = desk.client.post(Desk.BASE + path, mine)
    assert page.context["form"].stored_instead == [("Name", "Fires", "Droughts")]
    assert "Nothing of yours is stored yet" in page.content.decode()
    assert Topic.objects.get().name == "Fires"
    again = untouched(page.context["form"])
    assert desk.client.post(Desk.BASE + path, again).status_code == 302
    assert Topic.objects.get().name == "Droughts"


def test_what_has_no_order_of_its_own_offers_no_moving(desk, edition):
    text = TextBlockFactory(edition=edition)
    assert "/move/" not in desk.get("texts/").content.decode()
    assert desk.post(f"texts/{text.public_id}/move/", to="up").status_code == 404


def test_a_row_that_changed_is_not_removed_unseen(desk, edition):
    topic = TopicFactory(edition=edition)
    seen = desk.get(f"topics/{topic.public_id}/remove/").context["seen"]
    Topic.objects.update(name="Something else")
    assert "changed by somebody else" in desk.post(f"topics/{topic.public_id}/remove/", seen=seen).content.decode()
    assert Topic.objects.exists()


def test_the_confirmation_says_what_goes_along(desk, edition):
    rows = filled(edition)
    MilestoneFactory(edition=edition, track=rows["tracks"], kind="review")
    page = desk.get(f"tracks/{rows['tracks'].public_id}/remove/").content.decode()
    assert "1 milestone" in page
    assert "1 track file" in page


# --- broken rules in words -----------------------------------------------------------------------------------


def test_every_constraint_of_an_edited_row_has_words():
    edited = {s.form._meta.model for s in SECTIONS.values() if issubclass(s.form, ItemForm)} | {Edition}
    names = {constraint.name for model in edited for constraint in model._meta.constraints}
    assert names == set(CONSTRAINT_WORDS)


@pytest.mark.parametrize(
    ("path", "data", "field", "words"),
    [
        ("topics/add/", {"name": "SAR", "slug": "taken"}, "slug", "Another topic has this address"),
        ("tracks/add/", {"name": "X", "kind": "paper", "is_reviewed": "on", "references": "free", "appendix": "free",
                         "acknowledgements": "free", "blind": "double"}, "reviews_per_paper", "needs a number"),
        ("tiers/add/", {"name": "Silver", "amount": "100"}, "currency", "needs its currency"),
        ("tiers/add/", {"name": "Silver", "amount": "100", "currency": "dollars"}, "currency", "at most 3 characters"),
        ("texts/add/", {"key": "about", "body": "Text"}, "key", "There is a text for this place already"),
        ("dates/add/", {"kind": "submission", "when": "open"}, "kind", "The edition has this date already"),
        ("dates/add/", {"kind": "review", "when": "aoe"}, "day", "Choose the day"),
        ("dates/add/", {"kind": "review", "when": "venue", "day": "2025-02-10"}, "at", "Write the time"),
        ("people/add/", {"kind": "keynote", "name": "Known"}, "name", "has this part already"),
        ("basics/", {"starts_on": "2025-04-27", "ends_on": "2025-04-26"}, "ends_on", "cannot be before the first"),
        ("basics/", {"is_current": "on"}, "is_current", "open to the public"),
    ],
)  # fmt: skip
def test_a_broken_rule_is_told_at_its_field(desk, edition, path, data, field, words):
    rows = filled(edition)
    Topic.objects.filter(pk=rows["topics"].pk).update(slug="taken")
    Person.objects.filter(pk=rows["people"].pk).update(name="Known")
    page = desk.post(path, **data)
    assert page.status_code == 200
    assert words in str(page.context["form"].errors[field])


def test_a_sponsor_cannot_join_another_editions_tier(desk):
    tier = SponsorTier.objects.create(edition=EditionFactory(), slug="gold", name="Gold")
    page = desk.post("sponsors/add/", tier=tier.pk, name="Acme")
    assert "tier" in page.context["form"].errors
    assert not Sponsor.objects.exists()


def test_a_track_without_review_needs_no_number_of_reviews(desk, edition):
    desk.post("tracks/add/", name="Bonus", kind="slide", references="free", appendix="free", acknowledgements="free",
              blind="none", reviews_per_paper="3", presentations=["slide"])  # fmt: skip
    track = Track.objects.get()
    assert (track.is_reviewed, track.reviews_per_paper, track.presentations) == (False, None, ["slide"])


# --- basics --------------------------------------------------------------------------------------------------


def test_the_basics_are_changed_and_may_be_unknown(desk, edition):
    sent = {**desk.form("basics/"), "host": "ICLR 2026", "starts_on": "", "ends_on": "", "venue": ""}
    assert desk.client.post(f"{Desk.BASE}basics/", sent).status_code == 302
    edition.refresh_from_db()
    assert (edition.host, edition.starts_on, edition.slug) == ("ICLR 2026", None, "iclr2025")


def test_the_front_page_is_taken_only_from_an_edition_that_one_organises_too(desk, edition, organiser):
    other = EditionFactory(is_current=True)
    sent = {**desk.form("basics/"), "is_current": "on"}
    page = desk.client.post(f"{Desk.BASE}basics/", sent)
    assert "must hand over the front page" in page.content.decode()
    RoleFactory(edition=other, user=organiser, name="organiser")
    assert desk.client.post(f"{Desk.BASE}basics/", sent).status_code == 302
    assert Edition.objects.get(is_current=True) == edition


# --- dates ---------------------------------------------------------------------------------------------------


def test_a_day_anywhere_on_earth_becomes_the_right_instant(desk):
    desk.post("dates/add/", kind="submission", when="aoe", day="2025-02-10", grace_minutes="30", is_public="on")
    milestone = Milestone.objects.get()
    assert milestone.instant == datetime(2025, 2, 11, 11, 59, 59, tzinfo=UTC)
    assert (milestone.aoe, milestone.whole_day, milestone.grace) == (True, False, timedelta(minutes=30))


def test_a_time_at_the_venue_is_read_in_its_zone(desk):
    desk.post("dates/add/", kind="submission", when="venue", day="2025-02-10", at="18:30")
    assert Milestone.objects.get().instant == datetime(2025, 2, 10, 10, 30, tzinfo=UTC)


def test_a_deadline_at_2359_lasts_until_the_day_is_over(desk):
    desk.post("dates/add/", kind="submission", when="venue", day="2025-02-10", at="23:59")
    assert Milestone.objects.get().instant == datetime(2025, 2, 10, 15, 59, 59, tzinfo=UTC)


def test_a_time_that_does_not_exist_is_answered_in_words(desk, edition):
    Edition.objects.update(time_zone="Europe/Vienna")
    page = desk.post("dates/add/", kind="submission", when="venue", day="2025-03-30", at="02:30")
    assert "the clocks skip it" in str(page.context["form"].errors["at"])


def test_moving_a_date_is_shown_and_can_be_undone(desk, edition):
    milestone = MilestoneFactory(edition=edition)
    path = f"dates/{milestone.public_id}/"
    desk.client.post(Desk.BASE + path, {**desk.form(path), "day": "2025-02-17"})
    milestone.refresh_from_db()
    assert milestone.instant.date() == date(2025, 2, 18)
    assert milestone.revision == 2
    assert "Moved from" in desk.get("dates/").content.decode()
    desk.post(f"{path}undo/")
    milestone.refresh_from_db()
    assert (milestone.instant.date(), milestone.previous_instant) == (date(2025, 2, 11), None)
    assert "Undo" not in desk.get("dates/").content.decode()
    assert desk.post(f"{path}undo/").status_code == 403


def test_a_date_can_be_taken_back_to_unknown(desk, edition):
    milestone = MilestoneFactory(edition=edition)
    path = f"dates/{milestone.public_id}/"
    desk.client.post(Desk.BASE + path, {**desk.form(path), "when": "open"})
    milestone.refresh_from_db()
    assert (milestone.instant, milestone.aoe) == (None, False)
    assert "To be confirmed" in desk.get("dates/").content.decode()


def test_renaming_a_date_does_not_move_it(desk, edition):
    milestone = MilestoneFactory(edition=edition, instant=datetime(2025, 2, 11, 3, 4, 5, tzinfo=UTC), aoe=False)
    path = f"dates/{milestone.public_id}/"
    desk.client.post(Desk.BASE + path, {**desk.form(path), "label": "Papers due"})
    milestone.refresh_from_db()
    assert (milestone.label, milestone.instant.second, milestone.revision) == ("Papers due", 5, 1)


# --- roles ---------------------------------------------------------------------------------------------------


def test_a_role_is_given_to_an_address_and_taken_away(desk, edition, mails):
    desk.post("roles/add/", name="grants_officer", address="Grace@Example.org")
    role = Role.objects.get(name="grants_officer")
    assert (role.user, role.email) == (None, "grace@example.org")
    assert "grace@example.org" in desk.get("roles/").content.decode()
    desk.post(f"roles/{role.public_id}/remove/")
    assert not Role.objects.filter(pk=role.pk).exists()


def test_reviewers_are_not_made_here(desk, edition):
    reviewer = RoleFactory(edition=edition, name="reviewer")
    assert "name" in desk.post("roles/add/", name="reviewer", address="r@example.org").context["form"].errors
    assert reviewer.user.email not in desk.get("roles/").content.decode()
    assert desk.post(f"roles/{reviewer.public_id}/remove/").status_code == 404


def test_the_last_organiser_cannot_leave(desk, organiser):
    own = Role.objects.get(user=organiser)
    assert "last organiser" in desk.post(f"roles/{own.public_id}/remove/").content.decode()
    assert Role.objects.filter(pk=own.pk).exists()


# --- pictures, texts, next edition ---------------------------------------------------------------------------


def test_a_portrait_is_kept_small_and_can_be_removed(desk, edition):
    sent = {"kind": "keynote", "name": "Ada Lovelace", "picture": upload()}
    assert desk.post("people/add/", **sent).status_code == 302
    person = Person.objects.get()
    assert re.fullmatch(r"portraits/[a-z0-9]{12}\.jpg", person.portrait.name)
    path = f"people/{person.public_id}/"
    desk.client.post(Desk.BASE + path, {**desk.form(path), "remove_picture": "on"})
    person.refresh_from_db()
    assert not person.portrait


def test_a_logo_that_is_no_picture_is_refused(desk, edition):
    tier = SponsorTier.objects.create(edition=edition, slug="gold", name="Gold")
    svg = SimpleUploadedFile("logo.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>")
    page = desk.post("sponsors/add/", tier=tier.pk, name="Acme", picture=svg)
    assert "PNG, JPEG or WebP" in str(page.context["form"].errors["picture"])


def test_an_amount_is_kept_in_the_minor_unit(desk):
    desk.post("tiers/add/", name="Gold", amount="1234.50", currency="usd")
    tier = SponsorTier.objects.get()
    assert (tier.amount_minor, tier.currency, tier.slug) == (123450, "USD", "gold")
    assert desk.form(f"tiers/{tier.public_id}/")["amount"] == "1234.50"


def test_a_text_is_previewed_before_it_is_stored(desk, edition):
    page = desk.post("texts/add/", key="about", body="**At** {{ host }} <script>x</script>", preview="1")
    html = page.content.decode()
    assert "<strong>At</strong> ICLR 2025" in html
    assert "<script>x" not in html
    assert not TextBlock.objects.exists()
    desk.post("texts/add/", key="about", body="**At**\r\n{{ host }}")
    assert TextBlock.objects.get().body == "**At**\n{{ host }}"


def test_the_next_edition_is_started_and_hidden(desk, client, edition):
    TrackFactory(edition=edition, slug="tiny")
    answer = desk.post("next/", slug="iclr2026", host="ICLR 2026", starts_on="2026-04-26")
    assert answer.url == "/iclr2026/organise/edition/"
    assert desk.client.get(answer.url).status_code == 200
    client.force_login(UserFactory())
    assert client.get("/iclr2026/").status_code == 404


@pytest.mark.parametrize("slug", ["iclr2025", "accounts", "admin", "Not A Slug", ""])
def test_an_address_that_is_taken_or_odd_is_refused(slug, desk, edition):
    assert "slug" in desk.post("next/", slug=slug, host="").context["form"].errors


def test_whoever_runs_the_site_starts_the_next_edition(client, edition):
    client.force_login(UserFactory(is_superuser=True))
    assert client.get(f"{Desk.BASE}next/").status_code == 200
    assert client.get(Desk.BASE).status_code == 404


# --- what pages cost -----------------------------------------------------------------------------------------


def add_many(edition, slug: str, numbers: range) -> None:
    tier = edition.sponsor_tiers.first()
    if slug in ("dates", "files"):  # one of a kind in each track
        add_many(edition, "tracks", numbers)
    tracks = {track.slug: track for track in edition.tracks.all()}
    made = {
        "dates": lambda n: Milestone(edition=edition, kind="review", track=tracks[f"n{n}"]),
        "files": lambda n: TrackFile(track=tracks[f"n{n}"], kind="poster", types=["pdf"]),
        "questions": lambda n: Question(track=next(iter(tracks.values())), key=f"n{n}", label=f"N{n}"),
        "topics": lambda n: Topic(edition=edition, slug=f"n{n}", name=f"N{n}"),
        "people": lambda n: Person(edition=edition, kind="keynote", name=f"N{n}"),
        "sponsors": lambda n: Sponsor(tier=tier, name=f"N{n}"),
        "texts": lambda n: TextBlock(edition=edition, key=f"n{n}", body="x"),
        "tracks": lambda n: Track(edition=edition, slug=f"n{n}", name=f"N{n}", reviews_per_paper=3),
        "tiers": lambda n: SponsorTier(edition=edition, slug=f"n{n}", name=f"N{n}"),
        "roles": lambda n: Role(edition=edition, name="organiser", email=f"n{n}@example.org"),
    }[slug]
    rows = [made(n) for n in numbers]
    type(rows[0]).objects.bulk_create(rows)


@pytest.mark.parametrize("slug", SECTIONS)
def test_a_list_takes_the_same_few_queries_at_1_50_and_300_rows(slug, desk, edition, cost_of):
    filled(edition)
    costs = []
    for numbers in (range(1), range(1, 50), range(50, 300)):
        add_many(edition, slug, numbers)
        with cost_of() as cost:
            assert desk.get(f"{slug}/").status_code == 200
        costs.append(cost)
    assert [cost.queries for cost in costs] == [costs[0].queries] * 3
    assert costs[0].queries <= 12
    per_row = 4 if slug == "dates" else 2  # a row and what it is joined with; the frame of every page knows the dates
    assert costs[2].objects - costs[1].objects <= per_row * 250


def test_the_key_of_a_question_stays_since_answers_are_kept_under_it(desk, edition):
    question = filled(edition)["questions"]
    sent = {**desk.form(f"questions/{question.public_id}/"), "key": "other", "label": "Which images?"}
    desk.client.post(f"{Desk.BASE}questions/{question.public_id}/", sent)
    question.refresh_from_db()
    assert (question.key, question.label) == ("data", "Which images?")
