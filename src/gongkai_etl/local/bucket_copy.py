"""Copy buckets to a folder and back: every version of every object, each content once, named by its SHA-256."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gongkai_etl.errors import StoreError

if TYPE_CHECKING:
    from minio import Minio

_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Copied:
    """One version of one object, oldest first in a list; a removal has no content."""

    bucket: str
    key: str
    sha256: str | None
    size: int
    content_type: str = ""
    metadata: dict[str, str] = field(default_factory=dict)
    modified: str = ""

    def to_json(self) -> dict[str, Any]:
        """A JSON object with all fields."""
        return asdict(self)


def blob(folder: Path, sha256: str) -> Path:
    """Where the content with this hash lies below ``folder``."""
    return folder / sha256[:2] / sha256


def save(client: Minio, bucket: str, folder: Path, seen: Callable[[str], None]) -> list[Copied]:
    """Copy ``bucket`` into ``folder``; a content that is there already is not written again.

    Raises:
        StoreError: the store refused, or an object changed while it was read.
    """
    import minio
    import urllib3

    copied = []
    try:
        for version in _versions(client, bucket):
            seen(version.object_name or "")
            copied.append(_save_one(client, bucket, version, folder))
    except (minio.error.MinioException, urllib3.exceptions.HTTPError) as error:
        raise StoreError("STORE-BACKUP", f"无法读取存储桶 {bucket}：{error}") from error
    return copied


def _versions(client: Minio, bucket: str) -> list[Any]:
    """All versions, by key, each key's oldest first."""
    found = list(client.list_objects(bucket_name=bucket, recursive=True, include_version=True))
    # The store lists the newest version of a key first, the client removals after versions; times are rough.
    found.reverse()
    return sorted(found, key=lambda item: (item.object_name or "", item.is_latest == "true", item.last_modified))


def _save_one(client: Minio, bucket: str, version: Any, folder: Path) -> Copied:
    modified = version.last_modified.isoformat() if version.last_modified else ""
    if version.is_delete_marker:
        return Copied(bucket, version.object_name, None, 0, modified=modified)
    answer = client.get_object(bucket_name=bucket, object_name=version.object_name, version_id=_id(version))
    try:
        sha256, size = _write(answer.stream(_PIECE), folder)
        metadata = {
            name.lower().removeprefix("x-amz-meta-"): value
            for name, value in answer.headers.items()
            if name.lower().startswith("x-amz-meta-")
        }
        kind = answer.headers.get("content-type", "")
    finally:
        answer.close()
        answer.release_conn()
    return Copied(bucket, version.object_name, sha256, size, kind, metadata, modified)


def _id(version: Any) -> str | None:
    """The version id to ask for; objects of an unversioned bucket have none (or the word ``null``)."""
    return version.version_id if version.version_id not in ("", "null") else None


def _write(pieces: Iterator[bytes], folder: Path) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    folder.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=folder)
    try:
        with os.fdopen(handle, "wb") as file:
            for piece in pieces:
                digest.update(piece)
                size += len(piece)
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        target = blob(folder, digest.hexdigest())
        target.parent.mkdir(exist_ok=True)
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return digest.hexdigest(), size


def load(client: Minio, copied: list[Copied], folder: Path, seen: Callable[[str], None]) -> int:
    """Put what is not there yet into the buckets; gives the number of versions written.

    A key that the bucket has not gets its whole history, one whose newest content differs gets the newest.
    Keys that the backup has not are left alone.
    """
    import minio
    import urllib3

    written = 0
    try:
        for versions in _by_key(copied):
            seen(versions[-1].key)
            now = current_sha256(client, versions[-1])
            if now == versions[-1].sha256:
                continue
            for version in versions if now is None else versions[-1:]:
                _load_one(client, version, folder)
                written += 1
    except (minio.error.MinioException, urllib3.exceptions.HTTPError) as error:
        raise StoreError("STORE-RESTORE", f"无法写入对象存储：{error}") from error
    return written


def current_sha256(client: Minio, of: Copied) -> str | None:
    """The hash of what the bucket now holds under the key; None when it holds nothing."""
    import minio

    try:
        answer = client.get_object(bucket_name=of.bucket, object_name=of.key)
    except minio.error.S3Error as error:
        if error.code in ("NoSuchKey", "NoSuchObject", "MethodNotAllowed"):
            return None
        raise
    try:
        digest = hashlib.sha256()
        for piece in answer.stream(_PIECE):
            digest.update(piece)
        return digest.hexdigest()
    finally:
        answer.close()
        answer.release_conn()


def newest(copied: list[Copied]) -> Iterator[Copied]:
    """The last version of every key."""
    for versions in _by_key(copied):
        yield versions[-1]


def _by_key(copied: list[Copied]) -> Iterator[list[Copied]]:
    groups: dict[tuple[str, str], list[Copied]] = {}
    for version in copied:
        groups.setdefault((version.bucket, version.key), []).append(version)
    yield from groups.values()


def _load_one(client: Minio, version: Copied, folder: Path) -> None:
    if version.sha256 is None:
        client.remove_object(bucket_name=version.bucket, object_name=version.key)
        return
    path = blob(folder, version.sha256)
    with path.open("rb") as file:
        client.put_object(
            bucket_name=version.bucket,
            object_name=version.key,
            data=file,
            length=version.size,
            content_type=version.content_type or "application/octet-stream",
            metadata=dict(version.metadata) or None,
        )
