"""Scans and photographs of printed pages: pictures wrapped into a PDF without a text layer."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import pypdfium2
from PIL import Image

Pixels = Any


@dataclass(frozen=True)
class Scanner:
    """A device: resolution in dpi, skew in degrees, noise and blur in pixels, JPEG quality."""

    dpi: int = 200
    skew: float = 0.0
    noise: float = 4.0
    blur: float = 0.0
    quality: int = 75
    shadow: float = 0.0
    bend: float = 0.0
    grey: bool = True
    specks: int = 0


SCANNERS: dict[str, Scanner] = {
    "clean": Scanner(dpi=200, noise=1.5, quality=85),
    "skewed": Scanner(skew=1.3),
    "skewed_low": Scanner(dpi=150, skew=-1.8, noise=6),
    "noisy": Scanner(dpi=180, noise=14, specks=400),
    "blurred": Scanner(dpi=200, blur=1.0, quality=60),
    "copied": Scanner(dpi=200, noise=8, blur=0.6, specks=900, skew=0.6),
    "photo": Scanner(dpi=200, skew=0.8, shadow=0.45, bend=0.02, grey=False),
    "photo_dark": Scanner(dpi=220, skew=-1.0, shadow=0.6, bend=0.035, grey=False, noise=7),
}


def scan(pdf: bytes, name: str = "skewed", seed: int = 0) -> bytes:
    """An image-only PDF of the pages of ``pdf`` as the device ``name`` (a key of SCANNERS) sees them."""
    device = SCANNERS[name]
    rng = np.random.default_rng(seed)
    document = pypdfium2.PdfDocument(pdf)
    pages = []
    for number in range(len(document)):
        page = document[number]
        picture = np.asarray(page.render(scale=device.dpi / 72).to_pil().convert("RGB"))
        pages.append(_jpeg(_seen(picture, device, rng), device))
    first, *rest = (Image.open(io.BytesIO(page)) for page in pages)
    out = io.BytesIO()
    first.save(out, "PDF", save_all=True, append_images=rest, resolution=device.dpi, quality=device.quality)
    return out.getvalue()


def _seen(picture: Pixels, device: Scanner, rng: np.random.Generator) -> Pixels:
    picture = picture.astype(np.float32)
    height, width = picture.shape[:2]
    if device.bend:
        picture = _perspective(picture, device.bend, rng)
    if device.skew:
        angle = device.skew * float(rng.choice([-1, 1]))
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
        picture = cv2.warpAffine(picture, turn, (width, height), borderValue=(250, 250, 250))
    if device.blur:
        picture = cv2.GaussianBlur(picture, (0, 0), device.blur)
    for _ in range(device.specks):
        at = (int(rng.integers(width)), int(rng.integers(height)))
        cv2.circle(picture, at, int(rng.integers(1, 3)), (60.0, 60.0, 60.0), -1)
    if device.shadow:
        falloff = np.linspace(1.0, 1.0 - device.shadow, width, dtype=np.float32)
        picture = picture * (falloff[None, :, None] if rng.random() < 0.5 else falloff[None, ::-1, None])
    picture = picture * 0.94 + 8 + rng.normal(0, device.noise, picture.shape[:2]).astype(np.float32)[..., None]
    return np.clip(picture, 0, 255).astype(np.uint8)


def _perspective(picture: Pixels, bend: float, rng: np.random.Generator) -> Pixels:
    """The page as a hand-held camera sees it, on a darker table."""
    height, width = picture.shape[:2]
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    inset = rng.uniform(0.2, 1.0, (4, 2)).astype(np.float32) * bend
    signs = np.array([[1, 1], [-1, 1], [-1, -1], [1, -1]], np.float32)
    moved = corners + signs * inset * np.array([width, height], np.float32)
    matrix = cv2.getPerspectiveTransform(corners, moved.astype(np.float32))
    return cv2.warpPerspective(picture, matrix, (width, height), borderValue=(120, 110, 100))


def _jpeg(picture: Pixels, device: Scanner) -> bytes:
    image = Image.fromarray(picture)
    out = io.BytesIO()
    (image.convert("L") if device.grey else image).save(out, "JPEG", quality=device.quality)
    return out.getvalue()
