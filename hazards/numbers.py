"""Numbers of hazards: A-H2611-0007 (hospital, month of finding, counter)."""

from __future__ import annotations

from datetime import datetime

from django.db import connection
from django.utils import timezone

# The row stays locked until the hazard is written: two who report at the same moment never get one number.
TAKE = """
INSERT INTO hazards_hazardcounter (hospital_id, month, used) VALUES (%s, %s, 1)
ON CONFLICT (hospital_id, month) DO UPDATE SET used = hazards_hazardcounter.used + 1 RETURNING used
"""


def next_number(hospital_id: int, code: str, at: datetime) -> str:
    """The next number of the hospital for the month of `at`, in the transaction that writes the hazard."""
    month = timezone.localtime(at).strftime("%y%m")
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [hospital_id, month])
        return f"{code}-H{month}-{cursor.fetchone()[0]:04d}"
