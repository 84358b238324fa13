"""The files for production: Compose, its settings, the image, the Helm values."""

from __future__ import annotations

import base64
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from gongkai_etl.local.airflow import PATIENCE
from gongkai_etl.settings import Settings

ROOT = Path(__file__).parent.parent
COMPOSE = ROOT / "docker-compose.yml"
EXAMPLE = ROOT / ".env.example"
ASSIGNMENT = re.compile(r"^(?:# )?([A-Z][A-Z0-9_]*)=(.*)$", re.MULTILINE)


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    loaded = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))
    assert isinstance(loaded, dict)
    return loaded


def check_schema(file: Path) -> subprocess.CompletedProcess[str]:
    checker = Path(sys.executable).with_name("check-jsonschema")
    command = [str(checker), "--builtin-schema", "vendor.compose-spec", str(file)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_compose_follows_the_schema(tmp_path: Path) -> None:
    done = check_schema(COMPOSE)
    assert done.returncode == 0, done.stdout
    broken = tmp_path / "compose.yml"
    broken.write_text(
        COMPOSE.read_text(encoding="utf-8").replace("healthcheck:", "healthchek:", 1), encoding="utf-8"
    )
    assert check_schema(broken).returncode != 0


def test_every_variable_is_in_the_example_and_is_used() -> None:
    used = set(re.findall(r"(?<!\$)\$\{([A-Z0-9_]+)", COMPOSE.read_text(encoding="utf-8")))
    named = {name for name, _ in ASSIGNMENT.findall(EXAMPLE.read_text(encoding="utf-8"))}
    assert used <= named
    assert {name for name in named - used if not name.startswith("GONGKAI_")} == set()


def test_program_settings_in_the_example_exist() -> None:
    names = {name for name, _ in ASSIGNMENT.findall(EXAMPLE.read_text(encoding="utf-8"))}
    settings = {f"GONGKAI_{field.upper()}" for field in Settings.model_fields}
    assert {name for name in names if name.startswith("GONGKAI_")} - {"GONGKAI_IMAGE"} <= settings


def test_program_settings_in_compose_exist(compose: dict[str, Any]) -> None:
    given = set(compose["services"]["init"]["environment"])
    settings = {f"GONGKAI_{field.upper()}" for field in Settings.model_fields}
    assert {name for name in given if name.startswith("GONGKAI_")} <= settings


def test_services_wait_for_services_that_exist(compose: dict[str, Any]) -> None:
    services = compose["services"]
    for name, service in services.items():
        for target, how in service.get("depends_on", {}).items():
            assert target in services, name
            if how["condition"] == "service_healthy":
                assert "healthcheck" in services[target], target


def test_only_the_ui_is_published_and_every_service_is_kept_running(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert [name for name, service in services.items() if service.get("ports")] == ["api-server"]
    assert services["api-server"]["ports"][0].startswith("${UI_BIND")
    assert ("UI_BIND", "127.0.0.1") in ASSIGNMENT.findall(EXAMPLE.read_text(encoding="utf-8"))
    for name, service in services.items():
        if name == "init":
            continue
        assert service["restart"] == "unless-stopped", name
        assert service["healthcheck"], name
        assert service["deploy"]["resources"]["limits"]["memory"], name


def test_make_env_fills_every_secret_at_random(tmp_path: Path) -> None:
    written = []
    for number in ("one", "two"):
        home = tmp_path / number
        (home / "deploy").mkdir(parents=True)
        shutil.copy(EXAMPLE, home)
        shutil.copy(ROOT / "deploy" / "make-env.sh", home / "deploy")
        for _ in range(2):  # the second run changes nothing
            subprocess.run(["sh", "deploy/make-env.sh"], cwd=home, check=True, capture_output=True)
        env = home / ".env"
        assert env.stat().st_mode & 0o077 == 0
        written.append(dict(ASSIGNMENT.findall(env.read_text(encoding="utf-8"))))
    empty = re.findall(r"^([A-Z0-9_]+)=$", EXAMPLE.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(empty) >= 11
    for name in empty:
        assert len(written[0][name]) >= 20, name
        assert written[0][name] != written[1][name], name
    assert len(base64.urlsafe_b64decode(written[0]["AIRFLOW_FERNET_KEY"])) == 32


def test_the_image_runs_as_an_ordinary_user_and_every_command_exists(compose: dict[str, Any]) -> None:
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert re.findall(r"^USER (.*)$", dockerfile, re.MULTILINE)[-1] == "50000:50000"
    for source in re.findall(r"^COPY (?!--from)(.+) \S+$", dockerfile, re.MULTILINE):
        for name in source.split():
            assert (ROOT / name).exists(), name
    airflow = [s["command"][1] for s in compose["services"].values() if s.get("command", [""])[0] == "airflow"]
    assert sorted(airflow) == ["api-server", "celery", "dag-processor", "scheduler", "triggerer"]


def test_the_image_is_as_patient_as_the_embedded_stack() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert {f"{name}={value}" for name, value in PATIENCE.items()} <= set(dockerfile.split())


def test_helm_values_agree_with_the_pinned_versions() -> None:
    values = yaml.safe_load((ROOT / "deploy" / "helm" / "values.yaml").read_text(encoding="utf-8"))
    pinned = dict(re.findall(r"^([a-z0-9-]+)==(\S+)$", (ROOT / "constraints.txt").read_text(), re.MULTILINE))
    assert values["airflowVersion"] == pinned["apache-airflow"]
    assert values["executor"] == "KubernetesExecutor"
    assert values["postgresql"]["enabled"] is False
    version = re.search(r'^version = "(.+)"$', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE)
    assert version is not None
    assert values["defaultAirflowTag"] == version[1]
