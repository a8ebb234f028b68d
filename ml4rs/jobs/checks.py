"""Tells an administrator what is set up wrongly: `manage.py check --deploy` shows it before users meet it."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks
from django.db import connections

from ml4rs.jobs import schema

_DOCS = "docs/production.md explains it."


@checks.register(checks.Tags.database)
def database_fits(
    app_configs: Sequence | None, databases: Sequence[str] | None = None, **kwargs
) -> list[checks.CheckMessage]:
    """Asked with `check --database default` only: many a command is run where there is no database."""
    refusals = [schema.refusal(connections[alias]) for alias in databases or ()]
    return [checks.Error(words, id="ml4rs.E016") for words in refusals if words]


@checks.register(checks.Tags.security, deploy=True)
def secret_key_is_given(app_configs: Sequence | None, **kwargs) -> list[checks.CheckMessage]:
    if not settings.SECRET_KEY_IS_KEPT:
        return []
    return [
        checks.Warning(
            "The secret key is one that this machine made for itself and keeps in DATA_DIR.",
            hint=f"Set SECRET_KEY (or SECRET_KEY_FILE), the same for web, worker and beat. {_DOCS}",
            id="ml4rs.W010",
        )
    ]


@checks.register(deploy=True)
def site_url_is_public(app_configs: Sequence | None, **kwargs) -> list[checks.CheckMessage]:
    url = urlsplit(settings.SITE_URL)
    if url.scheme == "https" and url.path in ("", "/"):
        return []
    return [
        checks.Warning(
            f"SITE_URL is {settings.SITE_URL}: links in mails, cookies and passkeys need the public https address.",
            hint=f"Set SITE_URL=https://your.domain without a path. {_DOCS}",
            id="ml4rs.W011",
        )
    ]


@checks.register(deploy=True)
def database_and_broker_fit(app_configs: Sequence | None, **kwargs) -> list[checks.CheckMessage]:
    """SQLite and the folder broker are right together on one machine; half of each is a mistake."""
    sqlite = settings.DATABASES["default"]["ENGINE"].endswith("sqlite3")
    if sqlite == (not settings.REDIS_URL):
        return []
    missing = "DATABASE_URL" if sqlite else "REDIS_URL"
    return [
        checks.Warning(
            f"{missing} is not set, so web, worker and beat must share one machine and there may be one web process.",
            hint=f"Set DATABASE_URL and REDIS_URL both (several machines) or neither (`manage.py up`). {_DOCS}",
            id="ml4rs.W012",
        )
    ]


@checks.register(deploy=True)
def mail_leaves_the_house(app_configs: Sequence | None, **kwargs) -> list[checks.CheckMessage]:
    found: list[checks.CheckMessage] = []
    kept = (".console.", ".filebased.", ".locmem.", ".dummy.")
    if any(name in settings.EMAIL_BACKEND for name in kept):
        found.append(
            checks.Warning(
                "Mails are not sent to anybody: nobody can sign up, and no author hears of a decision.",
                hint=f"Set EMAIL_URL, for example smtp+tls://user:password@mail.your.domain:587. {_DOCS}",
                id="ml4rs.W013",
            )
        )
    if settings.DEFAULT_FROM_EMAIL.rstrip(">").endswith("@localhost"):
        found.append(
            checks.Warning(
                f"Mails come from {settings.DEFAULT_FROM_EMAIL}, an address that nobody can answer.",
                hint=f"Set DEFAULT_FROM_EMAIL to an address of your domain. {_DOCS}",
                id="ml4rs.W014",
            )
        )
    return found


@checks.register(deploy=True)
def proxy_headers_are_trusted(app_configs: Sequence | None, **kwargs) -> list[checks.CheckMessage]:
    if not settings.SECURE_SSL_REDIRECT or settings.SECURE_PROXY_SSL_HEADER:
        return []
    return [
        checks.Warning(
            "Every plain request is redirected to https, but no proxy is trusted to say that one was https.",
            hint=f"Behind nginx set BEHIND_PROXY=true, or browsers are redirected in a circle. {_DOCS}",
            id="ml4rs.W015",
        )
    ]
