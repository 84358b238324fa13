"""Zip containers (docx, xlsx, ofd) opened with limits: a small file may unfold into a very large one."""

from __future__ import annotations

import io
import stat
import zipfile
import zlib

from gongkai_etl.errors import ReadError

MAX_ENTRIES = 10_000
MAX_TOTAL = 400 * 2**20
"""Most bytes that all entries together may unfold to."""
MAX_RATIO = 150
"""Most bytes out of one byte in, for entries over ``RATIO_FROM``: office files stay below 60."""
RATIO_FROM = 20 * 2**20


class Zip:
    """A checked container. ``names`` are its entries; ``read`` gives one entry's bytes."""

    def __init__(self, data: bytes, name: str) -> None:
        """Raises ReadError ``READ-DAMAGED``, ``READ-ENCRYPTED`` or ``READ-UNSAFE``."""
        self._name = name
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, OSError, RuntimeError) as error:
            raise _damaged(name) from error
        entries = self._archive.infolist()
        _check_sizes(entries, name)
        for entry in entries:
            _check_entry(entry, name)
        self.names = frozenset(entry.filename for entry in entries)

    def read(self, entry: str, limit: int = MAX_TOTAL) -> bytes:
        """The bytes of an entry. Raises ReadError if it is missing, damaged or larger than ``limit`` bytes."""
        try:
            info = self._archive.getinfo(entry)
            if info.file_size > limit:
                raise _unsafe(self._name, f"其中的 {entry} 展开后过大")
            return self._archive.read(info)
        except KeyError as error:
            raise ReadError(
                "READ-DAMAGED", f"{self._name}：文件不完整，缺少 {entry}。请让报送单位重新导出。"
            ) from error
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            OSError,
            ValueError,
            RuntimeError,
        ) as error:
            raise _damaged(self._name) from error

    def find(self, ending: str) -> str | None:
        """The first entry, by name, whose name ends so (case ignored)."""
        return min((name for name in self.names if name.lower().endswith(ending.lower())), default=None)


def _check_sizes(entries: list[zipfile.ZipInfo], name: str) -> None:
    if len(entries) > MAX_ENTRIES:
        raise _unsafe(name, f"压缩包中有 {len(entries)} 个条目，超过 {MAX_ENTRIES} 个")
    if sum(entry.file_size for entry in entries) > MAX_TOTAL:
        raise _unsafe(name, f"展开后超过 {MAX_TOTAL // 2**20} MB")


def _check_entry(entry: zipfile.ZipInfo, name: str) -> None:
    path = entry.filename.replace("\\", "/")
    if path.startswith("/") or ".." in path.split("/") or path[1:2] == ":":
        raise _unsafe(name, f"条目“{entry.filename[:80]}”指向压缩包之外")
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise _unsafe(name, f"条目“{entry.filename[:80]}”是链接")
    if entry.flag_bits & 0x1:
        raise ReadError("READ-ENCRYPTED", f"{name}：文件有密码，无法读取。请让报送单位去掉密码后重新报送。")
    if entry.file_size > RATIO_FROM and entry.file_size > MAX_RATIO * max(1, entry.compress_size):
        raise _unsafe(name, f"条目“{entry.filename[:80]}”的压缩比异常")


def _unsafe(name: str, what: str) -> ReadError:
    return ReadError("READ-UNSAFE", f"{name}：{what}，为安全起见没有读取。请向报送单位核实文件来源。")


def _damaged(name: str) -> ReadError:
    return ReadError("READ-DAMAGED", f"{name}：文件已损坏或下载不完整。请重新下载，或让报送单位重新报送。")
