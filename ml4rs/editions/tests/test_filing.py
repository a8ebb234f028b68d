"""An edition from its file: what loads, what changes, what stays, what refuses to go."""

from datetime import UTC, date, datetime

import pytest

from ml4rs.audit.models import Entry
from ml4rs.editions.filing import CannotLoadError, dump
from ml4rs.editions.models import Edition, Role, Sponsor
from ml4rs.editions.tests.factories import EditionFactory, RoleFactory, UserFactory
from ml4rs.editions.tests.small_edition import SMALL, load_text
from submissions.tests.factories import SubmissionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def toy() -> Edition:
    return load_text(SMALL).edition


def told(loaded) -> list[str]:
    return [line for each in loaded.differences for line in each.lines()]


# --- Loading ------------------------------------------------------------------------------------


def test_a_file_becomes_an_edition(toy):
    assert (toy.name, toy.starts_on, toy.time_zone, toy.venue) == (
        "Toy workshop",
        date(2030, 5, 4),
        "Africa/Nairobi",
        "",
    )
    track = toy.tracks.get()
    assert (track.page_limit, track.is_reviewed, track.reviews_per_paper) == (4, True, 3)
    assert track.files.get().types == ["pdf"]
    assert [topic.slug for topic in toy.topics.all()] == ["a", "b"]
    gold, silver = toy.sponsor_tiers.all()
    assert (gold.amount_minor, silver.amount_minor, gold.currency) == (300_000, 100_050, "EUR")
    assert Sponsor.objects.get().tier == gold


def test_days_anywhere_on_earth_and_times_at_the_venue_become_instants(toy):
    submission, review = toy.milestones.all()
    assert submission.instant == datetime(2030, 2, 11, 11, 59, 59, tzinfo=UTC)
    assert submission.aoe
    assert review.instant == datetime(2030, 3, 1, 9, 0, tzinfo=UTC)
    assert not review.whole_day


def test_loading_twice_changes_nothing_and_writes_nothing(toy, django_assert_max_num_queries):
    entries = Entry.objects.count()
    again = load_text(SMALL)
    assert again.differences == []
    assert not again.created
    assert Entry.objects.count() == entries


def test_rows_keep_their_identity_through_a_change(toy):
    person, track = toy.people.get(), toy.tracks.get()
    loaded = load_text(
        SMALL.replace("affiliation: Institute", "affiliation: University").replace("limit: 4", "limit: 6")
    )
    assert told(loaded) == [
        "changed   tracks[papers].page_limit: “4” → “6”",
        "changed   people.keynote[Wangari Example].affiliation: “Institute” → “University”",
    ]
    assert toy.people.get() == person
    assert toy.people.get().public_id == person.public_id
    assert toy.tracks.get() == track


def test_a_dry_run_tells_the_same_and_changes_nothing(toy):
    changed = SMALL.replace("Topic B", "Topic Z").replace("2030-02-10", "2030-02-17")
    tried = load_text(changed, dry_run=True)
    assert told(tried) == [
        "changed   milestones[submission].date: “2030-02-10” → “2030-02-17”",
        "changed   topics[b].name: “Topic B” → “Topic Z”",
    ]
    assert toy.topics.get(slug="b").name == "Topic B"
    assert load_text(changed).differences == tried.differences
    assert toy.topics.get(slug="b").name == "Topic Z"


def test_a_dry_run_of_a_new_edition_leaves_none(db):
    assert load_text(SMALL, dry_run=True).created
    assert not Edition.objects.exists()


def test_a_section_left_out_stays_and_an_empty_one_empties(toy):
    basics = SMALL[: SMALL.index("tracks:")]
    load_text(basics)
    assert toy.topics.count() == 2
    assert told(load_text(basics + "topics: []\n")) == [
        "removed   topics[a]: “Topic A”",
        "removed   topics[b]: “Topic B”",
    ]
    assert not toy.topics.exists()
    assert toy.tracks.exists()


def test_the_order_of_the_list_is_the_order_of_the_page(toy):
    swapped = SMALL.replace("{slug: a, name: Topic A}", "{slug: x, name: X}").replace("slug: b", "slug: a")
    swapped = swapped.replace("slug: x, name: X", "slug: b, name: Topic B").replace(
        "a, name: Topic B", "a, name: Topic A"
    )
    assert told(load_text(swapped)) == ["reordered topics"]
    assert [topic.slug for topic in toy.topics.all()] == ["b", "a"]


def test_a_moved_date_counts_as_a_move_and_shows_the_old_one_only_if_told(toy):
    load_text(SMALL.replace("2030-02-10,", "2030-02-17,"))
    moved = toy.milestones.get(kind="submission")
    assert (moved.revision, moved.previous_instant, moved.before_move) == (2, None, None)
    load_text(SMALL.replace("2030-02-10,", "2030-02-17, moved_from: 2030-02-10 23:59,"))
    moved.refresh_from_db()
    assert moved.previous_instant == datetime(2030, 2, 11, 11, 59, 59, tzinfo=UTC)
    assert moved.revision == 2


def test_a_long_text_is_compared_line_by_line(toy):
    long = "First line that stays\\n\\nSecond line that goes\\n\\nThird line that stays as it is"
    load_text(SMALL.replace("Hello", f'"{long}"'))
    lines = told(load_text(SMALL.replace("Hello", f'"{long.replace("goes", "came")}"')))
    assert [line.strip() for line in lines] == [
        "changed   texts.about.body",
        "-Second line that goes",
        "+Second line that came",
    ]


def test_a_sponsor_that_gives_more_stays_the_same_sponsor(toy):
    sponsor = Sponsor.objects.get()
    silver = SMALL.replace("    sponsors: [{name: Sensors Ltd}]\n", "").replace(
        "amount: 1000.50 EUR}", "amount: 1000.50 EUR, sponsors: [{name: Sensors Ltd}]}"
    )
    load_text(silver)
    assert Sponsor.objects.get() == sponsor
    assert Sponsor.objects.get().tier.slug == "silver"


def test_a_new_current_edition_takes_the_front_page(toy):
    other = EditionFactory(is_current=True, slug="old")
    loaded = load_text(SMALL.replace("time_zone", "public: true\n  current: true\n  time_zone"))
    assert loaded.notes == ["“old” is no longer the current edition."]
    other.refresh_from_db()
    assert not other.is_current
    assert Edition.objects.get(is_current=True).slug == "toy"


def test_what_was_loaded_stands_in_the_log(toy):
    load_text(SMALL.replace("Topic B", "Topic Z"))
    entry = Entry.objects.filter(verb="edition.loaded").order_by("-pk").first()
    assert entry.details["changes"] == ["changed   topics[b].name: “Topic B” → “Topic Z”"]


# --- What may not go ----------------------------------------------------------------------------


def test_a_track_with_papers_stays_and_nothing_else_changes_either(toy):
    SubmissionFactory(track=toy.tracks.get())
    without = SMALL.replace("slug: papers", "slug: other").replace("Topic B", "Topic Z")
    with pytest.raises(CannotLoadError, match=r"track “Papers” is no longer in the file.*1 submission refers to it"):
        load_text(without)
    assert toy.tracks.get().slug == "papers"
    assert toy.topics.get(slug="b").name == "Topic B"


def test_a_topic_that_somebody_chose_stays(toy):
    SubmissionFactory(track=toy.tracks.get()).topics.add(toy.topics.get(slug="b"))
    with pytest.raises(CannotLoadError, match=r"topic “Topic B”.*1 submission refers to it"):
        load_text(SMALL.replace("  - {slug: b, name: Topic B}\n", ""))
    load_text(SMALL.replace("  - {slug: a, name: Topic A}\n", ""))
    assert [topic.slug for topic in toy.topics.all()] == ["b"]


def test_a_track_of_another_file_section_must_be_there(toy):
    basics = SMALL[: SMALL.index("tracks:")]
    with pytest.raises(CannotLoadError, match="track “posters”, which is not there"):
        load_text(basics + "milestones:\n  - {kind: review, track: posters, date: 2030-01-01}\n")


# --- Roles --------------------------------------------------------------------------------------


def test_roles_go_to_whoever_has_the_address_and_wait_for_others(toy):
    user = UserFactory(email="chair@example.org")
    load_text(SMALL + "roles:\n  organiser: [Chair@example.org, later@example.org]\n")
    assert set(toy.roles.values_list("user", "email")) == {(user.pk, ""), (None, "later@example.org")}
    assert load_text(SMALL + "roles:\n  organiser: [chair@example.org, later@example.org]\n").differences == []


def test_roles_are_left_alone_without_the_section_and_written_only_on_demand(toy):
    RoleFactory(edition=toy, user=UserFactory(email="chair@example.org"))
    load_text(SMALL)
    assert toy.roles.count() == 1
    assert "roles" not in dump(toy)
    assert dump(toy, roles=True)["roles"]["organiser"] == ["chair@example.org"]


def test_the_last_organiser_who_can_sign_in_is_not_lost(toy):
    RoleFactory(edition=toy)
    with pytest.raises(CannotLoadError, match="the edition needs an organiser"):
        load_text(SMALL + "roles:\n  organiser: [later@example.org]\n")
    assert Role.objects.get(edition=toy).user is not None
