"""Pages of an edition that is complete: what each costs, and how the long ones grow."""

from collections.abc import Iterator

from benchmarks.meters import Cost, cost_of
from benchmarks.setting import QUICK_SIZES, SIZES, edition_of
from benchmarks.tables import Table

# page, who reads it, address below the edition, budget in queries and milliseconds where there is one
PAGES = (
    ("home", "", "", None),
    ("programme, search (not cached)", "", "programme/?q=land", (8, 40)),
    ("programme", "", "programme/", (8, 10)),
    ("schedule.ics", "", "schedule.ics", (8, 60)),
    ("programme.json", "", "programme.json", (8, 60)),
    ("accepted papers", "", "papers/", None),
    ("one accepted paper", "", "papers/{accepted}/", (15, 50)),
    ("author: what is due", "author", "my/", None),
    ("author: one paper", "author", "submissions/{own}/", (15, 50)),
    ("reviewer's desk", "reviewer", "reviewing/", (10, 100)),
    ("reviewer: write a review", "reviewer", "reviewing/{assignment}/", None),
    ("organiser: overview", "organiser", "organise/", None),
    ("organiser: submissions, 50 rows", "organiser", "organise/submissions/", (12, 80)),
    ("organiser: assignments", "organiser", "organise/assignments/", None),
    ("organiser: reviews", "organiser", "organise/reviews/", None),
    ("organiser: decisions", "organiser", "organise/decisions/", (15, 300)),
    ("organiser: one paper", "organiser", "organise/decisions/{accepted}/", (15, 50)),
    ("organiser: programme with clashes", "organiser", "organise/programme/", (15, 100)),
    ("organiser: what happened", "organiser", "organise/audit/", None),
    ("organiser: mail", "organiser", "organise/mail/", None),
    ("grants: applications", "grants_officer", "grants/", None),
)
GROWING = (
    ("organiser", "organise/submissions/"),
    ("organiser", "organise/assignments/"),
    ("organiser", "organise/reviews/"),
    ("organiser", "organise/decisions/"),
    ("organiser", "organise/programme/"),
    ("reviewer", "reviewing/"),
)
ROUNDS = 15


def measure(*, quick: bool) -> Iterator[Table]:
    sizes, rounds = (QUICK_SIZES, 1) if quick else (SIZES, ROUNDS)
    bare = _bare(rounds)
    edition = edition_of(sizes[1])
    yield _each_page(edition, rounds, bare)
    yield _growth([edition_of(size) for size in sizes], sizes, rounds)


def _each_page(edition, rounds: int, bare: Cost) -> Table:
    table = Table(
        f"Pages of an edition with {edition.submissions.count()} submissions",
        ["page", "queries", "objects", "Python ms", "database ms", "times a bare view", "budget"],
        note="A bare view answers with a constant, behind the same middleware.",
    )
    table.rows.append(["bare view", *_figures(bare), 1.0, ""])
    places = _places(edition)
    for name, part, address, budget in PAGES:
        client = _client(edition, part)
        url = f"/{edition.slug}/{address.format(**places)}"
        cost = cost_of(lambda client=client, url=url: _read(client, url), rounds=rounds)
        table.rows.append([name, *_figures(cost), cost.total / bare.total, _judged(cost, budget)])
    return table


def _growth(editions: list, sizes: tuple[int, ...], rounds: int) -> Table:
    columns = [f"{what} at {size}" for size in sizes for what in ("queries", "ms")]
    table = Table("Pages as an edition grows", ["page", *columns])
    for part, page in GROWING:
        row: list = [page]
        for edition in editions:
            client, url = _client(edition, part), f"/{edition.slug}/{page}"
            cost = cost_of(lambda client=client, url=url: _read(client, url), rounds=max(1, rounds // 3))
            row += [cost.queries, cost.total]
        table.rows.append(row)
    return table


def _figures(cost: Cost) -> list:
    return [cost.queries, cost.objects, cost.python, "–" if cost.database is None else cost.database]


def _judged(cost: Cost, budget: tuple[int, int] | None) -> str:
    if budget is None:
        return ""
    queries, milliseconds = budget
    kept = cost.queries <= queries and cost.total <= milliseconds
    return f"{queries} / {milliseconds} ms {'kept' if kept else 'MISSED'}"


def _read(client, url: str) -> None:
    answer = client.get(url, HTTP_HOST="127.0.0.1")
    if answer.status_code != 200:
        raise RuntimeError(f"{url} answered {answer.status_code}.")


def _client(edition, part: str):
    from django.test import Client

    client = Client()
    if part:
        client.force_login(_person(edition, part))
    return client


def _person(edition, part: str):
    from ml4rs.editions.models import Role

    if part == "author":
        return _own(edition).created_by
    if part == "reviewer":
        return _assignment(edition).reviewer.user
    return Role.objects.filter(edition=edition, name=part).first().user


def _own(edition):
    """A paper of the person with most papers."""
    from django.db.models import Count

    busiest = edition.submissions.values("created_by").annotate(n=Count("pk")).order_by("-n", "created_by").first()
    return edition.submissions.filter(created_by=busiest["created_by"], state="submitted").first()


def _assignment(edition):
    from reviews.models import Assignment

    return Assignment.objects.filter(submission__edition=edition).order_by("pk").first()


def _places(edition) -> dict[str, str]:
    accepted = edition.submissions.filter(outcome="accepted", track__is_reviewed=True).order_by("pk").first()
    return {
        "accepted": accepted.public_id,
        "own": _own(edition).public_id,
        "assignment": _assignment(edition).public_id,
    }


def _bare(rounds: int) -> Cost:
    from django.test import Client, override_settings

    with override_settings(ROOT_URLCONF="benchmarks.bare"):
        client = Client()
        return cost_of(lambda: _read(client, "/"), rounds=rounds * 10)
