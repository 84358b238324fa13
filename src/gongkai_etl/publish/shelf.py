"""Where releases stand for the public: ``{year}/{release}/…`` and one small object that names the latest.

``{year}/latest.json`` is the pointer: it is written last, in one put, so a reader sees the old
release or the new one and never half of one. ``{year}/index.html`` leads people's browsers there.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path
from typing import Protocol

from gongkai_etl.errors import PublishError
from gongkai_etl.publish.release import ReleaseFiles, content_type

PUBLISH_UNKNOWN_RELEASE = "PUBLISH-UNKNOWN-RELEASE"
PUBLISH_RETRACTED = "PUBLISH-RETRACTED"
_RETRACTED = "RETRACTED.json"


class Listed(Protocol):
    """An object as a listing shows it."""

    @property
    def key(self) -> str:
        """Its full name in the bucket."""
        ...


class Shelf(Protocol):
    """What is asked of a public bucket: the object store fits, and so does a folder."""

    def put(self, key: str, data: bytes, content_type: str = ...) -> None:
        """Write one object, over an older one."""
        ...

    def get(self, key: str) -> bytes:
        """The bytes of one object."""
        ...

    def exists(self, key: str) -> bool:
        """Whether the object is there."""
        ...

    def list(self, prefix: str = ...) -> Iterator[Listed]:
        """The objects under a prefix."""
        ...


def upload(shelf: Shelf, release: ReleaseFiles) -> int:
    """Put the files of a release under its own prefix; how many were written. Nothing points there yet.

    A file that is there already is left alone: a release never changes. Raises PublishError
    PUBLISH-RETRACTED for a release that was taken back.
    """
    base = f"{release.year}/{release.id}"
    _refuse_retracted(shelf, base, release.id)
    written = 0
    for entry in release.files:
        if not shelf.exists(f"{base}/{entry.path}"):
            shelf.put(f"{base}/{entry.path}", (release.root / entry.path).read_bytes(), entry.content_type)
            written += 1
    return written


def switch_latest(shelf: Shelf, year: int, release: str) -> bool:
    """Let ``latest`` point at a release that was uploaded wholly; False when it already did.

    Raises PublishError when there is no such release, or when it was retracted.
    """
    if not shelf.exists(f"{year}/{release}/SHA256SUMS"):
        raise PublishError(PUBLISH_UNKNOWN_RELEASE, f"公开目录中没有 {year} 年的发布 {release}，请先上传。")
    _refuse_retracted(shelf, f"{year}/{release}", release)
    if latest(shelf, year) == release:
        return False
    shelf.put(f"{year}/latest.json", _pointer(year, release), content_type("latest.json"))
    shelf.put(f"{year}/index.html", _door(year, release), content_type("index.html"))
    return True


def latest(shelf: Shelf, year: int) -> str | None:
    """The release that ``latest`` points at, or None."""
    key = f"{year}/latest.json"
    if not shelf.exists(key):
        return None
    name: str | None = json.loads(shelf.get(key))["release"]
    return name


def fetch(shelf: Shelf, prefix: str, out: Path) -> list[Path]:
    """Copy everything under a prefix into a folder; the files written, sorted."""
    written = []
    for entry in shelf.list(prefix):
        target = out / entry.key.removeprefix(prefix)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(shelf.get(entry.key))
        written.append(target)
    return sorted(written)


def releases(shelf: Shelf, year: int) -> list[str]:
    """The names of the releases of a year that were not retracted, sorted."""
    keys = [entry.key for entry in shelf.list(f"{year}/")]
    folders = {key.split("/")[1] for key in keys if key.count("/") > 1}
    gone = {key.split("/")[1] for key in keys if key.endswith(f"/{_RETRACTED}")}
    return sorted(folders - gone)


def retract(shelf: Shelf, year: int, release: str, reason: str, back_to: str | None = None) -> None:
    """Take a release back: it is marked with the reason, and ``latest`` points at ``back_to`` or at nothing.

    Files stay, so that what was once public can still be proved. Raises PublishError when there is no
    such release or no reason is given.
    """
    if not reason.strip():
        raise PublishError("PUBLISH-NO-REASON", "撤回发布必须写明理由。")
    if not shelf.exists(f"{year}/{release}/SHA256SUMS"):
        raise PublishError(PUBLISH_UNKNOWN_RELEASE, f"公开目录中没有 {year} 年的发布 {release}。")
    notice = {"release": release, "reason": reason, "replaced_by": back_to}
    # The pointer moves first: nobody is led to a release that is being taken back.
    if latest(shelf, year) == release:
        if back_to:
            switch_latest(shelf, year, back_to)
        else:
            shelf.put(f"{year}/latest.json", _pointer(year, None), content_type("latest.json"))
            shelf.put(f"{year}/index.html", _closed(year, reason), content_type("index.html"))
    shelf.put(f"{year}/{release}/{_RETRACTED}", _json(notice), content_type(_RETRACTED))


class Folder:
    """A shelf in a folder, for offices that publish from a file server."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, key: str, data: bytes, content_type: str = "") -> None:
        """Write through a neighbour and a rename: readers see the old file or the new one."""
        target = self.root / key
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = target.with_name(f".{target.name}.new")
        beside.write_bytes(data)
        beside.replace(target)

    def get(self, key: str) -> bytes:
        """The bytes of a file."""
        return (self.root / key).read_bytes()

    def exists(self, key: str) -> bool:
        """Whether the file is there."""
        return (self.root / key).is_file()

    def list(self, prefix: str = "") -> Iterator[Listed]:
        """Every file whose name begins with the prefix."""
        for path in sorted(self.root.rglob("*")):
            key = path.relative_to(self.root).as_posix()
            if path.is_file() and key.startswith(prefix):
                yield _Entry(key)


class _Entry:
    def __init__(self, key: str) -> None:
        self._key = key

    @property
    def key(self) -> str:
        return self._key


def _refuse_retracted(shelf: Shelf, base: str, release: str) -> None:
    if shelf.exists(f"{base}/{_RETRACTED}"):
        raise PublishError(PUBLISH_RETRACTED, f"发布 {release} 已撤回，不能再次发布。")


def _json(document: Mapping[str, object]) -> bytes:
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def _pointer(year: int, release: str | None) -> bytes:
    path = f"{year}/{release}/" if release else None
    return _json({"year": year, "release": release, "path": path})


def _door(year: int, release: str) -> bytes:
    target = f"{release}/index.html"
    head = f'<meta http-equiv="refresh" content="0; url={escape(target, quote=True)}">'
    return _page(year, head, f'<p><a href="{escape(target, quote=True)}">{year}年度数据 {escape(release)}</a></p>')


def _closed(year: int, reason: str) -> bytes:
    return _page(year, "", f"<p>{year}年度数据已撤回。</p><p>理由：{escape(reason)}</p>")


def _page(year: int, head: str, body: str) -> bytes:
    title = f"{year}年政府信息公开工作年度报告数据"
    page = f'<!doctype html>\n<html lang="zh-CN"><head><meta charset="utf-8"><title>{title}</title>{head}</head>'
    return f"{page}<body><main><h1>{title}</h1>{body}</main></body></html>\n".encode()
