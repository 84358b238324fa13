"""A page of a PDF as a picture, as a person would see it."""

from __future__ import annotations

import ctypes
from typing import Any

import numpy as np
import pypdfium2.raw as pdfium
from numpy.typing import NDArray

from gongkai_etl.errors import ReadError

_MOST_PIXELS = 40_000_000
_MOST_OBJECTS = 20_000
_HUGE_IMAGE = 400_000_000
"""Pixels of one image beyond any scanner: A3 at 1200 dpi has 280 million."""


def picture(document: Any, index: int, dpi: float) -> tuple[NDArray[np.uint8], float]:
    """BGR picture of a page (0-based), annotations included, and its pixels a point. Big pages get fewer dpi."""
    page = pdfium.FPDF_LoadPage(document, index)
    if not page:
        raise ReadError("READ-DAMAGED", f"文件第{index + 1}页已损坏，无法打开。请重新导出或重新下载后再上传。")
    try:
        _refuse_huge_images(page)
        width, height = pdfium.FPDF_GetPageWidthF(page), pdfium.FPDF_GetPageHeightF(page)
        scale = min(dpi / 72, (_MOST_PIXELS / max(width * height, 1.0)) ** 0.5)
        columns, rows = max(round(width * scale), 1), max(round(height * scale), 1)
        pixels = np.full((rows, columns, 3), 255, dtype=np.uint8)
        target = pixels.ctypes.data_as(ctypes.c_void_p)
        bitmap = pdfium.FPDFBitmap_CreateEx(columns, rows, pdfium.FPDFBitmap_BGR, target, columns * 3)
        try:
            pdfium.FPDF_RenderPageBitmap(bitmap, page, 0, 0, columns, rows, 0, pdfium.FPDF_ANNOT)
        finally:
            pdfium.FPDFBitmap_Destroy(bitmap)
        return pixels, scale
    finally:
        pdfium.FPDF_ClosePage(page)


def _refuse_huge_images(page: Any) -> None:
    width, height = ctypes.c_uint(), ctypes.c_uint()
    for number in range(min(pdfium.FPDFPage_CountObjects(page), _MOST_OBJECTS)):
        item = pdfium.FPDFPage_GetObject(page, number)
        if pdfium.FPDFPageObj_GetType(item) != pdfium.FPDF_PAGEOBJ_IMAGE:
            continue
        known = pdfium.FPDFImageObj_GetImagePixelSize(item, ctypes.byref(width), ctypes.byref(height))
        if known and width.value * height.value > _HUGE_IMAGE:
            raise ReadError(
                "READ-TOO-LARGE",
                f"PDF 里有一张 {width.value}×{height.value} 像素的图片，超出限制，请按 300 dpi 重新扫描后报送。",
            )
