"""A part of a page is drawn once for all who see the same, and anew as soon as a fact is another one."""

from django.utils import translation

from ui.kept import kept


def test_the_same_facts_are_drawn_once_and_others_anew():
    drawn = []

    def draw():
        drawn.append(translation.get_language())
        return f"<b>{len(drawn)}</b>"

    facts = ([1, 2], "2026-11", None)
    assert [kept("test", facts, draw) for _ in range(3)] == ["<b>1</b>"] * 3
    assert kept("test", ([1, 2], "2026-12", None), draw) == "<b>2</b>"
    assert kept("other", facts, draw) == "<b>3</b>"
    with translation.override("en"):
        assert kept("test", facts, draw) == "<b>4</b>"
    assert kept("test", facts, draw) == "<b>1</b>" and kept("test", facts, draw).__html__()
    assert drawn[3] == "en"
