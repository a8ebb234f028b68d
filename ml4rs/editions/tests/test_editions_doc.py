"""docs/editions.md says all that an edition's file may hold, and its example loads."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache

from ml4rs.editions.filing import load, read
from ml4rs.editions.filing.problems import models_in
from ml4rs.editions.filing.schema import EditionFile
from ml4rs.editions.markdown import variables
from ml4rs.editions.models import Edition
from ml4rs.editions.queries import TEXT_KEYS
from ml4rs.editions.registry import file_sections
from schedule.models import Session

DOC = (Path(settings.BASE_DIR) / "docs" / "editions.md").read_text()

WORDS = re.sub(r"```.*?```", "", DOC, flags=re.DOTALL)  # without its examples


@pytest.fixture(autouse=True)
def _fresh_cache():
    """Published programmes are cached by release, and keys repeat from test to test."""
    cache.clear()


def keys_of(schema) -> set[str]:
    """The keys of a schema and of all that it holds."""
    keys = set(schema.model_fields) - {"root"}  # a section that is a list
    for field in schema.model_fields.values():
        for inner in models_in(field.annotation):
            keys |= keys_of(inner)
    return keys


def test_every_key_is_described():
    keys = keys_of(EditionFile) | {section.key for section in file_sections}
    for section in file_sections:
        keys |= keys_of(section.schema)
    described = set(re.findall(r"`(\w+)`", WORDS)) | set(re.findall(r"^### (\w+)$", WORDS, re.MULTILINE))
    assert keys - described == set()


def test_every_text_variable_and_session_kind_is_named():
    named = set(re.findall(r"`([^`]+)`", WORDS))
    assert set(TEXT_KEYS) <= named
    assert {f"{{{{ {name} }}}}" for name in variables(Edition())} <= named
    assert set(Session.Kind.values) <= named


@pytest.mark.django_db
def test_the_example_loads_and_is_shown(client):
    (example,) = re.findall(r"```yaml\n(.*?)```", DOC, re.DOTALL)
    edition = load(read(example, Path())).edition
    assert load(read(example, Path())).differences == []
    assert edition.releases.count() == 1
    assert "Welcome to ML4RS at TOY 2030 in Nairobi." in client.get("/toy2030/").content.decode()
    assert "Wetlands from above" in client.get("/toy2030/programme/").content.decode()
