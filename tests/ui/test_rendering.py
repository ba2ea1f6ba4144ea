"""Fields drawn by functions are those of Django's templates, but for blanks between tags."""

import re

import pytest
from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.safestring import mark_safe

from ui.filters import PeriodWidget
from ui.rendering import Renderer, Select, named

NASTY = "<b>&\"'"
GROUPS = [("", "All"), ("a&b", NASTY), ("Wards", [(1, "Heart"), (2, mark_safe("<i>Bone</i>"))])]
CASES = {
    "text": (forms.TextInput(attrs={"class": "x", "required": True, "disabled": False}), NASTY),
    "nothing": (forms.TextInput(), None),
    "number": (forms.NumberInput(attrs={"min": 0, "step": 0.5}), 1234567),
    "hidden": (forms.HiddenInput(), "a b"),
    "email": (forms.EmailInput(), "a@example.org"),
    "date": (forms.DateInput(attrs={"type": "date"}), "2026-11-22"),
    "select": (forms.Select(choices=GROUPS, attrs={"aria-label": NASTY}), "a&b"),
    "chosen in a group": (forms.Select(choices=GROUPS), 2),
    "several": (forms.SelectMultiple(choices=GROUPS), ["1", "2"]),
    "yes or no": (forms.NullBooleanSelect(), True),
}


def tight(html):
    return re.sub(r">\s+<", "><", html)


@pytest.mark.parametrize("case", CASES)
def test_field_is_drawn_as_by_the_templates(case):
    widget, value = CASES[case]

    ours = widget.render("field", value, attrs={"id": "id_field"}, renderer=Renderer())

    theirs = widget.render("field", value, attrs={"id": "id_field"}, renderer=TemplatesSetting())
    assert tight(ours) == tight(theirs)


def test_period_has_two_dates_with_names_for_those_who_hear_them():
    drawn = PeriodWidget().render("due", ["2026-11-01", NASTY], attrs={"id": "id_due"}, renderer=Renderer())

    assert drawn.startswith('<span class="period"><input type="date" name="due_') and drawn.count("<input") == 2
    assert len(re.findall(r'aria-label="[^"]+"', drawn)) == 2 and NASTY not in drawn


def test_what_it_does_not_know_is_drawn_by_the_templates():
    drawn = forms.Textarea().render("text", NASTY, renderer=Renderer())

    assert drawn.startswith("<textarea") and "&lt;b&gt;" in drawn


@pytest.mark.parametrize("value", ["", None, "a&b", 2, "2", "not offered"])
def test_quick_choice_is_drawn_as_by_the_templates(value):
    offered = [("", "All"), (None, 1234), *GROUPS[1:]]
    options = {"attrs": {"class": "form-select", "disabled": True, "aria-label": NASTY}, "choices": offered}

    ours = Select(**options).render("field", value, attrs={"id": "id_field"})

    theirs = forms.Select(**options).render("field", value, attrs={"id": "id_field"}, renderer=TemplatesSetting())
    assert tight(ours) == tight(theirs)


def test_filters_stand_under_their_names_and_names_are_escaped():
    class Two(forms.Form):
        word = forms.CharField(label=NASTY)
        sort = forms.ChoiceField(label="Sort", choices=GROUPS, widget=forms.RadioSelect)

    drawn = named(Two())

    assert (
        '<div class="field"><label for="id_word">&lt;b&gt;&amp;&quot;&#x27;</label><input type="text" name="word"'
        in drawn
    )
    assert '<span class="label">Sort</span>' in drawn and drawn.count('class="field"') == 2
