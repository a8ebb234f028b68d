"""Walks through a filled database as everybody; prints what each address answered as JSON, {actor: {address: status}}.

Run as a program, inside the version of the product that is to be tried, be it this one or the last release: it knows
nothing of ours but the demo's addresses and where each part begins. With `--first` it stays on the first pages.
"""

import json
import os
import re
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urljoin, urlsplit

import django
import time_machine

EDITIONS = ("sandbox", "rehearsal", "iclr2025")
FIRST_PAGES = {
    "": ("",),
    "author": ("", "my/"),
    "reviewer": ("my/", "reviewing/"),
    "organiser": ("my/", "organise/"),
    "grants": ("grants/",),
    "editor": ("organise/",),
}
MOST_OF_A_KIND = 2  # pages that one view makes, as of papers
_LINK = re.compile(r"""href=["']([^"'#]+)""")
_ELSEWHERE = re.compile(r"^/(static|accounts|admin|demo|mailbox)/|[?]")


def main() -> None:
    from django.contrib.auth import get_user_model
    from django.test import Client

    people = get_user_model().objects
    then = people.get(email="organiser@demo.example").date_joined + timedelta(hours=1)
    answers: dict[str, dict[str, int]] = {}
    with time_machine.travel(then):
        for actor, pages in FIRST_PAGES.items():
            client = Client(raise_request_exception=False)
            if actor:
                client.force_login(people.get(email=f"{actor}@demo.example"))
            first = [f"/{edition}/{page}" for edition in EDITIONS for page in pages]
            answers[actor or "anybody"] = walk(client, first, follow=actor == "")
    json.dump(answers, sys.stdout)


def walk(client, first: list[str], *, follow: bool) -> dict[str, int]:
    """What the first pages answer, and what they link to; for `follow` what those link to as well."""
    waiting, answers, kinds = list(first), {}, Counter()
    while waiting:
        path = waiting.pop(0)
        kind = kind_of(path)
        if path in answers or (path not in first and kinds[kind] >= MOST_OF_A_KIND):
            continue
        kinds[kind] += 1
        response = client.get(path)
        answers[path] = response.status_code
        html = response.get("Content-Type", "").startswith("text/html") and not response.streaming
        if html and "--first" not in sys.argv and (follow or path in first):
            waiting += links(path, response.content.decode())
        response.close()
    return answers


def kind_of(path: str) -> str:
    from django.urls import Resolver404, resolve

    try:
        return resolve(path).view_name
    except Resolver404:
        return path


def links(base: str, html: str) -> Iterator[str]:
    for href in _LINK.findall(html):
        parts = urlsplit(urljoin(base, href))
        if not parts.netloc and not parts.scheme and not _ELSEWHERE.search(parts.path):
            yield parts.path


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()
    main()
