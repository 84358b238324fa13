"""What people typed into form fields and text notes, made part of the page."""

from __future__ import annotations

from typing import Any

import pypdfium2.raw as pdfium

from gongkai_etl.errors import ReadError

_FIELDS = (pdfium.FPDF_FORMFIELD_TEXTFIELD, pdfium.FPDF_FORMFIELD_COMBOBOX, pdfium.FPDF_FORMFIELD_LISTBOX)
_MOST_NOTES = 2000


def page_with_fields(document: Any, index: int) -> tuple[Any, int | None]:
    """The open page (0-based), and the number of its first object that comes from a field, if any does.

    Stamps, signatures and remarks are left out. A text note is kept, but not counted as a field.
    Raises ReadError READ-DAMAGED, READ-UNSAFE.
    """
    page = pdfium.FPDF_LoadPage(document, index)
    first = None
    if page and any(kind in (pdfium.FPDF_ANNOT_WIDGET, pdfium.FPDF_ANNOT_FREETEXT) for kind in _kinds(page)):
        first = _flattened(document, page)
        page = pdfium.FPDF_LoadPage(document, index)
    if not page:
        raise ReadError("READ-DAMAGED", f"文件第{index + 1}页已损坏，无法打开。请重新导出或重新下载后再上传。")
    return page, first


def _kinds(page: Any) -> list[int]:
    """The kinds of the notes on a page. Closes a page that has too many and raises ReadError READ-UNSAFE."""
    count = pdfium.FPDFPage_GetAnnotCount(page)
    if count > _MOST_NOTES:
        pdfium.FPDF_ClosePage(page)
        raise ReadError(
            "READ-UNSAFE", f"一页有{count}个批注或表单域，为安全起见没有读取。请向报送单位核实文件来源。"
        )
    found = []
    for number in range(count):
        note = pdfium.FPDFPage_GetAnnot(page, number)
        found.append(int(pdfium.FPDFAnnot_GetSubtype(note)) if note else 0)
        pdfium.FPDFPage_CloseAnnot(note)
    return found


def _flattened(document: Any, page: Any) -> int | None:
    """Draw fields and text notes onto a page and close it; PDFium makes the looks of fields that have none."""
    info = pdfium.FPDF_FORMFILLINFO(version=2)
    form = pdfium.FPDFDOC_InitFormFillEnvironment(document, info)
    try:
        if form:
            pdfium.FORM_OnAfterLoadPage(page, form)
        kinds = _kinds(page)
        for number in range(len(kinds) - 1, -1, -1):
            if kinds[number] != pdfium.FPDF_ANNOT_FREETEXT and not _is_field(page, form, number):
                pdfium.FPDFPage_RemoveAnnot(page, number)
        count = int(pdfium.FPDFPage_CountObjects(page))
        pdfium.FPDFPage_Flatten(page, pdfium.FLAT_NORMALDISPLAY)
        if form:
            pdfium.FORM_OnBeforeClosePage(page, form)
        pdfium.FPDF_ClosePage(page)
        return None if pdfium.FPDF_ANNOT_FREETEXT in kinds else count
    finally:
        if form:
            pdfium.FPDFDOC_ExitFormFillEnvironment(form)


def _is_field(page: Any, form: Any, number: int) -> bool:
    note = pdfium.FPDFPage_GetAnnot(page, number)
    try:
        return bool(note and form) and int(pdfium.FPDFAnnot_GetFormFieldType(form, note)) in _FIELDS
    finally:
        pdfium.FPDFPage_CloseAnnot(note)
