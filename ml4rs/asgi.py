"""Entry point for ASGI servers."""

import os
from concurrent.futures import ThreadPoolExecutor

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ml4rs.settings")

application = get_asgi_application()

from ml4rs.jobs.schema import stop_unless_fit  # noqa: E402 (needs the apps, which the line above loads)

with ThreadPoolExecutor(max_workers=1) as aside:  # servers import this in their event loop, where Django asks nothing
    aside.submit(stop_unless_fit).result()
