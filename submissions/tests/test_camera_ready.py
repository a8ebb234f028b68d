"""From acceptance to publishing: what the camera-ready version needs, what changed, and conditions."""

import pytest
import time_machine
from django.urls import reverse

from ml4rs.editions.models import Edition, Question, TrackFile
from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.tests.factories import RoleFactory, UserFactory
from ml4rs.editions.viewer import Viewer
from reviews.tests.factories import AssignmentFactory, ReviewerFactory
from submissions import actions
from submissions.actions import AuthorDetails, FinalTexts
from submissions.models import CameraReady, Submission
from submissions.queries.final import final_of
from submissions.registering import duties
from submissions.tests.conftest import LATER, checked, pdf_file
from submissions.tests.pdfs import make_pdf

pytestmark = pytest.mark.usefixtures("mails")
CONDITIONS = "Report the test score of every region."


@pytest.fixture
def later(author, at):
    """The author, after acceptance."""
    return at(author, LATER)


@pytest.fixture
def chair(accepted):
    return Viewer.of(RoleFactory(edition=accepted.edition).user, Edition.objects.get(), LATER)


@pytest.fixture
def conditional(accepted):
    Submission.objects.filter(pk=accepted.pk).update(conditions=CONDITIONS)
    return Submission.objects.get(pk=accepted.pk)


@pytest.fixture
def licence(track):
    return Question.objects.create(
        track=track, key="licence", label="Licence", kind="choice", choices=["CC BY 4.0", "CC BY-NC 4.0"],
        stage="camera_ready", required=True,
    )  # fmt: skip


@pytest.fixture
def open_papers(accepted):
    Edition.objects.update(papers_public=True)


def paper_of(viewer, paper):
    return Submission.objects.seen_by(viewer).select_related("track", "edition").get(pk=paper.pk)


def missing(viewer, paper) -> list[str]:
    return [each.text for each in final_of(paper_of(viewer, paper)).missing]


def texts(**more) -> FinalTexts:
    return FinalTexts(**{"title": "Seeing fields from space", "abstract": "We look down.", **more})


def save(paper, viewer, **more):
    current = Submission.objects.get(pk=paper.pk)
    return actions.finalise(paper, texts(**more), by=viewer, revision=current.revision)


def hand_in(paper, viewer, **result):
    return checked(actions.upload(paper, "camera_ready", pdf_file(data=make_pdf(3)), by=viewer), **result)


def is_published(paper) -> bool:
    return Submission.objects.get(pk=paper.pk).published_at is not None


def test_the_list_names_everything_that_is_missing(later, conditional, licence, track):
    TrackFile.objects.create(track=track, kind="poster", types=["pdf"], required=True)
    TrackFile.objects.create(track=track, kind="slides", types=["pdf"])
    assert missing(later, conditional) == [
        "The poster (PDF)",
        "The camera-ready paper (PDF)",
        "An answer to “Licence”",
        "How you met the conditions of the acceptance",
    ]


def test_a_complete_paper_lacks_nothing(later, accepted, licence):
    hand_in(accepted, later)
    save(accepted, later, answers={"licence": "CC BY 4.0"}, questions=[licence])
    assert missing(later, accepted) == []


def test_a_file_that_breaks_a_rule_is_not_complete(later, accepted):
    hand_in(accepted, later, verdict="blocked")
    assert missing(later, accepted) == ["A camera-ready paper that passes the check"]


def test_a_check_that_is_wrong_is_disputed_and_let_pass_and_the_paper_published(later, accepted, chair, open_papers):
    hand_in(accepted, later, verdict="blocked")
    actions.dispute(accepted, "camera_ready", reason="It has four pages.", by=later)
    actions.answer_dispute(accepted, "camera_ready", passes=True, note="So it has.", by=chair)
    assert (missing(later, accepted), is_published(accepted)) == ([], True)


def test_what_is_due_says_what_is_missing(later, accepted, licence):
    (duty,) = duties(later)
    assert (duty.state, duty.detail) == ("open", "Still missing: The camera-ready paper (PDF) and 1 more.")
    hand_in(accepted, later)
    save(accepted, later, answers={"licence": "CC BY 4.0"}, questions=[licence])
    (duty,) = duties(later)
    assert duty.state == "done"


def test_nothing_is_published_before_it_is_complete(later, accepted, licence, open_papers):
    hand_in(accepted, later)
    assert not is_published(accepted)
    save(accepted, later, answers={"licence": "CC BY 4.0"}, questions=[licence])
    assert is_published(accepted)


def test_nothing_is_published_before_the_edition_says_so(later, accepted, chair):
    hand_in(accepted, later)
    assert not is_published(accepted)
    assert actions.publish_papers(accepted.edition, by=chair) == 1


def test_final_texts_are_shown_beside_those_that_were_reviewed(later, accepted):
    save(accepted, later, title="Seeing all fields from space", keywords="fields")
    changes = {each.label: (each.before, each.after) for each in final_of(paper_of(later, accepted)).changes}
    assert changes == {
        "Title": ("Seeing fields from space", "Seeing all fields from space"),
        "Keywords": ("", "fields"),
    }


def test_a_new_author_is_shown_as_a_change(later, accepted):
    actions.add_author(accepted, AuthorDetails("Bob Zyx", "bob@zyx.example", "Zyx Lab"), by=later)
    (change,) = final_of(paper_of(later, accepted)).changes
    assert change.after == f"{change.before}\nBob Zyx, Zyx Lab"


def test_conditions_are_answered_by_authors_and_accepted_by_an_organiser(later, conditional, chair, open_papers, mails):
    hand_in(conditional, later)
    with pytest.raises(NotAllowed, match="have not said yet"):
        actions.accept_conditions(conditional, by=chair)
    save(conditional, later, conditions_answer="In table 2.")
    assert missing(later, conditional) == ["The organisers’ word that the conditions are met"]
    assert not is_published(conditional)
    actions.accept_conditions(conditional, by=chair)
    assert (missing(later, conditional), is_published(conditional)) == ([], True)
    assert len(mails.to("ada@quux.example", "submissions.conditions_met")) == 1


def test_a_new_answer_waits_for_the_organisers_again(later, conditional, chair):
    save(conditional, later, conditions_answer="In table 2.")
    actions.accept_conditions(conditional, by=chair)
    save(conditional, later, conditions_answer="In table 3.")
    assert CameraReady.objects.get().conditions_met_at is None


@pytest.mark.parametrize(("conditions", "stays"), [(CONDITIONS, True), ("Something else.", False), ("", True)])
def test_a_corrected_decision_takes_a_paper_back_only_for_new_conditions(
    later, conditional, chair, open_papers, conditions, stays
):
    hand_in(conditional, later)
    save(conditional, later, conditions_answer="In table 2.")
    actions.accept_conditions(conditional, by=chair)
    actions.release_outcome(conditional, outcome="accepted", presentation="oral", conditions=conditions, at=LATER)
    assert (is_published(conditional), missing(later, conditional) == []) == (stays, stays)


def test_authors_cannot_accept_their_own_conditions(later, conditional):
    with pytest.raises(NotAllowed):
        actions.accept_conditions(conditional, by=later)


@pytest.mark.parametrize("when", ["before acceptance", "after the deadline", "a stranger"])
def test_final_texts_are_taken_only_from_authors_in_their_time(when, author, at, later, submitted, track):
    viewer, paper = later, submitted
    if when != "before acceptance":
        actions.release_outcome(submitted, outcome="accepted", at=LATER)
    if when == "after the deadline":
        viewer = at(author, LATER.replace(month=5))
    if when == "a stranger":
        viewer = Viewer.of(UserFactory(), later.edition, LATER)
    with pytest.raises(NotAllowed):
        save(paper, viewer)
    assert not CameraReady.objects.exists()


def test_two_tabs_lose_nothing(later, accepted):
    first = Submission.objects.get(pk=accepted.pk).revision
    save(accepted, later, title="One")
    with pytest.raises(actions.EditConflict):
        actions.finalise(accepted, texts(title="Other"), by=later, revision=first, tab="second")
    assert Submission.objects.get(pk=accepted.pk).title == "One"


def open_page(client, user, paper, name="detail"):
    client.force_login(user)
    with time_machine.travel(LATER, tick=False):
        return client.get(reverse(f"submissions:{name}", args=[paper.edition.slug, paper.public_id]))


def test_the_checklist_is_for_authors_and_organisers(client, later, conditional, chair):
    reviewer = ReviewerFactory(edition=conditional.edition)
    AssignmentFactory(submission=conditional, reviewer=reviewer)
    for user in (later.user, chair.user):
        assert CONDITIONS in open_page(client, user, conditional).content.decode()
    assert CONDITIONS not in open_page(client, reviewer.user, conditional).content.decode()


def test_the_form_is_there_for_authors_only(client, later, accepted, chair):
    assert open_page(client, later.user, accepted, "final").status_code == 200
    assert open_page(client, chair.user, accepted, "final").status_code == 404
    assert open_page(client, UserFactory(), accepted, "final").status_code == 404


def test_the_form_saves_what_was_typed(client, later, conditional, licence):
    client.force_login(later.user)
    address = reverse("submissions:final", args=[conditional.edition.slug, conditional.public_id])
    with time_machine.travel(LATER, tick=False):
        form = client.get(address).context["form"]
        typed = {name: value for name, value in form.initial.items() if value is not None}
        sent = {**typed, "title": "Final", "answer-licence": "CC BY 4.0", "conditions_answer": "In table 2."}
        assert client.post(address, sent).status_code == 302
    saved = Submission.objects.get(pk=conditional.pk)
    assert (saved.title, saved.answers) == ("Final", {"licence": "CC BY 4.0"})
    assert saved.camera_ready.conditions_answer == "In table 2."
    assert saved.camera_ready.as_reviewed["title"] == "Seeing fields from space"


def test_the_form_shows_both_versions_when_somebody_saved_meanwhile(client, later, accepted):
    client.force_login(later.user)
    save(accepted, later, title="Theirs")
    address = reverse("submissions:final", args=[accepted.edition.slug, accepted.public_id])
    sent = {"title": "Mine", "abstract": "We look down.", "revision": 1, "tab": "other"}
    with time_machine.travel(LATER, tick=False):
        words = client.post(address, sent).content.decode()
    assert all(title in words for title in ("Theirs", "Mine"))
    assert Submission.objects.get(pk=accepted.pk).title == "Theirs"


@pytest.mark.parametrize(("is_checked", "most"), [(True, 15), (False, 16)])
def test_the_page_of_an_accepted_paper_costs_few_queries(
    client, later, conditional, licence, cost_of, is_checked, most
):
    """One more while a check runs, for its progress."""
    hand_in(conditional, later)
    save(conditional, later, conditions_answer="Yes.")
    if is_checked:
        for version in conditional.files.filter(reports=None):
            checked(version)
    client.force_login(later.user)
    address = reverse("submissions:detail", args=[conditional.edition.slug, conditional.public_id])
    with time_machine.travel(LATER, tick=False):
        client.get(address)
        with cost_of() as cost:
            client.get(address)
    assert cost.queries <= most, cost.statements
