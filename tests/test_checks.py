"""What an administrator is told before users meet it."""

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core import checks

from ml4rs.jobs import checks as ours

pytestmark = pytest.mark.services

ROOT = Path(__file__).resolve().parent.parent
PRODUCTION = {
    "SITE_URL": "https://conference.example.org",
    "SECRET_KEY": "k3" * 40 + "-x_Y9!q",
    "DATABASE_URL": "postgres://ml4rs:pw@127.0.0.1/ml4rs",
    "REDIS_URL": "redis://127.0.0.1:6379/0",
    "EMAIL_URL": "smtp+tls://user:pw@mail.example.org:587",
    "DEFAULT_FROM_EMAIL": "ML4RS <chairs@example.org>",
    "BEHIND_PROXY": "true",
}


def check_deploy(tmp_path: Path, environment: dict[str, str]) -> subprocess.CompletedProcess:
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level=WARNING"],
        cwd=ROOT,
        env={**inherited, "DATA_DIR": str(tmp_path), **environment},
        capture_output=True,
        text=True,
    )


def test_production_settings_have_no_warning(tmp_path):
    done = check_deploy(tmp_path, PRODUCTION)
    assert done.returncode == 0, done.stderr


def test_the_embedded_default_is_told_what_production_needs(tmp_path):
    done = check_deploy(tmp_path, {})
    assert done.returncode != 0
    for name in ("ml4rs.W010", "ml4rs.W011", "ml4rs.W013", "ml4rs.W014"):
        assert name in done.stderr
    assert "ml4rs.W012" not in done.stderr, "SQLite and the folder broker belong together"


def test_secrets_may_come_from_files(tmp_path):
    key = tmp_path / "key"
    key.write_text(PRODUCTION["SECRET_KEY"] + "\n")
    environment = {name: value for name, value in PRODUCTION.items() if name != "SECRET_KEY"}
    done = check_deploy(tmp_path, {**environment, "SECRET_KEY_FILE": str(key)})
    assert done.returncode == 0, done.stderr


@pytest.fixture
def production(monkeypatch) -> SimpleNamespace:
    settings = SimpleNamespace(
        SECRET_KEY_IS_KEPT=False,
        SITE_URL=PRODUCTION["SITE_URL"],
        DATABASES={"default": {"ENGINE": "django.db.backends.postgresql"}},
        REDIS_URL=PRODUCTION["REDIS_URL"],
        EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
        DEFAULT_FROM_EMAIL=PRODUCTION["DEFAULT_FROM_EMAIL"],
        SECURE_SSL_REDIRECT=True,
        SECURE_PROXY_SSL_HEADER=("HTTP_X_FORWARDED_PROTO", "https"),
    )
    monkeypatch.setattr(ours, "settings", settings)
    return settings


def test_a_complete_set_up_is_left_in_peace(production):
    assert not [message for check in _checks() for message in check(None)]


@pytest.mark.parametrize(
    ("name", "value", "identifier"),
    [
        ("SECRET_KEY_IS_KEPT", True, "ml4rs.W010"),
        ("SITE_URL", "http://conference.example.org", "ml4rs.W011"),
        ("SITE_URL", "https://example.org/ml4rs", "ml4rs.W011"),
        ("REDIS_URL", "", "ml4rs.W012"),
        ("EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend", "ml4rs.W013"),
        ("DEFAULT_FROM_EMAIL", "ML4RS <ml4rs@localhost>", "ml4rs.W014"),
        ("SECURE_PROXY_SSL_HEADER", None, "ml4rs.W015"),
    ],
)
def test_each_slip_is_told_with_its_remedy(production, name, value, identifier):
    setattr(production, name, value)
    (message,) = [message for check in _checks() for message in check(None)]
    assert message.id == identifier
    assert isinstance(message, checks.Warning)
    assert "docs/production.md" in message.hint


def _checks():
    return [
        ours.secret_key_is_given,
        ours.site_url_is_public,
        ours.database_and_broker_fit,
        ours.mail_leaves_the_house,
        ours.proxy_headers_are_trusted,
    ]
