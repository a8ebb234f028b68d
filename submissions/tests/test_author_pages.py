"""The author's way through the pages, from choosing a track to withdrawing."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from ml4rs.editions.models import Milestone
from ml4rs.editions.tests.factories import RoleFactory, TopicFactory, UserFactory
from ml4rs.jobs.actions import perform
from ml4rs.jobs.models import Job
from submissions import actions
from submissions.actions import AuthorDetails
from submissions.models import Submission
from submissions.tests.conftest import AFTER, BEFORE, pdf_file
from submissions.tests.factories import AuthorshipFactory, SubmissionFactory
from submissions.tests.pdfs import encrypted_pdf, make_pdf

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _before_the_deadline():
    with time_machine.travel(BEFORE, tick=False):
        yield


@pytest.fixture
def ada(author) -> Client:
    """The author's browser, signed in."""
    client = Client()
    client.force_login(author.user)
    return client


def url(name: str, paper, *more: str) -> str:
    return reverse(f"submissions:{name}", args=[paper.edition.slug, paper.public_id, *more])


def texts(paper: Submission, **changes) -> dict:
    return {
        "title": "Seeing fields",
        "abstract": "We look.",
        "keywords": "",
        "agreed": "on",
        "revision": paper.revision,
        "tab": "tab-one",
        **changes,
    }


def page(response) -> str:
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def test_the_tracks_show_their_rules_and_deadline_to_everybody(client, track):
    shown = page(client.get(reverse("submissions:start", args=[track.edition.slug])))
    assert "Workshop papers" in shown
    assert "At most 4 pages of main text" in shown
    assert "23:59 AoE" in shown
    assert "Start a submission" in shown


def test_a_closed_track_says_so_and_has_no_button(client, track):
    with time_machine.travel(AFTER, tick=False):
        shown = page(client.get(reverse("submissions:start", args=[track.edition.slug])))
    assert "This track is closed." in shown
    assert "Start a submission" not in shown


def test_starting_creates_the_draft_at_once(ada, track):
    response = ada.post(reverse("submissions:create", args=[track.edition.slug, track.slug]))
    draft = Submission.objects.get()
    assert response.url == url("edit", draft)


def test_a_stranger_signs_in_first(client, draft):
    for name in ("detail", "edit", "authors", "withdraw"):
        response = client.get(url(name, draft))
        assert response.status_code == 302
        assert reverse("account_login") in response.url


def test_somebody_else_gets_the_same_answer_as_for_a_paper_that_is_not_there(draft):
    other = Client()
    other.force_login(UserFactory())
    missing = reverse("submissions:detail", args=[draft.edition.slug, "nosuchpaper1"])
    answer, absent = other.get(url("detail", draft)), other.get(missing)
    assert answer.status_code == absent.status_code == 404
    assert _unmarked(answer, draft.public_id) == _unmarked(absent, "nosuchpaper1")


def _unmarked(response, pid: str) -> str:
    """A page without the address it was asked by and its random form token."""
    return re.sub(r'X-CSRFToken": "\w+"', "", response.content.decode().replace(pid, ""))


def test_editing_saves_the_texts_and_topics(ada, draft):
    topic = TopicFactory(edition=draft.edition)
    response = ada.post(url("edit", draft), texts(draft, topics=[topic.pk], student="on", language_models="none"))
    assert response.url == url("detail", draft)
    draft.refresh_from_db()
    assert (draft.title, draft.declarations["student"]) == ("Seeing fields", True)
    assert list(draft.topics.all()) == [topic]


def test_a_topic_of_another_edition_is_not_taken(ada, draft):
    TopicFactory(edition=draft.edition)
    shown = page(ada.post(url("edit", draft), texts(draft, topics=[TopicFactory().pk])))
    assert "not one of the available choices" in shown


def test_typing_saves_by_itself_and_tells_when(ada, draft):
    data = texts(draft, title="Half a ti", typing="1")
    shown = page(ada.post(url("edit", draft), data, headers={"HX-Request": "true"}))
    draft.refresh_from_db()
    assert draft.title == "Half a ti"
    assert "Draft saved at" in shown
    assert f'value="{draft.revision}"' in shown


def test_the_same_tab_never_conflicts_with_what_it_saved_itself(ada, draft):
    ada.post(url("edit", draft), texts(draft, title="One", typing="1"), headers={"HX-Request": "true"})
    response = ada.post(url("edit", draft), texts(draft, title="One and two"))
    assert response.status_code == 302
    draft.refresh_from_db()
    assert draft.title == "One and two"


def test_of_two_tabs_the_second_sees_both_versions_and_loses_nothing(ada, draft):
    ada.post(url("edit", draft), texts(draft, title="From the first tab"))
    shown = page(ada.post(url("edit", draft), texts(draft, title="From the second tab", tab="tab-two")))
    assert "From the first tab" in shown
    assert "From the second tab" in shown
    draft.refresh_from_db()
    assert draft.title == "From the first tab"
    again = texts(draft, title="Both together", tab="tab-two")
    assert ada.post(url("edit", draft), again).status_code == 302
    draft.refresh_from_db()
    assert draft.title == "Both together"


def test_two_tabs_with_the_same_words_do_not_conflict(ada, draft):
    ada.post(url("edit", draft), texts(draft))
    assert ada.post(url("edit", draft), texts(draft, tab="tab-two")).status_code == 302


def test_what_was_typed_survives_being_signed_out(ada, author, draft):
    ada.logout()
    response = ada.post(url("edit", draft), texts(draft, title="Typed in vain?"))
    assert reverse("account_login") in response.url
    ada.force_login(author.user)
    assert "Typed in vain?" in page(ada.get(url("edit", draft)))
    draft.refresh_from_db()
    assert draft.title == "Seeing fields from space"


def test_what_was_typed_stays_on_the_page_when_the_deadline_has_passed(ada, draft):
    with time_machine.travel(AFTER, tick=False):
        response = ada.post(url("edit", draft), texts(draft, title="A minute late"))
    assert response.status_code == 403
    assert "A minute late" in response.content.decode()
    draft.refresh_from_db()
    assert draft.title != "A minute late"


def test_a_submitted_paper_is_not_changed_by_typing_alone(ada, submitted):
    data = texts(submitted, title="Half a ti", typing="1")
    assert "Not saved" in page(ada.post(url("edit", submitted), data, headers={"HX-Request": "true"}))
    submitted.refresh_from_db()
    assert submitted.title == "Seeing fields from space"


def test_a_submitted_paper_keeps_its_title(ada, submitted):
    assert "needs the title" in page(ada.post(url("edit", submitted), texts(submitted, title=" ")))


@pytest.mark.parametrize(
    "bad", [{"revision": "x"}, {"revision": ""}, {"title": "x" * 251}, {"title": "a\0b"}, {"topics": ["x", "-1"]}]
)
def test_bad_input_is_answered_on_the_form(ada, draft, bad):
    TopicFactory(edition=draft.edition)
    response = ada.post(url("edit", draft), texts(draft, **bad))
    assert response.status_code == 200
    draft.refresh_from_db()
    assert draft.title == "Seeing fields from space"


def test_the_whole_way_from_upload_to_withdrawal(ada, draft, mails):
    shown = page(ada.get(url("detail", draft)))
    assert "The manuscript (PDF)" in shown
    response = ada.post(url("upload", draft, "manuscript"), {"file": pdf_file()}, follow=True)
    assert "Manuscript received, version 1." in page(response)
    assert "Waiting for the check" in page(response)
    perform(Job.objects.get().pk)
    shown = page(ada.get(url("detail", draft)))
    assert "In order" in shown
    assert "Nothing is missing." in shown
    assert "A receipt is on its way" in page(ada.post(url("submit", draft), follow=True))
    assert "submitted already" in page(ada.post(url("submit", draft), follow=True))
    assert len(mails.to("ada@quux.example", "submissions.receipt")) == 1
    assert "Withdraw paper" in page(ada.get(url("withdraw", draft)))
    page(ada.post(url("withdraw", draft), {"reason": "A mistake."}, follow=True))
    assert "Submit it again" in page(ada.get(url("detail", draft)))
    page(ada.post(url("revive", draft), follow=True))
    draft.refresh_from_db()
    assert draft.state == "submitted"


def test_upload_and_submit_in_one_step_counts_as_of_the_requests_arrival(ada, draft, mails):
    data = {"file": pdf_file(), "then": "submit"}
    page(ada.post(url("upload", draft, "manuscript"), data, follow=True))
    draft.refresh_from_db()
    assert draft.state == "submitted"
    assert mails.events() == ["submissions.receipt"]


def test_the_check_reports_without_a_reload(ada, complete):
    state = url("check_state", complete, "manuscript")
    assert "hx-trigger" in page(ada.get(state))
    perform(Job.objects.get().pk)
    shown = page(ada.get(state))
    assert "hx-trigger" not in shown
    assert "In order" in shown
    assert 'id="missing" hx-swap-oob="true"' in shown
    assert ada.get(url("check_state", complete, "nonsense")).status_code == 404


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("paper.pdf", b"", "The file is empty"),
        ("paper.pdf", b"MZ this is a program", "We do not know this type of file"),
        ("paper.pdf", b"\x89PNG\r\n\x1a\n" + b"0" * 100, "This is a PNG image"),
        ("x" * 240 + ".pdf", make_pdf(1), "version 1"),
        ("../../etc/passwd", make_pdf(1), "version 1"),
        ("\u202epdf.exe", make_pdf(1), "version 1"),
    ],
    ids=["empty", "program", "picture", "long name", "path", "turned name"],
)
def test_a_file_is_judged_by_its_content_never_by_its_name(ada, draft, name, data, says):
    file = SimpleUploadedFile(name, data, content_type="application/pdf")
    assert says in page(ada.post(url("upload", draft, "manuscript"), {"file": file}, follow=True))


def test_no_file_and_a_kind_that_the_track_does_not_take(ada, draft):
    assert "Choose a file" in page(ada.post(url("upload", draft, "manuscript"), {}, follow=True))
    assert ada.post(url("upload", draft, "poster"), {"file": pdf_file()}).status_code == 404
    assert ada.post(url("upload", draft, "nonsense"), {"file": pdf_file()}).status_code == 404
    assert ada.get(url("upload", draft, "manuscript")).status_code == 405


def test_a_file_above_the_limit_is_refused(ada, draft):
    draft.track.files.update(max_megabytes=1)
    big = SimpleUploadedFile("big.pdf", b"%PDF-1.4\n" + b"0" * (1024 * 1024 + 10))
    assert "at most 1 MB" in page(ada.post(url("upload", draft, "manuscript"), {"file": big}, follow=True))
    huge = SimpleUploadedFile("huge.pdf", b"%PDF-1.4\n" + b"0" * (3 * 1024 * 1024))
    assert "larger than 1 MB" in page(ada.post(url("upload", draft, "manuscript"), {"file": huge}, follow=True))
    assert not draft.files.exists()


def test_an_upload_without_the_form_token_is_refused(author, draft):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(author.user)
    assert strict.post(url("upload", draft, "manuscript"), {"file": pdf_file()}).status_code == 403
    assert not draft.files.exists()


def test_a_locked_pdf_blocks_submission_and_says_why(ada, draft):
    actions.upload(draft, "manuscript", pdf_file(data=encrypted_pdf()), by=_viewer(draft))
    perform(Job.objects.get().pk)
    shown = page(ada.get(url("detail", draft)))
    assert "locked with a password" in shown
    assert "A manuscript that passes the check" in shown
    assert "Still missing" in page(ada.post(url("submit", draft), follow=True))


def test_authors_of_a_submitted_paper_are_told_when_its_file_turns_out_unusable(submitted, author, mails):
    actions.upload(submitted, "manuscript", pdf_file(data=encrypted_pdf()), by=author)
    for job in Job.objects.order_by("pk"):
        perform(job.pk)
    [mail] = mails.to("ada@quux.example", "submissions.check_failed")
    assert "locked with a password" in mail.body_text


def test_the_same_bytes_twice_are_one_version_and_new_ones_another(draft, author):
    first = actions.upload(draft, "manuscript", pdf_file(), by=author)
    assert actions.upload(draft, "manuscript", pdf_file(), by=author) == first
    second = actions.upload(draft, "manuscript", pdf_file(data=make_pdf(3)), by=author)
    assert (first.version, second.version) == (1, 2)


def test_the_same_file_again_repeats_a_check_that_could_not_be_finished(ada, complete, author):
    Job.objects.update(state="failed", finished_at=BEFORE)
    assert "could not be finished" in page(ada.get(url("detail", complete)))
    actions.upload(complete, "manuscript", pdf_file(), by=author)
    assert Job.objects.filter(state="queued").count() == 1
    perform(Job.objects.get(state="queued").pk)
    actions.upload(complete, "manuscript", pdf_file(), by=author)
    assert not Job.objects.filter(state="queued").exists()


def _viewer(paper: Submission):
    from ml4rs.editions.viewer import Viewer

    return Viewer.of(paper.created_by, paper.edition, BEFORE)


def test_deleting_a_draft_asks_first(ada, draft):
    assert "deleted for good" in page(ada.get(url("discard", draft)))
    response = ada.post(url("discard", draft))
    assert response.url == reverse("editions:desk", args=[draft.edition.slug])
    assert not Submission.objects.exists()


def test_a_paper_that_cannot_be_withdrawn_says_why(ada, draft):
    response = ada.get(url("withdraw", draft))
    assert response.status_code == 403
    assert "Only a submitted paper can be withdrawn." in response.content.decode()


def test_an_organiser_reads_authors_only_on_asking_and_that_is_recorded(submitted):
    from ml4rs.audit.models import Entry

    chair = Client()
    chair.force_login(RoleFactory(edition=submitted.edition).user)
    shown = page(chair.get(url("detail", submitted)))
    assert "Quuxworth" not in shown
    assert "Seeing fields from space" in shown
    assert "Quuxworth" in page(chair.get(url("detail", submitted) + "?authors=1"))
    assert Entry.objects.filter(verb="submission.authors_read", submission_id=submitted.pk).count() == 1


def test_an_organiser_cannot_edit_for_the_authors(submitted):
    chair = Client()
    chair.force_login(RoleFactory(edition=submitted.edition).user)
    for name in ("edit", "authors", "withdraw"):
        assert chair.get(url(name, submitted)).status_code == 404


@pytest.mark.parametrize("versions", [1, 50])
def test_the_page_of_a_paper_costs_the_same_however_much_it_holds(ada, submitted, author, cost_of, versions):
    from submissions.models import FileVersion

    first = submitted.files.get()
    for number in range(2, versions + 1):
        FileVersion.objects.create(
            submission=submitted, kind="manuscript", version=number, sha256="0" * 64, size=1, uploaded_at=BEFORE,
            content_type="application/pdf", stored=first.stored.name, uploaded_by=author.user,
        )  # fmt: skip
        AuthorshipFactory(submission=submitted, position=number)
    with cost_of() as cost:
        page(ada.get(url("detail", submitted)))
    assert cost.queries <= 15, cost.statements


@pytest.mark.parametrize("papers", [1, 50])
def test_the_tracks_page_costs_the_same_however_many_papers_there_are(ada, track, author, cost_of, papers):
    for _ in range(papers):
        SubmissionFactory(track=track, created_by=author.user, draft=True)
    with cost_of() as cost:
        page(ada.get(reverse("submissions:start", args=[track.edition.slug])))
    assert cost.queries <= 12, cost.statements


def test_the_authors_of_a_paper_see_each_others_changes(draft, author):
    bob = UserFactory(email="bob@zyx.example", name="Bob Zyx")
    actions.add_author(draft, AuthorDetails("Bob Zyx", "bob@zyx.example"), by=author)
    his = Client()
    his.force_login(bob)
    assert his.post(url("edit", draft), texts(draft, title="Bob's words")).status_code == 302
    draft.refresh_from_db()
    assert draft.title == "Bob's words"


def test_the_grace_is_never_shown(client, track):
    Milestone.objects.filter(kind="submission").update(grace=timedelta(minutes=7))
    with time_machine.travel(AFTER, tick=False):
        shown = page(client.get(reverse("submissions:start", args=[track.edition.slug])))
    assert "Start a submission" in shown
    assert "grace" not in shown


def test_the_preview_shows_the_abstract_with_formulas_and_saves_nothing(ada, draft):
    sent = {"abstract": "Errors fall as $x^2$."}
    part = ada.post(url("preview", draft), sent, headers={"HX-Request": "true"}).content.decode()
    whole = ada.post(url("preview", draft), sent).content.decode()
    assert "<msup>" in part
    assert "<html" not in part
    assert "<msup>" in whole
    assert "<html" in whole
    draft.refresh_from_db()
    assert draft.abstract == "We look down."


def test_the_preview_is_for_authors_only(client, draft):
    client.force_login(UserFactory())
    assert client.post(url("preview", draft), {"abstract": "x"}).status_code == 404
