"""Marks between Chinese words are full-width; those of figures, codes and placeholders stay."""

import pytest

from ui.punctuation import full_width


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("已完工,待签字", "已完工，待签字"),
        ("哪里坏了? 请说明", "哪里坏了？请说明"),
        ("金额(元)", "金额（元）"),
        ("建筑面积(m²)", "建筑面积（m²）"),
        ("S3:全年受理 3802 件", "S3：全年受理 3802 件"),
        ("%(name)s:已变更", "%(name)s：已变更"),
        ("今天 14:05", "今天 14:05"),
        ("Excel (xlsx), CSV", "Excel (xlsx), CSV"),
        ("%(count)s 项", "%(count)s 项"),
    ],
)
def test_marks_are_as_wide_as_the_words_around_them(typed, printed):
    assert full_width(typed) == printed
    assert full_width(printed) == printed
