"""Make two servers ready for use: databases, buckets, tables. Safe to run again, on any servers."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from gongkai_etl.errors import StoreError
from gongkai_etl.settings import Connections, Settings

if TYPE_CHECKING:
    from minio import Minio

OLDEST_POSTGRES = 14


def wait_for(ready: Callable[[], bool], seconds: float, failing: Callable[[], bool] = lambda: False) -> bool:
    """Ask ``ready`` until it says yes (True), ``failing`` says yes or the time is over (False)."""
    until = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > until or failing():
            return False
        time.sleep(0.05)
    return True


def conninfo(url: str, database: str | None = None) -> str:
    """psycopg's connection string for a SQLAlchemy URL (and another database on the same server)."""
    from sqlalchemy.engine import make_url

    made = make_url(url).set(drivername="postgresql")
    return (made.set(database=database) if database else made).render_as_string(hide_password=False)


def database_answers(url: str) -> bool:
    """Whether the server of ``url`` lets us in (the database itself may still be missing)."""
    import psycopg

    try:
        _exists(url)
    except psycopg.OperationalError:
        return False
    return True


def _exists(url: str) -> bool:
    """Whether the database of ``url`` exists; psycopg.OperationalError when the server does not let us in."""
    import psycopg

    try:
        with psycopg.connect(conninfo(url), connect_timeout=5) as server:
            major = server.info.server_version // 10_000
    except psycopg.OperationalError as error:
        if error.sqlstate == "3D000" or "does not exist" in str(error):
            return False
        raise
    if major < OLDEST_POSTGRES:
        raise StoreError("STORE-PG-OLD", f"PostgreSQL 版本是 {major}，需要 {OLDEST_POSTGRES} 或更高。")
    return True


def create_database(url: str) -> None:
    """Create the database of ``url`` if it is missing.

    Raises:
        StoreError: the server cannot be reached, is too old, or does not let us create it.
    """
    import psycopg
    from psycopg import sql
    from sqlalchemy.engine import make_url

    name = make_url(url).database or ""
    try:
        if not _exists(url):
            with psycopg.connect(conninfo(url, "postgres"), autocommit=True, connect_timeout=5) as server:
                create = sql.SQL("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0")
                server.execute(create.format(sql.Identifier(name)))
    except psycopg.errors.DuplicateDatabase:
        return  # another process was faster
    except psycopg.Error as error:
        raise StoreError("STORE-PG-CREATE", f"无法连接或建立数据库 {name}：{error}") from error


def store_client(to: Connections, *, patient: bool = True) -> Minio:
    """A client of the object store; one that is not ``patient`` gives up at once when nobody answers."""
    import urllib3
    from minio import Minio

    pool = None if patient else urllib3.PoolManager(retries=False, timeout=urllib3.Timeout(2.0))
    return Minio(
        to.s3_endpoint,
        access_key=to.s3_access_key,
        secret_key=to.s3_secret_key,
        secure=to.s3_secure,
        http_client=pool,
    )


def store_answers(to: Connections) -> bool:
    """Whether the object store accepts our keys."""
    import minio
    import urllib3

    try:
        store_client(to, patient=False).list_buckets()
    except (minio.error.MinioException, urllib3.exceptions.HTTPError, ValueError):
        return False
    return True


def create_buckets(to: Connections, settings: Settings) -> None:
    """Create the two buckets if they are missing; the working bucket keeps every version of an object."""
    import minio
    import urllib3
    from minio.versioningconfig import VersioningConfig

    client = store_client(to)
    try:
        for bucket in (settings.bucket, settings.public_bucket):
            if not client.bucket_exists(bucket_name=bucket):
                client.make_bucket(bucket_name=bucket)
        if client.get_bucket_versioning(bucket_name=settings.bucket).status != "Enabled":
            client.set_bucket_versioning(bucket_name=settings.bucket, config=VersioningConfig("Enabled"))
    except (minio.error.MinioException, urllib3.exceptions.HTTPError) as error:
        raise StoreError("STORE-S3-CREATE", f"无法连接对象存储 {to.s3_endpoint} 或建立存储桶：{error}") from error


def migrate_warehouse(settings: Settings) -> None:
    """Bring the warehouse's schema to the installed version."""
    from gongkai_etl.store.warehouse import Warehouse

    Warehouse.connect(settings).migrate()


def prepare(to: Connections, settings: Settings) -> None:
    """Databases, buckets and the warehouse's tables."""
    create_database(to.database_url)
    create_database(to.airflow_database_url)
    create_buckets(to, settings)
    migrate_warehouse(settings)
