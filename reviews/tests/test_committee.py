"""Inviting, answering, removing; and whose account an invitation leads to."""

import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse

from ml4rs.accounts.models import User
from ml4rs.accounts.proof import AddressTakenError, person_of_proved_address
from ml4rs.audit.models import Entry
from ml4rs.editions.models import Role
from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.queries import committee as public_committee
from ml4rs.editions.tests.factories import RoleFactory, UserFactory
from reviews import actions
from reviews.actions.committee import invitation_link
from reviews.invitees import read_invitees
from reviews.models import Conflict, Reviewer
from reviews.tests.factories import AssignmentFactory, ReviewerFactory
from submissions.tests.factories import AuthorshipFactory, SubmissionFactory


def invited(stage, email="grace@hopper.edu", name="Grace Hopper"):
    people = read_invitees(stage.edition, f"{name} <{email}>")
    return actions.invite(stage.edition, people, by=stage.chair)[0]


# --- The pasted list --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "name", "email", "affiliation"),
    [
        ("Ada Lovelace <ada@x.edu>", "Ada Lovelace", "ada@x.edu", ""),
        (
            "Ada Lovelace, ADA@x.edu, Analytical Society, London",
            "Ada Lovelace",
            "ada@x.edu",
            "Analytical Society, London",
        ),
        ("ada@x.edu", "", "ada@x.edu", ""),
        ('"Lovelace; Ada"\tada@x.edu', "Lovelace", "ada@x.edu", "Ada"),
    ],
)
def test_a_line_is_read(stage, line, name, email, affiliation):
    [person] = read_invitees(stage.edition, f"\n{line}\n\n")
    assert (person.name, person.email, person.affiliation, person.state) == (name, email, affiliation, "new")


@pytest.mark.parametrize("line", ["Ada", "a@x.edu b@x.edu", "Ada <a@x>", "@", "n" * 250 + " <a@x.edu>"])
def test_a_faulty_line_is_told_and_not_invited(stage, line):
    [person] = read_invitees(stage.edition, line)
    assert person.state == "faulty"
    assert person.remark
    assert actions.invite(stage.edition, [person], by=stage.chair) == []


@pytest.mark.usefixtures("mails")
def test_those_known_and_those_twice_in_the_list_are_passed_over(stage):
    invited(stage)
    people = read_invitees(stage.edition, "GRACE@hopper.edu\nada@x.edu\nAda <ada@x.edu>")
    assert [person.state for person in people] == ["known", "new", "known"]
    assert "line 2" in people[2].remark


def test_the_preview_sends_nothing(stage):
    client = stage.client(stage.organiser)
    page = client.post(reverse("reviews:invite", args=["iclr2025"]), {"people": "ada@x.edu\nnobody", "load": 4})
    assert "1 new, 0 known, 1 faulty" in page.content.decode()
    assert not Reviewer.objects.exists()


# --- Inviting and answering -------------------------------------------------------------------------------


def test_an_invitation_is_one_mail_and_its_secret_is_nowhere_in_the_database(stage, mails):
    reviewer = invited(stage)
    [mail] = mails.to("grace@hopper.edu")
    token = actions.token_of(reviewer)
    assert token in mail.body_text
    assert token not in str(Reviewer.objects.values())
    assert actions.opens(reviewer, token)
    assert not actions.opens(reviewer, token[:-1] + "x")
    assert Entry.objects.filter(verb="reviewer.invited").count() == 1


def test_a_reminder_carries_the_same_link_at_most_once_a_day(stage, mails):
    reviewer = invited(stage)
    for _ in range(2):
        assert actions.remind(Reviewer.objects.all(), by=stage.chair) == 1
    [reminder] = mails.to("grace@hopper.edu", "reviews.invitation_reminder")
    assert actions.token_of(reviewer) in reminder.body_text
    actions.accept(reviewer, load=2, show_publicly=True, by=stage.viewer(None))
    assert actions.remind(Reviewer.objects.all(), by=stage.chair) == 0


@pytest.mark.parametrize("answer", ["accept", "decline"])
def test_whoever_follows_the_link_has_not_answered_whatever_stands_in_it(stage, mails, client, answer):
    reviewer = invited(stage)
    query = {"answer": answer, "load": "2", "reason": "No time", "suggestion": ""}
    assert client.get(invitation_link(reviewer), query).status_code == 200
    reviewer.refresh_from_db()
    assert reviewer.state == "invited"
    client.post(invitation_link(reviewer), query)
    reviewer.refresh_from_db()
    assert reviewer.state != "invited"


def test_accepting_makes_a_person_with_a_proved_address_and_no_password(stage, mails):
    reviewer = actions.accept(invited(stage), load=2, show_publicly=True, by=stage.viewer(None))
    assert (reviewer.state, reviewer.load) == ("accepted", 2)
    assert not reviewer.user.has_usable_password()
    assert EmailAddress.objects.get(user=reviewer.user).verified
    assert stage.viewer(reviewer.user).is_reviewer


def test_accepting_finds_the_person_by_any_verified_address(stage, mails):
    person = UserFactory()
    EmailAddress.objects.create(user=person, email="Grace@Hopper.edu", verified=True)
    assert actions.accept(invited(stage), load=2, show_publicly=True, by=stage.viewer(None)).user == person


def test_an_account_that_only_claimed_the_address_is_taken_over_without_its_password(stage, mails):
    squatter = UserFactory(email="grace@hopper.edu", verified=False)
    user = actions.accept(invited(stage), load=2, show_publicly=True, by=stage.viewer(None)).user
    assert user.pk == squatter.pk
    assert not User.objects.get(pk=user.pk).check_password("correct horse battery")


def test_an_account_with_another_confirmed_address_is_not_taken_over(stage, mails):
    person = UserFactory(email="grace@hopper.edu", verified=False)
    EmailAddress.objects.create(user=person, email="other@x.edu", verified=True)
    with pytest.raises(AddressTakenError):
        person_of_proved_address("grace@hopper.edu")
    with pytest.raises(NotAllowed, match="has not confirmed it"):
        actions.accept(invited(stage), load=2, show_publicly=True, by=stage.viewer(None))


def test_one_person_is_on_the_committee_once(stage, mails):
    member = ReviewerFactory(edition=stage.edition)
    EmailAddress.objects.create(user=member.user, email="grace@hopper.edu", verified=True)
    with pytest.raises(NotAllowed, match="another address"):
        actions.accept(invited(stage), load=2, show_publicly=True, by=stage.viewer(None))


def test_declining_after_accepting_takes_the_role_unless_papers_are_assigned(stage, mails):
    reviewer = actions.accept(invited(stage), load=2, show_publicly=True, by=stage.viewer(None))
    actions.decline(reviewer, reason="Ill", suggestion="", by=stage.viewer(None))
    assert not Role.objects.filter(user=reviewer.user).exists()
    busy = AssignmentFactory(reviewer__edition=stage.edition, submission__track=stage.track).reviewer
    with pytest.raises(NotAllowed, match="assigned to you"):
        actions.decline(busy, reason="", suggestion="", by=stage.viewer(None))


def test_removing_frees_unfinished_papers_and_keeps_the_person_out(stage):
    assignment = AssignmentFactory(submission__track=stage.track)
    actions.remove(assignment.reviewer, by=stage.chair)
    assignment.refresh_from_db()
    assert assignment.state == "removed"
    assert not stage.viewer(assignment.reviewer.user).is_reviewer
    assert Entry.objects.get(verb="assignment.removed").submission_id == assignment.submission_id


def test_somebody_removed_can_be_invited_anew_with_another_link(stage, mails, at):
    from datetime import UTC, datetime

    reviewer = invited(stage)
    old = actions.token_of(reviewer)
    actions.remove(reviewer, by=stage.chair)
    with at(datetime(2025, 2, 21, tzinfo=UTC)):
        again = invited(stage)
    assert again.pk == reviewer.pk
    assert actions.opens(again, actions.token_of(again))
    assert not actions.opens(again, old)


@pytest.mark.parametrize("verb", [lambda s, v: actions.invite(s.edition, [], by=v), lambda s, v: actions.chase(by=v),
                                  lambda s, v: actions.release_decisions(s.edition, by=v)])  # fmt: skip
def test_only_organisers_run_the_committee(stage, verb):
    for user in (None, UserFactory(), ReviewerFactory(edition=stage.edition).user):
        with pytest.raises(NotAllowed):
            verb(stage, stage.viewer(user))
    verb(stage, stage.chair)


def test_the_public_committee_comes_from_those_who_accepted_and_agreed(stage):
    shown = ReviewerFactory(edition=stage.edition)
    hidden = ReviewerFactory(edition=stage.edition, show_publicly=False)
    names = [name for name, _ in public_committee(stage.edition)]
    assert shown.user.name in names
    assert hidden.user.name not in names


# --- Conflicts that come by themselves --------------------------------------------------------------------


def test_a_new_authors_colleagues_are_in_conflict_at_once(stage):
    reviewer = ReviewerFactory(edition=stage.edition, user__affiliation="University of Somewhere")
    RoleFactory(edition=stage.edition, user=UserFactory(email="o@somewhere.edu"))
    paper = SubmissionFactory(track=stage.track)
    AuthorshipFactory(submission=paper, email="a@cs.somewhere.edu", affiliation="Univ. of Somewhere")
    kinds = set(Conflict.objects.values_list("user__email", "kind"))
    assert (reviewer.user.email, "institution") in kinds
    assert ("o@somewhere.edu", "domain") in kinds
    assert (stage.organiser.email, "domain") not in kinds


def test_a_new_role_and_a_new_address_are_compared_with_all_papers(stage):
    paper = SubmissionFactory(track=stage.track)
    AuthorshipFactory(submission=paper, email="a@somewhere.edu")
    person = UserFactory(email="b@somewhere.edu")
    assert not Conflict.objects.filter(user=person).exists()
    RoleFactory(edition=stage.edition, user=person)
    assert Conflict.objects.get(user=person).kind == "domain"
    EmailAddress.objects.create(user=stage.organiser, email="c@somewhere.edu", verified=True)
    assert Conflict.objects.get(user=stage.organiser).kind == "domain"


def test_a_dismissed_conflict_is_not_found_again(stage):
    paper = SubmissionFactory(track=stage.track)
    person = RoleFactory(edition=stage.edition, user=UserFactory(email="b@somewhere.edu")).user
    AuthorshipFactory(submission=paper, email="a@somewhere.edu")
    [conflict] = Conflict.objects.filter(user=person)
    [row] = paper.__class__.objects.seen_by(stage.chair)
    with pytest.raises(NotAllowed, match="note"):
        actions.dismiss_conflict(conflict, row, by=stage.chair, note=" ")
    actions.dismiss_conflict(conflict, row, by=stage.chair, note="Another campus")
    assert actions.find_conflicts(stage.edition) == 0
    conflict.refresh_from_db()
    assert conflict.dismissed_at is not None
    assert paper.__class__.objects.seen_by(stage.viewer(person)).exists()


def test_an_authors_own_conflict_cannot_be_dismissed_while_she_is_one(stage):
    paper = SubmissionFactory(track=stage.track)
    ReviewerFactory(edition=stage.edition, user=paper.created_by)
    [conflict] = Conflict.objects.filter(user=paper.created_by, kind="author")
    [row] = paper.__class__.objects.seen_by(stage.chair)
    with pytest.raises(NotAllowed, match="own paper"):
        actions.dismiss_conflict(conflict, row, by=stage.chair, note="Really?")
    paper.authorships.all().delete()
    actions.dismiss_conflict(conflict, row, by=stage.chair, note="Wrong address")


def test_declaring_is_possible_again_only_until_papers_can_be_seen(stage, at):
    from datetime import UTC, datetime

    reviewer = ReviewerFactory(edition=stage.edition)
    viewer = stage.viewer(reviewer.user)
    with pytest.raises(NotAllowed, match="Papers can be seen"):
        actions.declare_conflicts(reviewer, lines="Somebody", by=viewer)
    with at(datetime(2025, 2, 1, tzinfo=UTC)):
        actions.declare_conflicts(reviewer, lines="Somebody", by=stage.viewer(reviewer.user))
    assert reviewer.conflict_lines == "Somebody"


def test_what_a_declaration_matched_is_never_told(stage):
    paper = SubmissionFactory(track=stage.track, title="Zephyr")
    AuthorshipFactory(submission=paper, name="Maria Rossi")
    reviewer = ReviewerFactory(edition=stage.edition, conflicts_declared_at=None)
    client = stage.client(reviewer.user)
    address = reverse("reviews:conflicts", args=["iclr2025"])
    client.post(address, {"lines": "Maria Rossi", "complete": "on"})
    assert Conflict.objects.get(user=reviewer.user).kind == "declared"
    for page in (address, reverse("reviews:desk", args=["iclr2025"]), reverse("reviews:bids", args=["iclr2025"])):
        assert "Zephyr" not in client.get(page).content.decode()


def test_organisers_do_not_see_conflicts_of_papers_they_are_in_conflict_with(stage):
    paper = SubmissionFactory(track=stage.track, title="Zephyr")
    Conflict.objects.create(
        user=UserFactory(name="Somebody"), submission=paper, kind="declared", created_at=paper.created_at
    )
    client = stage.client(stage.organiser)
    address = reverse("reviews:conflict_list", args=["iclr2025"])
    assert "Zephyr" in client.get(address).content.decode()
    Conflict.objects.create(user=stage.organiser, submission=paper, kind="declared", created_at=paper.created_at)
    assert "Zephyr" not in client.get(address).content.decode()


def test_an_unknown_filter_is_refused(stage):
    client = stage.client(stage.organiser)
    for name in ("committee", "conflict_list", "assignments", "progress", "decisions"):
        assert client.get(reverse(f"reviews:{name}", args=["iclr2025"]) + "?author=x").status_code == 400
