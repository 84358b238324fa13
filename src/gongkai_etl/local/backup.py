"""``gongkai backup`` and ``restore``: both databases and both buckets in one folder, with a manifest of hashes.

FOLDER/manifest.json    what the backup holds: sizes, SHA-256, rows of every table
FOLDER/database/        one dump a database, in PostgreSQL's own format
FOLDER/objects.jsonl    every version of every object, one a line
FOLDER/objects/         the contents, named by SHA-256; a second backup to the same folder adds only what is new
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from gongkai_etl.errors import StoreError
from gongkai_etl.local import bucket_copy, database_copy
from gongkai_etl.local.bucket_copy import Copied, blob
from gongkai_etl.local.home import read_json, write_json
from gongkai_etl.local.prepare import create_buckets, create_database, migrate_warehouse, store_client
from gongkai_etl.settings import Connections, Settings

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Summary:
    """What a backup holds, or what a restore brought back."""

    tables: int
    rows: int
    objects: int
    versions: int
    size: int


def _databases(to: Connections) -> dict[str, str]:
    return {"gongkai": to.database_url, "airflow": to.airflow_database_url}


def back_up(to: Connections, settings: Settings, folder: Path, say: Say) -> Summary:
    """Write a backup to ``folder`` and read it again to verify it.

    The databases go first: every object that they name is then in the buckets that are copied after them.
    """
    (folder / "database").mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)  # the dumps hold everything, addresses of clerks too
    rows, files = {}, {}
    for name, url in _databases(to).items():
        say(f"导出数据库 {name}")
        file = folder / "database" / f"{name}.dump"
        fresh = file.with_suffix(".new")
        rows[name] = database_copy.dump(url, fresh)
        fresh.replace(file)
        files[f"database/{name}.dump"] = _facts(file)
    copied: list[Copied] = []
    for bucket in (settings.bucket, settings.public_bucket):
        copied += bucket_copy.save(store_client(to), bucket, folder / "objects", lambda key: say(f"复制 {key}"))
    lines = "".join(json.dumps(item.to_json(), ensure_ascii=False, sort_keys=True) + "\n" for item in copied)
    (folder / "objects.jsonl").write_text(lines, encoding="utf-8")
    files["objects.jsonl"] = _facts(folder / "objects.jsonl")
    manifest = {
        "program": version("gongkai-etl"),
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "files": files,
        "rows": rows,
    }
    write_json(folder / "manifest.json", manifest)
    return verify(folder, say)


def verify(folder: Path, say: Say) -> Summary:
    """Check every file of a backup against its hash.

    Raises:
        StoreError: there is no backup, or a file is missing or was changed; all such files are named.
    """
    manifest = read_json(folder / "manifest.json")
    if not manifest:
        raise StoreError("STORE-NO-BACKUP", f"{folder} 里没有备份（缺 manifest.json）。")
    wrong = []
    for name, facts in manifest["files"].items():
        if not (folder / name).is_file() or _facts(folder / name) != facts:
            wrong.append(name)
    copied = [] if "objects.jsonl" in wrong else objects(folder)
    contents = {item.sha256: item.size for item in copied if item.sha256}
    for sha256, size in contents.items():
        say(f"校验 {sha256[:12]}")
        path = blob(folder / "objects", sha256)
        if not path.is_file() or _facts(path) != {"sha256": sha256, "size": size}:
            wrong.append(str(path.relative_to(folder)))
    if wrong:
        raise StoreError("STORE-BACKUP-DAMAGED", f"备份已损坏，以下文件缺失或被改动：{'、'.join(wrong[:20])}")
    return _summary(manifest["rows"], copied)


def bring_back(to: Connections, settings: Settings, folder: Path, say: Say) -> Summary:
    """Verify the backup, replace both databases by it, fill the buckets from it, and compare.

    Raises:
        StoreError: the backup is damaged (nothing was changed), or something differs afterwards.
    """
    verify(folder, say)
    manifest, copied = read_json(folder / "manifest.json"), objects(folder)
    for name, url in _databases(to).items():
        say(f"恢复数据库 {name}")
        create_database(url)
        if name == "gongkai":
            migrate_warehouse(settings)  # makes the read-only role, which the dump names
        rows = database_copy.restore(url, folder / "database" / f"{name}.dump")
        if different := _differing(manifest["rows"][name], rows):
            raise StoreError("STORE-RESTORE-ROWS", f"数据库 {name} 恢复后行数不一致：{'、'.join(different[:10])}")
    migrate_warehouse(settings)
    create_buckets(to, settings)
    client = store_client(to)
    bucket_copy.load(client, copied, folder / "objects", lambda key: say(f"恢复 {key}"))
    for item in bucket_copy.newest(copied):
        say(f"核对 {item.key}")
        if bucket_copy.current_sha256(client, item) != item.sha256:
            raise StoreError("STORE-RESTORE-OBJECT", f"存储桶 {item.bucket} 的 {item.key} 恢复后内容不一致。")
    return _summary(manifest["rows"], copied)


def objects(folder: Path) -> list[Copied]:
    """What ``objects.jsonl`` lists."""
    with (folder / "objects.jsonl").open(encoding="utf-8") as lines:
        return [Copied(**json.loads(line)) for line in lines]


def _differing(wanted: dict[str, int], found: dict[str, int]) -> list[str]:
    return [
        f"{table}（备份{rows}，现有{found.get(table)}）"
        for table, rows in wanted.items()
        if found.get(table) != rows
    ]


def _facts(file: Path) -> dict[str, Any]:
    with file.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256")
    return {"sha256": digest.hexdigest(), "size": file.stat().st_size}


def _summary(rows: dict[str, dict[str, int]], copied: list[Copied]) -> Summary:
    counts = [count for tables in rows.values() for count in tables.values()]
    newest = [item for item in bucket_copy.newest(copied) if item.sha256]
    sizes = {item.sha256: item.size for item in copied if item.sha256}
    return Summary(len(counts), sum(counts), len(newest), len(copied), sum(sizes.values()))
