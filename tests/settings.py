"""Settings of the test suite: the embedded default, made quick and strict."""

import atexit
import shutil
import tempfile
from pathlib import Path

from ml4rs.settings import *  # noqa: F403
from ml4rs.settings import DATABASES, TEMPLATES
from tests.suite.undefined import NOTHING

_scratch = Path(tempfile.mkdtemp(prefix="ml4rs-tests-"))
atexit.register(shutil.rmtree, _scratch, ignore_errors=True)

DEBUG = False
SECRET_KEY = "only for tests"
ALLOWED_HOSTS = ["*"]
DATA_DIR = _scratch
MEDIA_ROOT = _scratch / "media"
STATIC_ROOT = _scratch / "static"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
FILE_UPLOAD_TEMP_DIR = _scratch
CELERY_BROKER_URL = "memory://"  # a bell that nobody hears; tests that need a worker start the real ones
CELERY_BROKER_TRANSPORT_OPTIONS: dict = {}
REQUIRE_MFA = False  # tests of the second factor switch it on
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"] = {"NAME": None}
else:
    DATABASES["default"]["OPTIONS"] = {"options": "-c synchronous_commit=off"}


TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = NOTHING
