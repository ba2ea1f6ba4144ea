"""Whatever is typed into any form of the site: a clear message beside the field, nothing lost, nothing executed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any

import pytest
from django import forms
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.module_loading import module_has_submodule

from exchange.importers import importers
from flow.models import Event
from tenancy.scope import scope
from tests.sweeps.addresses import ADDRESSES
from tests.sweeps.secrets import filled
from tests.sweeps.test_access import NAMES, asked, person, url_of
from ui.forms import Form

pytestmark = pytest.mark.django_db
SCRIPT = '<script>alert("Qx7")</script>'
KEPT = "Kept7"
ASKED_BY = ("ada", "dan", "rita", "tom", "kim")  # who tries the pages that name nothing
QUESTIONS = {"assets:labels", "assets:place_labels", "administration:why"}  # forms that are asked, not sent
ANY = "*"  # some message, beside the field or on top
NUMBERS = (forms.IntegerField, forms.DecimalField, forms.FloatField)
DATES = (forms.DateField, forms.DateTimeField)
STEPS = (  # the steps of an order that ask something, beside those among the addresses
    *(("reported", "transfer", "dan"), ("dispatched", "reassign", "dan"), ("accepted", "wait", "tom")),
    *(("arrived", "finish", "tom"), ("done", "sign", "rita"), ("done", "sign_on_screen", "tom")),
    *(("reported", "void", "dan"), ("reported", "same", "dan"), ("complaint", "answer", "hal")),
)
OF_HAZARDS = (
    *(("hazard", "void", "dan"), ("hazard", "rectify", "tom"), ("to_rectify", "postpone", "dan")),
    *(("to_rectify", "regrade", "dan"), ("to_rectify", "reassign", "dan")),
    *(("to_verify", "verify", "dan"), ("to_verify", "refuse", "dan")),
)
OF_ROUNDS = (("round_done", "sign", "rita"), ("round_done", "sign_on_screen", "tom"))
OF_THE_LOOP = (
    *(("appeal", "assessed_appeal", "uphold", "kim"), ("appeal", "assessed_appeal", "reject", "kim")),
    *(("action", "assessed_action", "postpone", "max"), ("action", "assessed_action", "drop", "max")),
    *(("action", "assessed_amber", "comment", "max"), ("exclusion", "assessed_exclusion", "approve", "kim")),
)
CHOICES = (forms.ChoiceField, forms.ModelChoiceField)
_found: list[Page] = []


@dataclass(frozen=True)
class Page:
    """A page with a form: its name, where it is, who fills it in."""

    name: str
    url: str
    who: str
    form: Any

    def fields(self, *kinds: type) -> dict[str, forms.Field]:
        """By the name in the page; what cannot be typed into is left out."""
        own = {self.form[name].html_name: field for name, field in self.form.fields.items() if not field.disabled}
        return {name: field for name, field in own.items() if not kinds or isinstance(field, kinds)}

    def texts(self) -> dict[str, forms.CharField]:
        """Where words are typed; choices and numbers, which are told apart, are not among them."""
        found = {n: f for n, f in self.fields(forms.CharField).items() if not isinstance(f, forms.FileField)}
        return {n: f for n, f in found.items() if not isinstance(f.widget, forms.HiddenInput)}


def form_in(response: Any) -> Any:
    """The form that a page shows; of several the one that was sent."""
    drawn = response.context if isinstance(response.context, list) else [response.context]
    known = [item for context in drawn if context is not None for item in context.flatten().items()]
    found = {name: form for name, form in known if isinstance(form, forms.BaseForm)}
    sent = [form for form in found.values() if form.is_bound]
    return sent[0] if sent else found.get("form")


@pytest.fixture
def made(db):
    return filled()


@pytest.fixture
def pages(made) -> list[Page]:
    """Every page that shows a form, with somebody who may fill it in. The rows have the same keys in every test."""
    if not _found:
        _found.extend(found_in(made))
    return _found


def found_in(made: Any) -> list[Page]:
    found = []
    for name in sorted(NAMES.keys() - {"accounts:sign_out"}):
        for who in (ADDRESSES[name].who,) if name in ADDRESSES else ("", *ASKED_BY):
            page = page_at(made, name, url_of(name, made), who)
            if page:
                found.append(page)
                break
    steps = [("workorders:order_move", *step) for step in STEPS] + [("hazards:hazard_move", *s) for s in OF_HAZARDS]
    steps += [("inspections:round_move", *step) for step in OF_ROUNDS]
    steps += [(f"assessment:{room}_move", *step) for room, *step in OF_THE_LOOP]
    steps += [("indicators:due_move", "return_handed", "correct", "max")]
    for name, state, step, who in steps:
        url = reverse(name, args=(getattr(made, state).pk, step))
        page = page_at(made, f"{name} {step}", url, who)
        assert page, step
        found.append(page)
    columns = reverse("exchange:columns", args=("orders", made.history.pk))
    here = reverse("workorders:absence", args=[made.lea_here.pk])
    found += filter(None, [page_at(made, "workorders:absence of somebody who is here", here, "dan")])
    return [*filter(None, [page_at(made, "exchange:columns orders", columns, "ada")]), *found]


def page_at(made: Any, name: str, url: str, who: str) -> Page | None:
    """A form that a page shows or, where there is only the way to send it, one that comes back with its faults."""
    sent = None if name in QUESTIONS else asked(person(made, who), "post", url)
    if sent is not None and sent.status_code == 405:
        return None
    form = form_in(asked(person(made, who), "get", url)) or (sent and form_in(sent))
    return Page(name, url, who, form) if form is not None else None


def send(made: Any, page: Page, data: dict[str, Any]) -> Any:
    return asked(person(made, page.who), "get" if page.name in QUESTIONS else "post", page.url, data)


def wrong_in(response: Any) -> set[str]:
    form = form_in(response)
    if form is None or not form.errors:
        return set()
    return {ANY, *(form[name].html_name for name in form.errors if name in form.fields)}


def complaints(made: Any, pages: list[Page], of: Any) -> list[str]:
    """`of(page)` → (what is typed, which fields must be named as wrong). What was not told as it should be."""
    found = []
    for page in pages:
        data, wrong = of(page)
        if not data:
            continue
        response = send(made, page, data)
        missing = set(wrong) - wrong_in(response)
        if response.status_code >= 500 or (wrong and (missing or response.status_code not in (422, 200))):
            found.append(f"{page.name} ({page.who}): {response.status_code}, not named: {sorted(missing)}")
    return found


def test_every_form_is_on_one_of_these_pages_and_tells_what_is_wrong(made, pages):
    shown = {kind for page in pages for kind in type(page.form).__mro__}
    missing = {f"{form.__module__}.{form.__name__}" for form in all_forms() - shown}
    told = [f"{kind.__name__} {fault}" for kind in KINDS for fault in complaints(made, pages, kind)]

    assert not told, "\n".join(told)
    assert not missing, missing
    assert len(pages) > 40


def too_long(page):
    limits = {name: field.max_length for name, field in page.texts().items() if field.max_length}
    return {name: "x" * (limit + 1) for name, limit in limits.items()}, limits


def unreadable(page):
    return dict.fromkeys(page.texts(), "a\x00b"), page.texts()


def nonsense(page):
    told = page.fields(*NUMBERS, *DATES, *CHOICES)
    words = {n: "2026-02-31" if isinstance(f, DATES) else "Qx7" for n, f in told.items()}
    return ({**dict.fromkeys(page.texts(), "x"), **words}, words) if words else ({}, ())


def enormous(page):
    told = page.fields(*NUMBERS, *CHOICES)
    words = {**dict.fromkeys(told, "9" * 40), **dict.fromkeys(page.fields(*DATES), "99999-01-01")}
    return ({**dict.fromkeys(page.texts(), "x"), **words}, told) if words else ({}, ())


def endless(page):
    return dict.fromkeys(page.fields(*NUMBERS), "NaN"), page.fields(*NUMBERS)


def far_away(page):
    return dict.fromkeys(page.fields(*DATES), "9999-12-31"), ()


def empty(page):
    needed = {name for name, field in page.fields().items() if field.required}
    return ({"form_key": "1"}, needed) if needed and page.name not in QUESTIONS else ({}, ())


def lying_picture(page):
    files = page.fields(forms.FileField) if page.name != "exchange:import" else {}
    return {field: SimpleUploadedFile("plan.png", b"MZ a program", "image/png") for field in files}, {
        ANY
    } if files else ()


def lying_paper(page):
    files = page.fields(forms.FileField) if page.name != "exchange:import" else {}
    content = b"<html><script>1</script></html>"
    return {field: SimpleUploadedFile("plan.pdf", content, "application/pdf") for field in files}, {
        ANY
    } if files else ()


def empty_file(page):
    files = page.fields(forms.FileField)
    return {field: SimpleUploadedFile("plan.jpg", b"", "image/jpeg") for field in files}, files


KINDS = (
    *(too_long, unreadable, nonsense, enormous, endless, far_away, empty),
    *(lying_picture, lying_paper, empty_file),
)


def test_script_is_shown_and_never_run(made, pages):
    bare, shown = [], 0
    for page in pages:
        typed = {name: SCRIPT[: field.max_length] for name, field in page.texts().items()}
        if not typed:
            continue
        client = person(made, page.who)
        response = client.post(page.url, typed)  # kept, so that other pages would show it
        answers = [response, client.get(response["Location"])] if response.status_code in (302, 303) else [response]
        bare += [page.name for answer in answers if b"<script>alert(" in answer.content]
        shown += any(b"&lt;script&gt;" in answer.content for answer in answers)
        if response.status_code >= 500:
            bare.append(f"{page.name}: {response.status_code}")

    assert bare == []
    assert shown > 10


def test_what_was_typed_stays_when_something_else_is_wrong(made, pages):
    lost, tried = [], 0
    for page in pages:
        texts = {n: f for n, f in page.texts().items() if not isinstance(f.widget, forms.PasswordInput)}
        typed = {name: KEPT for name, field in texts.items() if not field.max_length or field.max_length >= len(KEPT)}
        others = dict.fromkeys(page.fields(*NUMBERS, *DATES, *CHOICES), "Qx7")
        if typed and others:
            response = send(made, page, {**typed, **others})
            tried += 1
            if response.content.decode().count(KEPT) < len(typed):
                lost.append(f"{page.name}: {sorted(typed)}")

    assert tried > 10
    assert not lost, "\n".join(lost)


def test_photo_of_fifty_megabytes_is_told(made, pages):
    page = next(page for page in pages if page.name == "assets:asset_attach")
    photo = SimpleUploadedFile("huge.jpg", b"\xff\xd8" + bytes(50_000_000), "image/jpeg")

    response = send(made, page, {"file": photo, "kind": "document"})

    assert (response.status_code, wrong_in(response)) == (422, {ANY, "file"})


def test_tables_that_are_none_are_told(made):
    broken = (b"", b"PK\x03\x04broken", b"\x00\xff\xfe" * 50, b"\xd0\xcf\x11\xe0old", b"a,b\n\xff\xff,2\n")
    client, wrong = person(made, "ada"), []
    for key in importers():
        for content in broken:
            for name in ("list.xlsx", "list.csv"):
                data = {"file": SimpleUploadedFile(name, content), "hospital": made.world.a.id}
                status = asked(client, "post", f"/exchange/{key}/", data).status_code
                if status not in (422, 302, 303):
                    wrong.append(f"{key} {name} {content[:8]!r}: {status}")

    assert importers()
    assert wrong == []


def test_session_that_ends_in_the_middle_of_a_form_leads_back_to_it(made, pages):
    with scope(made.world.hospitals()):
        before = Event.objects.count()
    for page in pages:
        if not page.who or page.name in QUESTIONS:
            continue
        for headers in ({}, {"HX-Request": "true"}):
            response = Client().post(page.url, dict.fromkeys(page.texts(), "x"), headers=headers)
            to = response.get("HX-Redirect") or response.get("Location", "")
            assert "/sign-in/" in to and f"next={page.url}" in to, (page.name, headers, response.status_code, to)

    with scope(made.world.hospitals()):
        assert Event.objects.count() == before


@cache
def all_forms() -> set[type]:
    """Every form that an app declares."""
    for config in apps.get_app_configs():
        for module in ("forms", "ask_forms", "import_forms"):
            if module_has_submodule(config.module, module):
                import_module(f"{config.name}.{module}")
    found, new = set(), {Form}
    while new:
        found |= new
        new = {child for parent in new for child in parent.__subclasses__()} - found
    return {form for form in found if form.__module__.split(".")[0] in {c.name for c in apps.get_app_configs()}}
