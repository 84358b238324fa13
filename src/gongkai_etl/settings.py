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

    home: Path = Field(Path(".gongkai"), description="内置服务的数据目录：数据、端口、密码、日志")
    roster: Path = Field(Path("samples/units.csv"), description="单位名册（CSV 或 XLSX）")
    county: str = Field("", description="县（市、区）名称；空：名册中的县本级")
    time_zone: str = Field("Asia/Shanghai", description="期限和所示时间的时区")

    ui_port: int = Field(8080, gt=0, lt=65536, description="界面在 127.0.0.1 上的端口；被占用时另选")
    ui_admin_password: SecretStr | None = Field(
        None, description="部署时 gongkai prepare --ui-passwords 写入的管理员密码"
    )
    ui_op_password: SecretStr | None = Field(None, description="同上，办理人员密码")
    ui_viewer_password: SecretStr | None = Field(None, description="同上，查看人员密码")

    database_url: SecretStr | None = Field(None, description="数据仓库地址（SQLAlchemy 格式）；空：用内置的")
    airflow_database_url: SecretStr | None = Field(
        None,
        description="Airflow 数据库地址；空：仓库所在服务器上的 airflow 库",
    )
    s3_endpoint: str | None = Field(None, description="S3 服务的 主机:端口；空：用内置的")
    s3_access_key: SecretStr | None = Field(None, description="S3 访问密钥")
    s3_secret_key: SecretStr | None = Field(None, description="S3 私有密钥")
    s3_secure: bool = Field(False, description="S3 服务是否用 https")
    bucket: str = Field("gongkai", description="工作存储桶")
    public_bucket: str = Field("gongkai-public", description="公开数据的存储桶")

    read_timeout_s: float = Field(60.0, gt=0, description="读取一个文件的最长时间，秒；等候处理器的时间不计")
    read_step_s: float = Field(25.0, gt=0, description="其中每一步（扫描件为每一页）的最长时间，秒")
    read_memory_mb: int = Field(960, gt=0, description="读取进程的最大内存，MB")
    read_max_pages: int = Field(400, gt=0, description="一个文件的最多页数")
    read_max_scanned: int = Field(40, gt=0, description="其中须文字识别的扫描页的最多页数")
    read_max_file_mb: int = Field(100, gt=0, description="一个文件的最大体积，MB")
    read_workers: int = Field(0, ge=0, description="读取进程数；0：每核一个")
    read_office: Path | None = Field(None, description="LibreOffice 的程序或所在文件夹；空：自动查找")
    read_arbiter: Literal["always", "on_doubt", "never"] = Field(
        "on_doubt", description="何时请第三种读法裁定：always 总是，on_doubt 有疑时，never 从不"
    )

    # Collecting from the web
    collect_contact: str = Field("", description="访问网站时报出的联系电话或邮箱；采集网站时必填")
    collect_hosts: str = Field("", description="另外允许访问的主机，逗号分隔（可写 *.x.gov.cn）")
    collect_recipes: Path | None = Field(None, description="自己的来源规则文件夹（YAML）")
    collect_pause_s: float = Field(2.0, ge=0, description="对同一主机两次访问之间的停顿，秒")
    collect_timeout_s: float = Field(60.0, gt=0, description="一次访问的最长时间，秒")
    collect_max_mb: int = Field(50, gt=0, description="网页或附件的最大体积，MB")
    collect_fresh_s: float = Field(1800.0, ge=0, description="多久之内取过的网页不再取，秒")
    collect_attempts: int = Field(4, ge=1, description="网站出错或超时时的尝试次数")
    collect_allow_loopback: bool = Field(False, description="允许来源规则指向本机：只用于测试站点")

    # Collecting from a mailbox
    mail_host: str | None = Field(None, description="收件邮箱的 IMAP 服务器；空：不收邮件")
    mail_user: str = Field("", description="收件邮箱的用户")
    mail_password: SecretStr | None = Field(None, description="收件邮箱的密码")
    mail_folder: str = Field("INBOX", description="收件邮箱的文件夹")

    # Reminders, off by default
    remind_days: str = Field("14,7,3,1,0", description="期限前第几天提醒，逗号分隔")
    remind_to: str = Field("", description="每次提醒都抄送的邮箱，逗号分隔")
    smtp_host: str | None = Field(None, description="发信的 SMTP 服务器；空：不发邮件")
    smtp_port: int = Field(465, description="SMTP 端口")
    smtp_user: str = Field("", description="SMTP 用户")
    smtp_password: SecretStr | None = Field(None, description="SMTP 密码")
    smtp_from: str = Field("", description="发件人地址")
    smtp_encryption: Literal["ssl", "starttls", "none"] = Field("ssl", description="SMTP 加密方式")
    wecom_webhook: SecretStr | None = Field(None, description="企业微信群机器人地址；空：不用")
    dingtalk_webhook: SecretStr | None = Field(None, description="钉钉群机器人地址；空：不用")
    dingtalk_secret: SecretStr | None = Field(None, description="钉钉群机器人的加签密钥")

    # The board
    board_secret: SecretStr | None = Field(None, description="上传链接和表单的签名密钥；空：在数据目录中生成")
    board_url: str = Field("http://127.0.0.1:8080/gongkai", description="发给报送单位的链接中看板的地址")
    board_link_days: int = Field(14, gt=0, description="上传链接的有效天数")
    board_max_upload_mb: int = Field(50, gt=0, description="上传文件的最大体积，MB")
    board_metrics_token: SecretStr | None = Field(
        None, description="监控读取 /metrics 的令牌；空：只有登录用户可读"
    )

    # Publishing
    publish_publisher: str = Field("", description="公开数据署名的发布机关；空：县名")
    publish_licence: str = Field("CC-BY-4.0", description="公开数据的许可（SPDX 标识）")
    publish_licence_url: str = Field(
        "https://creativecommons.org/licenses/by/4.0/deed.zh-hans", description="许可的网址"
    )
    publish_licence_title: str = Field("知识共享署名 4.0 国际许可协议", description="许可的名称")
    publish_csv_bom: bool = Field(False, description="CSV 文件带字节顺序标记，供旧版 Excel 使用")
    publish_personal: str = Field(
        "", description="允许公开的个人信息，逗号分隔：phone 电话、mail 邮箱、signer 署名；空：都不公开"
    )
    publish_pdf: bool = Field(False, description="公文同时生成 PDF（需要 LibreOffice）")
    notice_days: int = Field(10, gt=0, description="退回通知给单位的修改天数")


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
