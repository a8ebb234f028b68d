"""Fills a migrated database for a release: the demo's editions and people, and a small world with a row of everything.

Run as a program, with the database in the environment.
"""

import os

import django
import time_machine


def fill() -> None:
    from ml4rs.accounts.models import User
    from ml4rs.demo.showcase import prepare
    from ml4rs.editions.models import Edition, Role
    from tests.world import CLOCK, build_world

    with time_machine.travel(CLOCK["published"], tick=False):
        world = build_world("published")
    Edition.objects.filter(pk=world.edition.pk).update(slug="everything", is_current=False)
    prepare()
    editor = User.objects.create_user("editor@demo.example", name="Edda Editor")
    for edition in Edition.objects.all():
        Role.objects.create(edition=edition, name=Role.Name.SCHEDULE_EDITOR, user=editor)


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()
    fill()
