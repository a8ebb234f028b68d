"""The database itself keeps the log: nobody changes it, nobody shortens it."""

from importlib import import_module

import pytest
from django.db import DatabaseError, connection, transaction

from ml4rs.audit.actions import record
from ml4rs.audit.models import Entry
from ml4rs.editions.tests.factories import EditionFactory

pytestmark = pytest.mark.both


@pytest.mark.django_db
def test_an_entry_cannot_be_changed():
    entry = record("edition.edited", by=None, edition=EditionFactory())
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Entry.objects.filter(pk=entry.pk).update(verb="nothing.happened")
    entry.refresh_from_db()
    assert entry.verb == "edition.edited"


@pytest.mark.django_db
def test_an_entry_cannot_be_deleted():
    entry = record("edition.edited", by=None, edition=EditionFactory())
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        entry.delete()
    assert Entry.objects.filter(verb="edition.edited").exists()


@pytest.mark.django_db(transaction=True)
def test_emptying_the_test_database_still_works():
    """Leaves an entry behind: Django's flush after this test must get rid of it."""
    record("edition.edited", by=None, edition=EditionFactory())
    assert Entry.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_after_emptying_the_entry_is_gone_and_the_guard_stands():
    assert Entry.objects.count() == 0
    record("edition.edited", by=None, edition=EditionFactory())
    with pytest.raises(DatabaseError, match="append-only"):
        Entry.objects.update(verb="nothing.happened")


@pytest.mark.django_db(transaction=True)
def test_the_guard_can_be_taken_back():
    migration = import_module("ml4rs.audit.migrations.0002_append_only")
    with connection.schema_editor() as editor:
        migration.unguard(None, editor)
    try:
        record("edition.edited", by=None, edition=EditionFactory())
        assert Entry.objects.update(verb="edition.renamed") == 1
    finally:
        with connection.schema_editor() as editor:
            migration.guard(None, editor)
