"""Order numbers: A-2611-004213 (hospital, month, counter). Counters are taken in blocks, in a transaction of their own.

So two people who report at once never wait for each other's transaction; a number that is not used leaves a gap.
"""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import connections
from django.utils import timezone

BLOCK = 10
_lock = threading.Lock()
_blocks: dict[tuple[int, str], list[int]] = defaultdict(list)

TAKE = """
INSERT INTO workorders_numberblock (hospital_id, month, used) VALUES (%(hospital)s, %(month)s, %(block)s)
ON CONFLICT (hospital_id, month) DO UPDATE SET used = workorders_numberblock.used + %(block)s RETURNING used
"""


def next_number(hospital_id: int, code: str, at: datetime) -> str:
    """The next free number of the hospital for the month of `at`."""
    month = timezone.localtime(at).strftime("%y%m")
    with _lock:
        block = _blocks[hospital_id, month]
        if not block:
            block.extend(reversed(_take(hospital_id, {month: BLOCK})[month]))
        return f"{code}-{month}-{block.pop():06d}"


def next_numbers(hospital_id: int, code: str, moments: Iterable[datetime]) -> list[str]:
    """A number for each of many moments at once, for history that is brought in: one block per month."""
    months = [timezone.localtime(at).strftime("%y%m") for at in moments]
    free = {month: iter(block) for month, block in _take(hospital_id, Counter(months)).items()}
    return [f"{code}-{month}-{next(free[month]):06d}" for month in months]


def _take(hospital_id: int, sizes: Mapping[str, int]) -> dict[str, range]:
    """A block of numbers for each month; months in order, so that two who take never wait for each other in a circle."""
    own = connections.create_connection("default")  # beside the request's transaction, whatever becomes of that
    taken = {}
    try:
        own.set_autocommit(False)
        with own.cursor() as cursor:
            cursor.execute("SELECT set_config('app.hospitals', %s, true)", [f"{{{hospital_id}}}"])
            for month, size in sorted(sizes.items()):
                cursor.execute(TAKE, {"hospital": hospital_id, "month": month, "block": size})
                used = cursor.fetchone()[0]
                taken[month] = range(used - size + 1, used + 1)
        own.commit()
    finally:
        own.close()
    return taken
