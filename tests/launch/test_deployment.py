"""What containers and services start is what `make run` starts, and every setting is explained."""

import re
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.core.management import call_command

from launch import commands
from launch.lint import DEPLOYED
from launch.postgres import APPLICATION_SETTINGS

ROOT = Path(settings.BASE_DIR)


@pytest.fixture(scope="module")
def services():
    return yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]


def test_compose_commands_are_those_of_the_launcher(services):
    assert services["web"]["command"] == commands.web("0.0.0.0:8000")
    assert services["worker"]["command"] == commands.worker()
    assert services["beat"]["command"] == commands.beat("/data/beat-schedule")
    assert set(services) == {"postgres", "redis", "migrate", "web", "worker", "beat"}


def test_compose_gives_the_owners_log_in_to_migrate_alone(services):
    holders = {name for name, service in services.items() if "DATABASE_OWNER_URL" in service.get("environment", {})}

    assert holders == {"migrate"}


def test_image_command_is_that_of_the_launcher():
    last = (ROOT / "Dockerfile").read_text().strip().splitlines()[-1]

    assert last == "CMD " + str(commands.web("0.0.0.0:8000")).replace("'", '"')


def test_service_files_commands_are_those_of_the_launcher():
    text = (ROOT / "docs" / "deploy.md").read_text()

    for command in (commands.web("127.0.0.1:8000"), commands.worker(), commands.beat("/srv/logistics/beat-schedule")):
        assert "/srv/logistics/site/.venv/bin/" + " ".join(command) in text


def test_container_roles_are_those_the_administrator_is_given(capsys):
    call_command("database_sql")
    printed = capsys.readouterr().out
    script = (ROOT / "launch" / "make-roles.sh").read_text()

    for setting, value in APPLICATION_SETTINGS.items():
        line = f"ALTER ROLE logistics_app SET {setting} = '{value}';"
        assert line in script
        assert line in printed
    for statement in ("REVOKE ALL ON DATABASE logistics FROM PUBLIC", "GRANT CONNECT ON DATABASE logistics TO"):
        assert statement in script
        assert statement in printed


@pytest.mark.parametrize(
    ("files", "pattern"),
    [
        (["logistics/settings.py"], r'env\.\w+\(\s*"(\w+)"'),
        (["launch/*.py", "logistics/gunicorn_conf.py"], r'environ(?:\.get\(|\[)"(\w+)"'),
    ],
)
def test_every_setting_is_explained(files, pattern):
    known = set(re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.M))
    text = "\n".join(path.read_text() for name in files for path in ROOT.glob(name))

    used = set(re.findall(pattern, text)) - {"HOME", "CI", "PYTEST_XDIST_WORKER"}

    assert used
    assert used <= known


def test_deployment_check_sets_only_known_settings():
    known = set(re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.M))

    assert set(DEPLOYED) <= known
