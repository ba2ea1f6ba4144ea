"""Who hears of what: each room says it for its own things."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Rule:
    """For one kind of subject: who is told, where the notice leads, what its words need, the words themselves."""

    audience: Callable[[Any, Any], set[int]]  # (subject, event) → ids of users
    url: Callable[[int], str]  # id of the subject → its page
    facts: Callable[[Any, Any], dict[str, Any]]  # (subject, event) → what `sentence` needs, as JSON
    sentence: Callable[[str, dict[str, Any]], str]  # (verb, facts) → words in the reader's language


_rules: dict[str, Rule] = {}


def register(subject: str, rule: Rule) -> None:
    """`subject` is the model's label in lower case."""
    _rules[subject] = rule


def rule_of(subject: str) -> Rule | None:
    return _rules.get(subject)
