"""Several readings → one cell with its proof: agreed, borne out by identities, or openly uncertain."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from gongkai_etl.extract.identities import holds, identities
from gongkai_etl.extract.numbers import Figure, parse
from gongkai_etl.extract.overprinted import cast_doubt
from gongkai_etl.extract.recognised import choose, prove_own
from gongkai_etl.extract.tables import Reading, Seen
from gongkai_etl.form import TABLES, Kind, table_form
from gongkai_etl.form import editions as form_editions
from gongkai_etl.model import Cell, CellState, Page, ReadingNote

READERS = {
    "grid": "表格线",
    "aligned": "文字位置",
    "level": "行列对齐",
    "lines": "文字顺序",
    "arbiter": "第三种读法",
    "markup": "表格单元格",
}

_DIFFER = "几种读法不一致"
_MAJORITY = "多数读法一致，但有一种读法不同，须由勾稽关系印证"
_TWICE = "文件里同样的表不止一张，这一格的数字不同"
_DIGITS = re.compile(r"[\d\s.,，、/+-]+")
"""A text that is no figure although it holds nothing else: some of it is not of the figure."""
_LATIN = re.compile("[A-Za-z]")
_LETTERS = "格内是字母而不是数字，字库可能有误，须核对原件"
_TELLING = (CellState.NUMBER, CellState.NOT_APPLICABLE)
_UNREAD = "表中有此格，但没有读到数字：此处没有文字，或文字不全、连在一起，或这一行缺了格、分不清各属哪一栏"
_WRAPPED = "数字中间有空格、分在两行或被印章压住，须由勾稽关系印证"


@dataclass(slots=True)
class Vote:
    """What one reading says about one cell."""

    reader: str
    seen: Seen
    figure: Figure


def cell_kinds(editions: Mapping[str, str | None]) -> dict[str, Kind]:
    """The keys of the form in the given edition of each table, with the kind of each figure."""
    kinds: dict[str, Kind] = {}
    for table, name in editions.items():
        kinds |= _kinds(table, name or "2021")
    return kinds


@cache
def _kinds(table: str, name: str) -> dict[str, Kind]:
    return {key: column.kind for key, _, _, column in table_form(table, name).cells()}


def prove(
    readings: Sequence[Reading],
    editions: Mapping[str, str | None],
    *,
    ask: Callable[[Collection[str]], Reading | None] | None = None,
    structural: bool = False,
    always: bool = False,
    overprint: str = "",
    pages: Sequence[Page] = (),
) -> tuple[dict[str, Cell], list[ReadingNote]]:
    """All cells of the form with value, state, place and certainty, and notes on disagreements.

    ``structural`` says that cell borders are part of the format (HTML, DOCX, sheets): then one
    reading of a cell whose labels are sure is enough. ``ask`` gives the arbiter's reading of
    tables; it is called for those in which readings differ, a cell stays uncertain or an identity fails
    (``always``: for all). ``overprint`` are the unit's and the signer's names: their characters in a
    figure's cell are those of a seal. ``pages`` tell on which figures other characters of seals and watermarks
    may lie.
    """
    seen = {key for reading in readings for key in reading.cells}
    kinds = cell_kinds(editions) | {
        key: kind
        for name in form_editions()
        for key, kind in cell_kinds(dict.fromkeys(editions, name)).items()
        if key in seen
    }

    def proven(said: Sequence[Reading]) -> dict[str, Cell]:
        found = _decide(kinds, said, structural, overprint)
        cast_doubt(found, pages)
        _by_identities(found, editions)
        _by_pictures(found, kinds, readings, editions)
        return found

    cells = proven(readings)
    asked = TABLES if always else _doubtful(cells, editions)
    if ask is not None and asked:
        third = ask(asked)
        if third is not None and third.cells:
            cells = proven([*readings, third])
    _contest(cells, readings)
    return cells, _notes(cells)


def _doubtful(cells: Mapping[str, Cell], editions: Mapping[str, str | None]) -> set[str]:
    """The tables with an uncertain cell or an identity that fails; rows that a form may lack are no doubt."""
    lacking = {
        key
        for table, name in editions.items()
        for key, _, row, _ in table_form(table, name or "2021").cells()
        if row.optional and cells[key].state is CellState.ABSENT
    }
    uncertain = {
        key[:2] for key, cell in cells.items() if not cell.certain and key not in lacking and editions.get(key[:2])
    }
    return uncertain | {identity.table for identity in identities(editions) if holds(identity, cells) is False}


def _decide(
    kinds: Mapping[str, Kind], readings: Sequence[Reading], structural: bool, overprint: str
) -> dict[str, Cell]:
    votes = {
        key: [
            Vote(reading.name, seen, _figure(seen.slot.text, kind, overprint))
            for reading in readings
            if (seen := reading.cells.get(key)) is not None
        ]
        for key, kind in kinds.items()
    }
    cells = {key: _cell(said, structural) for key, said in votes.items()}
    for row in _rows_in_doubt(cells):
        for reader in dict.fromkeys(vote.reader for key in row for vote in votes[key]):
            own = {key: [vote for vote in votes[key] if vote.reader == reader] for key in row}
            if all(own.values()) and _adds_up(row, {key: said[0].figure for key, said in own.items()}):
                doubtful = [key for key in row if not cells[key].certain]
                cells |= {key: replace(_cell(own[key], False), readings=cells[key].readings) for key in doubtful}
                break
    return cells


def _figure(text: str | None, kind: Kind, overprint: str) -> Figure:
    figure = parse(text, kind)
    if figure.state is not CellState.TEXT or not overprint or not text:
        return figure
    left = "".join(character for character in text if character not in overprint + "★☆")
    under = parse(left, kind) if left.strip() and left != text else figure
    return replace(under, joined=True) if under.state is CellState.NUMBER else figure


def _rows_in_doubt(cells: Mapping[str, Cell]) -> list[tuple[str, ...]]:
    """Rows of table 三 (the total last) in which readings differ without a majority."""
    rows: dict[str, list[str]] = {}
    for key in cells:
        if key.startswith("t3."):
            rows.setdefault(key.rpartition(".")[0], []).append(key)
    return [tuple(row) for row in rows.values() if any(cells[key].reason == _DIFFER for key in row)]


def _adds_up(row: Sequence[str], figures: Mapping[str, Figure]) -> bool:
    *parts, total = (int(figures[key].value or 0) for key in row)
    return total > 0 and sum(parts) == total


def _cell(votes: Sequence[Vote], structural: bool) -> Cell:
    read = [vote for vote in votes if vote.figure.state is not CellState.UNREAD]
    if any(vote.figure.state is CellState.NUMBER for vote in read):  # cells run together say nothing
        read = [vote for vote in read if vote.figure.state is not CellState.TEXT or vote.reader == "markup"]
    whole = {part for vote in read if _is_wrapped(vote) for part in (vote.seen.slot.text or "").split()}
    if whole and not any(map(_is_picture_of_cell, read)):
        # Who saw only one line of a figure on two lines does not speak against it.
        read = [vote for vote in read if _is_wrapped(vote) or (vote.seen.slot.text or "").strip() not in whole]
    if not read:
        state = CellState.UNREAD if votes else CellState.ABSENT
        reason = _UNREAD if votes else "文件中没有这一行或这一列"
        return Cell(None, None, state, certain=False, reason=reason)
    groups: dict[tuple[object, CellState], list[Vote]] = {}
    for vote in read:
        groups.setdefault((vote.figure.value, vote.figure.state), []).append(vote)
    agreed = max(groups.values(), key=len)
    best = agreed[0]
    certain, reason = _verdict(agreed, len(groups), structural)
    return Cell(
        value=best.figure.value,
        raw=best.seen.slot.text,
        state=best.figure.state,
        page=best.seen.slot.page,
        bbox=next((vote.seen.slot.box for vote in agreed if vote.seen.slot.box), None) or best.seen.slot.address,
        reader="+".join(vote.reader for vote in agreed),
        certain=certain,
        reason=reason,
        note=best.figure.note,
        confidence=best.seen.slot.confidence,
        readings={READERS.get(vote.reader, vote.reader): vote.seen.slot.text or "" for vote in read}
        if len(groups) > 1
        else {},
    )


def _is_in_its_cell(agreed: Sequence[Vote]) -> bool:
    """Whether a figure on two lines is read alike from its drawn cell and from where its lines stand."""
    sure = {vote.reader for vote in agreed if vote.seen.sure and "\n" in (vote.seen.slot.text or "")}
    return {"grid", "aligned"} <= sure


def _is_wrapped(vote: Vote) -> bool:
    """Whether a figure stood on two lines; the arbiter's lines can be those of a watermark."""
    return vote.figure.joined and "\n" in (vote.seen.slot.text or "") and vote.reader != "arbiter"


def _is_picture_of_cell(vote: Vote) -> bool:
    """Whether the picture of a drawn cell was read: all that stands in the cell, nothing of the next."""
    return vote.reader == "grid" and vote.seen.slot.confidence is not None


def _verdict(agreed: Sequence[Vote], opinions: int, structural: bool) -> tuple[bool, str]:
    """Whether a figure is certain by the readings that agree on it, out of so many opinions, and why.

    A majority without the drawn cells among it is as blind to where a row begins as the others; so is the
    arbiter, which is never the only one that is sure.
    """
    best = agreed[0]
    if best.seen.slot.confidence is not None:
        return False, "文字识别所得，须由勾稽关系印证"
    if opinions > 1 and len(agreed) == 1:
        return False, _DIFFER
    if best.figure.state is CellState.TEXT and _LATIN.search(best.seen.slot.text or ""):
        return False, _LETTERS
    if best.figure.joined and not _is_in_its_cell(agreed):
        return False, _WRAPPED
    if best.figure.state is CellState.TEXT and _DIGITS.fullmatch(best.seen.slot.text or ""):
        return False, _WRAPPED
    if opinions > 1 and all(vote.reader not in ("grid", "level") for vote in agreed):
        return False, _MAJORITY
    if not any(vote.seen.sure for vote in agreed if vote.reader != "arbiter"):
        return False, "行名或列名不完整，须由勾稽关系印证"
    if len(agreed) > 1:
        return True, "两种读法一致"
    if (structural or best.seen.slot.address) and best.seen.sure:
        return True, "单元格与行名、列名一一对应"
    return False, "只有一种读法"


def _by_identities(cells: dict[str, Cell], editions: Mapping[str, str | None]) -> None:
    """A figure read in one way only is certain when its row's and its column's identities agree.

    All columns of the row must agree: a row taken for another one still adds up by itself, and its
    noughts fit any column.
    """
    outcomes: dict[str, list[bool | None]] = {}
    for identity in identities(editions):
        result = holds(identity, cells)
        row = identity.rule.endswith("TOTAL")
        for key in identity.keys if not row or identity.table == "t3" else ():
            outcomes.setdefault(key.rpartition(".")[0], []).append(result)
    for key, cell in cells.items():
        if (
            cell.certain
            or cell.state is not CellState.NUMBER
            or (cell.readings and cell.reason not in (_WRAPPED, _MAJORITY))
        ):
            continue
        said = outcomes.get(key.rpartition(".")[0])
        if said and all(said):
            cells[key] = replace(cell, certain=True, reason="所在行、列的勾稽关系均成立")


def _by_pictures(
    cells: dict[str, Cell],
    kinds: Mapping[str, Kind],
    readings: Sequence[Reading],
    editions: Mapping[str, str | None],
) -> None:
    """What only pictures of figures have: several readings of one cell, and certainty cell by cell."""
    others = {
        key: {text: figure for text in seen.slot.others if (figure := parse(text, kinds[key])).state in _TELLING}
        for reading in readings
        for key, seen in reading.cells.items()
        if seen.slot.others and key in kinds
    }
    if others:
        choose(cells, others, editions)
        _by_identities(cells, editions)
    sure = {key for reading in readings for key, seen in reading.cells.items() if seen.sure}
    if any(cell.confidence is not None for cell in cells.values()):
        prove_own(cells, sure, editions)


def _contest(cells: dict[str, Cell], readings: Sequence[Reading]) -> None:
    """A figure that another table of the same kind gives otherwise is nobody's to choose."""
    for reading in readings:
        for key, text in reading.rivals.items():
            said = {"前一张表": cells[key].raw or "", "另一张表": text}
            cells[key] = replace(cells[key], certain=False, reason=_TWICE, readings=said)


def _notes(cells: Mapping[str, Cell]) -> list[ReadingNote]:
    notes = []
    twice = tuple(key for key, cell in cells.items() if cell.reason == _TWICE)
    if twice:
        message = (
            f"文件里同样的表不止一张，有{len(twice)}格的数字不同，暂按前一张读取，请核对哪一张是本年度本单位的。"
        )
        notes.append(ReadingNote("READ-DISAGREEMENT", message, twice))
    for key, cell in cells.items():
        if cell.readings and not cell.certain and cell.reason != _TWICE:
            said = "，".join(f"按{reader}读为“{text}”" for reader, text in cell.readings.items())
            notes.append(ReadingNote("READ-DISAGREEMENT", f"同一格读法不一致：{said}，请核对原件。", (key,)))
    return notes
