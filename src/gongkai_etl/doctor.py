"""``gongkai doctor``: what is there, what is missing, and what to do about it. Changes nothing."""

from __future__ import annotations

import difflib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from gongkai_etl.errors import GongkaiError
from gongkai_etl.settings import Connections, Settings, connections

Level = Literal["好", "可选", "注意", "错误"]

_FREE_GB_WARN, _FREE_GB_BAD = 5, 1
_MEMORY_GB = 4
_PACKAGES = ("apache-airflow", "great-expectations", "pdfplumber", "pandas", "minio", "sqlalchemy", "psycopg")


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One thing that was looked at: level, what was found, what to do (empty when nothing)."""

    subject: str
    level: Level
    found: str
    advice: str = ""


def diagnose(settings: Settings) -> Iterator[Diagnosis]:
    """Look at everything, one after the other; a part that cannot be looked at is an error of its own."""
    parts: list[tuple[str, Callable[[Settings], Iterator[Diagnosis]]]] = [
        ("程序包", _versions),
        ("设置", _environment),
        ("机器", _machine),
        ("数据目录", _home),
        ("单位名册", _roster),
        ("数据库和存储", _servers),
        ("Airflow", _airflow),
        ("可选部件", _optional),
        ("收发渠道", _channels),
    ]
    for subject, part in parts:
        try:
            yield from part(settings)
        except GongkaiError as error:
            yield Diagnosis(subject, "错误", error.message, "按左侧提示处理后再运行 gongkai doctor")


def _versions(_settings: Settings) -> Iterator[Diagnosis]:
    yield Diagnosis("Python", "好", sys.version.split()[0])
    found = "，".join(f"{name} {version(name)}" for name in _PACKAGES)
    yield Diagnosis("程序包", "好", f"gongkai-etl {version('gongkai-etl')}，{found}")
    try:
        celery = version("celery")
    except PackageNotFoundError:
        return
    if tuple(int(part) for part in celery.split(".")[:2]) >= (5, 7):
        yield Diagnosis("Celery", "错误", celery, "Airflow 的 Celery 组件不支持 5.7，请安装 celery>=5.6,<5.7")


def _environment(_settings: Settings) -> Iterator[Diagnosis]:
    known = {f"GONGKAI_{name.upper()}" for name in Settings.model_fields}
    given = {name for name in os.environ if name.startswith("GONGKAI_")}
    for name in sorted(given - known - {"GONGKAI_IMAGE", "GONGKAI_PROGRESS"}):
        near = difflib.get_close_matches(name, known, n=1)
        advice = f"是否要写 {near[0]}" if near else "运行 gongkai doctor --settings 查看全部设置"
        yield Diagnosis("设置", "注意", f"环境变量 {name} 不是本程序的设置，没有生效", advice)
    yield Diagnosis("设置", "好", f"环境变量设置了 {len(given & known)} 项")


def _machine(settings: Settings) -> Iterator[Diagnosis]:
    import zoneinfo

    import psutil

    memory = psutil.virtual_memory().total / 2**30
    found = f"{os.cpu_count()} 核，内存 {memory:.0f} GB"
    few = memory < _MEMORY_GB
    yield Diagnosis("机器", "注意" if few else "好", found, f"建议内存至少 {_MEMORY_GB} GB" if few else "")
    try:
        zoneinfo.ZoneInfo(settings.time_zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        yield Diagnosis(
            "时区", "错误", f"没有时区 {settings.time_zone}", "运行 pip install tzdata，或改正 GONGKAI_TIME_ZONE"
        )


def _home(settings: Settings) -> Iterator[Diagnosis]:
    home = Path(os.path.abspath(settings.home))
    there = next(folder for folder in (home, *home.parents) if folder.exists())
    if not os.access(there, os.W_OK):
        yield Diagnosis("数据目录", "错误", f"{home} 不能写入", "换一个目录（GONGKAI_HOME）或改正权限")
        return
    free = shutil.disk_usage(there).free / 2**30
    level: Level = "错误" if free < _FREE_GB_BAD else "注意" if free < _FREE_GB_WARN else "好"
    yield Diagnosis(
        "数据目录",
        level,
        f"{home}，剩余 {free:.1f} GB",
        "" if level == "好" else "清理磁盘或换到更大的磁盘；存储写满后收集会停下",
    )
    for name in ("secrets.json", "stack.json", "airflow/passwords.json"):
        if (home / name).exists() and (home / name).stat().st_mode & 0o077:
            yield Diagnosis(
                "数据目录", "注意", f"{name} 里有密码，却可被其他用户读取", f"运行 chmod 600 {home / name}"
            )


def _roster(settings: Settings) -> Iterator[Diagnosis]:
    from gongkai_etl.collect import roster

    units = roster.load(settings.roster)
    yield Diagnosis("单位名册", "好", f"{settings.roster}，{len(units)} 个单位")


def _servers(settings: Settings) -> Iterator[Diagnosis]:
    to = connections(settings)
    yield _database(to)
    yield from _store(to, settings)


def _database(to: Connections) -> Diagnosis:
    import psycopg

    from gongkai_etl.local.prepare import OLDEST_POSTGRES, conninfo

    try:
        with psycopg.connect(conninfo(to.database_url), connect_timeout=5) as server:
            row = server.execute(
                "SELECT current_setting('server_version'), pg_database_size(current_database())"
            ).fetchone()
            number = server.info.server_version
    except psycopg.Error as error:
        return Diagnosis(
            "PostgreSQL",
            "错误",
            str(error).strip(),
            "检查服务是否运行、地址和密码；新服务器先运行 gongkai prepare",
        )
    assert row is not None
    if number < OLDEST_POSTGRES * 10_000:
        return Diagnosis("PostgreSQL", "错误", f"版本 {row[0]}", f"需要 {OLDEST_POSTGRES} 或更高版本")
    return Diagnosis("PostgreSQL", "好", f"版本 {row[0]}，数据 {row[1] / 2**20:.0f} MB")


def _store(to: Connections, settings: Settings) -> Iterator[Diagnosis]:
    import minio
    import urllib3

    from gongkai_etl.local.prepare import store_client

    client = store_client(to, patient=False)
    try:
        there = {bucket.name for bucket in client.list_buckets()}
        missing = {settings.bucket, settings.public_bucket} - there
        if missing:
            words = "、".join(sorted(missing))
            yield Diagnosis("对象存储", "错误", f"{to.s3_endpoint}，缺存储桶 {words}", "运行 gongkai prepare")
        elif client.get_bucket_versioning(bucket_name=settings.bucket).status != "Enabled":
            yield Diagnosis(
                "对象存储", "注意", f"存储桶 {settings.bucket} 没有打开版本保留", "运行 gongkai prepare"
            )
        else:
            yield Diagnosis(
                "对象存储", "好", f"{to.s3_endpoint}，存储桶 {settings.bucket}、{settings.public_bucket}"
            )
    except (minio.error.MinioException, urllib3.exceptions.HTTPError) as error:
        yield Diagnosis("对象存储", "错误", f"{to.s3_endpoint}：{error}", "检查服务是否运行、地址和密钥")


def _airflow(settings: Settings) -> Iterator[Diagnosis]:
    from gongkai_etl.local.airflow import health
    from gongkai_etl.local.stack import Stack

    stack = Stack(settings=settings)
    told = health(stack.ports.get("ui", settings.ui_port))
    if not told:
        yield Diagnosis("Airflow", "可选", "界面没有运行", "需要界面和定时收集时运行 gongkai up")
        return
    sick = [name for name, state in told.items() if state != "healthy"]
    if sick:
        logs = stack.home.logs
        yield Diagnosis(
            "Airflow", "错误", f"不正常的部分：{'、'.join(sick)}", f"看日志 {logs}，见 docs/runbook.md"
        )
    else:
        yield Diagnosis("Airflow", "好", f"{stack.ui_url}，四个部分都正常")


def _optional(_settings: Settings) -> Iterator[Diagnosis]:
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office:
        yield Diagnosis("LibreOffice", "好", office)
    else:
        yield Diagnosis(
            "LibreOffice",
            "可选",
            "没有安装",
            "读取 .doc、.wps、.rtf 需要；Debian：apt-get install libreoffice-writer-nogui",
        )
    if find_spec("rapidocr") and find_spec("onnxruntime"):
        yield Diagnosis("文字识别", "好", f"rapidocr {version('rapidocr')}")
    else:
        yield Diagnosis("文字识别", "可选", "没有安装", "读取扫描件需要；运行 pip install 'gongkai-etl[ocr]'")
    yield _fonts()


def _fonts() -> Diagnosis:
    advice = "把公文转为 PDF 时需要；Debian：apt-get install fonts-noto-cjk"
    lister = shutil.which("fc-list")
    if lister is None:
        return Diagnosis("中文字体", "可选", "不能确定（没有 fc-list）", advice)
    done = subprocess.run([lister, ":lang=zh", "family"], check=False, capture_output=True, text=True)
    families = sorted({line.split(",")[0] for line in done.stdout.splitlines() if line.strip()})
    if not families:
        return Diagnosis("中文字体", "可选", "没有安装", advice)
    return Diagnosis("中文字体", "好", f"{len(families)} 种，如 {families[0]}")


def _channels(settings: Settings) -> Iterator[Diagnosis]:
    on = {
        "邮箱收件": settings.mail_host is not None,
        "邮件提醒": settings.smtp_host is not None,
        "企业微信": settings.wecom_webhook is not None,
        "钉钉": settings.dingtalk_webhook is not None,
    }
    words = "，".join(f"{name}{'已设置' if is_on else '未设置'}" for name, is_on in on.items())
    yield Diagnosis("收发渠道", "好" if any(on.values()) else "可选", words)
    if settings.smtp_host and not settings.smtp_from:
        yield Diagnosis("邮件提醒", "错误", "设置了 GONGKAI_SMTP_HOST，没有发件人", "设置 GONGKAI_SMTP_FROM")
    if settings.mail_host and not (settings.mail_user and settings.mail_password):
        yield Diagnosis(
            "邮箱收件",
            "错误",
            "设置了 GONGKAI_MAIL_HOST，没有用户或密码",
            "设置 GONGKAI_MAIL_USER 和 GONGKAI_MAIL_PASSWORD",
        )
