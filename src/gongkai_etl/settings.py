"""All settings, from the environment (prefix ``GONGKAI_``). Secrets come from nowhere else."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from gongkai_etl.errors import SettingsError


class Settings(BaseSettings):
    """One object for the whole process; ``settings()`` gives it."""

    model_config = SettingsConfigDict(env_prefix="GONGKAI_", env_file=None, frozen=True)

    home: Path = Field(Path(".gongkai"), description="Folder of the embedded stack: data, ports, secrets, logs")
    roster: Path = Field(Path("samples/units.csv"), description="The roster of units (CSV or XLSX)")
    county: str = Field("", description="Name of the county; empty: the roster's county row")
    time_zone: str = Field("Asia/Shanghai", description="Time zone of due dates and printed times")

    ui_port: int = Field(
        8080, gt=0, lt=65536, description="Port of the UI on 127.0.0.1; another one if it is taken"
    )
    ui_admin_password: SecretStr | None = Field(
        None, description="Passwords that `gongkai prepare --ui-passwords` writes for a deployment"
    )
    ui_op_password: SecretStr | None = None
    ui_viewer_password: SecretStr | None = None

    database_url: SecretStr | None = Field(
        None, description="SQLAlchemy URL of the warehouse; empty: the embedded one"
    )
    airflow_database_url: SecretStr | None = Field(
        None,
        description="SQLAlchemy URL of Airflow's metadata; empty: database `airflow` on the warehouse's server",
    )
    s3_endpoint: str | None = Field(None, description="host:port of the S3 server; empty: the embedded one")
    s3_access_key: SecretStr | None = None
    s3_secret_key: SecretStr | None = None
    s3_secure: bool = False
    bucket: str = "gongkai"
    public_bucket: str = "gongkai-public"

    read_timeout_s: float = Field(60.0, gt=0, description="Longest time for reading one file, seconds")
    read_memory_mb: int = Field(1536, gt=0, description="Most memory of a reading process, MiB")
    read_max_pages: int = Field(400, gt=0)
    read_max_file_mb: int = Field(100, gt=0)
    read_workers: int = Field(0, ge=0, description="Reading processes; 0: one a core")
    read_office: Path | None = Field(None, description="LibreOffice's folder or program; empty: found by itself")
    read_arbiter: Literal["always", "on_doubt", "never"] = Field(
        "on_doubt", description="When pdfplumber is asked as the third voice"
    )

    # Collecting from the web
    collect_contact: str = Field(
        "", description="Telephone or e-mail that the user agent names; needed for the web"
    )
    collect_hosts: str = Field("", description="Further hosts that may be asked, separated by commas (*.x.gov.cn)")
    collect_recipes: Path | None = Field(None, description="Folder of own source recipes (YAML)")
    collect_pause_s: float = Field(2.0, ge=0, description="Pause between two requests to one host, seconds")
    collect_timeout_s: float = Field(60.0, gt=0, description="Longest time of one request, seconds")
    collect_max_mb: int = Field(50, gt=0, description="Largest page or attachment, MiB")
    collect_fresh_s: float = Field(
        1800.0, ge=0, description="A page fetched this recently is not asked again, seconds"
    )
    collect_attempts: int = Field(4, ge=1, description="Attempts when a site answers 5xx or not in time")
    collect_allow_loopback: bool = Field(False, description="Let recipes name this machine: for test sites only")

    # Collecting from a mailbox
    mail_host: str | None = Field(None, description="IMAP server; empty: no mail is collected")
    mail_user: str = ""
    mail_password: SecretStr | None = None
    mail_folder: str = "INBOX"

    # Reminders, off by default
    remind_days: str = Field("14,7,3,1,0", description="Days before a due date on which is reminded")
    remind_to: str = Field("", description="E-mail addresses that get every reminder, separated by commas")
    smtp_host: str | None = Field(None, description="SMTP server; empty: no mail is sent")
    smtp_port: int = 465
    smtp_user: str = ""
    smtp_password: SecretStr | None = None
    smtp_from: str = ""
    smtp_encryption: Literal["ssl", "starttls", "none"] = "ssl"
    wecom_webhook: SecretStr | None = Field(None, description="Address of a 企业微信 group robot; empty: off")
    dingtalk_webhook: SecretStr | None = Field(None, description="Address of a 钉钉 group robot; empty: off")
    dingtalk_secret: SecretStr | None = None

    # The board
    board_secret: SecretStr | None = Field(
        None, description="Signs upload links and forms; empty: made in the home"
    )
    board_url: str = Field("http://127.0.0.1:8080/gongkai", description="Address of the board in links to clerks")
    board_link_days: int = Field(14, gt=0, description="Days an upload link stays valid")
    board_max_upload_mb: int = Field(50, gt=0)
    board_metrics_token: SecretStr | None = Field(
        None, description="Bearer token with which a monitor reads /metrics; empty: only signed-in visitors"
    )

    # Publishing
    publish_publisher: str = Field("", description="Office named as publisher; empty: the county")
    publish_licence: str = Field("CC-BY-4.0", description="Licence of the open data (SPDX identifier)")
    publish_licence_url: str = "https://creativecommons.org/licenses/by/4.0/deed.zh-hans"
    publish_licence_title: str = "知识共享署名 4.0 国际许可协议"
    publish_csv_bom: bool = Field(False, description="CSV files begin with a byte order mark, for old Excel")
    publish_pdf: bool = Field(False, description="Also make PDF of office papers, with LibreOffice")
    notice_days: int = Field(10, gt=0, description="Days a unit has for correcting after a notice")


@cache
def settings() -> Settings:
    """The settings of this process, read once."""
    return Settings()


@dataclass(frozen=True, slots=True)
class Connections:
    """Where the warehouse, Airflow's metadata and the object store are, and the keys to them."""

    database_url: str
    airflow_database_url: str
    s3_endpoint: str
    s3_access_key: str
    s3_secret_key: str
    s3_secure: bool


def connections(chosen: Settings | None = None) -> Connections:
    """The servers that ``chosen`` (default: ``settings()``) names, else those of the running embedded stack.

    Raises:
        SettingsError: a server is not named and the embedded stack does not run, or its keys are missing.
    """
    chosen = chosen or settings()
    database = named_database(chosen) or _embedded(chosen, "database_url", "airflow_database_url")
    store = named_store(chosen) or _embedded(chosen, "s3_endpoint", "s3_access_key", "s3_secret_key", "s3_secure")
    return Connections(**{**database, **store})


def named_database(chosen: Settings) -> dict[str, Any] | None:
    """The fields of ``Connections`` for a PostgreSQL that the settings name."""
    if chosen.database_url is None:
        return None
    url = chosen.database_url.get_secret_value()
    other = chosen.airflow_database_url
    return {
        "database_url": url,
        "airflow_database_url": other.get_secret_value() if other else _with_database(url, "airflow"),
    }


def named_store(chosen: Settings) -> dict[str, Any] | None:
    """The fields of ``Connections`` for an S3 server that the settings name."""
    if chosen.s3_endpoint is None:
        return None
    if chosen.s3_access_key is None or chosen.s3_secret_key is None:
        raise SettingsError(
            "SETTINGS-S3-KEYS",
            "设置了 GONGKAI_S3_ENDPOINT，还需要设置 GONGKAI_S3_ACCESS_KEY 和 GONGKAI_S3_SECRET_KEY。",
        )
    return {
        "s3_endpoint": chosen.s3_endpoint,
        "s3_access_key": chosen.s3_access_key.get_secret_value(),
        "s3_secret_key": chosen.s3_secret_key.get_secret_value(),
        "s3_secure": chosen.s3_secure,
    }


def _with_database(url: str, name: str) -> str:
    """``url`` with another database: the last part of the path, before any ``?options``."""
    address, mark, options = url.partition("?")
    return f"{address.rsplit('/', 1)[0]}/{name}{mark}{options}"


def _embedded(chosen: Settings, *names: str) -> dict[str, Any]:
    """Fields of ``Connections`` from ``HOME/stack.json``, where the running stack wrote them."""
    file = Path(os.path.abspath(chosen.home)) / "stack.json"
    try:
        facts = json.loads(file.read_text(encoding="utf-8"))
        os.kill(facts["supervisor"], 0)
        return {name: facts["connections"][name] for name in names}
    except PermissionError as error:
        raise SettingsError(
            "SETTINGS-HOME-FORBIDDEN", f"{chosen.home} 属于另一个用户，请用启动它的用户运行。"
        ) from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SettingsError(
            "SETTINGS-NOT-UP",
            f"内置的数据库和对象存储没有运行（{chosen.home}）。请先运行 gongkai up，"
            "或用 GONGKAI_DATABASE_URL 和 GONGKAI_S3_ENDPOINT 指定现有的服务。",
        ) from error
