"""All settings, driven by environment variables; every one of them is explained in `.env.example`."""

from pathlib import Path

import environ
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.list(
    "SECRET_KEY_FALLBACKS", default=[]
)  # earlier ones, while what they sealed is sealed again
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
BASE_URL = env.str("BASE_URL", default="http://127.0.0.1:8000")  # what a printed QR code opens
HTTPS = env.bool("HTTPS", default=not DEBUG)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "rest_framework",
    "django_filters",
    "django_htmx",
    "template_partials",
    "axes",
    "csp",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "accounts",
    "tenancy",
    "flow",
    "ui",
    "administration",
    "kpi",
    "notices",
    "exchange",
    "assets",
    "people",
    "workorders",
    "hazards",
    "inspections",
    "indicators",
    "assessment",
    "reporting",
    "departments",
    "procurement",
    "maintenance",
    "cleaning",
    "catering",
    "security",
    "logistics",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.ReadableMiddleware",
    "accounts.middleware.AddressMiddleware",
    "accounts.middleware.TokenMiddleware",
    "accounts.middleware.LanguageMiddleware",
    "accounts.middleware.PasswordMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.middleware.ComeBackMiddleware",
    "flow.middleware.OriginMiddleware",
    "tenancy.middleware.ScopeMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "logistics.urls"
WSGI_APPLICATION = "logistics.wsgi.application"
FORM_RENDERER = "ui.rendering.Renderer"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["ui.templatetags.ui"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "ui.context.shell",
            ],
        },
    },
]

# Two log-ins: the application owns nothing and is fenced by row-level security, the owner migrates (docs/tenancy.md).
DATABASE_AS_OWNER = env.bool("DATABASE_AS_OWNER", default=False)
DATABASE_OWNER = env.db_url("DATABASE_OWNER_URL", default="")
APP_ROLE = env.db_url("DATABASE_URL")["USER"]
DATABASES = {"default": DATABASE_OWNER if DATABASE_AS_OWNER else env.db_url("DATABASE_URL")}
# A page's statement joins up to eleven tables by their keys. Trying every order of them took PostgreSQL ten times as long
# as reading the rows; four at a time find the same plans. A page that starts helpers for its statement waits longer for
# them than they save, and takes the processor from others.
_given = DATABASES["default"].setdefault("OPTIONS", {})
_given["options"] = " ".join(
    [_given.get("options", ""), "-c join_collapse_limit=4", "-c max_parallel_workers_per_gather=0"]
).strip()
DATABASES["default"] |= {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True, "ATOMIC_REQUESTS": False}
DATABASES["default"].setdefault("TEST", {})["NAME"] = env.str("TEST_DATABASE", default="test_logistics")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL")
CACHES = {
    "default": {
        "BACKEND": "logistics.cache.Cache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": env.str("CACHE_PREFIX", default="cache"),
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = False  # nginx does it; the health checks must answer without it
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=31_536_000 if HTTPS else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = False
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W008", "security.W021"]  # subdomains, redirect, preload: nginx's

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "media-src": [SELF, "blob:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "tenancy.backends.SignInBackend",
    "tenancy.backends.CodeBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "/"
AXES_HANDLER = "axes.handlers.cache.AxesCacheHandler"
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_FORM_FIELD = "login"
AXES_USERNAME_CALLABLE = "accounts.domain.typed_login"
AXES_LOCKOUT_TEMPLATE = "accounts/locked.html"
AXES_RESET_ON_SUCCESS = True
PROXY_COUNT = env.int("PROXY_COUNT", default=0)  # how many proxies of ours write X-Forwarded-For

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("zh-hant", _("Traditional Chinese")), ("en", _("English"))]
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.str("TIME_ZONE", default="Asia/Shanghai")

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(BASE_DIR / "media")))
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000  # two hundred items of a checklist have seventeen boxes each
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
UPLOAD_MAX_BYTES = env.int("UPLOAD_MAX_BYTES", default=20_000_000)

if env.str("EMAIL_URL", default=""):
    vars().update(env.email_url("EMAIL_URL"))
else:  # no mail server: every mail becomes a file that can be read
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = env.str("MAIL_ROOT", default=str(BASE_DIR / "mail"))
EMAIL_TIMEOUT = 10  # seconds
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="logistics@localhost")

CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 300, "global_keyprefix": env.str("BROKER_PREFIX", default="")}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 120
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE = {
    "heartbeat": {"task": "logistics.tasks.heartbeat", "schedule": 20.0},
    "close-unsigned": {"task": "workorders.tasks.close_overdue_signatures", "schedule": 60.0},
    "watch-limits": {"task": "workorders.tasks.watch_limits", "schedule": 20.0},
    "tell-deadlines": {"task": "departments.tasks.tell_deadlines", "schedule": crontab(hour="7", minute="30")},
    "watch-missed": {"task": "inspections.tasks.watch_missed", "schedule": 300.0},
    "watch-hazards": {"task": "hazards.tasks.watch_deadlines", "schedule": 600.0},
    "make-returns-due": {"task": "indicators.tasks.make_returns_due", "schedule": crontab(minute="15")},
    "watch-returns": {"task": "indicators.tasks.watch_returns", "schedule": crontab(hour="8-18", minute="20")},
    "seed-calendars": {"task": "workorders.tasks.seed_calendars", "schedule": crontab(hour="3", minute="20")},
    "run-jobs": {"task": "exchange.tasks.run_waiting_jobs", "schedule": 30.0},
    "deliver-notices": {"task": "notices.tasks.deliver_waiting", "schedule": 20.0},
    "run-exports": {"task": "exchange.tasks.run_waiting_exports", "schedule": 30.0},
    "make-rounds": {"task": "inspections.tasks.generate_all", "schedule": crontab(minute="5")},
    "clear-exports": {"task": "exchange.tasks.clear_exports", "schedule": 3600.0},
    "keep-formulas": {"task": "indicators.tasks.keep_all_formulas", "schedule": crontab(hour="1", minute="5")},
    "measure-figures": {"task": "kpi.tasks.measure_dirty_days", "schedule": 60.0},
    "close-months": {"task": "assessment.tasks.close_months", "schedule": 300.0},
    "compare-closed": {"task": "assessment.tasks.compare_closed", "schedule": 300.0},
    "compare-nightly": {"task": "assessment.tasks.compare_all", "schedule": crontab(hour="4", minute="10")},
    "watch-answers": {"task": "assessment.tasks.watch_answers", "schedule": 600.0},
    "judge-certificates": {"task": "people.tasks.judge_certificates", "schedule": crontab(hour="0", minute="40")},
    "measure-nightly": {"task": "kpi.tasks.measure_nightly", "schedule": crontab(hour="1", minute="10")},
    "send-reports": {"task": "reporting.tasks.send_reports", "schedule": crontab(minute="15")},
    "reckon-standings": {"task": "reporting.tasks.reckon_standings", "schedule": 600.0},
}

FILTERS_EMPTY_CHOICE_LABEL = _("All")

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["accounts.authentication.RequestUserAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser", "rest_framework.parsers.MultiPartParser"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "tenancy.api.problem",
    "DEFAULT_METADATA_CLASS": None,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Hospital logistics platform",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "ENUM_NAME_OVERRIDES": {
        "OrderState": "logistics.schema.ORDER_STATES",
        "AssetState": "logistics.schema.ASSET_STATES",
        "HazardState": "logistics.schema.HAZARD_STATES",
        "HazardSource": "logistics.schema.HAZARD_SOURCES",
        "Urgency": "logistics.schema.URGENCIES",
        "PlaceKind": "logistics.schema.PLACE_KINDS",
        "UnitKind": "logistics.schema.UNIT_KINDS",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "logistics.schema.add_refusals",
    ],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {"axes": {"level": "WARNING"}, "django.request": {"level": "ERROR"}},
}

DEMO = env.bool("DEMO", default=False)
DEMO_PASSWORD = "demo-2026-logistics"
_DEMO_ROLES = {
    "ward": _("Reporter"),
    "desk": _("Service desk"),
    "tech": _("Technician"),
    "lead": _("Team leader"),
    "head": _("Department head"),
    "manager": _("Logistics manager"),
    "admin": _("Administrator"),
}
DEMO_ACCOUNTS = {
    **{f"{name}.{hospital}@demo.example": role for hospital in "ab" for name, role in _DEMO_ROLES.items()},
    "office@demo.example": _("Consortium office"),
    "auditor@demo.example": _("Auditor"),
    "contractor@demo.example": _("Contractor's manager"),
}
