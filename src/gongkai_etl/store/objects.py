"""The object store: one S3 server through the ``minio`` client, a private and a public bucket."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any
from urllib.parse import quote, unquote

from gongkai_etl.settings import Settings
from gongkai_etl.store.trouble import ObjectMissingError, object_errors

_JSON = "application/json; charset=utf-8"


@dataclass(frozen=True, slots=True)
class ObjectInfo:
    """What the store says of an object without giving its bytes. ``metadata`` only from ``stat``."""

    key: str
    size: int
    modified: datetime
    etag: str
    metadata: Mapping[str, str]


class ObjectStore:
    """One bucket. Every method raises StoreUnavailableError when the server does not answer."""

    def __init__(self, client: Any, bucket: str, public_bucket: str) -> None:
        self.client = client
        self.bucket = bucket
        self.public_bucket = public_bucket

    @classmethod
    def connect(cls, settings: Settings) -> ObjectStore:
        """The private bucket of the server that the settings name, or of the embedded one."""
        import urllib3
        from minio import Minio

        from gongkai_etl.settings import connections

        found = connections(settings)
        http = urllib3.PoolManager(
            timeout=urllib3.Timeout(connect=5, read=60),
            maxsize=8,
            retries=urllib3.Retry(total=2, backoff_factor=0.2),
        )
        client = Minio(
            found.s3_endpoint,
            access_key=found.s3_access_key,
            secret_key=found.s3_secret_key,
            secure=found.s3_secure,
            region="us-east-1",
            http_client=http,
        )
        return cls(client, settings.bucket, settings.public_bucket)

    @property
    def public(self) -> ObjectStore:
        """The bucket of releases."""
        return ObjectStore(self.client, self.public_bucket, self.public_bucket)

    def ensure_buckets(self) -> None:
        """Create both buckets, the private one with versions. Safe to call again."""
        from minio.commonconfig import ENABLED
        from minio.versioningconfig import VersioningConfig

        with object_errors(self.bucket):
            for bucket in (self.bucket, self.public_bucket):
                if not self.client.bucket_exists(bucket):
                    self.client.make_bucket(bucket)
            if self.client.get_bucket_versioning(self.bucket).status != ENABLED:
                self.client.set_bucket_versioning(self.bucket, VersioningConfig(ENABLED))

    def put_once(
        self,
        key: str,
        data: bytes,
        content_type: str = "application/octet-stream",
        metadata: Mapping[str, str] | None = None,
    ) -> bool:
        """Write unless the key exists; True when this call wrote it. Atomic on the server (If-None-Match)."""
        from minio.error import S3Error

        headers = {"If-None-Match": "*", "Content-Type": content_type}
        headers |= {f"X-Amz-Meta-{name}": quote(value) for name, value in (metadata or {}).items()}
        with object_errors(key):
            try:
                # put_object() takes no such header and a presigned PUT may not carry metadata.
                self.client._put_object(self.bucket, key, data, headers=headers)
            except S3Error as error:
                if error.code in {"PreconditionFailed", "ConditionalRequestConflict"}:
                    return False
                raise
        return True

    def put(
        self,
        key: str,
        data: bytes,
        content_type: str = "application/octet-stream",
        metadata: Mapping[str, str] | None = None,
    ) -> None:
        """Write, over an older version if there is one."""
        ascii_only = {name: quote(value) for name, value in (metadata or {}).items()}
        with object_errors(key):
            self.client.put_object(
                self.bucket, key, BytesIO(data), len(data), content_type=content_type, metadata=ascii_only or None
            )

    def put_changed(
        self, key: str, data: bytes, metadata: Mapping[str, str] | None = None, content_type: str = _JSON
    ) -> bool:
        """Write only if it differs from what is there; True when something was written."""
        known = self.stat(key)
        wanted = dict(metadata or {})
        if known is not None and known.size == len(data) and known.metadata == wanted and self.get(key) == data:
            return False
        self.put(key, data, content_type, wanted)
        return True

    def get(self, key: str) -> bytes:
        """The bytes of an object. Raises ObjectMissingError."""
        with object_errors(key):
            response = self.client.get_object(self.bucket, key)
            try:
                data: bytes = response.read()
            finally:
                response.close()
                response.release_conn()
        return data

    def stat(self, key: str) -> ObjectInfo | None:
        """Size, time and metadata of an object, or None when there is none."""
        try:
            with object_errors(key):
                found = self.client.stat_object(self.bucket, key)
        except ObjectMissingError:
            return None
        prefix = "x-amz-meta-"
        metadata = {
            name.lower().removeprefix(prefix): unquote(value)
            for name, value in (found.metadata or {}).items()
            if name.lower().startswith(prefix)
        }
        return ObjectInfo(key, found.size or 0, found.last_modified, (found.etag or "").strip('"'), metadata)

    def exists(self, key: str) -> bool:
        """Whether there is such an object."""
        return self.stat(key) is not None

    def list(self, prefix: str = "") -> Iterator[ObjectInfo]:
        """Every object under a prefix, sorted by key, without metadata."""
        with object_errors(prefix):
            for found in self.client.list_objects(self.bucket, prefix=prefix, recursive=True):
                if not found.is_dir:
                    yield ObjectInfo(
                        found.object_name, found.size or 0, found.last_modified, (found.etag or "").strip('"'), {}
                    )

    def remove(self, key: str) -> None:
        """Take an object away (a version of it stays in the private bucket)."""
        with object_errors(key):
            self.client.remove_object(self.bucket, key)

    def presigned(self, key: str, expires: timedelta = timedelta(hours=1)) -> str:
        """A link that gives the object without credentials until it expires."""
        with object_errors(key):
            url: str = self.client.presigned_get_object(self.bucket, key, expires=expires)
        return url
