"""Entry point for WSGI servers."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ml4rs.settings")

application = get_wsgi_application()

from ml4rs.jobs.schema import stop_unless_fit  # noqa: E402 (needs the apps, which the line above loads)

stop_unless_fit()
