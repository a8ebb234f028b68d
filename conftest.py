"""Fixtures that every test may use: actors, frozen time, and guards against unexpected mail."""

import pytest
