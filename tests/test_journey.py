"""The main job, end to end: a real PDF goes from the call for papers to the programme.

Real browser, real web server, Celery worker and beat, real SMTP. The 2025 edition runs with its dates moved
to the days around now, as its organisers could move them.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import icalendar
import pytest
import yaml
from playwright.sync_api import Browser, Page, expect

from submissions.tests.pdfs import make_pdf
from tests.live import Postbox, Site, eventually, postbox, text_of

pytestmark = [pytest.mark.browser, pytest.mark.services]

PASSWORD = "correct horse battery staple"
EDITION_FILE = Path(__file__).resolve().parent.parent / "ml4rs" / "editions" / "files" / "iclr2025.yaml"
TITLE = "Counting Reed Beds from Orbit"
AUTHOR, COAUTHOR, REVIEWER = "ada@wetland.example", "bo@marsh.example", "grace@forest.example"
ORGANISER, OFFICER, IDLE = "orla@workshop.example", "olaf@workshop.example", "dora@late.example"


def edition_around_now(folder: Path) -> Path:
    """The 2025 edition with its announced dates in the coming weeks."""
    data = yaml.load(EDITION_FILE.read_text(), Loader=yaml.BaseLoader)
    days = {"submission": 1, "notification": 10, "travel": 15, "camera_ready": 20, "workshop": 40}
    for milestone in data["milestones"]:
        moved = datetime.now(UTC) + timedelta(days=days[milestone["kind"]]) - timedelta(hours=2)
        for key in ("date", "anywhere_on_earth", "whole_day"):
            milestone.pop(key, None)
        milestone["at"] = f"{moved:%Y-%m-%d %H:%M} UTC"
    path = folder / "edition.yaml"
    path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False))
    return path


SEED = """
from allauth.account.models import EmailAddress
from ml4rs.accounts.models import User
from ml4rs.editions.models import Edition, Role
edition = Edition.objects.get()
for email, name, role in {people!r}:
    user = User.objects.create_user(email, {password!r}, name=name)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    if role:
        Role.objects.create(edition=edition, user=user, name=role)
"""


@pytest.fixture(scope="module")
def world(tmp_path_factory) -> Iterator[tuple[Site, Postbox]]:
    folder = tmp_path_factory.mktemp("site")
    with postbox() as (box, smtp_port):
        site = Site(folder, smtp_port)
        site.manage("migrate", "-v0")
        site.manage("load_edition", str(edition_around_now(folder)))
        people = [
            (ORGANISER, "Orla Organiser", "organiser"),
            (OFFICER, "Olaf Officer", "grants_officer"),
            (IDLE, "Dora Late", ""),
        ]
        site.shell(SEED.format(people=people, password=PASSWORD))
        with site.running():
            yield site, box


class Person:
    """Somebody at a browser of their own."""

    def __init__(self, browser: Browser, site: Site, box: Postbox, address: str) -> None:
        self.site, self.box, self.address = site, box, address
        self.context = browser.new_context(base_url=site.url, viewport={"width": 1280, "height": 900})
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(30_000)
        self.elsewhere: list[str] = []
        self.page.on("request", self._note)

    def _note(self, request) -> None:
        if request.url.startswith(("http:", "https:", "ws")) and not request.url.startswith(self.site.url):
            self.elsewhere.append(request.url)

    def go(self, path: str) -> Page:
        answer = self.page.goto(path)
        assert answer is not None
        assert answer.status == 200, f"{answer.status} at {path}"
        return self.page

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).first.click()
        self.page.wait_for_load_state()

    def fill(self, **fields: str) -> None:
        for name, value in fields.items():
            self.page.locator(f"[name='{name.replace('__', '-')}']").fill(value)

    def sign_up(self, name: str) -> None:
        self.go("/accounts/signup/")
        self.fill(name=name, email=self.address, password1=PASSWORD)
        self.press("Sign up")
        self.fill(code=self._code())
        self.press("Confirm")

    def sign_in(self) -> None:
        self.go("/accounts/login/")
        self.fill(login=self.address, password=PASSWORD)
        self.press("Sign in")
        expect(self.page.get_by_role("link", name="Sign out")).to_be_visible()

    def sign_in_by_code(self) -> None:
        self.go("/accounts/login/code/")
        self.fill(email=self.address)
        self.page.locator("main form button").first.click()
        self.fill(code=self._code())
        self.press("Confirm")
        expect(self.page.get_by_role("link", name="Sign out")).to_be_visible()

    def _code(self) -> str:
        mail = self.box.wait_for(self.address, "code")
        found = re.search(r"^\s*([A-Z0-9]{3,}-?[A-Z0-9]{3,})\s*$", text_of(mail), re.MULTILINE)
        assert found, text_of(mail)
        self.box.mails.remove(mail)
        return found[1]

    def sees(self, words: str) -> None:
        """Waits until the words are on the page."""
        expect(self.page.locator("body")).to_contain_text(words)

    def reads(self, words: str) -> bool:
        return words in self.page.locator("body").inner_text()


@pytest.fixture(scope="module")
def people(chromium, world) -> Iterator[dict[str, Person]]:
    addresses = (AUTHOR, REVIEWER, ORGANISER, OFFICER, IDLE)
    found = {address: Person(chromium, *world, address) for address in addresses}
    yield found
    for person in found.values():
        person.context.close()


@contextmanager
def step(words: str) -> Iterator[None]:
    """Names the part of the journey in which something broke."""
    try:
        yield
    except Exception as error:
        error.add_note(f"while: {words}")
        raise


def hand_in(author: Person, folder: Path) -> str:
    """Item 10: sign up, write, add a co-author, upload, submit. Gives the paper's address."""
    with step("signing up"):
        author.sign_up("Ada Wetland")
    with step("writing"):
        author.go("/iclr2025/submit/")
        author.page.locator("#track-workshop-papers").get_by_role("button", name="Start a submission").click()
        author.page.wait_for_url(re.compile(r"/submissions/\w{12}/"))
        paper = re.search(r"(/iclr2025/submissions/\w{12}/)", author.page.url)[1]
        author.go(f"{paper}edit/")
        author.fill(title=TITLE, abstract="We count reed beds, and $x^2$ of them.")
        author.page.locator("[name=agreed]").check()
        author.press("Save draft")
    with step("adding a co-author"):
        author.go(f"{paper}authors/")
        author.fill(name="Bo Marsh", email=COAUTHOR, affiliation="Marsh Institute")
        author.press("Add author")
        author.sees("Bo Marsh")
    with step("uploading"):
        author.go(paper)
        pdf = folder / "reeds.pdf"
        pdf.write_bytes(make_pdf(pages=4, text="Reed beds are counted."))
        author.page.locator("#upload-manuscript").set_input_files(pdf)
        author.press("Upload manuscript")
        expect(author.page.get_by_text("In order").or_(author.page.get_by_text("Please look")).first).to_be_visible(
            timeout=30_000
        )
    with step("submitting"):
        author.go(paper)
        author.press("Submit paper")
        assert "SHA-256" in text_of(author.box.wait_for(AUTHOR, "Reed Beds SHA-256"))
        author.box.wait_for(COAUTHOR, "Reed Beds")
    return paper


def change_mind(author: Person, paper: str) -> None:
    """Edit, withdraw, and submit again before the deadline."""
    with step("editing"):
        author.go(f"{paper}edit/")
        author.fill(title=f"{TITLE} Again")
        author.press("Save changes")
        assert author.go(paper).get_by_role("heading", level=1).inner_text().startswith(f"{TITLE} Again")
    with step("withdrawing and reviving"):
        author.go(f"{paper}withdraw/")
        author.page.locator("main form button").first.click()
        author.go(paper)
        author.sees("This paper is withdrawn")
        author.press("Submit it again")
        author.sees("We have your submission")


def recruit(organiser: Person, reviewer: Person) -> None:
    """Item 11, first half: invite by mail, accept without an account, declare conflicts."""
    with step("inviting"):
        organiser.sign_in()
        organiser.go("/iclr2025/organise/committee/invite/")
        organiser.fill(people=f"Grace Forest <{REVIEWER}>, Forest University")
        organiser.page.locator("main form button").first.click()
        organiser.page.locator("[name=send]").first.click()
        link = re.search(r"https?://\S+/invitation/\S+", text_of(organiser.box.wait_for(REVIEWER, "invitation")))
    with step("accepting"):
        reviewer.go(link[0].removeprefix(reviewer.site.url))
        reviewer.press("Accept")
        reviewer.sees("You are on the committee")
        reviewer.sign_in_by_code()
    with step("declaring conflicts"):
        reviewer.go("/iclr2025/reviewing/conflicts/")
        reviewer.fill(lines="Nobody Inparticular")
        reviewer.page.locator("[name=complete]").check()
        reviewer.press("Declare conflicts")


def assign(organiser: Person, reviewer: Person) -> None:
    """The proposal is worked out by the worker, looked at, and applied."""
    with step("assigning"):
        organiser.go("/iclr2025/organise/assignments/")
        organiser.go("/iclr2025/organise/assignments/propose/")
        organiser.press("Work it out")
        proposal = organiser.page.get_by_role("link", name=re.compile("Proposal of"))
        eventually(lambda: organiser.go("/iclr2025/organise/assignments/") and proposal.count(), "the proposal", 60)
        proposal.first.click()
        organiser.page.locator("button[name=verb][value=apply]").click()
        organiser.box.wait_for(REVIEWER, "review")


def write_review(reviewer: Person) -> None:
    """Item 11, second half: read the PDF, write a review that saves itself, meet no author anywhere."""
    with step("reading the paper"):
        reviewer.go("/iclr2025/reviewing/")
        reviewer.page.get_by_role("link", name=re.compile(TITLE)).first.click()
        source = reviewer.page.get_by_role("link", name=re.compile("Open the paper")).get_attribute("href")
        answer = reviewer.context.request.get(source)
        assert answer.body().startswith(b"%PDF")
        for secret in ("wetland", "Marsh", "Ada "):
            assert not reviewer.reads(secret)
            assert secret.encode() not in answer.body()
    with step("a review that saves itself"):
        page = reviewer.page
        page.locator("[name=q-summary]").press_sequentially("It counts reed beds.")
        expect(page.locator("#save-state")).to_contain_text("Saved", timeout=15_000)
        page.reload()
        expect(page.locator("[name=q-summary]")).to_have_value("It counts reed beds.")
    with step("submitting the review"):
        for name, words in (("q-strengths", "Careful."), ("q-weaknesses", "Few reeds.")):
            page.locator(f"[name={name}]").fill(words)
        for name in ("q-soundness", "q-relevance", "q-overall", "q-confidence", "q-language_models"):
            page.locator(f"[name={name}]").nth(2).check()
        reviewer.press("Submit review")
        reviewer.sees("Submitted")


def decide(organiser: Person, author: Person, paper: str) -> None:
    """Item 12: decide, preview, release; one mail each, reviews for the authors, the paper for everybody."""
    with step("deciding"):
        organiser.go("/iclr2025/organise/decisions/")
        organiser.page.get_by_role("link", name=re.compile(TITLE)).first.click()
        address = organiser.page.url.removeprefix(organiser.site.url)
        organiser.page.locator("[name=verdict][value='accepted:oral'], select[name=verdict]").first.evaluate(
            "e => { if (e.tagName === 'SELECT') { e.value = 'accepted:oral' } else { e.checked = true } }"
        )
        organiser.fill(comment="A pleasure to read.")
        organiser.page.locator("main form button.btn-primary").first.click()
        organiser.go(f"{address}preview/")
        organiser.sees("A pleasure to read.")
        author.go(paper)
        assert not author.reads("A pleasure to read.")
    with step("releasing"):
        organiser.go("/iclr2025/organise/decisions/release/")
        organiser.press("Release all decisions")
        for address in (AUTHOR, COAUTHOR):
            organiser.box.wait_for(address, "pleasure")
        author.go(paper)
        author.sees("A pleasure to read.")
        author.sees("It counts reed beds.")
        assert not author.reads("Grace")
    with step("being public"):
        author.go("/iclr2025/papers/")
        author.sees(TITLE)


def put_in_programme(organiser: Person) -> None:
    """Item 13: place the paper, publish, and read it in the page and in a calendar."""
    with step("placing"):
        organiser.go("/iclr2025/organise/programme/")
        sessions = organiser.page.locator("#place-session")
        oral = sessions.locator("option", has_text="Oral Talks").first.get_attribute("value")
        sessions.select_option(oral)
        organiser.page.locator("#unplaced").get_by_label(re.compile(TITLE)).check()
        organiser.press("Place papers")
        organiser.go("/iclr2025/organise/programme/publish/")
        organiser.press("Publish programme")
    with step("reading the programme"):
        organiser.go("/iclr2025/programme/")
        organiser.sees(TITLE)
        answer = organiser.context.request.get("/iclr2025/schedule.ics")
        calendar = icalendar.Calendar.from_ical(answer.body())
        assert TITLE in str([event.to_ical() for event in calendar.walk("VEVENT")]).replace("\\\\r\\\\n ", "")


def travel(author: Person, officer: Person) -> None:
    """Item 14: a student applies, an officer answers."""
    with step("applying"):
        author.go("/iclr2025/travel/application/")
        author.press("Start an application")
        author.fill(legal_name="Ada Wetland", institution="Wetland University", airport="NBO", amount="900",
                    benefit="I present my paper and learn.")  # fmt: skip
        author.page.locator("[name=status]").select_option("phd")
        author.page.locator("[name=country]").select_option("KE")
        for box in ("will_present", "is_true", "consents"):
            author.page.locator(f"[name={box}]").check()
        author.press("Save draft")
        author.go("/iclr2025/travel/application/proof/")
        letter = {"name": "letter.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 enrolled"}
        author.page.locator("[name=file]").set_input_files(letter)
        author.press("Hand in")
        author.sees("letter.pdf")
        author.go("/iclr2025/travel/application/")
        author.page.locator("form[action$='/application/submit/'] button").click()
        author.box.wait_for(AUTHOR, "travel")
    with step("answering"):
        officer.sign_in()
        officer.go("/iclr2025/grants/money/")
        officer.fill(name="Sponsors", amount="5000")
        officer.page.locator("main form button.btn-primary").first.click()
        officer.go("/iclr2025/grants/")
        officer.page.get_by_role("link", name="Ada Wetland").click()
        for part in ("merit", "need"):
            officer.page.locator(f"[name={part}][value='4']").check()
        officer.press("Give marks")
        officer.page.locator("form[action$='/offer/'] [name=pool]").select_option(index=1)
        officer.page.locator("form[action$='/offer/'] [name=amount]").fill("800")
        officer.press("Send offer")
        author.box.wait_for(AUTHOR, "800")
        author.go("/iclr2025/travel/application/")
        author.press("Accept offer")
        author.sees("Accepted")


def remind(idle: Person) -> None:
    """Item 15: beat reminds the one who owes, and nobody else."""
    with step("being reminded"):
        reminder = idle.box.wait_for(IDLE, "deadline")
        assert "/iclr2025/submissions/" in text_of(reminder)
        for address in (AUTHOR, COAUTHOR, REVIEWER, ORGANISER):
            assert not [m for m in idle.box.to(address, "reminder") if "Submission deadline" in str(m["Subject"])]


def test_a_paper_goes_from_the_call_to_the_programme(people, world, tmp_path):
    _, box = world
    author, reviewer, organiser = people[AUTHOR], people[REVIEWER], people[ORGANISER]
    with step("leaving a draft"):
        idle = people[IDLE]
        idle.sign_in()
        idle.go("/iclr2025/submit/")
        idle.page.locator("#track-workshop-papers").get_by_role("button", name="Start a submission").click()
        idle.page.wait_for_url(re.compile(r"/submissions/\w{12}/"))
    paper = hand_in(author, tmp_path)
    change_mind(author, paper)
    recruit(organiser, reviewer)
    assign(organiser, reviewer)
    write_review(reviewer)
    decide(organiser, author, paper)
    put_in_programme(organiser)
    travel(author, people[OFFICER])
    remind(people[IDLE])
    ids = [str(mail["Message-ID"]) for mail in box.mails]
    assert len(ids) == len(set(ids)), "every mail went out once"
    assert not [request for person in people.values() for request in person.elsewhere]
