"""After the decisions: answers to bonus items, final files, the programme, and travel support."""

from datetime import UTC, datetime, time, timedelta

from ml4rs.accounts.models import User
from ml4rs.demo.population.papers import answers_of, file_of, keep_files
from ml4rs.demo.population.people import institution_of
from ml4rs.demo.population.scene import Scene
from ml4rs.editions.models import Question, Track, TrackFile
from schedule.actions import publish
from schedule.models import Room, Session, Slot
from submissions.models import Submission
from travel.models import Application, Assessment, Offer, Pool, TravelSettings

State = Submission.State
_FORMS = {Track.Kind.SLIDE: Submission.Presentation.SLIDE, Track.Kind.DEMO: Submission.Presentation.DEMO}
# Minutes from the start of the day: slug, kind, title, start, end.
_DAY = (
    ("opening", Session.Kind.OPENING, "Opening", 0, 10),
    ("talks-morning", Session.Kind.ORALS, "Oral talks 1", 10, 90),
    ("coffee-morning", Session.Kind.BREAK, "Coffee", 90, 120),
    ("posters-morning", Session.Kind.POSTERS, "Poster session 1", 120, 180),
    ("lunch", Session.Kind.LUNCH, "Lunch", 180, 270),
    ("talks-afternoon", Session.Kind.ORALS, "Oral talks 2", 270, 350),
    ("posters-afternoon", Session.Kind.POSTERS, "Poster session 2", 350, 410),
    ("closing", Session.Kind.CLOSING, "Closing", 410, 420),
)


def answer_bonus_items(scene: Scene, released: datetime) -> None:
    """Slides and demos are answered by the organisers, most of them with yes."""
    items = [p for p in scene.papers if not p.track.is_reviewed and p.state == State.SUBMITTED]
    for item in items:
        accepted = scene.draw.random() < 0.85
        item.outcome = Submission.Outcome.ACCEPTED if accepted else Submission.Outcome.REJECTED
        item.presentation = _FORMS.get(item.track.kind, "") if accepted else ""
        item.released_at = max(released, item.submitted_at)
        item.published_at = item.released_at if accepted and scene.edition.papers_public else None
    Submission.objects.bulk_update(items, ["outcome", "presentation", "released_at", "published_at"], batch_size=500)


def add_final_files(scene: Scene) -> None:
    """Camera-ready papers of nine in ten, with their authors' names; posters of half."""
    draw = scene.draw
    names: dict[int, list[str]] = {}
    for authorship in scene.authorships:
        names.setdefault(authorship.submission_id, []).append(authorship.name)
    versions, complete = [], []
    for paper in _accepted(scene):
        kinds = {file.kind for file in paper.track.files.all()} | {TrackFile.Kind.CAMERA_READY}
        at = draw.between(scene.calendar.released, scene.calendar.finals_due)
        if draw.random() < 0.9:
            authors = ", ".join(names[paper.pk])[:90]
            versions.append(file_of(scene, paper, TrackFile.Kind.CAMERA_READY, at, authors=authors))
            complete.append(paper)
        if TrackFile.Kind.POSTER in kinds and draw.random() < 0.5:
            versions.append(file_of(scene, paper, TrackFile.Kind.POSTER, at))
    keep_files(versions)
    for paper in complete:
        paper.answers = paper.answers | answers_of(draw, paper.track, Question.Stage.CAMERA_READY)
        paper.published_at = scene.calendar.finals_due if scene.edition.papers_public else None
    Submission.objects.bulk_update(complete, ["answers", "published_at"], batch_size=500)


def _accepted(scene: Scene) -> list[Submission]:
    return [paper for paper in scene.reviewed() if paper.outcome == Submission.Outcome.ACCEPTED]


def add_programme(scene: Scene) -> None:
    """Accepted papers into the sessions that are there, or into a day of our own; published."""
    edition = scene.edition
    sessions = list(edition.sessions.filter(kind__in=[Session.Kind.ORALS, Session.Kind.POSTERS]))
    sessions = sessions or _sessions(scene)
    papers = _accepted(scene)
    orals = [paper for paper in papers if paper.presentation == Submission.Presentation.ORAL]
    slots = _slots(scene, [s for s in sessions if s.kind == Session.Kind.ORALS], orals)
    # Talks have a poster as well, so that people can ask.
    slots += _slots(scene, [s for s in sessions if s.kind == Session.Kind.POSTERS], papers)
    Slot.objects.bulk_create(slots, batch_size=500)
    if edition.sessions.exists():
        publish(edition, by=None)


def _sessions(scene: Scene) -> list[Session]:
    edition, draw = scene.edition, scene.draw
    hall, _ = Room.objects.get_or_create(edition=edition, slug="hall", defaults={"name": "Hall", "position": 1})
    start = datetime.combine(edition.starts_on, time(1), UTC) if edition.starts_on else None
    rows = [
        Session(
            public_id=draw.public_id(),
            edition=edition,
            slug=slug,
            kind=kind,
            title=title,
            room=hall,
            starts_at=start + timedelta(minutes=first) if start else None,
            ends_at=start + timedelta(minutes=last) if start else None,
            position=place,
        )
        for place, (slug, kind, title, first, last) in enumerate(_DAY, start=1)
    ]
    made = Session.objects.bulk_create(rows)
    return [row for row in made if row.kind in (Session.Kind.ORALS, Session.Kind.POSTERS)]


def _slots(scene: Scene, sessions: list[Session], papers: list[Submission]) -> list[Slot]:
    """Papers dealt out over sessions of one kind; posters get boards after those that are taken."""
    rows = []
    counts = {session.pk: session.slots.count() for session in sessions}
    for place, paper in enumerate(papers if sessions else []):
        session = sessions[place % len(sessions)]
        counts[session.pk] += 1
        is_poster = session.kind == Session.Kind.POSTERS
        board = f"P{counts[session.pk]}" if is_poster else ""
        rows.append(
            Slot(
                public_id=scene.draw.public_id(),
                session=session,
                submission=paper,
                position=counts[session.pk],
                board=board,
            )
        )
    return rows


def add_grants(scene: Scene, officer: User, *, answered: bool) -> None:
    """Applications by students on accepted papers (on any, while nothing is decided) and a few others; some offers."""
    draw, edition = scene.draw, scene.edition
    TravelSettings.objects.get_or_create(edition=edition, defaults={"airport": "", "currency": "EUR"})
    pool, _ = Pool.objects.get_or_create(
        edition=edition,
        name="Sponsors' fund",
        defaults={"public_id": draw.public_id(), "amount_minor": 2_000_000, "currency": "EUR"},
    )
    papers = {paper.pk for paper in _accepted(scene) or scene.reviewed()}
    on_paper = {a.user_id for a in scene.authorships if a.submission_id in papers and a.user_id}
    wanting = [user for user in scene.authors if draw.random() < (0.2 if user.pk in on_paper else 0.02)]
    rows = [_application(scene, user, user.pk in on_paper) for user in wanting]
    Application.objects.bulk_create(rows, batch_size=500)
    _assess(scene, rows, officer)
    if answered:
        _answer_applications(scene, rows, pool, officer)


def _application(scene: Scene, user: User, will_present: bool) -> Application:
    draw, place = scene.draw, institution_of(user)
    begun = draw.between(scene.calendar.closes(), scene.calendar.grants_due)
    is_draft = draw.random() < 0.15
    flight, nights = draw.randint(2, 14) * 10_000, draw.randint(2, 5)
    costs = {"transport": flight, "lodging": nights * 12_000, "registration": 25_000}
    asked = min(draw.randint(3, 24) * 10_000, sum(costs.values()))
    return Application(
        public_id=draw.public_id(),
        edition=scene.edition,
        user=user,
        state=Application.State.DRAFT if is_draft else Application.State.SUBMITTED,
        legal_name=user.name,
        status=draw.choice(("master", "phd", "phd", "phd", "bachelor")),
        institution=place.name,
        country=place.country,
        airport=place.airport,
        will_present=will_present,
        amount_minor=asked,
        currency="EUR",
        costs=costs,
        least_minor=asked // 2,
        without=draw.choice(("no", "no", "maybe", "yes")),
        other_funding=draw.choice(("", "", "My department pays the registration.")),
        benefit="I would meet the people whose data I use, and show them what I made of it.",
        need=draw.choice(("", "My group has no travel money this year.", "Visa and flight cost three salaries.")),
        is_true=not is_draft,
        consents=not is_draft,
        created_at=begun,
        updated_at=begun,
        submitted_at=None if is_draft else begun,
    )


def _assess(scene: Scene, rows: list[Application], officer: User) -> None:
    """The officer's marks for three of four; the others still wait for them."""
    draw = scene.draw
    marked = [row for row in rows if row.state == Application.State.SUBMITTED and draw.random() < 0.75]
    Assessment.objects.bulk_create(
        [
            Assessment(
                application=row,
                officer=officer,
                merit=draw.randint(2, 5),
                need=draw.randint(1, 5),
                note=draw.choice(("", "", "Clear plan for the days in town.")),
                made_at=draw.between(row.submitted_at, scene.calendar.now),
            )
            for row in marked
        ],
        batch_size=500,
    )


def _answer_applications(scene: Scene, rows: list[Application], pool: Pool, officer: User) -> None:
    """Offers until two thirds of the money are promised; one in five declined."""
    draw, offers, answered = scene.draw, [], []
    committed = pool.committed_minor
    for row in rows:
        amount = min(row.amount_minor, 150_000)
        if row.state != Application.State.SUBMITTED or draw.random() < 0.3:
            continue
        if draw.random() < 0.2:
            row.state = Application.State.DECLINED
        elif committed + amount <= pool.amount_minor * 2 // 3:
            row.state = Application.State.OFFERED
            offers.append(_offer(scene, row, pool, amount, officer))
            committed += amount if offers[-1].state in (Offer.State.OPEN, Offer.State.ACCEPTED) else 0
        answered.append(row)
    Application.objects.bulk_update(answered, ["state"], batch_size=500)
    Offer.objects.bulk_create(offers, batch_size=500)
    Pool.objects.filter(pk=pool.pk).update(committed_minor=committed)


def _offer(scene: Scene, row: Application, pool: Pool, amount: int, officer: User) -> Offer:
    draw = scene.draw
    offered = draw.between(scene.calendar.released, scene.calendar.now)
    state = draw.choice((Offer.State.OPEN, Offer.State.ACCEPTED, Offer.State.ACCEPTED, Offer.State.DECLINED))
    return Offer(
        public_id=draw.public_id(),
        application=row,
        pool=pool,
        amount_minor=amount,
        currency=pool.currency,
        message="We look forward to seeing you.",
        state=state,
        expires_at=scene.calendar.now + timedelta(days=14),
        offered_by=officer,
        offered_at=offered,
        answered_at=None if state == Offer.State.OPEN else draw.between(offered, scene.calendar.now),
    )
