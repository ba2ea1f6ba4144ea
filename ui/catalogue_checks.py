"""What must be true of every message catalogue before it ships."""

import re
from collections import Counter

from ui.catalogues import HANS, LOCALES, as_mo, key_of, translation_of
from ui.punctuation import full_width
from ui.terms_zh_hant import faults_of_simplified, faults_of_traditional

PLACEHOLDER = re.compile(r"%%|%(?:\(\w+\))?[\d.]*[sdfr]|\{\{|\}\}|\{\w*(?:[.!:\[][^{}]*)?\}")
NOT_OUR_WORDS = re.compile(r"\b(SLA|instances?|objects?|invalid)\b", re.IGNORECASE)


def check(tree, apps):
    """Every fault of these apps' catalogues as a line: file, text, what is wrong."""
    return [fault for app in apps for fault in _faults_of(tree, app)] + _faults_between(tree)


def _faults_of(tree, app):
    found = tree.extract(app)
    faults = [
        _line(f"{app} (code)", message, fault) for message in found.texts() for fault in _faults_of_msgid(message)
    ]
    for locale in LOCALES:
        path = tree.po(app, locale)
        name = path.relative_to(tree.root).as_posix()
        catalogue = tree.read(app, locale)
        faults += [_line(name, message, fault) for message, fault in _differences(found, catalogue)]
        faults += [
            _line(name, message, fault) for message in catalogue.texts() for fault in _faults_in(message, locale)
        ]
        compiled = path.with_suffix(".mo")
        if catalogue.texts() and (not compiled.exists() or compiled.read_bytes() != as_mo(catalogue)):
            faults.append(f"{name}: its compiled file is out of date; run manage.py messages")
    return faults


def _line(name, message, fault):
    context, text = key_of(message)
    return f"{name}: {text!r}{f' ({context})' if context else ''}: {fault}"


def _faults_of_msgid(message):
    words = NOT_OUR_WORDS.findall(PLACEHOLDER.sub("", key_of(message)[1]))
    return [f"{word} is no word of the interface" for word in dict.fromkeys(words)]


def _differences(found, catalogue):
    for message in found.texts():
        entry = catalogue.find(key_of(message))
        if entry is None or entry.id != message.id:
            yield message, "missing; run manage.py messages"
    for entry in catalogue.texts():
        if found.find(key_of(entry)) is None:
            yield entry, "nothing says this any more; run manage.py messages"


def _faults_in(message, locale):
    text = translation_of(message)
    if not text:
        return ["not translated"]
    faults = ["marked as fuzzy"] if message.fuzzy else []
    original = message.id[1] if message.pluralizable else message.id
    if placeholders(text) != placeholders(original):
        faults.append(f"placeholders differ: {text!r}")
    if text != full_width(text):
        faults.append(f"half-width marks between Chinese words: {text!r}; run manage.py messages")
    spoken = PLACEHOLDER.sub("", text)
    return faults + (faults_of_simplified(spoken) if locale == HANS else faults_of_traditional(spoken))


def placeholders(text):
    """What the site puts in: named ones once however often they stand there, nameless ones counted."""
    found = [match for match in PLACEHOLDER.findall(text) if match not in {"%%", "{{", "}}"}]
    named = {match for match in found if re.match(r"%\(|\{\w", match)}
    return named, Counter(match for match in found if match not in named)


def _faults_between(tree):
    """Django lays all catalogues on one another, so a text must not say different things in two apps."""
    faults, first = [], {}
    for locale in LOCALES:
        for app in tree.apps:
            for message in tree.read(app, locale).texts():
                key, text = (locale, *key_of(message)), translation_of(message)
                owner, other = first.setdefault(key, (app, text))
                if text and other and text != other:
                    name = tree.po(app, locale).relative_to(tree.root).as_posix()
                    faults.append(_line(name, message, f"{text} here, {other} in {owner}"))
    return faults
