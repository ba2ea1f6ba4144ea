"""`install.py run|dev`: brings .venv up to the locked requirements. Runs before anything is installed, so it needs
nothing but Python itself. What it installed is stamped, so that the next start costs nothing."""

from __future__ import annotations

import fcntl
import hashlib
import os
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
VENV = PROJECT / ".venv"
STAMP, DEVELOPER = VENV / "stamp", VENV / "has-dev"
PIP = ["-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--progress-bar", "off"]
PIP += ["--require-hashes", "--only-binary", ":all:"]


def say(text: str) -> None:
    print(text, flush=True)


def wanted(locks: list[Path]) -> str:
    content = b"".join(lock.read_bytes() for lock in locks)
    return hashlib.sha256(content + sys.version.encode()).hexdigest()


def make_venv() -> None:
    try:
        import ensurepip  # noqa: F401
    except ImportError:  # Debian keeps it in a package of its own
        if os.geteuid():
            sys.exit("python3-venv is missing: sudo apt-get install python3-venv")
        say("Installing Debian's python3-venv …")
        subprocess.run(["apt-get", "update", "-qq"], check=True)
        subprocess.run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", "python3-venv"], check=True)
    subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=True)


def install(lock: Path) -> int:
    """Run pip on one lock file and show how far it is."""
    count = sum(not line.startswith((" ", "#")) and "==" in line for line in lock.read_text().splitlines())
    command = [str(VENV / "bin" / "python"), *PIP, "-r", str(lock)]
    pip = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert pip.stdout
    found, last = 0, []
    for line in pip.stdout:
        last = [*last[-14:], line]
        found += line.startswith(("Collecting", "Requirement already satisfied"))
        if line.startswith("Collecting") and found % 10 == 0:
            say(f"  {found} of {count} packages found")
        elif line.startswith("Installing collected"):
            say("  unpacking them …")
    code = pip.wait()
    if code:
        sys.stderr.write("".join(last))
    return code


def main(which: str) -> None:
    if DEVELOPER.exists():
        which = "dev"
    main_lock = PROJECT / ("requirements-dev.txt" if which == "dev" else "requirements.txt")
    servers = PROJECT / "requirements-embedded.txt"
    stamp = wanted([main_lock, servers])
    VENV.mkdir(exist_ok=True)
    with open(VENV / "install.lock", "a") as gate:
        fcntl.flock(gate, fcntl.LOCK_EX)
        if STAMP.exists() and STAMP.read_text() == stamp:
            return
        STAMP.unlink(missing_ok=True)
        say(f"Installing {main_lock.name} into .venv (once; about a minute) …")
        make_venv()
        if install(main_lock):
            sys.exit("The packages could not be installed; the lines above say why.")
        if install(servers):
            say("No embedded servers for this machine: looking for an installed PostgreSQL and Redis instead.")
        if which == "dev":
            DEVELOPER.touch()
        STAMP.write_text(stamp)


if __name__ == "__main__":
    main(sys.argv[1])
