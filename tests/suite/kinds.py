"""What kind of test each is, for the account of where the time went."""

import pytest

_BY_MARKER = {"crawl": "crawls as everybody", "browser": "in a browser", "services": "with real services"}
_DATABASE = {"db", "transactional_db", "django_db_reset_sequences", "django_db_serialized_rollback", "live_server"}


def uses_the_database(item: pytest.Item) -> bool:
    fixtures = set(getattr(item, "fixturenames", ()))
    return item.get_closest_marker("django_db") is not None or not fixtures.isdisjoint(_DATABASE)


def kind_of(item: pytest.Item) -> str:
    for marker, kind in _BY_MARKER.items():
        if item.get_closest_marker(marker):
            return kind
    if "test_pdf" in item.path.name:
        return "PDF files"
    return "with the database" if uses_the_database(item) else "plain Python"
