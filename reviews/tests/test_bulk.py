"""Files of changes: tried, applied whole or not at all, undone as one."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.tests.factories import EditionFactory, RoleFactory, UserFactory
from ml4rs.notifications.models import Message
from reviews.actions import bulk
from reviews.models import Assignment, BulkChange, Conflict, Decision, Review, Tagging
from reviews.tests.factories import ConflictFactory, ReviewerFactory
from submissions.tests.factories import SubmissionFactory

pytestmark = pytest.mark.usefixtures("mails")


@pytest.fixture
def papers(stage):
    return [SubmissionFactory(track=stage.track, title=title) for title in ("Clouds", "Rivers")]


@pytest.fixture
def ada(stage):
    return ReviewerFactory(edition=stage.edition, user=UserFactory(name="Ada", email="ada@lovelace.example"))


@pytest.fixture
def file(papers, ada):
    one, two = papers
    return (
        "paper,action,user,value\n"
        f"{one.number},assign,Ada@Lovelace.example,\n"
        f"#{two.number},conflict,ada@lovelace.example,Former student\n"
        f"{one.number},decision,,oral\n"
        f"{two.number},tag,,discuss\n"
    )


def run(stage, text, *, rehearsal=False):
    return bulk.run(text if isinstance(text, bytes) else text.encode(), by=stage.chair, rehearsal=rehearsal)


def world():
    return (
        list(Assignment.objects.filter(state="active").values_list("submission__title", "reviewer__name")),
        list(Conflict.objects.filter(dismissed_at=None).values_list("submission__title", "kind")),
        list(Decision.objects.values_list("submission__title", "outcome", "presentation")),
        list(Tagging.objects.values_list("submission__title", "tag__name")),
    )


DONE = ([("Clouds", "Ada")], [("Rivers", "by_organiser")], [("Clouds", "accepted", "oral")], [("Rivers", "discuss")])
NOTHING = ([], [], [], [])


def test_trying_it_shows_the_differences_and_changes_nothing(stage, file):
    result = run(stage, file, rehearsal=True)
    assert [line.words for line in result.lines] == [
        "Ada reviews “Clouds”.",
        "Ada is in conflict with “Rivers”.",
        "“Clouds”: oral.",
        "“Rivers” gets the tag discuss.",
    ]
    assert world() == NOTHING
    assert not Message.objects.exists()


def test_applying_does_exactly_that(stage, file):
    result = run(stage, file)
    assert (result.done, result.faults) == (4, 0)
    assert world() == DONE


def test_it_is_undone_as_one(stage, file):
    change = run(stage, file).change
    bulk.undo(change, by=stage.chair)
    assert world() == NOTHING
    with pytest.raises(NotAllowed, match="undone already"):
        bulk.undo(change, by=stage.chair)


def test_undoing_gives_back_what_was_before(stage, file, papers):
    run(stage, file)
    one = papers[0].number
    change = run(stage, f"{one},unassign,ada@lovelace.example\n{one},decision,,reject\n").change
    bulk.undo(change, by=stage.chair)
    assert world() == DONE


def test_what_stands_in_the_way_of_undoing_undoes_nothing(stage, file, ada):
    change = run(stage, file).change
    seat = Assignment.objects.get()
    form = seat.submission.track.review_forms.get()
    at = seat.created_at
    Review.objects.create(assignment=seat, form=form, state="submitted", created_at=at, updated_at=at, submitted_at=at)
    with pytest.raises(NotAllowed, match="submitted"):
        bulk.undo(change, by=stage.chair)
    assert world() == DONE
    assert BulkChange.objects.get().undone_at is None


def test_with_one_fault_nothing_is_applied(stage, file, papers):
    result = run(stage, file + f"{papers[0].number},decision,,maybe\n")
    assert (result.faults, result.change) == (1, None)
    assert world() == NOTHING


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("9999,tag,,x", "There is no paper “9999”"),
        ("{0},praise,,x", "“praise” is none of assign, unassign"),
        ("{0},assign,nobody@nowhere.example", "Nobody on the committee has the address"),
        ("{0},conflict,nobody@nowhere.example", "Nobody on the committee or among"),
        ("{0},decision,,maybe", "“maybe” is none of"),
        ("{0},tag,,two words", "is no tag"),
        ("{0},untag,,nothing", "There is no tag"),
        ("{0},tag,,x,y", "more than four columns"),
        ("{0}", "“” is none of"),
    ],
)
def test_faults_are_named_in_words(stage, papers, line, words):
    (found,) = run(stage, line.format(papers[0].number)).lines
    assert (found.state, words in found.words) == ("fault", True)


def test_lines_see_what_those_before_them_did(stage, papers, ada):
    number = papers[0].number
    text = f"{number},conflict,ada@lovelace.example\n{number},assign,ada@lovelace.example\n"
    assert "in conflict" in run(stage, text, rehearsal=True).lines[1].words


def test_what_is_so_already_is_nothing_to_do(stage, file):
    run(stage, file)
    result = run(stage, file, rehearsal=True)
    assert (result.done, result.same) == (0, 4)


def test_a_paper_in_conflict_does_not_exist(stage, papers):
    ConflictFactory(user=stage.organiser, submission=papers[0])
    (line,) = run(stage, f"{papers[0].number},tag,,x").lines
    (other,) = run(stage, "9999,tag,,x").lines
    assert line.words == other.words.replace("9999", str(papers[0].number))


FAULTY = {"no text": b"\x00\x01", "too long": b"1,tag,,x\n" * 5001, "a huge cell": b'"' + b"x" * 200_000}


@pytest.mark.parametrize("data", FAULTY.values(), ids=FAULTY)
def test_what_is_no_such_file_is_refused(stage, data):
    with pytest.raises(NotAllowed):
        run(stage, data)


@pytest.mark.parametrize("ending", ["\r", "\r\n", "\n"])
def test_lines_end_as_any_system_ends_them(stage, papers, ending):
    text = "".join(f"{paper.number},tag,,x{ending}" for paper in papers)
    assert run(stage, text, rehearsal=True).done == 2


def test_only_organisers_may(stage, file, ada):
    with pytest.raises(NotAllowed):
        bulk.run(file.encode(), by=stage.viewer(ada.user), rehearsal=True)


def test_a_file_about_a_paper_in_conflict_is_absent_whole(stage, file, papers):
    change = run(stage, file).change
    tied = RoleFactory(edition=stage.edition).user
    ConflictFactory(user=tied, submission=papers[0])
    there, undo = (
        reverse(f"reviews:{name}", args=["iclr2025", *ids])
        for name, *ids in (("changes",), ("undo_change", change.public_id))
    )
    assert "4 changes" not in stage.client(tied).get(there).text
    assert stage.client(tied).post(undo).status_code == 404
    assert "4 changes" in stage.client(stage.organiser).get(there).text
    change.refresh_from_db()
    assert change.undone_at is None


def test_an_ended_session_keeps_the_lines(stage, client, papers):
    there = reverse("reviews:changes", args=["iclr2025"])
    assert "/login/" in client.post(there, {"text": "1,tag,,kept"}).url
    assert client.session["typed:changes"] == "text=1%2Ctag%2C%2Ckept"


def test_the_page_tries_applies_and_undoes(stage, file):
    client, there = stage.client(stage.organiser), reverse("reviews:changes", args=["iclr2025"])
    sent = SimpleUploadedFile("changes.csv", file.encode("utf-8-sig"))
    page = client.post(there, {"file": sent}).text
    assert "4 to do, 0 so already, 0 faulty" in page
    assert "Apply 4 changes" in page
    assert world() == NOTHING
    assert "Applied: 4 changes" in client.post(there, {"text": file, "apply": "1"}, follow=True).text
    assert world() == DONE
    undo = reverse("reviews:undo_change", args=["iclr2025", BulkChange.objects.get().public_id])
    assert "All of it is undone" in client.post(undo, follow=True).text
    assert world() == NOTHING


def test_nobody_else_finds_the_page(stage, ada):
    RoleFactory(edition=stage.edition, name="schedule_editor", user=ada.user)
    assert stage.client(ada.user).get(reverse("reviews:changes", args=["iclr2025"])).status_code in (403, 404)


@pytest.mark.parametrize("count", [1, 15])
def test_trying_many_lines_looks_papers_and_people_up_once(stage, ada, cost_of, count):
    numbers = [SubmissionFactory(track=stage.track).number for _ in range(count)]
    bulk.run(f"{numbers[0]},tag,,x\n".encode(), by=stage.chair, rehearsal=False)
    text = "".join(f"{number},tag,,x\n" for number in numbers)
    with cost_of() as cost:
        bulk.run(text.encode(), by=stage.chair, rehearsal=True)
    assert cost.queries <= 12 + 10 * count, cost.statements


# --- How far a line reaches -----------------------------------------------------------------------------------


def states(result):
    return [line.state for line in result.lines]


def test_a_seat_on_one_paper_is_none_on_another(stage, papers, ada):
    one, two = (each.number for each in papers)
    result = run(stage, f"{one},assign,{ada.email},\n{two},assign,{ada.email},\n{two},unassign,{ada.email},\n")
    assert states(result) == ["do", "do", "do"]
    assert world()[0] == [("Clouds", "Ada")]
    assert states(run(stage, f"{two},unassign,{ada.email},\n")) == ["same"]
    assert world()[0] == [("Clouds", "Ada")]


def test_a_dismissed_conflict_is_set_anew(stage, papers, ada):
    conflict = ConflictFactory(user=ada.user, submission=papers[0], kind="by_organiser", dismissed_at=ada.invited_at)
    assert states(run(stage, f"{papers[0].number},conflict,{ada.email},Known\n")) == ["do"]
    conflict.refresh_from_db()
    assert conflict.dismissed_at is None
    assert states(run(stage, f"{papers[0].number},conflict,{ada.email},Known\n")) == ["same"]


def test_what_stands_again_already_is_left_when_a_file_is_undone(stage, papers, ada):
    line = f"{papers[0].number},assign,{ada.email},\n"
    change = run(stage, line).change
    back = run(stage, line.replace("assign", "unassign")).change
    run(stage, line)
    bulk.undo(back, by=stage.chair)
    assert world()[0] == [("Clouds", "Ada")]
    run(stage, line.replace("assign", "unassign"))
    bulk.undo(change, by=stage.chair)
    assert world()[0] == []


def test_a_file_of_another_edition_is_not_undone_here(stage):
    other = BulkChange.objects.create(
        edition=EditionFactory(slug="other"), steps=[], applied_at=stage.chair.now, applied_by=stage.organiser
    )
    with pytest.raises(NotAllowed, match="undone already"):
        bulk.undo(other, by=stage.chair)


@pytest.mark.parametrize(("number", "is_taken"), [(bulk.MOST_LINES, True), (bulk.MOST_LINES + 1, False)])
def test_so_many_lines_are_taken_and_no_more(stage, number, is_taken):
    empty = "\n" * number
    if is_taken:
        assert run(stage, empty).lines == []
    else:
        with pytest.raises(NotAllowed, match="at most 5,000"):
            run(stage, empty)


def test_empty_lines_comments_and_the_heading_are_no_lines(stage, papers):
    text = f" , ,\n// 1,tag,,x\nPaper,Action\n{papers[0].number},tag,,x\npaper,tag,,x\n"
    result = run(stage, text, rehearsal=True)
    assert [(line.number, line.state) for line in result.lines] == [(4, "do"), (5, "fault")]


def test_a_conflict_of_another_kind_or_paper_is_another_and_undoing_ends_its_own(stage, papers, ada):
    ConflictFactory(user=ada.user, submission=papers[0], kind="declared")
    ConflictFactory(user=ada.user, submission=papers[1], kind="by_organiser")
    other = ConflictFactory(submission=papers[0], kind="by_organiser")
    result = run(stage, f"{papers[0].number},conflict,{ada.email},\n")
    assert states(result) == ["do"]
    made = Conflict.objects.get(user=ada.user, submission=papers[0], kind="by_organiser")
    assert made.evidence == "From a file"
    bulk.undo(result.change, by=stage.chair)
    assert Conflict.objects.filter(dismissed_at__isnull=False).get() == made
    assert Conflict.objects.get(pk=other.pk).dismissed_at is None
