"""The roster of units: CSV or XLSX as offices keep it → checked :class:`~gongkai_etl.model.Unit` rows.

Headers may be English or Chinese (``columns.yaml``); only the name is required.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from gongkai_etl.collect.fields import aliases_of, date_of, due_of, mail_of
from gongkai_etl.collect.sheets import Row, rows_of, write_csv, write_xlsx
from gongkai_etl.errors import RosterError
from gongkai_etl.model import Unit
from gongkai_etl.text import squeeze

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.\-]{0,63}")


@cache
def words() -> dict[str, Any]:
    """The contents of ``columns.yaml``: header words, kinds, endings."""
    data: dict[str, Any] = yaml.safe_load(files(__package__).joinpath("columns.yaml").read_text("utf-8"))
    return data


def load(source: Path | str | bytes) -> tuple[Unit, ...]:
    """The units of a roster file (path, or the bytes of one), in its order.

    Raises RosterError naming row, column and what is wrong; all faults of the file are listed.
    """
    data = source if isinstance(source, bytes) else _bytes(Path(source))
    rows = rows_of(data, _header)
    faults: list[str] = []
    units = [_unit(row, faults) for row in rows]
    if not units:
        raise RosterError("ROSTER-EMPTY", "名册里没有单位：请在表头下面每行填写一个单位，至少填写单位名称。")
    found = _parents(units, rows, faults)
    _distinct(found, rows, faults)
    if faults:
        raise RosterError("ROSTER-INVALID", "名册有误：" + "；".join(faults) + "。")
    return found


def active(units: Sequence[Unit], year: int) -> tuple[Unit, ...]:
    """The units that owe a report for ``year``: those in being on 31 December of that year."""
    day = date(year, 12, 31)
    return tuple(u for u in units if (u.valid_from or day) <= day <= (u.valid_to or day))


def county(units: Sequence[Unit]) -> Unit | None:
    """The row of the county itself: the one of kind 县, else the one above others that has nobody above it."""
    above = {unit.parent for unit in units}
    kinds = [unit for unit in units if unit.kind == "县"]
    tops = [unit for unit in units if unit.parent is None and unit.code in above]
    for found in (kinds, tops):
        if len(found) == 1:
            return found[0]
    return None


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise RosterError("ROSTER-MISSING", f"名册文件打不开：{path}（{error.strerror}）。") from error


@cache
def _headers() -> dict[str, str]:
    columns: Mapping[str, Sequence[str]] = words()["columns"]
    return {squeeze(label).lower(): key for key, labels in columns.items() for label in (key, *labels)}


def _header(cells: Sequence[str]) -> dict[int, str] | None:
    """Column number → field, when these cells are a roster's header (they name the unit)."""
    found: dict[int, str] = {}
    for number, text in enumerate(cells):
        field = _headers().get(squeeze(text).lower().strip("*:"))
        if field is not None and field not in found.values():
            found[number] = field
    return found if "name" in found.values() else None


def _unit(row: Row, faults: list[str]) -> Unit:
    get = row.values.get
    name = squeeze(get("name", ""))
    if not name:
        faults.append(row.place("name") + "没有单位名称")
    kind = squeeze(get("kind", "")) or _kind(name)
    return Unit(
        code=_code(row, name, faults),
        name=name,
        kind=_usual(kind),
        aliases=aliases_of(get("aliases", ""), name),
        parent=squeeze(get("parent", "")) or None,
        valid_from=date_of(row, "valid_from", faults),
        valid_to=date_of(row, "valid_to", faults),
        change_reason=get("change_reason", "").strip() or None,
        email=mail_of(row, faults),
        source=get("source", "").strip() or None,
        due=due_of(row, faults),
    )


def _usual(kind: str) -> str:
    """The one word for the county itself, for its own office; any other kind as it is written."""
    for word, known in (("县", "county_kinds"), ("政府办", "own_kinds")):
        if kind in words()[known]:
            return word
    return kind


def _kind(name: str) -> str:
    for kind, endings in words()["kinds_by_ending"]:
        if name.endswith(tuple(endings)):
            return str(kind)
    return str(words()["default_kind"])


def _code(row: Row, name: str, faults: list[str]) -> str:
    code = squeeze(row.values.get("code", ""))
    if not code:
        return "U" + hashlib.sha256(name.encode()).hexdigest()[:8]
    if not _CODE.fullmatch(code):
        faults.append(row.place("code") + f"“{code}”只能由字母、数字、点、横线组成，最长64个")
    return code


def _parents(units: Sequence[Unit], rows: Sequence[Row], faults: list[str]) -> tuple[Unit, ...]:
    """``parent`` given as code or name → as code; unknown parents and circles are faults."""
    codes = {unit.code: unit.code for unit in units} | {unit.name: unit.code for unit in units}
    found = []
    for unit, row in zip(units, rows, strict=True):
        parent = codes.get(unit.parent) if unit.parent else None
        if unit.parent and parent is None:
            faults.append(row.place("parent") + f"上级“{unit.parent}”不在名册里")
        found.append(replace(unit, parent=parent))
    above = {unit.code: unit.parent for unit in found}
    for unit, row in zip(found, rows, strict=True):
        seen, up = {unit.code}, unit.parent
        while up is not None and up not in seen:
            seen.add(up)
            up = above.get(up)
        if up == unit.code:
            faults.append(row.place("parent") + f"“{unit.name}”成了自己的上级")
    return tuple(found)


def _distinct(units: Sequence[Unit], rows: Sequence[Row], faults: list[str]) -> None:
    """Codes are unique; a name or alias means one unit at a time; validity does not end before it begins."""
    codes: dict[str, tuple[Unit, Row]] = {}
    names: dict[str, list[tuple[Unit, Row]]] = {}
    for unit, row in zip(units, rows, strict=True):
        if unit.code in codes:
            twin, at = codes[unit.code]
            if not (twin.name == unit.name and _overlap(unit, twin)):  # else told as a name given twice
                faults.append(row.place("code") + f"代码“{unit.code}”与第{at.number}行重复")
        codes.setdefault(unit.code, (unit, row))
        if unit.valid_from and unit.valid_to and unit.valid_to < unit.valid_from:
            faults.append(row.place("valid_to") + "停用日期早于启用日期")
        for name in filter(None, unit.names):
            for other, earlier in names.get(name, []):
                if other is not unit and _overlap(unit, other):
                    place = row.place("name" if name == unit.name else "aliases")
                    faults.append(place + f"“{name}”与第{earlier.number}行重复")
            names.setdefault(name, []).append((unit, row))


def _overlap(one: Unit, other: Unit) -> bool:
    first, last = date.min, date.max
    return (one.valid_from or first) <= (other.valid_to or last) and (other.valid_from or first) <= (
        one.valid_to or last
    )


def dump(units: Sequence[Unit], form: str) -> bytes:
    """The roster as office file: ``form`` is ``csv`` or ``xlsx``. :func:`load` gives the same units back.

    Raises RosterError for any other form.
    """
    titles = [labels[0] for labels in words()["columns"].values()]
    rows = [[_cell(getattr(unit, field)) for field in words()["columns"]] for unit in units]
    if form == "csv":
        return write_csv(titles, rows)
    if form == "xlsx":
        return write_xlsx(titles, rows, "单位名册")
    raise RosterError("ROSTER-FORM", f"名册只能存为 .csv 或 .xlsx，不能存为“.{form}”。")


def _cell(value: object) -> str:
    if isinstance(value, tuple):
        return f"{value[0]}月{value[1]}日" if value and isinstance(value[0], int) else "、".join(value)
    return "" if value is None else str(value)
