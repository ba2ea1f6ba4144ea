"""Full-width marks in Chinese texts: a half-width comma between Chinese characters looks like a slip of the keyboard."""

import re

MARKS = str.maketrans(",;:?!", "，；：？！")
CHINESE = "\u3400-\u9fff"
AFTER_CHINESE = re.compile(rf"(?<=[{CHINESE}）”》])[,;:?!] ?")
BEFORE_CHINESE = re.compile(rf"(?<=\S)[,;:?!](?=[{CHINESE}“《])")
BRACKETS_AFTER_CHINESE = re.compile(rf"(?<=[{CHINESE}])\(([^()]*)\)")
BRACKETS = re.compile(rf" ?\(([^()]*[{CHINESE}][^()]*)\) ?")


def full_width(text: str) -> str:
    """The text with the marks that belong to Chinese words in their full width."""
    for brackets in (BRACKETS, BRACKETS_AFTER_CHINESE):
        text = brackets.sub(r"（\1）", text)
    for mark in (AFTER_CHINESE, BEFORE_CHINESE):
        text = mark.sub(lambda found: found.group()[0].translate(MARKS), text)
    return text
