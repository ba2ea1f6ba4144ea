"""Files are handed out through what they belong to."""

import io

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from flow import domain
from flow.models import Attachment
from flow.store import path_of
from tenancy.scope import scope
from tests.hazards.conftest import report

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


def test_pdf_is_a_document_and_proves_nothing(world):
    """A bill that somebody added as "photo before" stands among the papers; where a photo is asked for, it is refused."""
    paper = SimpleUploadedFile("bill.pdf", b"%PDF-1.4 bill")
    with scope(world.hospitals()):
        assert domain.attach(world.a.ward, world.ada, paper, kind="before").kind == "document"
        paper.seek(0)
        with pytest.raises(ValidationError):
            domain.attach(world.a.room, world.ada, paper, kind="after", picture=True)


def test_file_that_is_gone_is_not_there(world):
    """A database brought back without its files: the page of a photo says so, the paper does without."""
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(out, "PNG")
    with scope(world.hospitals()):
        hazard = report(world)
        domain.attach(hazard, world.hal, SimpleUploadedFile("a.png", out.getvalue()), kind="before")
        file = Attachment.objects.get(subject_id=hazard.pk, subject="hazards.hazard")
    client = Client()
    client.force_login(world.hal, backend="tenancy.backends.SignInBackend")
    assert client.get(f"/files/{file.pk}/").status_code == 200

    path_of(file.sha256).unlink()
    assert client.get(f"/files/{file.pk}/").status_code == 404
    assert client.get(f"/hazards/{hazard.pk}/notice.pdf").content.startswith(b"%PDF-")
