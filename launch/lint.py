"""`make lint`: each check by name, all of them even when one fails, and a failure at the end if any did."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import time
from pathlib import Path

STRICTLY_TYPED = ("tenancy", "flow", "kpi")
TYPED_MODULES = (
    "*/domain.py",
    "*/domain",
    "*/queries.py",
    "*/sla.py",
    "*/limits.py",
    "*/escalation.py",
    "*/calendars.py",
    "*/recurrence.py",
    "*/generation.py",
    "*/rolling.py",
    "*/subjects.py",
    "*/meters.py",
    "*/ranking.py",
    "*/leagues.py",
    "*/standing.py",
)
DEPLOYED = {
    "DEBUG": "0",
    "HTTPS": "1",
    "DEMO": "0",
    "ALLOWED_HOSTS": "logistics.example",
    "BASE_URL": "https://logistics.example",
}


def steps(project: Path) -> dict[str, list[str]]:
    binaries = Path(sys.executable).parent
    manage = [sys.executable, "manage.py"]
    templates = [str(path) for pattern in ("templates", "*/templates") for path in project.glob(f"{pattern}/**/*.html")]
    typed = list(STRICTLY_TYPED)
    typed += [
        str(path.relative_to(project))
        for pattern in TYPED_MODULES
        for path in sorted(project.glob(pattern))
        if path.parent.name not in STRICTLY_TYPED
    ]
    return {
        "ruff": [str(binaries / "ruff"), "check", "."],
        "ruff format": [str(binaries / "ruff"), "format", "--check", "."],
        "djade": [str(binaries / "djade"), "--check", *templates],
        "import contracts": [str(binaries / "lint-imports"), "--no-cache"],
        "mypy": [str(binaries / "mypy"), "--strict", *typed],
        "missing migrations": [*manage, "makemigrations", "--check", "--dry-run"],
        "check --deploy": [*manage, "check", "--deploy", "--fail-level", "WARNING"],
        "message catalogues": [*manage, "messages", "--check"],
    }


def run(project: Path, urls: dict[str, str]) -> int:
    env = {**os.environ, "SECRET_KEY": secrets.token_urlsafe(60), **urls}
    failed = []
    for name, command in steps(project).items():
        print(f"── {name}", flush=True)
        started = time.monotonic()
        checked_env = {**env, **DEPLOYED} if name == "check --deploy" else env
        if subprocess.run(command, env=checked_env, cwd=project, check=False).returncode:
            failed.append(name)
        print(f"   {'FAILED' if name in failed else 'ok'} after {time.monotonic() - started:.1f} s", flush=True)
    if failed:
        print(f"Failed: {', '.join(failed)}", flush=True)
    return int(bool(failed))
