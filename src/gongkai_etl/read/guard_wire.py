"""Messages between a reading process and its parent: a length, then a pickle that may only hold plain things."""

from __future__ import annotations

import io
import os
import pickle
import select
import struct
import time
from typing import Any

STEP = b"step"
"""Sent by a reading process before each picture it reads, between file and answer; no pickle."""
_LENGTH = struct.Struct("!Q")
_CHUNK = 1 << 20
_BUILTINS = frozenset({"set", "frozenset", "bytearray", "complex", "range", "slice"})
_PLAIN = frozenset(
    {("decimal", "Decimal"), ("datetime", "date"), ("datetime", "datetime"), ("datetime", "timedelta")}
)


class WireError(Exception):
    """The other side is gone, or what it sent is not allowed."""


class TimeUp(Exception):  # noqa: N818 (not an error of the program)
    """Nothing complete came before the deadline."""


class _Plain(pickle.Unpickler):
    """Classes of this project and plain values only: a reading process that a hostile file took over
    must not be able to run anything in its parent."""

    def find_class(self, module: str, name: str) -> Any:
        if module == "builtins" and name in _BUILTINS:
            return super().find_class(module, name)
        if (module, name) in _PLAIN:
            return super().find_class(module, name)
        if module.partition(".")[0] == "gongkai_etl" and "." not in name:
            found = super().find_class(module, name)
            if isinstance(found, type) and found.__module__ == module:
                return found
        raise WireError(f"{module}.{name} is not allowed in a message")


def unpickled(data: bytes) -> Any:
    """The object, if it is made of allowed things. Raises WireError."""
    try:
        return _Plain(io.BytesIO(data)).load()
    except WireError:
        raise
    except Exception as error:
        raise WireError("a message could not be decoded") from error


def send(stream: int, data: bytes, deadline: float | None = None) -> None:
    """Write one message to a file descriptor. Raises WireError, TimeUp."""
    view = memoryview(_LENGTH.pack(len(data)) + data)
    waiting = select.poll()
    waiting.register(stream, select.POLLOUT)
    try:
        while view:
            if deadline is not None and not waiting.poll(max(0.0, deadline - time.monotonic()) * 1000):
                raise TimeUp
            view = view[os.write(stream, view[:65536]) :]
    except OSError as error:
        raise WireError("the other side closed") from error


def receive(stream: int) -> bytes | None:
    """Read one message, waiting as long as it takes; None at the end of the stream."""
    head = _exactly(stream, _LENGTH.size)
    return None if head is None else _exactly(stream, _LENGTH.unpack(head)[0])


def _exactly(stream: int, size: int) -> bytes | None:
    data = bytearray()
    while len(data) < size:
        piece = os.read(stream, min(_CHUNK, size - len(data)))
        if not piece:
            return None
        data += piece
    return bytes(data)


class Inbox:
    """The reading end of a pipe, read in pieces so that its owner can look at the clock in between."""

    def __init__(self, stream: int) -> None:
        self._stream = stream
        self._data = bytearray()
        self._waiting = select.poll()
        self._waiting.register(stream, select.POLLIN)

    def next(self, seconds: float, largest: int) -> bytes | None:
        """The next message, or None when it is not complete after ``seconds``. Raises WireError."""
        until = time.monotonic() + seconds
        while True:
            message = self._taken(largest)
            if message is not None:
                return message
            left = until - time.monotonic()
            if left <= 0 or not self._waiting.poll(left * 1000):
                return None
            piece = os.read(self._stream, _CHUNK)
            if not piece:
                raise WireError("the other side closed")
            self._data += piece

    def _taken(self, largest: int) -> bytes | None:
        if len(self._data) < _LENGTH.size:
            return None
        size = _LENGTH.unpack_from(self._data)[0]
        if size > largest:
            raise WireError("a message is too large")
        end = _LENGTH.size + size
        if len(self._data) < end:
            return None
        message = bytes(self._data[_LENGTH.size : end])
        del self._data[:end]
        return message
