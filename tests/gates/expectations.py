"""What each page may cost: written down in `expected/`, read again, and compared with what it costs now.

Statements are compared literally and in their order. Blocks are the same in every run on the same major version of
PostgreSQL but for a page more or less per statement, when a row lies on the last page of its table; so one block for each
statement, or 3 %, is not told. An index that is written down for a statement must serve it still. Of the bytes 256 or 2 %
are left to wording and to an entry of the menu; a column more in a list of fifty is more than that. Better than written
down is told as well: what was won is held by taking it down.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.gates.statements import Statement

FOLDER = Path(__file__).parent / "expected"
HEAD = re.compile(r"(\w+) +(\d{3}) +(\d+) sql +(\d+) blocks +(\d+) bytes")
LINE = re.compile(r" +(\w{8}) +(\d+) +[^|]*(?:\| (.*))?")
FULL = "== statements"
SHARE = 0.03  # of the blocks, by which a page may differ


@dataclass(frozen=True)
class Answer:
    """What one person got at one address, and what it cost."""

    status: int
    length: int  # bytes
    statements: tuple[Statement, ...]

    @property
    def blocks(self) -> int:
        return sum(statement.blocks for statement in self.statements)


Answers = dict[str, dict[str, Answer]]  # by address, by person


def app_of(address: str) -> str:
    return address.partition(":")[0] if ":" in address else "logistics"


def near(before: int, now: int, least: int, share: float) -> bool:
    return abs(now - before) <= max(least, before * share)


def near_blocks(before: Answer, now: Answer) -> bool:
    return near(before.blocks, now.blocks, len(before.statements), SHARE)


def near_bytes(before: int, now: int) -> bool:
    return near(before, now, 256, 0.02)


def differences(expected: Answers, found: Answers, plans: bool = True) -> list[str]:
    """What has changed, a line each. Without `plans` (another version of the database) blocks and indexes are left out."""
    told = [f"{name}: not written down" for name in sorted(found.keys() - expected.keys())]
    told += [f"{name}: written down, but not asked" for name in sorted(expected.keys() - found.keys())]
    for name in sorted(found.keys() & expected.keys()):
        for who in sorted(found[name].keys() | expected[name].keys()):
            before, now = expected[name].get(who), found[name].get(who)
            if before is None or now is None:
                told.append(f"{name} {who}: {'asked' if now else 'not asked'} now")
            else:
                told += [f"{name} {who}: {what}" for what in _changed(before, now, plans)]
    return told


def _changed(before: Answer, now: Answer, plans: bool) -> Iterator[str]:
    if before.status != now.status:
        yield f"status {before.status} → {now.status}"
    if [s.mark for s in before.statements] != [s.mark for s in now.statements]:
        yield f"statements {len(before.statements)} → {len(now.statements)}"
        yield from _moved(before, now)
    elif plans:
        for was, is_ in zip(before.statements, now.statements, strict=True):
            if lost := set(was.indexes) - set(is_.indexes):
                yield f"{', '.join(sorted(lost))} serves no longer: {is_.short}"
    if plans and not near_blocks(before, now):
        yield f"blocks {before.blocks} → {now.blocks}"
    if not near_bytes(before.length, now.length):
        yield f"bytes {before.length} → {now.length}"


def _moved(before: Answer, now: Answer) -> Iterator[str]:
    was, is_ = [s.mark for s in before.statements], [s.mark for s in now.statements]
    for sign, mine, other in (("−", before.statements, is_), ("+", now.statements, was)):
        left = list(other)
        for statement in mine:
            if statement.mark in left:
                left.remove(statement.mark)
            else:
                yield f"{sign} {statement.text[:400]}"


def uneven(few: Answers, many: Answers) -> list[str]:
    """Where more rows cost more statements."""
    return [
        f"{name} {who}: {len(few[name][who].statements)} statements for one row, {len(now.statements)} for more"
        for name, answers in many.items()
        for who, now in answers.items()
        if who in few[name] and len(few[name][who].statements) != len(now.statements)
    ]


def _files(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.glob("*.txt")) if path.name != "indexes.txt"]


def write(found: Answers, version: int, folder: Path = FOLDER) -> None:
    """Take it down; a number that is near to the one before stays, so that a change shows what has changed."""
    before = read(folder)[0]
    for stale in _files(folder):
        stale.unlink()
    for app in sorted({app_of(name) for name in found}):
        mine = {name: found[name] for name in sorted(found) if app_of(name) == app}
        full: dict[str, str] = {}
        lines = [f"PostgreSQL {version}", ""]
        for name, answers in mine.items():
            lines.append(name)
            for who, answer in answers.items():
                lines += _written(who, _kept(before.get(name, {}).get(who), answer))
                full |= {statement.mark: statement.text for statement in answer.statements}
            lines.append("")
        lines += [FULL, *(f"{mark} {text}" for mark, text in sorted(full.items(), key=lambda one: one[1]))]
        (folder / f"{app}.txt").write_text("\n".join(lines) + "\n")


def _kept(before: Answer | None, now: Answer) -> Answer:
    if before is None or list(_changed(before, now, plans=True)) or len(before.statements) != len(now.statements):
        return now
    return before


def _written(who: str, answer: Answer) -> Iterator[str]:
    count = len(answer.statements)
    yield f"{who:<13} {answer.status} {count:>3} sql {answer.blocks:>6} blocks {answer.length:>7} bytes"
    for statement in answer.statements:
        served = f" | {', '.join(statement.indexes)}" if statement.indexes else ""
        yield f"    {statement.mark} {statement.blocks:>5}  {statement.short}{served}"


def read(folder: Path = FOLDER) -> tuple[Answers, int]:
    """What is written down, and the major version of PostgreSQL that it was taken on."""
    answers: Answers = {}
    version = 0
    for path in _files(folder):
        text, _, below = path.read_text().partition(f"{FULL}\n")
        full = dict(line.split(" ", 1) for line in below.splitlines())
        first, *blocks = text.strip().split("\n\n")
        version = int(first.split()[1])
        for block in blocks:
            name, *lines = block.splitlines()
            answers[name] = dict(_read(lines, full))
    return answers, version


def _read(lines: list[str], full: dict[str, str]) -> Iterator[tuple[str, Answer]]:
    at = [n for n, line in enumerate(lines) if HEAD.fullmatch(line)]
    for start, end in zip(at, [*at[1:], len(lines)], strict=True):
        who, status, _, _, length = HEAD.fullmatch(lines[start]).groups()  # type: ignore[union-attr]
        found = [LINE.fullmatch(line).groups() for line in lines[start + 1 : end]]  # type: ignore[union-attr]
        statements = tuple(
            Statement(full[mark], int(blocks), tuple(served.split(", ")) if served else ())
            for mark, blocks, served in found
        )
        yield who, Answer(int(status), int(length), statements)
