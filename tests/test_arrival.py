"""An upload begun before a deadline is in time; nobody can claim it without the proxy's word."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import RequestFactory

from ml4rs.editions.middleware import arrival

NOW = datetime(2025, 2, 11, 12, 0, tzinfo=UTC)


@pytest.fixture
def behind_proxy(settings):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")


def request(elapsed: str):
    return RequestFactory().post("/", headers={"X-Request-Elapsed": elapsed})


@time_machine.travel(NOW, tick=False)
def test_the_time_an_upload_took_counts_from_its_beginning(behind_proxy):
    assert arrival(request("90.500")) == NOW - timedelta(seconds=90.5)


@time_machine.travel(NOW, tick=False)
def test_without_a_proxy_the_claim_means_nothing():
    assert arrival(request("90")) == NOW


@pytest.mark.parametrize("claim", ["", "soon", "-5", "nan", "inf", "1e400"])
@time_machine.travel(NOW, tick=False)
def test_nonsense_is_no_earlier_than_now(behind_proxy, claim):
    assert arrival(request(claim)) in (NOW, NOW - timedelta(hours=1))
    assert arrival(request(claim)) <= NOW


@time_machine.travel(NOW, tick=False)
def test_no_upload_counts_as_begun_hours_ago(behind_proxy):
    assert arrival(request("86400")) == NOW - timedelta(hours=1)
