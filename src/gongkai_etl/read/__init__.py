"""Bytes of a file → :class:`~gongkai_etl.model.Document`: the format is seen from the content, never the name.

Each format has a module with ``read(data, name)``, imported only when a file of its kind comes.
"""

from __future__ import annotations

from importlib import import_module

from gongkai_etl.model import Document

_MODULES = {
    "pdf": "pdf",
    "image": "scan",
    "html": "html",
    "mhtml": "html",
    "docx": "docx",
    "sheet": "sheet",
    "office": "office",
    "ofd": "ofd",
    "text": "text",
}


def read(data: bytes, name: str) -> Document:
    """What the file says; ``name`` is used in messages only.

    Raises:
        ReadError: code ``READ-…`` and what to do: the file is empty, of a kind that holds no report,
            damaged, encrypted, over a limit, or needs a program that is not installed.
    """
    from gongkai_etl.read.kind import kind_of

    module = import_module(f"{__name__}.{_MODULES[kind_of(data, name)]}")
    document: Document = module.read(data, name)
    return document
