"""Submissions: drafts, handed-in papers, a few withdrawn or desk-rejected, with authors, topics and real PDFs."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import sha256

from django.core.files.base import ContentFile

from ml4rs.demo.population import phrases
from ml4rs.demo.population.manuscripts import manuscript, slide
from ml4rs.demo.population.people import matching_topics
from ml4rs.demo.population.scene import Draw, Scene, Star
from ml4rs.editions.models import Question, Track, TrackFile
from submissions.filetypes import PDF
from submissions.models import Authorship, CheckReport, FileVersion, Submission
from submissions.pdfcheck.result import RULE_VERSION

State = Submission.State
_STATES = (State.SUBMITTED,) * 88 + (State.DRAFT,) * 7 + (State.WITHDRAWN,) * 3 + (State.DESK_REJECTED,) * 2
_WEIGHTS = {Track.Kind.PAPER: 10, Track.Kind.SLIDE: 1, Track.Kind.DEMO: 1, Track.Kind.TUTORIAL: 1}


def add_papers(scene: Scene, count: int) -> None:
    """Submissions with everything that authors hand in."""
    draw = scene.draw
    weights = [_WEIGHTS[track.kind] for track in scene.tracks]
    numbers = draw.sample(range(1, 300 * (1 + 3 * count // 300) + 1), count)
    taken = set(Submission.objects.filter(edition=scene.edition).values_list("number", flat=True))
    free = iter([number for number in numbers if number not in taken] + list(range(100_000, 100_000 + count)))
    stars = [*scene.stars, *[None] * (count - len(scene.stars))]
    drafted = [_paper(scene, draw.choices(scene.tracks, weights)[0], free, star) for star in stars]
    scene.papers = Submission.objects.bulk_create([paper for paper, _ in drafted], batch_size=500)
    for (paper, theme), star in zip(drafted, stars, strict=True):
        scene.themes[paper.pk] = theme
        quality = draw.gauss(0, 1)
        scene.quality[paper.pk] = quality if star is None or star.quality is None else star.quality
    _add_authors(scene)
    links = [
        Submission.topics.through(submission=paper, topic=topic)
        for paper in scene.papers
        for topic in matching_topics(scene, scene.themes[paper.pk])
        if scene.topics
    ]
    Submission.topics.through.objects.bulk_create(links, batch_size=1000)
    _add_files(scene)


def _paper(scene: Scene, track: Track, numbers: Iterator[int], star: Star | None) -> tuple[Submission, int]:
    draw = scene.draw
    state = star.state if star else draw.choice(_STATES)
    theme = draw.randrange(len(phrases.THEMES))
    closes = scene.calendar.closes(track)
    begun = draw.between(closes - timedelta(days=21), closes - timedelta(hours=3))
    # Most papers arrive in the last days.
    handed_in = closes - (closes - begun) * draw.random() ** 3
    unfinished = state == State.DRAFT and star is None and draw.random() < 0.5
    paper = Submission(
        public_id=draw.public_id(),
        edition=scene.edition,
        track=track,
        number=None if state == State.DRAFT else next(numbers),
        title=title_of(draw, theme),
        abstract="" if unfinished else abstract_of(draw, theme),
        keywords=", ".join(phrases.THEMES[theme].methods) if draw.random() < 0.7 else "",
        declarations={} if unfinished else _declarations(draw, track),
        answers={} if unfinished else answers_of(draw, track, Question.Stage.SUBMISSION),
        state=state,
        created_by=star.user if star else draw.choice(scene.authors),
        created_at=begun,
        updated_at=handed_in,
        submitted_at=None if state == State.DRAFT else handed_in,
        state_reason=_reason(draw, state),
    )
    return paper, theme


def title_of(draw: Draw, theme: int) -> str:
    words = _words(draw, theme)
    capital = {key.capitalize(): value[:1].upper() + value[1:] for key, value in words.items()}
    return draw.choice(phrases.TITLES).format(**words, **capital)


def abstract_of(draw: Draw, theme: int) -> str:
    words = _words(draw, theme) | {"n": draw.randint(8, 400), "c": draw.randint(2, 6), "p": draw.randint(3, 38)}
    parts = (phrases.CONTEXTS, phrases.APPROACHES, phrases.FINDINGS, phrases.FINDINGS, phrases.OUTLOOKS)
    sentences = [draw.choice(part).format(**words) for part in parts]
    return " ".join(dict.fromkeys(sentences))


def _words(draw: Draw, theme: int) -> dict[str, str]:
    found = phrases.THEMES[theme]
    return {"task": found.task, "data": found.data, "method": draw.choice(found.methods)}


def _declarations(draw: Draw, track: Track) -> dict:
    return {
        "agreed": True,
        "student": draw.random() < 0.4,
        "journal": track.journal_eligible and draw.random() < 0.5,
        "language_models": draw.choice(("none", "language", "text")),
    }


def answers_of(draw: Draw, track: Track, stage: str) -> dict[str, str | bool]:
    """An answer to each question that the track asks at this stage."""
    found: dict[str, str | bool] = {}
    for question in track.questions.all():
        if question.stage != stage:
            continue
        found[question.key] = {
            Question.Kind.CHOICE: lambda question: draw.choice(question.choices),
            Question.Kind.CHECKBOX: lambda question: True,
            Question.Kind.NUMBER: lambda question: str(draw.randint(1, 15)),
            Question.Kind.LINK: lambda question: f"https://example.org/{question.key}/{draw.public_id()}",
        }.get(question.kind, lambda question: "A table, two sockets and a screen.")(question)
    return found


def _reason(draw: Draw, state: str) -> str:
    reasons = {State.WITHDRAWN: phrases.WITHDRAWALS, State.DESK_REJECTED: phrases.DESK_REJECTIONS}
    return draw.choice(reasons[state]) if state in reasons else ""


def _add_authors(scene: Scene) -> None:
    """The one who started it first, then others; a third of these have no account of that address."""
    draw = scene.draw
    for paper in scene.papers:
        others = [user for user in draw.some(scene.authors, 0, 5) if user.pk != paper.created_by_id]
        people = [paper.created_by, *others]
        presenter = draw.randrange(len(people))
        for place, user in enumerate(people):
            known = place == 0 or draw.random() < 0.67
            scene.authorships.append(
                Authorship(
                    public_id=draw.public_id(),
                    submission=paper,
                    position=place,
                    name=user.name,
                    email=user.email if known else user.email.replace("@", "@mail."),
                    affiliation=user.affiliation,
                    country=str(user.country),
                    user=user if known else None,
                    is_corresponding=place == 0,
                    is_presenter=place == presenter,
                    told_at=paper.submitted_at,
                )
            )
    Authorship.objects.bulk_create(scene.authorships, batch_size=500)


def _add_files(scene: Scene) -> None:
    draw = scene.draw
    versions = []
    for paper in scene.papers:
        if paper.state == State.DRAFT and not paper.abstract:
            continue
        for wanted in paper.track.files.all():
            is_first = wanted.kind in (TrackFile.Kind.MANUSCRIPT, TrackFile.Kind.SLIDE)
            if "pdf" in wanted.types and (
                is_first or (wanted.kind == TrackFile.Kind.SUPPLEMENTARY and draw.random() < 0.15)
            ):
                versions.append(file_of(scene, paper, wanted.kind, paper.submitted_at or paper.updated_at))
    keep_files(versions)


def file_of(scene: Scene, paper: Submission, kind: str, at: datetime, *, authors: str = "") -> FileVersion:
    """A PDF of this paper, written to disk; the row is not saved yet. Final files name their authors."""
    draw = scene.draw
    if kind == TrackFile.Kind.SLIDE:
        content = copy = slide(paper.title, phrases.THEMES[scene.themes[paper.pk]].data)
    else:
        pages = paper.track.page_limit or 4
        content = manuscript(draw, paper.title, paper.abstract, pages=pages, authors=authors)
        copy = content
    version = FileVersion(
        public_id=draw.public_id(),
        submission=paper,
        kind=kind,
        version=1,
        sha256=sha256(content).hexdigest(),
        size=len(content),
        content_type=PDF.content_type,
        original_name=f"{kind}.pdf",
        uploaded_by=paper.created_by,
        uploaded_at=at,
    )
    version.stored = _written(version, "stored", content)
    if kind in (TrackFile.Kind.MANUSCRIPT, TrackFile.Kind.SUPPLEMENTARY, TrackFile.Kind.SLIDE):
        version.reviewers_copy = _written(version, "reviewers_copy", copy)
    return version


def _written(version: FileVersion, name: str, content: bytes) -> str:
    """Where the content lies: under its own digest, so that what is there already is the same."""
    field = FileVersion._meta.get_field(name)
    path = field.upload_to(version, "")
    return path if field.storage.exists(path) else field.storage.save(path, ContentFile(content))


def keep_files(versions: list[FileVersion]) -> None:
    """Save the rows, with the report that the check would give."""
    FileVersion.objects.bulk_create(versions, batch_size=500)
    CheckReport.objects.bulk_create([_report(version) for version in versions], batch_size=500)


def _report(version: FileVersion) -> CheckReport:
    is_slide = version.kind == TrackFile.Kind.SLIDE
    pages = 1 if is_slide else version.submission.track.page_limit or 4
    return CheckReport(
        file_version=version,
        rule_version=RULE_VERSION,
        verdict=CheckReport.Verdict.OK,
        pages=pages,
        facts={"main_text_pages": pages, "references_page": None if is_slide else pages, "appendix_page": None},
        checked_at=version.uploaded_at + timedelta(seconds=4),
    )
