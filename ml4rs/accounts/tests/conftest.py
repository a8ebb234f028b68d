"""Fixtures of the tests about people."""

import pytest
from django.test import Client


@pytest.fixture
def client_factory():
    """`client_factory()`: another browser."""
    return Client
