"""All settings, from the environment (prefix ``GONGKAI_``). Secrets come from nowhere else."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """One object for the whole process; ``settings()`` gives it."""

    model_config = SettingsConfigDict(env_prefix="GONGKAI_", env_file=None, frozen=True)

    home: Path = Field(Path(".gongkai"), description="Folder of the embedded stack: data, ports, secrets, logs")
    roster: Path = Field(Path("samples/units.csv"), description="The roster of units (CSV or XLSX)")
    county: str = Field("", description="Name of the county; empty: the roster's county row")
    time_zone: str = Field("Asia/Shanghai", description="Time zone of due dates and printed times")

    database_url: SecretStr | None = Field(None, description="SQLAlchemy URL of the warehouse; empty: the embedded one")
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
    read_arbiter: Literal["always", "on_doubt", "never"] = Field(
        "on_doubt", description="When pdfplumber is asked as the third voice"
    )


@cache
def settings() -> Settings:
    """The settings of this process, read once."""
    return Settings()
