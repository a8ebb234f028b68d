"""Settings, read from the environment only; without any variable the embedded default runs.

Every variable is described in docs/production.md.
"""

import secrets
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF

from ml4rs.accounts.providers import SIGN_IN_KEYS, sign_in_origins, sign_in_providers

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var"))).resolve()


def _secret(name: str) -> str | None:
    """A secret from NAME, or from the file that NAME_FILE points to (as orchestrators mount them)."""
    if path := env.str(f"{name}_FILE", default=""):
        return Path(path).read_text().strip()
    return env.str(name, default="") or None


def _kept_secret_key() -> str:
    """The embedded default's own key: made once, readable by its owner alone."""
    path = DATA_DIR / "secret-key"
    if not path.exists():
        DATA_DIR.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(64))
    return path.read_text()


def _folder(name: str) -> Path:
    """A folder for running state below DATA_DIR, made when it is missing."""
    path = DATA_DIR / name
    path.mkdir(parents=True, exist_ok=True)
    return path


# --- Core --------------------------------------------------------------------------------------
DEBUG = env.bool("DEBUG", default=False)
# Without SITE_URL this is somebody's own machine; with it, a site that others reach.
EMBEDDED = not env.str("SITE_URL", default="")
_given_secret_key = _secret("SECRET_KEY")
SECRET_KEY_IS_KEPT = not _given_secret_key
SECRET_KEY = _given_secret_key or _kept_secret_key()
PORT = env.int("PORT", default=8000)
SITE_URL = env.str("SITE_URL", default="").rstrip("/") or f"http://127.0.0.1:{PORT}"
_OWN_HOSTS = ["127.0.0.1", "localhost", "[::1]"] if EMBEDDED else [urlsplit(SITE_URL).hostname or ""]
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=_OWN_HOSTS)
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[SITE_URL])
ADMINS = [("", address) for address in env.list("ADMINS", default=[])]
INTERNAL_IPS: list[str] = []

INSTALLED_APPS = [
    "ml4rs.accounts",
    "ml4rs.editions",
    "ml4rs.audit",
    "ml4rs.notifications",
    "ml4rs.jobs",
    "submissions",
    "reviews",
    "schedule",
    "travel",
    "ml4rs.demo",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.orcid",
    "allauth.socialaccount.providers.google",
    "allauth.socialaccount.providers.github",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_htmx",
    "django_countries",
    "django.forms",  # its widgets' templates, found among ours
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "ml4rs.audit.origin.OriginMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "ml4rs.editions.middleware.ViewerMiddleware",
    "ml4rs.editions.second_factor.SecondFactorMiddleware",
    "ml4rs.editions.parameters.ParametersMiddleware",
]

ROOT_URLCONF = "ml4rs.urls"
WSGI_APPLICATION = "ml4rs.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "ml4rs.editions.context.frame",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# --- Database ----------------------------------------------------------------------------------
# ATOMIC_REQUESTS stays off: with immediate transactions every GET would take SQLite's write lock.
if _database_url := _secret("DATABASE_URL"):
    DATABASES = {"default": env.db_url_config(_database_url)}
else:
    DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": DATA_DIR / "ml4rs.sqlite3"}}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # Measured: Django's defaults lose most of 20 concurrent writers to "database is locked"; this loses none.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Cache, broker -----------------------------------------------------------------------------
REDIS_URL = _secret("REDIS_URL") or ""
if REDIS_URL:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
else:
    # Enough for one web process, which is what `manage.py up` starts; several need Redis to share rate limits.
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# --- Background work ---------------------------------------------------------------------------
# The broker is only a bell: what is to be done stands in the database, and the sweeps find what a lost ring missed.
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_DEFAULT_QUEUE = "ml4rs"
CELERY_TIMEZONE = "UTC"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
    CELERY_WORKER_POOL = "prefork"
    CELERY_WORKER_CONCURRENCY = env.int("WORKER_CONCURRENCY", default=2)
    CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
    CELERY_TASK_ACKS_LATE = True
    CELERY_TASK_REJECT_ON_WORKER_LOST = True
    CELERY_TASK_SOFT_TIME_LIMIT = 55 * 60
    CELERY_TASK_TIME_LIMIT = 60 * 60
    # Above the longest task, else Redis hands out a second time what is still being worked on.
    CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 2 * 60 * 60}
else:
    CELERY_BROKER_URL = "filesystem://localhost//"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(_folder("broker/messages")),
        "data_folder_out": str(_folder("broker/messages")),
        "control_folder": str(_folder("broker/control")),
        # With kombu's one second, each thread would take up one task a second at most.
        "polling_interval": 0.1,
    }
    CELERY_WORKER_POOL = "threads"
    CELERY_WORKER_CONCURRENCY = 4
    CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_BEAT_SCHEDULE_FILENAME = str(_folder("beat") / "schedule")
CELERY_BEAT_SYNC_EVERY = 1  # the file's age tells whether beat is alive
# A tick nobody took before the next one is stale: without `expires` they would pile up while no worker runs.
CELERY_BEAT_SCHEDULE = {
    "deliver what is due": {
        "task": "ml4rs.notifications.tasks.sweep",
        "schedule": 5.0,
        "options": {"expires": 5.0},
    },
    "carry on with jobs": {
        "task": "ml4rs.jobs.tasks.sweep",
        "schedule": 5.0,
        "options": {"expires": 5.0},
    },
    "remind of milestones": {
        "task": "ml4rs.notifications.tasks.remind",
        "schedule": 60.0,
        "options": {"expires": 60.0},
    },
    "end travel offers that nobody answered": {
        "task": "travel.tasks.expire",
        "schedule": 600.0,
        "options": {"expires": 600.0},
    },
    "erase travel applications on their day": {
        "task": "travel.tasks.erase",
        "schedule": 3600.0,
        "options": {"expires": 3600.0},
    },
}

# --- People ------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "ml4rs.notifications.adapter.AccountAdapter"  # every mail goes through the outbox
ACCOUNT_FORMS = {
    "signup": "ml4rs.accounts.entrance.SignupForm",
    "request_login_code": "ml4rs.accounts.entrance.LoginCodeForm",
}
ACCOUNT_SIGNUP_FORM_CLASS = "ml4rs.accounts.forms.NameForm"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_MAX_EMAIL_ADDRESSES = 10
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = True
# With mandatory verification, sign-up answers the same for known and unknown addresses. A code, not a link:
# it works when the mail is opened on another device, mail scanners cannot spend it, and nobody confirms by
# one careless click an account that a stranger opened in their name.
# No EMAIL_VERIFICATION_SUPPORTS_CHANGE: allauth offers it only to those whose address was new.
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "ML4RS"
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG  # browsers allow passkeys on http://localhost
# Organisers, grants officers and staff need a second factor before their pages open.
REQUIRE_MFA = env.bool("REQUIRE_MFA", default=not DEBUG)
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if env.bool("BEHIND_PROXY", default=False) else 0
SOCIALACCOUNT_PROVIDERS = sign_in_providers({name: _secret(name) or "" for name in SIGN_IN_KEYS})
SOCIALACCOUNT_ADAPTER = "ml4rs.accounts.social.SocialAccountAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True

# --- Time and language -------------------------------------------------------------------------
LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True

# --- Files -------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(DATA_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "ml4rs.staticfiles.VendorFinder",
]
# Another sentence model of BERT's shape, as a folder; None: the packaged one.
SENTENCE_MODEL = Path(folder).resolve() if (folder := env.str("SENTENCE_MODEL", default="")) else None

MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(DATA_DIR / "media")))
MEDIA_URL = ""  # nothing uploaded has a public address: guarded views serve it
MEDIA_ACCEL = env.str("MEDIA_ACCEL", default="")  # where nginx keeps the same files, for X-Accel-Redirect
# Uploads go to disk as they arrive, beside their final place, so that keeping one is a rename.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
FILE_UPLOAD_TEMP_DIR = _folder("uploads")
FILE_UPLOAD_PERMISSIONS = 0o644  # nginx reads them as another user
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20  # a form without its files
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000  # a whole list may be selected for one bulk action
DATA_UPLOAD_MAX_NUMBER_FILES = 20
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG

# --- Mail --------------------------------------------------------------------------------------
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="ML4RS <ml4rs@localhost>")
SERVER_EMAIL = parseaddr(DEFAULT_FROM_EMAIL)[1]
if _email_url := _secret("EMAIL_URL"):
    vars().update(env.email_url_config(_email_url))
    EMAIL_TIMEOUT = 20
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = DATA_DIR / "mail"

MAIL_PER_MINUTE = env.int("MAIL_PER_MINUTE", default=0)  # 0: as fast as the mail server takes them
BOUNCE_TOKEN = _secret("BOUNCE_TOKEN") or ""  # without one no report is taken over HTTP

# --- Security ----------------------------------------------------------------------------------
HTTPS = SITE_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^health/$"]  # the health check inside the container speaks plain HTTP
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", default=False) else None
CSRF_FAILURE_VIEW = "ml4rs.editions.views.errors.expired_form"
X_FRAME_OPTIONS = "DENY"  # only files may be framed (the PDF beside the review form); they say so themselves
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        # A browser holds a form's redirects to this list too, and signing in elsewhere starts with a form.
        "form-action": [SELF, *sign_in_origins(SOCIALACCOUNT_PROVIDERS)],
        "frame-ancestors": [NONE],
    }
}

# --- Log ---------------------------------------------------------------------------------------
LOG_LEVEL = env.str("LOG_LEVEL", default="INFO").upper()
# Beat and the sweeps tick every few seconds; at INFO they would drown what an administrator looks for.
_TICKING = LOG_LEVEL if LOG_LEVEL == "DEBUG" else "WARNING"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"not_debug": {"()": "django.utils.log.RequireDebugFalse"}},
    "formatters": {"line": {"format": "{asctime} {levelname:<7} {name}: {message}", "style": "{"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line"},
        "admins": {"class": "django.utils.log.AdminEmailHandler", "level": "ERROR", "filters": ["not_debug"]},
    },
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        "django": {"handlers": ["admins"], "level": "INFO", "propagate": True},
        "django.utils.autoreload": {"level": "INFO"},
        "django.db.backends": {"level": "INFO"},
        "django.template": {"level": "INFO"},
        "celery.beat": {"level": _TICKING},
        "celery.app.trace": {"level": _TICKING},
        "celery.worker.strategy": {"level": _TICKING},
        "kombu": {"level": "WARNING"},
        "pikepdf": {"level": "WARNING"},
        "amqp": {"level": "INFO"},
    },
}
