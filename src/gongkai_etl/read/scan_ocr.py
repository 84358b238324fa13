"""The OCR engine: where text stands on an image, and what it says. Models come with rapidocr's wheel."""

from __future__ import annotations

import math
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from gongkai_etl.errors import ReadError
from gongkai_etl.read.scan_bands import in_bands

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Image = NDArray[Any]
    Quads = NDArray[np.float32]

_LOCK = threading.Lock()
_HEIGHT = 48
_WIDTHS = (64, 96, 128, 192, 256, 320, 448, 640, 896, 1280, 1920)
_MARGIN = 12
_BATCH_PIXELS = 2600
_THREADS = 2


@dataclass(frozen=True, slots=True)
class Recognised:
    """The text of one image strip, and how sure the model is of its least sure character (0..1)."""

    text: str
    confidence: float


@cache
def engine() -> Any:
    """rapidocr, made once a process. Raises ReadError READ-OCR-MISSING without the extra ``ocr``."""
    try:
        import cv2  # noqa: F401 - rapidocr needs it, and so do we
        import onnxruntime  # noqa: F401
        from rapidocr import RapidOCR
    except ImportError as error:
        raise ReadError(
            "READ-OCR-MISSING",
            "这是扫描件或图片，需要文字识别组件才能读取。请运行 pip install 'gongkai-etl[ocr]' 安装后重试，"
            "或改交可以选中文字的电子版（Word、网页或直接导出的PDF）。",
        ) from error
    return RapidOCR(
        params={"Global.log_level": "critical", "EngineConfig.onnxruntime.intra_op_num_threads": _THREADS}
    )


def find_text(image: Image) -> Quads:
    """The four corners (pixels, clockwise from the top left) of each line of text: (n, 4, 2)."""
    return in_bands(image, _find)


def _find(image: Image) -> Quads:
    import numpy as np

    detector = engine()._load_det_model()
    with _LOCK:
        found = detector(image)
    if found.boxes is None or not len(found.boxes):
        return np.zeros((0, 4, 2), dtype=np.float32)
    return np.asarray(found.boxes, dtype=np.float32)


def upside_down(strips: Sequence[Image]) -> bool:
    """Whether most of these strips of text stand on their heads."""
    if not strips:
        return False
    classifier = engine()._load_cls_model()
    with _LOCK:
        verdicts = classifier(list(strips)).cls_res
    sure: list[str] = [label for label, score in verdicts if score > 0.6]
    return 2 * sum(label == "180" for label in sure) > len(sure)


def recognise(strips: Sequence[Image], only: str = "") -> list[Recognised]:
    """Read strips of one line of text each, strips of like width together; ``only`` these characters, if given."""
    model = engine()._load_rec_model()
    groups: dict[int, list[int]] = {}
    for index, strip in enumerate(strips):
        groups.setdefault(_width(strip), []).append(index)
    results = [Recognised("", 0.0)] * len(strips)
    for width, indices in groups.items():
        step = max(1, _BATCH_PIXELS // width)
        for start in range(0, len(indices), step):
            part = indices[start : start + step]
            for index, result in zip(part, _read(model, [strips[i] for i in part], width, only), strict=True):
                results[index] = result
    return results


def _width(strip: Image) -> int:
    height, width = strip.shape[:2]
    wanted = math.ceil(width * _HEIGHT / max(height, 1)) + _MARGIN
    return next((w for w in _WIDTHS if w >= wanted), _WIDTHS[-1])


def _read(model: Any, strips: Sequence[Image], width: int, only: str) -> list[Recognised]:
    import cv2
    import numpy as np

    batch = np.zeros((len(strips), 3, _HEIGHT, width), dtype=np.float32)
    for row, strip in enumerate(strips):
        own = min(math.ceil(strip.shape[1] * _HEIGHT / max(strip.shape[0], 1)), width)
        method = cv2.INTER_AREA if strip.shape[0] > _HEIGHT else cv2.INTER_CUBIC
        small = cv2.resize(strip, (max(own, 1), _HEIGHT), interpolation=method)
        batch[row, :, :, : small.shape[1]] = small.astype(np.float32).transpose(2, 0, 1) / 127.5 - 1.0
    with _LOCK:
        scores = model.session(batch)
    if only:
        characters = model.postprocess_op.character
        scores = scores * np.array([not code or c in only for code, c in enumerate(characters)], dtype=np.float32)
    best, sure = scores.argmax(axis=2), scores.max(axis=2)
    return [_decode(model.postprocess_op.character, best[row], sure[row]) for row in range(len(strips))]


def _decode(characters: Sequence[str], best: Any, sure: Any) -> Recognised:
    """CTC: repeated steps are one character, step 0 is none."""
    text, scores, before = "", list[float](), 0
    for code, score in zip(best.tolist(), sure.tolist(), strict=True):
        if code and code != before:
            text += characters[code]
            scores.append(score)
        elif code and scores:
            scores[-1] = max(scores[-1], score)
        before = code
    kept = [score for character, score in zip(text, scores, strict=True) if character != " "]
    return Recognised(text.strip(), round(min(kept, default=0.0), 4))
