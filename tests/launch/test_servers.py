"""The embedded servers, for real: two roles, shared by several users, back after a kill, gone after the last user."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg2
import pytest
from redis import Redis

from launch import processes, servers
from launch.datadir import DataDir
from launch.postgres import APPLICATION, OWNER, Postgres, postmaster
from launch.processes import LaunchError

ROOT = Path(__file__).resolve().parent.parent.parent
GIVEN = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL")


@pytest.fixture
def own_servers(monkeypatch, data_folder):
    for key in GIVEN:
        monkeypatch.delenv(key, raising=False)
    monkeypatch.setenv("LOGISTICS_DATA_DIR", str(data_folder))
    return DataDir(ROOT)


def ask(url, statement):
    connection = psycopg2.connect(url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(statement)
        rows = cursor.fetchall() if cursor.description else []
    connection.close()
    return rows


def postgres_pid(data):
    return postmaster(Path(data.load()["postgres"]["folder"]))


def test_roles_are_two_and_neither_is_above_the_walls(own_servers):
    with servers.up(ROOT) as urls:
        roles = ask(
            urls["DATABASE_URL"],
            "select rolname, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole from pg_roles"
            " where rolname like 'logistics%' order by 1",
        )
        owner = ask(urls["DATABASE_URL"], "select pg_get_userbyid(datdba) from pg_database where datname='logistics'")
        settings = [ask(urls["DATABASE_URL"], f"show {name}") for name in ("statement_timeout", "synchronous_commit")]

        assert roles == [(APPLICATION, False, False, False, False), (OWNER, False, False, True, False)]
        assert owner == [(OWNER,)]
        assert settings == [[("1min",)], [("on",)]]
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            ask(urls["DATABASE_URL"], "create table mine (id int)")


def test_second_user_keeps_the_servers_the_first_one_leaves(own_servers):
    with servers.up(ROOT) as first:
        pid = postgres_pid(own_servers)
        other = subprocess.Popen(
            [sys.executable, "-m", "launch", "env"], cwd=ROOT, stdout=subprocess.PIPE, text=True, env=dict(os.environ)
        )
        said = other.stdout.readline()

    try:
        assert first["DATABASE_URL"] in said
        assert processes.alive(pid)
        assert ask(first["DATABASE_URL"], "select 1") == [(1,)]
        assert not servers.stop(ROOT)
    finally:
        other.send_signal(signal.SIGTERM)
        other.wait(timeout=20)
        other.stdout.close()
    assert not processes.alive(pid)
    assert not Postgres(own_servers, own_servers.load()).running()


def test_kill_of_both_servers_loses_nothing_that_was_confirmed(own_servers):
    with servers.up(ROOT) as urls:
        ask(urls["DATABASE_OWNER_URL"], "create table said (word text)")
        ask(urls["DATABASE_OWNER_URL"], "insert into said values ('saved')")
        os.kill(postgres_pid(own_servers), signal.SIGKILL)
        os.kill(own_servers.load()["valkey"]["pid"], signal.SIGKILL)
        time.sleep(0.2)

        revived = servers.revive(own_servers)

        assert revived
        assert ask(urls["DATABASE_OWNER_URL"], "select word from said") == [("saved",)]
        assert Redis.from_url(urls["REDIS_URL"]).ping()
        ask(urls["DATABASE_OWNER_URL"], "drop table said")


def test_servers_of_a_killed_launcher_are_taken_over_and_stopped(own_servers):
    launcher = subprocess.Popen(
        [sys.executable, "-m", "launch", "env"], cwd=ROOT, stdout=subprocess.PIPE, env=dict(os.environ)
    )
    assert launcher.stdout.readline().startswith(b"export DATABASE_URL=")
    pid = postgres_pid(own_servers)
    launcher.kill()
    launcher.wait()
    launcher.stdout.close()
    assert processes.alive(pid)

    with servers.up(ROOT):
        assert postgres_pid(own_servers) == pid

    assert not processes.alive(pid)


def test_named_servers_are_used_and_not_started(monkeypatch, tmp_path):
    named = {"DATABASE_URL": "postgresql://a", "DATABASE_OWNER_URL": "postgresql://b", "REDIS_URL": "redis://c"}
    for key, value in named.items():
        monkeypatch.setenv(key, value)

    with servers.up(tmp_path) as urls:
        assert urls == named
    assert not list(tmp_path.iterdir())


def test_one_log_in_without_the_other_is_refused(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://a")
    monkeypatch.delenv("DATABASE_OWNER_URL", raising=False)

    with pytest.raises(LaunchError, match="DATABASE_OWNER_URL is missing"):
        servers.given()
