"""The library of indicators: what each one is, in words and in sums, who answers for it and what follows a breach."""

from indicators.library.declaring import LAW, MARKS, PROPOSED, SEEN, STANDARD, Amount, Chapter, Entry
from indicators.library.definitions import (
    CHAPTERS,
    COLLECTED,
    COMPUTED,
    FIRST_YEAR,
    KINDS,
    MORE,
    OWN,
    QUANTITY,
    WRITTEN,
    Definition,
    aims,
    amounts,
    definitions,
    quantity_words,
    shipped,
    split,
    written,
)

__all__ = [
    "CHAPTERS", "COLLECTED", "COMPUTED", "FIRST_YEAR", "KINDS", "LAW", "MARKS", "MORE", "OWN", "PROPOSED", "QUANTITY", "SEEN",
    "STANDARD", "WRITTEN", "Amount", "Chapter", "Definition", "Entry", "aims", "amounts", "definitions", "quantity_words",
    "shipped", "split", "written",
]  # fmt: skip
