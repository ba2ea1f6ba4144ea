"""Files are handed out through what they belong to."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from flow import domain
from tenancy.scope import scope

pytestmark = pytest.mark.django_db


def test_file_of_an_unknown_kind_of_thing_is_seen_by_nobody(world):
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "PNG")
    with scope(world.hospitals()):
        file = domain.attach(world.a.ward, world.ada, SimpleUploadedFile("a.png", out.getvalue()), kind="document")
    client = Client()
    client.force_login(world.ada, backend="tenancy.backends.SignInBackend")

    assert client.get(f"/files/{file.pk}/").status_code == 404


def test_files_are_not_for_strangers(world):
    assert Client().get("/files/1/").status_code == 302
