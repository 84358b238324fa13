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
        most = settings().read_max_scanned
        if count > most and (scanned := sum(_is_scanned(document, index) for index in range(count))) > most:
            raise ReadError(
                "READ-PAGES", f"“{name}”有{scanned}页扫描件，超过每份{most}页的上限。请只上传年度报告本身。"
            )
        yield document, count
    finally:
        pdfium.FPDF_CloseDocument(document)


def _is_scanned(document: Any, index: int) -> bool:
    """Whether something is drawn on a page and nothing written."""
    page = pdfium.FPDF_LoadPage(document, index)
    if not page:
        return False
    text = pdfium.FPDFText_LoadPage(page)
    try:
        return bool(pdfium.FPDFPage_CountObjects(page) > 0 and pdfium.FPDFText_CountChars(text) <= 0)
    finally:
        pdfium.FPDFText_ClosePage(text)
        pdfium.FPDF_ClosePage(page)
