"""The site's settings without its middleware, with one log-in for each person that the wall lets see that person's hospitals."""

import json
import os

from logistics.settings import *  # noqa: F403
from logistics.settings import DATABASES

ROOT_URLCONF = "bench.floor.urls"
WSGI_APPLICATION = "bench.floor.wsgi.application"
MIDDLEWARE: list[str] = []
PEOPLE = json.loads(os.environ.get("BENCH_PEOPLE", "{}"))


def _walled(hospitals: list[int]) -> dict[str, object]:
    """The scope as a setting of the connection, so that no request spends a statement on it."""
    given = DATABASES["default"].get("OPTIONS", {})
    reach = "{" + ",".join(map(str, hospitals)) + "}"
    consortia = "{" + ",".join(map(str, PEOPLE["consortia"])) + "}"
    options = f"{given.get('options', '')} -c app.hospitals={reach} -c app.consortia={consortia}"
    return {**DATABASES["default"], "OPTIONS": {**given, "options": options.strip()}}


for _name, _person in PEOPLE.get("people", {}).items():
    DATABASES[_name] = _walled(_person["hospitals"])
if PEOPLE:
    DATABASES["default"] = DATABASES["desk"]
