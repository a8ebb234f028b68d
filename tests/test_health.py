"""The health check tells whether this process can answer, and nothing else."""

from unittest import mock

import pytest
from django.db import OperationalError, connection


@pytest.mark.django_db
def test_it_says_ok_while_the_database_answers(client):
    response = client.get("/health/")
    assert response.status_code == 200
    assert response.json() == {"status": "ok"}
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
def test_it_costs_one_query(client, cost_of):
    with cost_of() as cost:
        client.get("/health/")
    assert cost.queries == 1


@pytest.mark.django_db
def test_it_says_503_when_the_database_is_gone(client, caplog):
    with mock.patch.object(connection, "cursor", side_effect=OperationalError("password=secret refused")):
        response = client.get("/health/")
    assert response.status_code == 503
    assert b"secret" not in response.content
    assert "The database does not answer." in caplog.text


def test_it_rejects_post(client):
    assert client.post("/health/").status_code == 405
