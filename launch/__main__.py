"""`python -m launch COMMAND`: what the Makefile calls inside the virtual environment.

run                the site, its worker and its clock        test …    the tests; arguments go to pytest
lint               every check                               hammer …  the tests too long for every day, ten minutes of them
manage …           manage.py with the servers up             sql       psql as the application's role
env                print the servers' addresses, keep them   lock      lock the requirements again
bench …            measure the site beside its floor
remove             stop them and remove their data
stop               stop servers that outlived their users   messages  collect the strings for people
"""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from launch import browser, lint, serve, servers
from launch.datadir import DataDir
from launch.postgres import find_postgres, server_env
from launch.processes import LaunchError

PROJECT = Path(__file__).resolve().parent.parent
HAMMER = "hammer"
NOTHING_CHOSEN = 5  # pytest's exit code


def read_env_file() -> None:
    """`.env`, as the settings read it: what the environment already says wins."""
    import environ

    environ.Env.read_env(PROJECT / ".env")


def with_servers(urls: dict[str, str]) -> dict[str, str]:
    secret = os.environ.get("SECRET_KEY") or DataDir(PROJECT).secret_key()
    return {**os.environ, "SECRET_KEY": secret, "HTTPS": os.environ.get("HTTPS", "0"), **urls}


def call(command: list[str], env: dict[str, str]) -> int:
    return subprocess.call(command, env=env, cwd=PROJECT)


def print_env() -> int:
    """Keep the servers up until stopped, and print what a shell needs to use them."""
    with servers.up(PROJECT) as urls:
        secret = with_servers(urls)["SECRET_KEY"]
        for key, value in {**urls, "SECRET_KEY": secret}.items():
            print(f"export {key}={shlex.quote(value)}", flush=True)
        while True:
            signal.pause()


def test(arguments: list[str], marked: str) -> int:
    browser.provide()
    # One more than the two processors they are meant for: now and then each waits for a browser or for the database.
    three = ["-n", "3", "--dist", "loadfile" if marked != HAMMER else "load", "--no-loadscope-reorder"]
    chosen = [] if any(argument.startswith("-n") for argument in arguments) else three
    if "-m" not in arguments:
        chosen += ["-m", marked]
    # Sites, workers and commands start by the dozen: each would compile the whole project once more.
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return subprocess.call([sys.executable, "-m", "pytest", *chosen, *arguments], cwd=PROJECT, env=env)


def manage(arguments: list[str]) -> int:
    with servers.up(PROJECT) as urls:
        return call([sys.executable, "manage.py", *arguments], with_servers(urls))


def measure(arguments: list[str]) -> int:
    with servers.up(PROJECT) as urls:
        return call([sys.executable, "-m", "bench", *arguments], with_servers(urls))


def sql(arguments: list[str]) -> int:
    with servers.up(PROJECT) as urls:
        psql, env = shutil.which("psql"), with_servers(urls)
        if not psql:
            bindir, _ = find_postgres(DataDir(PROJECT))
            psql, env = str(bindir / "psql"), {**env, **server_env(bindir), "HOME": os.environ.get("HOME", "/")}
        if not os.access(psql, os.X_OK):
            raise LaunchError("psql is missing: apt-get install postgresql-client")
        return call([psql, urls["DATABASE_URL"], *arguments], env)


def check() -> int:
    with servers.up(PROJECT) as urls:
        return lint.run(PROJECT, urls)


def stop(*, and_remove: bool = False) -> int:
    if servers.stop(PROJECT):
        if and_remove:
            shutil.rmtree(DataDir(PROJECT).path)
        return 0
    raise LaunchError("The servers are in use: stop `make run` and the tests first.")


def lock() -> int:
    uv = shutil.which("uv")
    if not uv:
        raise LaunchError("uv is missing: pip install uv")
    for name, constraint in (("", ""), ("-dev", ""), ("-embedded", "-dev")):
        command = [uv, "pip", "compile", "--python-version", "3.11", "--universal", "--generate-hashes", "--no-header"]
        command += [f"requirements{name}.in", "-o", f"requirements{name}.txt", "--quiet"]
        command += ["-c", f"requirements{constraint}.txt"] if name else []
        if code := call(command, dict(os.environ)):
            return code
    return 0


def leave(*_: object) -> None:
    raise SystemExit(130)


def command(arguments: list[str]) -> int:
    match arguments:
        case ["run"]:
            return serve.run(PROJECT)
        case ["test", *rest]:
            return test(rest, "not hammer")
        case ["hammer", *rest]:
            os.environ.setdefault("HAMMER_MINUTES", "10")
            code = test(rest, HAMMER)
            return 0 if code == NOTHING_CHOSEN else code
        case ["lint"]:
            return check()
        case ["manage", *rest]:
            return manage(rest)
        case ["sql", *rest]:
            return sql(rest)
        case ["bench", *rest]:
            return measure(rest)
        case ["messages"]:
            return manage(["messages"])
        case ["env"]:
            return print_env()
        case ["stop"]:
            return stop()
        case ["remove"]:
            return stop(and_remove=True)
        case ["lock"]:
            return lock()
    print(__doc__, file=sys.stderr)
    return 2


def main() -> int:
    for sign in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(sign, leave)
    read_env_file()
    try:
        return command(sys.argv[1:])
    except LaunchError as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
