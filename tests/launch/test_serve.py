"""What a person who starts the site meets: its address, a taken port, steps that are not repeated."""

import os
import socket
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from launch.datadir import DataDir
from launch.processes import LaunchError, free_port
from launch.serve import Address, Site, fingerprint

ROOT = Path(__file__).resolve().parent.parent.parent
NAMED = {"DATABASE_URL": "postgresql://a", "DATABASE_OWNER_URL": "postgresql://b", "REDIS_URL": "redis://c"}


@pytest.fixture
def environment(monkeypatch, data_folder):
    for key in ("BIND", "PORT", "BASE_URL", "DEMO", "SECRET_KEY"):
        monkeypatch.delenv(key, raising=False)
    monkeypatch.setenv("LOGISTICS_DATA_DIR", str(data_folder))
    return monkeypatch


def test_address_is_local_unless_said_otherwise(environment):
    address = Address()

    assert (address.socket, address.base_url) == ("127.0.0.1:8000", "http://127.0.0.1:8000")


def test_address_honours_bind_port_and_base_url(environment):
    environment.setenv("BIND", "::1")
    environment.setenv("PORT", "8123")
    environment.setenv("BASE_URL", "https://logistics.example")

    address = Address()

    assert (address.socket, address.local) == ("[::1]:8123", "http://[::1]:8123")
    assert address.base_url == "https://logistics.example"


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1"])
def test_address_refuses_what_is_no_port(environment, port):
    environment.setenv("PORT", port)

    with pytest.raises(LaunchError, match=f"PORT={port} is not a port"):
        Address()


def test_taken_port_is_said_in_one_line(environment):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        answer = subprocess.run(
            [sys.executable, "-m", "launch", "run"],
            cwd=ROOT,
            env={**os.environ, "PORT": str(port)},
            capture_output=True,
            text=True,
            check=False,
        )

    assert answer.returncode == 1
    assert answer.stderr.count("\n") == 1
    assert f"cannot listen on 127.0.0.1:{port}" in answer.stderr


def test_demonstration_is_for_the_embedded_database_or_on_demand(environment):
    address, data = Address(), DataDir(ROOT)
    for key in NAMED:
        environment.delenv(key, raising=False)
    embedded = Site(ROOT, NAMED, data, address)
    for key, value in NAMED.items():
        environment.setenv(key, value)
    given = Site(ROOT, NAMED, data, address)
    environment.setenv("DEMO", "1")
    on_demand = Site(ROOT, NAMED, data, address)

    assert [site.env["DEMO"] for site in (embedded, given, on_demand)] == ["1", "0", "1"]


def test_secret_is_made_once_and_private(environment, data_folder):
    first, second = (Site(ROOT, NAMED, DataDir(ROOT), Address()).env["SECRET_KEY"] for _ in range(2))

    assert first == second
    assert len(first) >= 50
    assert (data_folder / "secret_key").stat().st_mode & 0o777 == 0o600


def test_step_is_repeated_only_when_something_changed(environment, tmp_path):
    (tmp_path / "manage.py").write_text("open('runs', 'a').write('x')")
    (tmp_path / "app.css").write_text("a {}")
    environment.setenv("PORT", str(free_port()))
    site = Site(tmp_path, NAMED, DataDir(tmp_path), Address())
    mark = partial(fingerprint, tmp_path, ["*.css"])

    for _ in range(2):
        site.unless_done("static files", mark, "collectstatic")
    assert (tmp_path / "runs").read_text() == "x"

    (tmp_path / "app.css").write_text("a { color: red }")
    site.unless_done("static files", mark, "collectstatic")
    assert (tmp_path / "runs").read_text() == "xx"
