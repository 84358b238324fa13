"""Bytes of a file → :class:`~gongkai_etl.model.Document`: the format is seen from the content, never the name.

Each format has a module with ``read(data, name)``, imported only when a file of its kind comes.
"""

from __future__ import annotations

import logging
from importlib import import_module

from gongkai_etl.errors import GongkaiError, ReadError
from gongkai_etl.model import Document, Paragraph

_log = logging.getLogger(__name__)

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

_MOST_TABLES = 2000
"""A report has three tables, in a long file cut up by its pages into some dozens."""
_MOST_CELLS = 100_000
"""Of all tables; those of a report have four hundred."""
_MOST_TEXT = 400_000
"""Characters outside tables; a county's report has some twenty thousand."""


def read(data: bytes, name: str) -> Document:
    """What the file says; ``name`` is used in messages only.

    Raises:
        ReadError: code ``READ-…`` and what to do: the file is empty, of a kind that holds no report,
            damaged, encrypted, over a limit, or needs a program that is not installed. What a reader did
            not foresee becomes ``READ-CRASHED`` and goes to the log.
        MemoryError: the memory allowed to this process is used up.
    """
    from gongkai_etl.read.kind import kind_of

    try:
        module = import_module(f"{__name__}.{_MODULES[kind_of(data, name)]}")
        document: Document = module.read(data, name)
        if excess := _excess(document):
            raise ReadError(
                "READ-UNSAFE", f"{name}：{excess}异常多，为安全起见没有读取。请向报送单位核实文件来源。"
            )
    except GongkaiError as error:
        if name in error.message:
            raise
        raise type(error)(error.code, f"{name}：{error.message}") from error
    except MemoryError:
        raise
    except RecursionError as error:
        raise ReadError(
            "READ-UNSAFE", f"{name}：文件的内容层层嵌套，超出限制，没有读取。请让报送单位重新导出后报送。"
        ) from error
    except Exception as error:
        if _lacks_memory(error):
            raise MemoryError from error
        _log.warning("reading %s failed", name, exc_info=True)
        raise ReadError(
            "READ-CRASHED",
            f"{name}：读取时出错，文件可能已损坏。请让报送单位重新导出；仍然不行时，请把文件和日志交给维护人员。",
        ) from error
    return document


def _excess(document: Document) -> str | None:
    """Of what there is far more than in any report: what comes after the reading would take too long."""
    if len(document.grids) > _MOST_TABLES:
        return "表格的数量"
    if sum(len(grid.cells) for grid in document.grids) > _MOST_CELLS:
        return "表格的格数"
    paragraphs = (len(block.text) for block in document.blocks if isinstance(block, Paragraph))
    return "文字" if sum(paragraphs) > _MOST_TEXT else None


def _lacks_memory(error: BaseException | None) -> bool:
    """Whether a library said in words of its own (OpenCV, the recogniser) that it got no memory."""
    while error is not None:
        words = str(error).lower()
        if "insufficient memory" in words or "bad_alloc" in words or "allocate memory" in words:
            return True
        error = error.__cause__
    return False
