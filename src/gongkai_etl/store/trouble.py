"""Errors of the stores; the retryable ones are ConnectionErrors, so that a scheduler can tell them apart."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from gongkai_etl.errors import StoreError


class StoreUnavailableError(StoreError, ConnectionError):
    """A store does not answer (network, restart, overload): trying again later is right."""


class ObjectMissingError(StoreError):
    """The object store has no object of this key."""


@contextmanager
def warehouse_errors() -> Iterator[None]:
    """Turn lost connections of SQLAlchemy and psycopg into :class:`StoreUnavailableError`."""
    from sqlalchemy.exc import DBAPIError, OperationalError

    try:
        yield
    except DBAPIError as error:
        if isinstance(error, OperationalError) or error.connection_invalidated:
            raise StoreUnavailableError(
                "STORE-DATABASE", f"数据库没有应答，请稍后重试：{_first_line(error)}"
            ) from error
        raise


@contextmanager
def object_errors(key: str) -> Iterator[None]:
    """Turn errors of the S3 client into :class:`StoreError`; network and 5xx into the retryable kind."""
    from minio.error import InvalidResponseError, S3Error, ServerError
    from urllib3.exceptions import HTTPError

    try:
        yield
    except (HTTPError, InvalidResponseError, ServerError, OSError) as error:
        raise StoreUnavailableError(
            "STORE-OBJECTS", f"对象存储没有应答，请稍后重试：{_first_line(error)}"
        ) from error
    except S3Error as error:
        if error.code in {"NoSuchKey", "NoSuchObject"}:
            raise ObjectMissingError("STORE-MISSING", f"对象存储中没有这个文件：{key}") from error
        if error.code in {"SlowDown", "InternalError", "ServiceUnavailable", "RequestTimeout"}:
            raise StoreUnavailableError(
                "STORE-OBJECTS", f"对象存储暂时不可用（{error.code}），请稍后重试"
            ) from error
        raise StoreError("STORE-REFUSED", f"对象存储拒绝了请求（{error.code}）：{key}") from error


def _first_line(error: BaseException) -> str:
    return str(error).strip().splitlines()[0][:200] if str(error).strip() else type(error).__name__
