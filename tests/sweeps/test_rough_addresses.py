"""Whatever somebody types into an address or sends as a body, the answer is a page or a clear no, never a breakdown."""

import base64
import io

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from rest_framework.test import APIClient

from accounts.domain import give_token
from flow import store
from tenancy.models import Refusal
from tenancy.scope import scope
from tests.factories.workorders import order
from tests.ui.test_excel import unfold
from ui.excel import read_table, workbook

pytestmark = pytest.mark.django_db
BIG = "9" * 30


def cursor(text):
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


CURSORS = {
    "deep": cursor("[" * 3000),
    "first_day": cursor('[">","0001-01-01T00:00:00",5]'),
    "endless": cursor('[">","2026-01-01T00:00:00Z",1e999]'),
    "huge": cursor('[">","1e999999",5]'),
}


def browser(user=None):
    client = Client(raise_request_exception=False)
    if user is not None:
        client.force_login(user, backend="tenancy.backends.SignInBackend")
    return client


ADDRESSES = [
    *("/x%00y", "/d/%00/", "/f/1-%00/", f"/f/{BIG}-abc/", "/f/١-abc/", f"/orders/{BIG}/", "/api/v1/%00"),
    *("/orders/places/?q=%00", "/ask/new/?q=%00", "/ask/new/1/?door=%00", "/orders/?search=%00", "/notices/?before=²"),
    *(
        "/orders/?hospital=²",
        f"/orders/?hospital={BIG}",
        f"/orders/?team={BIG}",
        "/orders/?team=1e400",
        "/orders/?unit=NaN",
    ),
    *("/desk/queue/?chosen=²", "/desk/call/place/?place=²", "/board/?team=²", f"/board/?team={BIG}"),
    *("/orders/?reported_from=0001-01-01", "/orders/?reported_to=9999-12-31", "/orders/?sort=--pk", "/orders/?place=x"),
    "/orders/?figure=workorders.received&first=2026-01-01&last=2026-01-31&at=1&of=%00",
    f"/orders/?figure=workorders.received&first=0001-01-01&last=9999-12-31&at={BIG}",
    f"/orders/?cursor={CURSORS['deep']}",
    f"/orders/?cursor={CURSORS['first_day']}",
    f"/orders/?cursor={CURSORS['endless']}",
    f"/assets/?sort=value&cursor={CURSORS['huge']}",
    f"/api/v1/work-orders/?cursor={CURSORS['deep']}",
    "/figures/?period=9999-12",
    f"/orders/?search={'+'.join(['ab'] * 1000)}",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_address_that_names_nothing_breaks_nothing(world, address):
    assert browser(world.ada).get(address).status_code < 500
    assert browser().get(address).status_code < 500


def test_unheard_of_method_at_an_unknown_address_is_refused_and_noted(world):
    answer = browser(world.ada).generic("ABCDEFGHIJKL", "/nowhere/")

    assert answer.status_code == 404
    assert Refusal.objects.get().method == "ABCDEFGH"


@pytest.mark.parametrize(
    "body", ['{"place": 1e999, "service": 1}', "[" * 100_000, '{"a":' * 100_000, "[]", "null", '"x"']
)
def test_body_without_measure_is_refused(world, body):
    program = APIClient(raise_request_exception=False)
    program.credentials(HTTP_AUTHORIZATION=f"Token {give_token(world.dan, 'test')}")

    answer = program.generic("POST", "/api/v1/work-orders/", body, content_type="application/json")

    assert answer.status_code in (400, 422)


@pytest.mark.parametrize("place", ["²", BIG, "\x00"])
def test_place_that_is_no_number_is_told_at_its_field(world, place):
    with scope(world.hospitals()):
        made = order(world)
    answer = browser(world.dan).post(f"/orders/{made.pk}/edit/", {"title": "t", "urgency": "normal", "place": place})

    assert answer.status_code == 422
    assert "place" in answer.context["form"].errors


def test_line_break_in_the_way_back_splits_no_header(world):
    answer = browser(world.tom).post("/work/plain/", {"next": "/a\nb"}, headers={"HX-Request": "true"})

    assert answer.headers["HX-Redirect"] == "/a%0Ab"


def test_picture_whose_particulars_are_nonsense_is_refused_not_broken():
    """Words where the width should stand: the decoder fails with an error of a kind of its own."""
    out, particulars = io.BytesIO(), Image.Exif()
    particulars[0x0112], particulars[0x010F] = 6, "Maker"
    Image.new("RGB", (60, 40), "red").save(out, "JPEG", exif=particulars)
    spoilt = out.getvalue().replace(b"\x01\x0f\x00\x02", b"\x01\x00\x00\x02")
    assert spoilt != out.getvalue()

    with pytest.raises(ValidationError) as refused:
        store.keep(SimpleUploadedFile("tap.jpg", spoilt))

    assert refused.value.code == "wrong_type"


def test_photo_is_turned_upright_after_it_was_made_small():
    out, particulars = io.BytesIO(), Image.Exif()
    particulars[0x0112] = 6
    Image.new("RGB", (3000, 1500), "red").save(out, "JPEG", exif=particulars)

    kept = store.keep(SimpleUploadedFile("tap.jpg", out.getvalue()))

    with Image.open(store.path_of(kept.sha256)) as picture:
        assert picture.size == (1000, 2000)


def test_workbook_with_a_nul_in_a_title_is_read(world):
    """Excel writes such a character as _x0000_; no column of the database holds it."""
    texts = b"_x0000_".join((b"<sst><si><t>Na", b"me</t></si><si><t>Li", b"</t></si></sst>"))
    book = unfold(workbook("1", ["a"], [["b"]]), sharedStrings=texts)

    table = read_table(io.BytesIO(book), "people.xlsx")

    assert (table.header, [row.values for row in table.rows]) == (["Name"], [["Li"]])
