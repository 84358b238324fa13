"""Rules on form: sections, tables, rows, what stands in the cells instead of a figure, template remains."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from gongkai_etl import form
from gongkai_etl.check.case import Case
from gongkai_etl.check.catalogue import load
from gongkai_etl.check.cell_rules import broken_count
from gongkai_etl.check.prose import excerpt, place, words
from gongkai_etl.check.registry import rule
from gongkai_etl.model import Cell, CellState, Finding

_NUMERALS = "零一二三四五六"
_NOTHING = re.compile(r"[无没有。.、,;:!(（)）一二12\s]*")
_TABLES = {
    "t2": "表二（主动公开政府信息情况）",
    "t3": "表三（收到和处理政府信息公开申请情况）",
    "t4": "表四（行政复议、行政诉讼情况）",
}


def sections_present(case: Case) -> set[int]:
    """The sections whose heading was found; none of them when the text has no headings."""
    if not case.report.headings and set(case.report.sections) <= {"0", "1"}:
        return set()
    return {int(name) for name in case.report.sections if name in "123456" and name}


def shape(case: Case) -> tuple[str, int]:
    """Whether a document is ``whole``, ``cut`` (it stops early or starts late) or ``bare`` (no tables), and
    the last section that it reaches."""
    sections, tables = sections_present(case), case.survey.tables
    last = max([*sections, *(int(table[1]) for table in tables), 0])
    report = case.report
    if not tables and not sections & {2, 3, 4}:
        return "bare", last
    headless = 1 not in sections and not report.title
    stops = last <= 4 and report.issued_on is None and report.signed_by is None
    return ("cut" if headless or stops else "whole"), last


_SEVENTH = re.compile(r"^[七八九]、[^。;；\n]{2,30}$", re.MULTILINE)


@rule("FORM-EXTRA")
def extra(case: Case) -> Iterator[Finding]:
    """A seventh section behind the six of the form."""
    for match in _SEVENTH.finditer(case.report.sections.get("6", "")) if 1 in sections_present(case) else ():
        said = match[0].strip()
        yield case.finding("FORM-EXTRA", f"第六部分之后又有“{said}”，格式只有六个部分。", text=said)


@rule("FORM-TABLE", "FORM-NO-TABLES", "FORM-CUT", "FORM-SECTION", "FORM-ORDER")
def parts(case: Case) -> Iterator[Finding]:
    """Six sections, three tables."""
    how, last = shape(case)
    tables, sections = case.survey.tables, sections_present(case)
    if how == "bare":
        yield case.finding("FORM-NO-TABLES", "只读到文字，没有读到表二、表三、表四中的任何一张。")
        return
    if how == "cut":
        yield case.finding("FORM-CUT", f"报告只读到第{_NUMERALS[last]}部分，前后的内容没有读到，文件可能不完整。")
        case.unchecked.append("文件可能不完整，没有读到的部分和表未核对。")
    for table in form.TABLES:
        number = int(table[1])
        if table not in tables and (how == "whole" or (number < last and 1 in sections)):
            if case.survey.scanned:
                yield _not_recognised(case, "FORM-TABLE", _TABLES[table])
                continue
            yield case.finding(
                "FORM-TABLE", f"报告中没有{_TABLES[table]}，其他部分都在。", text=form.SECTIONS[number]
            )
            case.unchecked.append(f"没有{_TABLES[table]}，与它有关的规则未核对。")
    for number, title in form.SECTIONS.items():
        if number not in sections and f"t{number}" not in tables and (how == "whole" or number < last):
            if case.survey.scanned:
                yield _not_recognised(case, "FORM-SECTION", f"第{_NUMERALS[number]}部分“{title}”")
                continue
            message = f"没有找到第{_NUMERALS[number]}部分“{title}”。"
            yield case.finding("FORM-SECTION", message, text=title)
    order = [int(name) for name in case.report.sections if name in "123456" and name]
    if order != sorted(order):
        yield case.finding(
            "FORM-ORDER", "各部分的顺序是" + "、".join(_NUMERALS[k] for k in order) + "，与格式不同。"
        )


def _not_recognised(case: Case, name: str, what: str) -> Finding:
    """On scans the characters themselves are a guess: what is not found may only not have been recognised."""
    message = f"没有找到{what}。这是扫描件，可能只是没有识别出来，请核对原件。"
    return case.finding(name, message, text=what, outcome="unknown")


@rule("FORM-EMPTY", "FORM-OTHER-EMPTY", "FORM-OVERVIEW", "FORM-FEE", "FORM-FEE-MISSING")
def contents(case: Case) -> Iterator[Finding]:
    """Sections that must say something."""
    texts = case.texts
    for name in ("1", "5"):
        if int(name) in sections_present(case) and (_NOTHING.fullmatch(texts[name]) or len(texts[name]) <= 10):
            said = f"只有“{texts[name]}”" if texts[name] else "没有内容"
            title = form.SECTIONS[int(name)]
            yield case.finding(
                "FORM-EMPTY", f"第{_NUMERALS[int(name)]}部分“{title}”{said}。", text=texts[name] or title
            )
    if len(texts.get("1", "")) > 100 and 1 in sections_present(case):
        missing = [aspect for aspect, known in words("overview").items() if not re.search(known, texts["1"])]
        if missing:
            yield case.finding("FORM-OVERVIEW", f"第一部分总体情况没有写到：{'、'.join(missing)}。")
    if 6 in sections_present(case):
        yield from _fees(case, texts["6"])


def _fees(case: Case, text: str) -> Iterator[Finding]:
    mentioned = re.search(words("fee")["words"], text)
    unpaid = case.report.number("t3.closed_fee_unpaid.total")
    if unpaid and not mentioned:
        message = f"表三逾期未缴费的申请有{unpaid}件，第六部分却没有说收取信息处理费的情况。"
        yield case.finding(
            "FORM-FEE-MISSING",
            message,
            left=unpaid,
            right="未说明",
            cells=["t3.closed_fee_unpaid.total"],
            text=text,
        )
    elif not text:
        yield case.finding("FORM-OTHER-EMPTY", "第六部分“其他需要报告的事项”没有内容。")
    elif not mentioned:
        yield case.finding("FORM-FEE", "第六部分没有说明本年度收取信息处理费的情况。", text=text[:60])


@rule("FORM-CELL-UNIT")
def units(case: Case) -> Iterator[Finding]:
    """Counters behind the figures, table by table."""
    for table in form.TABLES:
        keys = [key for key, cell in case.report.cells.items() if key.startswith(table) and _has_unit(cell)]
        if keys:
            first = case.cell(keys[0]).raw
            message = f"{_TABLES[table]}有{len(keys)}格的数后面写了单位，如“{first}”：{_listed(case, keys)}。格内只填数字。"
            yield case.finding("FORM-CELL-UNIT", message, left=first, cells=keys, text=first)


def _has_unit(cell: Cell) -> bool:
    """A count with its counter; yuan in the column of money is another rule's."""
    return cell.state is CellState.NUMBER and bool(re.match(r"单位：[^元]", cell.note or ""))


@rule("FORM-ROWS", "FORM-BLANK", "FORM-NOT-APPLICABLE", "FORM-CELL-TEXT", "FORM-EDITION")
def cells(case: Case) -> Iterator[Finding]:
    """What is in the cells when it is no figure, table by table."""
    present = case.survey.tables
    for table in form.TABLES:
        if table not in present:
            continue
        if case.editions[table] == "2019" and (case.year or 0) >= 2021:
            yield case.finding(
                "FORM-EDITION",
                f"{_TABLES[table]}用的是2019年试行格式，{case.year}年度的报告应使用2021年印发的格式。",
            )
        if case.survey.clean:
            continue
        shown = form.table_form(table, case.editions[table])
        optional = {row.key for row in shown.rows if row.optional}
        by_state: dict[CellState, list[str]] = {}
        for key, _, row, _ in shown.cells():
            if row.key not in optional:
                by_state.setdefault(case.cell(key).state, []).append(key)
        yield from _states(case, table, by_state)


def _states(case: Case, table: str, by_state: dict[CellState, list[str]]) -> Iterator[Finding]:
    absent = by_state.get(CellState.ABSENT, [])
    if absent:
        message = f"{_TABLES[table]}中找不到{_listed(case, absent)}。"
        yield case.finding("FORM-ROWS", message, cells=absent)
        case.unchecked.append(f"{_TABLES[table]}缺{len(absent)}格，含有它们的勾稽关系未核对。")
    needed = _needed(case) if CellState.BLANK in by_state else frozenset()
    blank = [key for key in by_state.get(CellState.BLANK, []) if key not in needed]
    if blank:
        zero = "按0计算时勾稽关系成立，因此按0核对；" if table != "t2" else ""
        message = f"{_TABLES[table]}有{len(blank)}格空白：{_listed(case, blank)}。{zero}没有发生的请填0。"
        yield case.finding("FORM-BLANK", message, left="空白", right="0", cells=blank)
    marks = by_state.get(CellState.NOT_APPLICABLE, [])
    if marks:
        said = "、".join(dict.fromkeys(f"“{case.cell(key).raw}”" for key in marks))
        message = f"{_TABLES[table]}有{len(marks)}格是{said}，不是数字：{_listed(case, marks)}。"
        yield case.finding("FORM-NOT-APPLICABLE", message, left=said, cells=marks)
    for key in by_state.get(CellState.TEXT, []):
        if broken_count(case.cell(key)) is not None:
            continue  # the rule on whole counts speaks of it
        raw = case.cell(key).raw
        yield case.finding(
            "FORM-CELL-TEXT", f"{case.label(key)}里是“{raw}”，不是单纯的数字。", left=raw, cells=[key], text=raw
        )


def _needed(case: Case) -> frozenset[str]:
    """Blank cells of identities that do not hold with blanks as 0: those are another rule's."""
    from gongkai_etl.check.arithmetic import sides

    found: set[str] = set()
    for identity in case.identities:
        left, right = sides(case, identity)
        if left.total != right.total:
            found |= {*left.blank, *right.blank}
    return frozenset(found)


def _lines(case: Case, table: str) -> dict[str, set[str]]:
    """The columns and then the rows of a table, in words, with their cells."""
    columns: dict[str, set[str]] = {}
    rows: dict[str, set[str]] = {}
    for key in case.keys(f"{table}.*"):
        row, column = case.place(key)
        columns.setdefault(f"「{column}」列", set()).add(key)
        rows.setdefault(f"「{row}」行", set()).add(key)
    return {**(columns if table == "t3" else {}), **rows}


def _listed(case: Case, keys: Sequence[str], most: int = 4) -> str:
    """Cells of one table in words: whole columns and rows where they are wholly there, and no more than a few."""
    wanted, said = set(keys), []
    for name, mine in _lines(case, keys[0].split(".")[0]).items():
        if mine <= wanted:
            said.append(name)
            wanted -= mine
    said += ["「{}」行「{}」列".format(*case.place(key)) for key in keys if key in wanted]
    more = f"等{len(keys)}格" if len(said) > most else ""
    return "、".join(said[:most]) + more


@rule("FORM-TEMPLATE", "FORM-PLACEHOLDER")
def remains(case: Case) -> Iterator[Finding]:
    """Words of the format notice or of a template that were to be replaced."""
    for name, group in (("FORM-TEMPLATE", "template"), ("FORM-PLACEHOLDER", "placeholder")):
        pattern = re.compile("|".join(words(group).values()))
        seen: set[str] = set()
        for sentence in case.sentences:
            match = pattern.search(sentence.text)
            if match and match[0] not in seen:
                seen.add(match[0])
                text = excerpt(sentence.text, *match.span())
                yield case.finding(name, f"{place(sentence.section)}有“{text}”。", text=text)
    title = case.report.title or ""
    match = re.search(words("placeholder")["空位"], title)
    if match:
        yield case.finding("FORM-PLACEHOLDER", f"标题“{title}”中的空位没有填。", text=title)


def _lost(case: Case, table: str, unread: Sequence[str]) -> Iterator[Finding]:
    """Whole rows or columns without any text, in a table of which more was read: perhaps they are not there."""
    keys, gone = case.keys(f"{table}.*"), set(unread)
    lines = _lines(case, table) if len(gone) < len(keys) else {}
    lost = {name: mine for name, mine in lines.items() if len(mine) > 2 and mine <= gone}
    if lost:
        said = "、".join(list(lost)[:4]) + ("等" if len(lost) > 4 else "")
        message = f"{_TABLES[table]}的{said}整行（列）没有读到，请核对表格是否缺少。"
        cells = [key for key in keys if any(key in mine for mine in lost.values())]
        yield case.finding("FORM-ROWS", message, cells=cells, outcome="unknown")


@cache
def _misspellings() -> tuple[re.Pattern[str], frozenset[str]]:
    """One character left out, put in or exchanged with its neighbour in a name that the form fixes."""
    data = load("data", "words.yaml")["fixed_names"]
    made = []
    for name in data["names"]:
        made += [name[:k] + name[k + 1 :] for k in range(1, len(name) - 1)]
        made += [f"{name[:k]}[^的其和与及之、,。0-9“”]{name[k:]}" for k in range(1, len(name))]
        made += [name[:k] + name[k + 1] + name[k] + name[k + 2 :] for k in range(len(name) - 1)]
    first = "".join({name[k] for name in data["names"] for k in (0, 1)})
    return re.compile(f"(?=[{first}])(?:{'|'.join(dict.fromkeys(made))})"), frozenset(
        [*data["names"], *data["allowed"]]
    )


@rule("FORM-TYPO")
def misspelt(case: Case) -> Iterator[Finding]:
    """Names of the six sections with a slip of the keyboard, in headings and text."""
    pattern, allowed = _misspellings()
    whole = "|".join([*case.report.headings, case.prose])
    said = {match[0] for match in pattern.finditer(whole) if match[0] not in allowed}
    for wrong in sorted(said):
        yield case.finding("FORM-TYPO", f"“{wrong}”像是录入错误，请与格式规定的名称核对。", text=wrong)


@rule("READ-UNREAD", "READ-UNCERTAIN", "READ-DISAGREEMENT", "READ-NOTE", "FORM-NOTE", "FORM-ROWS")
def readings(case: Case) -> Iterator[Finding]:
    """What we could not read, said as ours."""
    for table in () if case.survey.clean else form.TABLES:
        keys = [key for key in case.report.cells if key.startswith(table)]
        unread = [key for key in keys if case.cell(key).state is CellState.UNREAD]
        doubtful = [k for k in keys if case.cell(k).state is CellState.NUMBER and not case.cell(k).certain]
        if unread:
            message = f"{_TABLES[table]}有{len(unread)}格没有读到：{_listed(case, unread)}。请核对原件截图；不算填报单位的错。"
            yield case.finding("READ-UNREAD", message, cells=unread, outcome="unknown")
            yield from _lost(case, table, unread)
            case.unchecked.append(f"{_TABLES[table]}有{len(unread)}格没有读到，含有它们的勾稽关系未核对。")
        if doubtful:
            message = f"{_TABLES[table]}有{len(doubtful)}个数没有读准：{_listed(case, doubtful)}。请核对原件截图。"
            yield case.finding("READ-UNCERTAIN", message, cells=doubtful, outcome="unknown")
    from gongkai_etl.check.catalogue import rules

    for note in case.report.notes:
        own = note.code if note.code in rules() else f"{note.code.split('-')[0]}-NOTE"
        own = own if own in rules() else "READ-NOTE"
        message = note.message if own == note.code else f"{note.message.rstrip('。')}（{note.code}）。"
        yield case.finding(own, message, cells=note.cells, outcome="unknown")
