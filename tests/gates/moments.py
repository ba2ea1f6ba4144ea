"""The hour at which the gates are read: nothing on a page depends on the day of the run."""

from datetime import datetime
from zoneinfo import ZoneInfo

NOW = datetime(2026, 11, 18, 10, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
