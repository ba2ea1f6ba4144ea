"""Who opens a record finds its small empty forms: drawn once for all, but each with a key of its own."""

import re

import pytest
from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from ui.forms import EMPTY, Form


class Remark(Form):
    same_for_all = True
    text = forms.CharField(label=_("Remark"), max_length=20)
    kind = forms.ChoiceField(label=_("Kind"), choices=[("part", _("Material"))])


class EveryTime(Remark):
    same_for_all = False


@pytest.fixture(autouse=True)
def nothing_drawn_yet():
    for kept in [kept for kept in EMPTY if issubclass(kept[0], Remark)]:
        del EMPTY[kept]


def key_in(html):
    return re.search(r'name="form_key" value="([^"]+)"', html)[1]


def without_key(html):
    return html.replace(key_in(html), "")


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant", "en"])
def test_empty_form_looks_as_if_it_were_drawn_every_time(language):
    with override(language):
        first, second, plain = Remark(actor=None), Remark(actor=None), EveryTime(actor=None)
        drawn = [str(form) for form in (first, second, plain)]

    assert len({without_key(html) for html in drawn}) == 1
    assert [key_in(html) for html in drawn] == [str(form.form_key) for form in (first, second, plain)]
    assert len({key_in(html) for html in drawn}) == 3


def test_empty_form_speaks_the_language_of_who_reads_it():
    words = {}
    for language in ("en", "zh-hans", "en"):
        with override(language):
            words.setdefault(language, set()).add(without_key(str(Remark(actor=None))))

    assert "Remark" in words["en"].pop()
    assert not words["en"]
    assert "备注" in words["zh-hans"].pop()


def test_form_with_something_in_it_is_drawn_with_it():
    str(Remark(actor=None))
    typed, wrong = (
        Remark({"text": "漏水", "kind": "part"}, actor=None),
        Remark({"text": "", "kind": "part"}, actor=None),
    )
    begun = Remark(actor=None, initial={"text": "滴水"})

    assert "漏水" in str(typed)
    assert "error-summary" in str(wrong)
    assert "滴水" in str(begun)
    assert "滴水" not in str(Remark(actor=None))
