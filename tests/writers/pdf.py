"""PDF layouts: how Word, WPS, browsers and home-made tools set the same report."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from tests.writers.engine import Setter, Style
from tests.writers.layout import Blocks, Form, blocks, random_form
from tests.writers.surface import Paint, PdfSurface, Surface
from tests.writers.truth import Truth

WIDE = (841.9, 595.3)


@dataclass(frozen=True)
class Layout:
    """One way of setting a report as a PDF."""

    style: Style = field(default_factory=Style)
    paint: Paint = field(default_factory=Paint)
    page: tuple[float, float] = (595.3, 841.9)
    font: str = "song"
    form: Form | None = None
    watermark: str = ""
    over: bool = False
    seal: bool = False
    unicode: str = "good"  # good | shuffled | digits | missing


def _layouts() -> dict[str, Layout]:
    plain = Style()
    low = (72, 60, 72, 200)
    return {
        "ruled": Layout(),
        "ruled_filled": Layout(paint=Paint(rules="filled"), style=Style(stretch=1.4)),
        "ruled_double": Layout(paint=Paint(rules="double"), style=Style(thickness=0.4)),
        "ruled_dashed": Layout(paint=Paint(rules="dashed")),
        "parts": Layout(form=Form(parts=True, half=True)),
        "horizontal": Layout(style=replace(plain, rules="horizontal")),
        "outer": Layout(style=replace(plain, rules="outer")),
        "unruled": Layout(style=replace(plain, rules="none", pad=4)),
        "unruled_right": Layout(style=replace(plain, rules="none", align="right", size=9)),
        "landscape": Layout(page=WIDE, style=Style(size=12, body=16, stretch=1.3)),
        "repeated_head": Layout(style=Style(size=12, repeat_head=True, stretch=1.7, margin=low)),
        "pages": Layout(style=Style(stretch=2.2, number="- {page} -")),
        "cut": Layout(style=Style(cut=True, size=12, stretch=1.6)),
        "cut_open": Layout(
            style=Style(cut=True, open_ends=True, stretch=1.8, number=""), paint=Paint(rules="filled")
        ),
        "cut_low": Layout(style=Style(cut=True, size=12, margin=(60, 60, 60, 330), labels="again")),
        "cut_open_top": Layout(style=Style(cut=True, open_ends=True, top=True, stretch=2.0, margin=low)),
        "labels_again": Layout(style=Style(labels="again", stretch=1.9)),
        "labels_first": Layout(style=Style(labels="first", stretch=1.9, upright=True)),
        "watermark": Layout(watermark="内部资料 注意保存"),
        "watermark_over": Layout(watermark="样本 2026 00", over=True),
        "seal": Layout(seal=True),
        "frame": Layout(style=Style(frame=True)),
        "small": Layout(style=Style(size=7, body=10.5, pad=1)),
        "tight": Layout(style=Style(size=9, pad=0.6, leading=1.08, thickness=0.3)),
        "upright": Layout(style=Style(upright=True, size=9)),
        "bold_double": Layout(paint=Paint(bold="double")),
        "bold_stroke": Layout(paint=Paint(bold="stroke")),
        "spread": Layout(paint=Paint(spread=True)),
        "left": Layout(style=Style(align="left", top=True)),
        "right": Layout(style=Style(align="right")),
        "uneven": Layout(style=Style(widen=(0.5, 1.4, 2.2, 1.3, 0.6, 0.6, 0.8, 0.6, 0.5, 1.0), size=9)),
        "rotated": Layout(paint=Paint(rotate=90)),
        "upside_down": Layout(paint=Paint(rotate=180)),
        "encrypted": Layout(paint=Paint(encrypted=True)),
        "own_pages": Layout(style=Style(keep_pages=True)),
        "note": Layout(form=Form(note=True, intros=True)),
    }


LAYOUTS = _layouts()


def mixed(seed: int) -> Layout:
    """Any combination of what offices do, for breadth: rules, cuts, sizes, pages, marks."""
    rng = random.Random(seed)
    rules = rng.choice(("all", "all", "all", "horizontal", "none", "outer"))
    left, right = rng.uniform(35, 90), rng.uniform(35, 90)
    page = rng.choice(((595.3, 841.9), (595.3, 841.9), WIDE, (612.0, 792.0)))
    style = Style(
        size=rng.choice((7.5, 9, 10, 10.5, 12)),
        body=rng.choice((10.5, 12, 14, 16)),
        margin=(left, rng.uniform(45, 110), right, rng.uniform(55, page[1] * 0.4)),
        rules=rules,
        thickness=rng.choice((0.25, 0.5, 1.0, 1.5)),
        cut=rng.random() < 0.5,
        open_ends=rng.random() < 0.4,
        repeat_head=rng.random() < 0.25,
        labels=rng.choice(("where", "again", "first")),
        pad=rng.choice((0.8, 1.5, 2.5, 4.0)),
        leading=rng.choice((1.1, 1.25, 1.5)),
        align=rng.choice(("centre", "centre", "left", "right")),
        top=rng.random() < 0.3,
        number=rng.choice(("— {page} —", "- {page} -", "{page}", "第{page}页", "")),
        frame=rng.random() < 0.15,
        stretch=rng.uniform(1.0, 2.2),
        widen=tuple(round(width * rng.uniform(0.8, 1.3), 2) for width in (0.55, 1.15, 2.6, *[0.72] * 7)),
        upright=rng.random() < 0.3,
    )
    paint = Paint(
        rules=rng.choice(("stroke", "filled", "filled", "dashed", "double")),
        bold=rng.choice(("none", "double", "stroke")),
        spread=rng.random() < 0.3,
        rotate=rng.choice((0, 0, 0, 0, 90)),
    )
    mark = rng.choice(("", "", "内部资料 注意保存", "样本 2026 00"))
    return Layout(style, paint, page, watermark=mark, over=rng.random() < 0.5, seal=rng.random() < 0.2)


def write(
    truth: Truth, name: str = "ruled", seed: int = 0, font: str | None = None, unicode: str = "good"
) -> bytes:
    """The report as a PDF in the layout ``name`` (of LAYOUTS, or ``mixed``); the office's wording follows from ``seed``."""
    layout = replace(mixed(seed) if name == "mixed" else LAYOUTS[name], unicode=unicode)
    form = layout.form or (random_form(random.Random(seed)) if seed else Form())
    surface = PdfSurface(*layout.page, font_name=font or layout.font, paint=replace(layout.paint))
    if layout.unicode != "good":
        with _damaged_unicode(layout.unicode, seed):
            return _draw(surface, layout, blocks(truth, form), truth)
    return _draw(surface, layout, blocks(truth, form), truth)


def _draw(surface: PdfSurface, layout: Layout, content: Blocks, truth: Truth) -> bytes:
    under = _mark(layout.watermark) if layout.watermark and not layout.over else None
    setter = Setter(surface, layout.style, under)
    if layout.over:
        _over(surface, layout.watermark)
    setter.put(content)
    if layout.seal:
        surface.seal(surface.width - 150, min(setter.y - 20, surface.height - 90), truth.unit_short)
        surface.seal(200, 300, truth.unit_short)
    setter.end()
    if layout.over:
        surface.watermark(layout.watermark, 60)
    return surface.finish()


def _mark(text: str) -> Callable[[Surface, int], None]:
    def decorate(surface: Surface, page: int) -> None:
        assert isinstance(surface, PdfSurface)
        surface.watermark(text)

    return decorate


def _over(surface: PdfSurface, text: str) -> None:
    """Print the mark at the end of each page, over its text."""
    turn = surface.new_page

    def marked() -> None:
        surface.watermark(text, 60)
        turn()

    surface.new_page = marked  # type: ignore[method-assign]


class _damaged_unicode:  # noqa: N801
    """While it lasts, fonts are written with a ToUnicode map that is wrong, wrong for digits alone, or empty."""

    def __init__(self, how: str, seed: int) -> None:
        self.how, self.random = how, random.Random(seed)

    def __enter__(self) -> None:
        from reportlab.pdfbase import ttfonts

        self.kept = ttfonts.makeToUnicodeCMap

        def damaged(name: str, subset: list[int]) -> str:
            order = list(subset)
            places = [i for i, code in enumerate(order) if self.how != "digits" or chr(code).isdecimal()]
            codes = [order[i] for i in places]
            self.random.shuffle(codes)
            for place, code in zip(places, codes, strict=True):
                order[place] = code
            text = str(self.kept(name, order))
            if self.how == "missing":
                text = re.sub(r"\d+ beginbfchar.*?endbfchar\n?", "", text, flags=re.DOTALL)
            return text

        ttfonts.makeToUnicodeCMap = damaged

    def __exit__(self, *_: object) -> None:
        from reportlab.pdfbase import ttfonts

        ttfonts.makeToUnicodeCMap = self.kept
