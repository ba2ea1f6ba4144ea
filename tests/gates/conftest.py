"""One reading for all gates; `--take` writes down what it found."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
from django.core.cache import caches
from django.test import override_settings

from tests.gates.reading import Reading, read

PLAIN = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--take", action="store_true", help="write down what the pages cost now (tests/gates/expected)")


@pytest.fixture(scope="module")
def reading(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Reading]:
    quick = {"STORAGES": PLAIN, "PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"]}
    kept = caches["default"].key_prefix
    caches["default"].key_prefix = f"gates-{uuid.uuid4().hex}"  # emptying the cache would empty everybody's
    try:
        with override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media"), **quick), django_db_blocker.unblock():
            yield read()
    finally:
        caches["default"].key_prefix = kept
