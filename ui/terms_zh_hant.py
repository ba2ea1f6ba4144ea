"""The house words of Traditional Chinese: what a converter alone would get wrong.

`terms_zh_hant.tsv` holds one word a line: Simplified, Traditional, and the forms that never ship. The words of the
consortium's regulation stay what they are (後勤, 報修, 隱患); where staff in Taiwan or Hong Kong would stumble, the
interface takes their word (清潔, 合約, 檢體). A word is matched at the leftmost place and as long as possible, so the
lines at the end of the table (符合, 指标) keep 符合同类 from being read as 合同.
"""

import functools
import re
from pathlib import Path

import opencc

TABLE = Path(__file__).with_name("terms_zh_hant.tsv")
COVERED = "\N{IDEOGRAPHIC SPACE}"


@functools.cache
def _converter(name):
    return opencc.OpenCC(name)


@functools.cache
def terms():
    """Simplified word → Traditional word."""
    return {hans: hant for hans, hant, _wrong in _rows()}


@functools.cache
def wrong_words():
    """Traditional form that never ships → the word to write instead."""
    return {word: hant for _hans, hant, wrong in _rows() for word in wrong}


def _rows():
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            hans, hant, *wrong = line.split("\t")
            yield hans, hant, wrong[0].split(",") if wrong else []


def _any_of(words):
    return re.compile("|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)))


@functools.cache
def _simplified_pattern():
    return _any_of(terms())


@functools.cache
def _traditional_pattern():
    return _any_of({*terms().values(), *wrong_words()})


def to_traditional(text):
    """The Traditional text a Simplified one begins as."""
    convert = _converter("s2twp").convert
    pieces, end = [], 0
    for match in _simplified_pattern().finditer(text):
        pieces += [convert(text[end : match.start()]), terms()[match.group()]]
        end = match.end()
    return "".join(pieces) + convert(text[end:])


def faults_of_traditional(text):
    """What is wrong with a Traditional text, in words: forms that never ship, characters that are only Simplified."""
    wrong = wrong_words()
    found = [match.group() for match in _traditional_pattern().finditer(text)]
    faults = [f"{word} is written {wrong[word]}" for word in dict.fromkeys(found) if word in wrong]
    rest = _traditional_pattern().sub(lambda match: COVERED * len(match.group()), text)
    return faults + _changed_characters(rest, _converter("s2tw").convert(rest))


def faults_of_simplified(text):
    """What is wrong with a Simplified text, in words: characters that are only Traditional."""
    return _changed_characters(text, _converter("t2s").convert(text))


def _changed_characters(text, converted):
    pairs = zip(text, converted, strict=False)
    return [f"{old} is written {new}" for old, new in dict.fromkeys(pairs) if old != new]
