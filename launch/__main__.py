"""`python -m launch COMMAND`: what the Makefile calls inside the virtual environment."""

from __future__ import annotations

import os
import shlex
import signal
import sys
from pathlib import Path

from launch import servers
from launch.datadir import DataDir
from launch.processes import LaunchError

PROJECT = Path(__file__).resolve().parent.parent


def print_env() -> int:
    """Keep the servers up until stopped, and print what a shell needs to use them."""
    with servers.up(PROJECT) as urls:
        urls = {**urls, "SECRET_KEY": os.environ.get("SECRET_KEY") or DataDir(PROJECT).secret_key()}
        print("\n".join(f"export {key}={shlex.quote(value)}" for key, value in urls.items()), flush=True)
        while True:
            signal.pause()


def leave(*_: object) -> None:
    raise SystemExit(130)


def main(arguments: list[str]) -> int:
    for sign in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(sign, leave)
    try:
        match arguments:
            case ["env"]:
                return print_env()
    except LaunchError as error:
        print(error, file=sys.stderr)
        return 1
    print("usage: python -m launch env", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
