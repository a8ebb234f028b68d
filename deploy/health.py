"""Health checks of the containers: `python deploy/health.py web|beat`. Needs nothing but Python."""

import http.client
import os
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

BEAT_TICKS_EVERY = 5


def web() -> str:
    """Ask /health/ under the site's own name: others are refused."""
    connection = http.client.HTTPConnection("127.0.0.1", int(os.environ.get("PORT", "8000")), timeout=5)
    try:
        connection.request("GET", "/health/", headers={"Host": urlsplit(os.environ["SITE_URL"]).netloc})
        response = connection.getresponse()
        return "" if response.status == http.client.OK else f"/health/ answers {response.status}"
    except OSError as error:
        return f"no answer: {error}"
    finally:
        connection.close()


def beat() -> str:
    """Beat writes its schedule after every tick, so the file's age is the time since the last one."""
    files = list((Path(os.environ["DATA_DIR"]) / "beat").glob("schedule*"))
    if not files:
        return "beat has not ticked yet"
    age = time.time() - max(file.stat().st_mtime for file in files)
    return "" if age < 12 * BEAT_TICKS_EVERY else f"last tick {age:.0f} s ago"


if __name__ == "__main__":
    complaint = {"web": web, "beat": beat}[sys.argv[1]]()
    sys.exit(complaint or 0)
