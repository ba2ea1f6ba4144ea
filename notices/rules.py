"""Who hears of what: each room says it for its own things."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


def _never(subject: Any, event: Any) -> bool:
    return False


@dataclass(frozen=True)
class Rule:
    """For one kind of subject: who is told, where the notice leads, what its words need, the words themselves."""

    audience: Callable[[Any, Any], set[int]]  # (subject, event) → ids of users
    url: Callable[[int], str]  # id of the subject → its page
    facts: Callable[[Any, Any], dict[str, Any]]  # (subject, event) → what `sentence` needs, as JSON
    sentence: Callable[[str, dict[str, Any]], str]  # (verb, facts) → words in the reader's language
    kinds: Mapping[str, Any] = field(default_factory=dict)  # verb → its name where people choose what they hear
    mails: frozenset[str] = frozenset()  # verbs that are mailed unless the person chooses otherwise
    view: str = ""  # the permission that opens its page; empty: the page says by itself who may
    pressing: Callable[[Any, Any], bool] = _never  # (subject, event): does it go through quiet hours and digests?


_rules: dict[str, Rule] = {}


def register(subject: str, rule: Rule) -> None:
    """`subject` is the model's label in lower case."""
    _rules[subject] = rule


def rule_of(subject: str) -> Rule | None:
    return _rules.get(subject)


def kind_of(subject: str, verb: str) -> str:
    """How a choice names what happened: `workorders.workorder:finish`."""
    return f"{subject}:{verb}"


def kinds() -> dict[str, Any]:
    """Every kind that people and robots may choose, with its words."""
    return {kind_of(subject, verb): label for subject, rule in _rules.items() for verb, label in rule.kinds.items()}


def mailed() -> set[str]:
    """The kinds that are mailed unless the person chooses otherwise."""
    return {kind_of(subject, verb) for subject, rule in _rules.items() for verb in rule.mails}
