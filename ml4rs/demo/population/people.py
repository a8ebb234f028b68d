"""People with accounts: authors from all over the world, and a committee that partly writes papers itself."""

import unicodedata
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from ml4rs.accounts.models import User
from ml4rs.demo.population.phrases import DECLINES, THEMES
from ml4rs.demo.population.scene import Scene
from ml4rs.demo.population.wordlists import FAMILY, GIVEN, INSTITUTIONS, Institution
from ml4rs.editions.models import Role, Topic
from reviews.models import Reviewer

_LETTERS = str.maketrans({"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ı": "i", "æ": "ae", "ß": "ss"})
_SHARED = 0.25  # of the committee write papers too
_ANSWERS = ("accepted",) * 16 + ("invited",) * 2 + ("declined",) * 2


_BY_NAME = {place.name: place for place in INSTITUTIONS}


def institution_of(user: User) -> Institution:
    return _BY_NAME[user.affiliation]


def ascii_name(name: str) -> str:
    """`Łukasz Dvořák` as it may stand in an address: `lukasz.dvorak`."""
    plain = unicodedata.normalize("NFKD", name.translate(_LETTERS)).encode("ascii", "ignore").decode()
    return ".".join("".join(c for c in word if c.isalnum()) for word in plain.lower().split())


def add_people(scene: Scene, *, authors: int, reviewers: int) -> None:
    """Accounts for authors and for the committee, with verified addresses and no way to sign in."""
    shared = min(authors, round(reviewers * _SHARED))
    people = _accounts(scene, authors + reviewers - shared)
    scene.authors = people[:authors]
    scene.reviewers = [*scene.draw.sample(scene.authors, shared), *people[authors:]]


def _accounts(scene: Scene, count: int) -> list[User]:
    draw = scene.draw
    joined = scene.calendar.closes() - timedelta(days=60)
    users = []
    nobody_signs_in = make_password(None)
    for number in range(count):
        place = draw.choice(INSTITUTIONS)
        name = f"{draw.choice(GIVEN)} {draw.choice(FAMILY)}"
        users.append(
            User(
                public_id=draw.public_id(),
                email=f"{ascii_name(name)}.{scene.tag}{number}@{place.domain}",
                name=name,
                affiliation=place.name,
                country=place.country,
                password=nobody_signs_in,
                date_joined=draw.between(joined, scene.calendar.closes()),
            )
        )
    User.objects.bulk_create(users, batch_size=500)
    EmailAddress.objects.bulk_create(
        [EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in users], batch_size=500
    )
    return users


def add_committee(scene: Scene) -> list[Reviewer]:
    """Invitations and their answers. Those who accepted have said what they know and declared their conflicts."""
    rows = [_reviewer(scene, user) for user in scene.reviewers]
    Reviewer.objects.bulk_create(rows, batch_size=500)
    members = [row for row in rows if row.state == Reviewer.State.ACCEPTED]
    Role.objects.bulk_create(
        [Role(edition=scene.edition, name=Role.Name.REVIEWER, user=row.user) for row in members], batch_size=500
    )
    links = [
        Reviewer.topics.through(reviewer=row, topic=topic)
        for row in members
        for topic in scene.draw.some(scene.topics, 2, 5)
    ]
    Reviewer.topics.through.objects.bulk_create(links, batch_size=1000)
    return members


def _reviewer(scene: Scene, user: User) -> Reviewer:
    draw = scene.draw
    state = draw.choice(_ANSWERS)
    closes = scene.calendar.closes()
    invited = draw.between(closes - timedelta(days=40), closes - timedelta(days=20))
    answered = draw.between(invited, closes) if state != "invited" else None
    theme = draw.choice(THEMES)
    accepted = state == "accepted"
    return Reviewer(
        public_id=draw.public_id(),
        edition=scene.edition,
        user=user if accepted else None,
        email=user.email,
        name=user.name,
        affiliation=user.affiliation,
        state=state,
        load=draw.randint(3, 6),
        decline_reason=draw.choice(DECLINES) if state == "declined" else "",
        profile=f"{theme.task.capitalize()} from {theme.data}; {', '.join(theme.methods)}." if accepted else "",
        conflicts_declared_at=answered + timedelta(hours=1) if accepted and answered else None,
        invited_at=invited,
        answered_at=answered,
        show_publicly=draw.random() < 0.9,
    )


def matching_topics(scene: Scene, theme: int) -> list[Topic]:
    """Topics of the edition that a theme belongs to; any where the edition has others."""
    found = [topic for topic in scene.topics if any(part in topic.slug for part in THEMES[theme].topics)]
    return found or scene.draw.some(scene.topics, 1, 2)
