"""The folder in which the embedded servers keep their data, and the state that has to outlive a start."""

from __future__ import annotations

import hashlib
import json
import os
import pwd
import secrets
import subprocess
from pathlib import Path
from typing import Any

from launch.processes import LaunchError, write_private


class DataDir:
    """`.devdata` in the checkout, or LOGISTICS_DATA_DIR; `demote` says as whom PostgreSQL runs, which refuses root."""

    def __init__(self, project: Path):
        project = project.resolve()
        self.demote: dict[str, Any] = {}
        self.path = Path(os.environ.get("LOGISTICS_DATA_DIR") or project / ".devdata").resolve()
        if os.geteuid() == 0:
            user = pwd.getpwnam(os.environ.get("LOGISTICS_PG_USER", "nobody"))
            self.demote = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
            if not self._reachable():  # a checkout under /root: PostgreSQL's user cannot go in there
                tag = hashlib.sha256(str(self.path).encode()).hexdigest()[:10]
                self.path = Path(f"/var/lib/logistics-{tag}")
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            (self.path / "users.lock").open("a").close()
        except OSError as error:
            raise LaunchError(
                f"The data folder {self.path} cannot be written ({error.strerror}): "
                "it belongs to another user; set LOGISTICS_DATA_DIR to one of your own."
            ) from error
        self.state_file = self.path / "state.json"

    def _reachable(self) -> bool:
        probe = self.path
        while not probe.exists():
            probe = probe.parent
        return subprocess.run(["test", "-x", str(probe)], check=False, **self.demote).returncode == 0

    def load(self) -> dict[str, Any]:
        try:
            return dict(json.loads(self.state_file.read_text()))
        except (OSError, ValueError):
            return {}

    def save(self, state: dict[str, Any]) -> None:
        fresh = self.state_file.with_suffix(".new")
        write_private(fresh, json.dumps(state, indent=1))
        fresh.replace(self.state_file)

    def secret_key(self) -> str:
        """The site's secret, made once, so that a restart signs nobody out."""
        path = self.path / "secret_key"
        if not path.exists():
            write_private(path, secrets.token_urlsafe(50))
        return path.read_text().strip()
