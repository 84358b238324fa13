"""Two readings of one report side by side: page against attachment, and before against after publication."""

from __future__ import annotations

from dataclasses import dataclass

from gongkai_etl.form import SECTIONS, cell_labels, editions
from gongkai_etl.model import Cell, CellState, Finding, Report
from gongkai_etl.text import squeeze

_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure that is not the same on both sides, as printed."""

    key: str
    left: str
    right: str

    @property
    def place(self) -> str:
        """Its place on the form in words."""
        return label(self.key)


def label(key: str) -> str:
    """表三「…」行「…」列 for a cell key of any edition; the key itself when no form has it."""
    return next((cell_labels(name)[key] for name in editions() if key in cell_labels(name)), key)


def figures(left: Report, right: Report) -> tuple[Difference, ...]:
    """The figures that differ, in the order of the form; what one side could not read is not compared."""
    found = []
    for key in [*left.cells, *(key for key in right.cells if key not in left.cells)]:
        one, other = left.cells.get(key), right.cells.get(key)
        if one is None or other is None or not (_read(one) and _read(other)) or _same(one, other):
            continue
        found.append(Difference(key, _printed(one), _printed(other)))
    return tuple(found)


def sections(left: Report, right: Report) -> tuple[int, ...]:
    """The sections whose words differ."""
    numbers = (str(number) for number in SECTIONS)
    return tuple(
        int(n) for n in numbers if squeeze(left.sections.get(n, "")) != squeeze(right.sections.get(n, ""))
    )


def page_against_file(page: Report, file: Report, name: str) -> Finding | None:
    """A finding when the web page and its attachment do not say the same."""
    different = figures(page, file)
    if not different:
        return None
    message = f"网页与附件“{name}”有{len(different)}处数字不一致"
    return _finding("ID-PAGE-FILE", message, different, "请以盖章的文件为准核对，并更正其中一份。")


def changed(before: Report, after: Report) -> Finding | None:
    """A finding that shows what changed since the report was collected; None when nothing that counts did."""
    different, texts = figures(before, after), sections(before, after)
    if not different and not texts:
        return None
    told = [f"{len(different)}处数字"] if different else []
    told += ["第" + "、".join("一二三四五六"[n - 1] for n in texts) + "部分的文字"] if texts else []
    message = f"公开后的报告被改动：{'和'.join(told)}与收集时不同"
    return _finding("ID-CHANGED", message, different, "请向单位了解改动原因，核对后重新审核。")


def _finding(rule: str, message: str, different: tuple[Difference, ...], advice: str) -> Finding:
    shown = different[:_SHOWN]
    return Finding(
        rule=rule,
        severity="warning",
        message=message,
        left="；".join(f"{d.place}={d.left}" for d in shown) or None,
        right="；".join(f"{d.place}={d.right}" for d in shown) or None,
        cells=tuple(d.key for d in different),
        advice=advice,
    )


def _read(cell: Cell) -> bool:
    return cell.state not in (CellState.UNREAD, CellState.ABSENT)


def _same(one: Cell, other: Cell) -> bool:
    return one.state is other.state and (
        one.value == other.value
        if one.state is CellState.NUMBER
        else squeeze(one.raw or "") == squeeze(other.raw or "")
    )


def _printed(cell: Cell) -> str:
    return (cell.raw or "").strip() or ("空白" if cell.state is CellState.BLANK else str(cell.value))
