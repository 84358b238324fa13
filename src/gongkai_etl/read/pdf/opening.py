"""A PDF opened by PDFium, with the errors that people can do something about."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pypdfium2.raw as pdfium

from gongkai_etl.errors import ReadError
from gongkai_etl.settings import settings


@contextmanager
def opened(data: bytes, name: str) -> Iterator[tuple[Any, int]]:
    """PDFium's document and its number of pages; an empty user password is tried by PDFium itself.

    Raises ReadError READ-ENCRYPTED, READ-DAMAGED or READ-PAGES.
    """
    document = pdfium.FPDF_LoadMemDocument64(data, len(data), None)
    if not document:
        if pdfium.FPDF_GetLastError() in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY):
            raise ReadError(
                "READ-ENCRYPTED", f"“{name}”设有打开密码，无法读取。请去掉密码后重新上传，或改交未加密的文件。"
            )
        raise ReadError("READ-DAMAGED", f"“{name}”不是完整的PDF文件，可能已损坏。请重新导出或重新下载后再上传。")
    try:
        count = pdfium.FPDF_GetPageCount(document)
        most = settings().read_max_pages
        if count > most:
            raise ReadError("READ-PAGES", f"“{name}”共{count}页，超过每份{most}页的上限。请只上传年度报告本身。")
        if count < 1:
            raise ReadError("READ-DAMAGED", f"“{name}”没有任何页面。请重新导出后再上传。")
        yield document, count
    finally:
        pdfium.FPDF_CloseDocument(document)
