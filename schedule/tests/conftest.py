"""What the tests of this app share: an edition, and somebody who builds its programme."""

import pytest
from django.utils import timezone

from ml4rs.editions.models import Edition
from ml4rs.editions.tests.factories import EditionFactory, RoleFactory
from ml4rs.editions.viewer import Viewer


@pytest.fixture
def edition(db) -> Edition:
    return EditionFactory(slug="iclr2025", time_zone="Asia/Singapore")


@pytest.fixture
def editor(edition) -> Viewer:
    """At the time at which a test has stopped the clock."""
    return Viewer.of(RoleFactory(edition=edition, name="schedule_editor").user, edition, timezone.now())
