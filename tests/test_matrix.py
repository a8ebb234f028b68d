"""The matrix of visibility.yaml over every page, file and feed: who meets which fact, in every phase.

A cell that says visible is held to it as well, so that no row passes on an empty page.
"""

from collections.abc import Callable

import pytest

from tests.crawl import CHANNELS, Crawl, everything
from tests.forms import Form, forms_of, send
from tests.matrix import ACTORS, PHASES, READ_ALWAYS, column_of, expected, in_phases, met, rows_of
from tests.proof.ledger import note_many
from tests.world import CONFLICT_EVIDENCE, World, leave_to_the_deputy

pytestmark = pytest.mark.crawl
OTHER_PHASES = tuple(phase for phase in PHASES if phase not in READ_ALWAYS)


@pytest.fixture(scope="module")
def crawls() -> dict[tuple[str, str], Crawl]:
    """What each actor read in each phase; kept for the tests that compare them."""
    return {}


def arrive(world: World, actor: str) -> None:
    """What must have happened for somebody to be that actor; all but the deputy are there from the beginning."""
    if actor == "deputy":
        leave_to_the_deputy(world)


def about_neighbours(world: World) -> Callable[[str], str]:
    """Their pages are left out of `make test`: their words are no canaries, and lists show them all the same."""
    others = [paper.public_id for paper in world.neighbours.values()]
    return lambda path: "another paper's page" if any(key in path for key in others) else ""


def crawl(world: World, actor: str, *, thorough: bool = False) -> Crawl:
    arrive(world, actor)
    if thorough:
        return everything(world.client(actor), world.edition)
    return everything(world.client(actor), world.edition, most=1, unwanted=about_neighbours(world))


def hold_to_the_matrix(world: World, actor: str, read: Crawl) -> None:
    rows, phase = rows_of(world.phase), world.phase
    facts = met(world, actor, read.texts)
    wanted = {row: expected(row, actor, phase) for row in rows}
    for channel in CHANNELS:
        there = met(world, actor, read.in_channel(channel))
        cells = [(row, wanted[row], there[row]) for row in rows]
        note_many("cell", ("row", "expected", "met"), cells, actor=actor, phase=phase, channel=channel)
    tried = [(path, status, "") for path, status in read.statuses.items()]
    left_out = [(path, 0, reason) for path, reason in read.left_out.items()]
    note_many("address", ("path", "status", "reason"), tried + left_out, actor=actor, phase=phase, parameters="")
    assert {row: facts[row] for row in rows} == wanted
    for owner, evidence in CONFLICT_EVIDENCE.items():
        if actor != owner and column_of(actor, phase) != "chair":
            assert not [path for path, page in read.texts.items() if evidence in page]


@in_phases(in_proof=OTHER_PHASES)
@pytest.mark.parametrize("actor", ACTORS)
def test_everybody_meets_exactly_what_the_matrix_says(actor, world, crawls):
    read = crawls[world.phase, actor] = crawl(world, actor)
    hold_to_the_matrix(world, actor, read)


@pytest.mark.proof
@in_phases(PHASES)
@pytest.mark.parametrize("actor", ACTORS)
def test_nor_do_the_pages_of_other_papers_tell(actor, world):
    hold_to_the_matrix(world, actor, crawl(world, actor, thorough=True))


@in_phases(in_proof=OTHER_PHASES)
def test_a_form_does_nothing_for_those_who_must_not_see_its_page(world, crawls):
    """Sent as it stands, with the sender's own token. Whoever is shown the same form elsewhere may send it."""
    for actor in ACTORS:
        if (world.phase, actor) not in crawls:
            crawls[world.phase, actor] = crawl(world, actor)
    read = {actor: crawls[world.phase, actor] for actor in ACTORS if actor != "deputy"}
    shown = {actor: set(forms_of(each)) for actor, each in read.items()}
    forms: dict[Form, None] = dict.fromkeys(form for found in shown.values() for form in sorted(found))
    wrong, sent = [], 0
    for actor, own in shown.items():
        targets = {form.target for form in own}
        hidden = [form for form in forms if read[actor].statuses.get(form.page) != 200 and form.target not in targets]
        answers = [(form, send(world, actor, form)) for form in hidden]
        note_many(
            "post", ("path", "status"), [(f.action, a.status) for f, a in answers], actor=actor, phase=world.phase
        )
        wrong += [(actor, form.action, answer) for form, answer in answers if not answer.is_refusal]
        sent += len(hidden)
    assert wrong == []
    assert sent > len(forms)  # each is hidden from somebody
