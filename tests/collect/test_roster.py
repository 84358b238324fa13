"""The roster: what offices send, what is wrong with it, and the way out and in again."""

from __future__ import annotations

import io
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook
from typer.testing import CliRunner

from gongkai_etl.cli import app
from gongkai_etl.collect import roster
from gongkai_etl.collect.names import find, find_in
from gongkai_etl.errors import RosterError
from gongkai_etl.model import Unit

CHINESE = """云岭县政府信息公开单位名册,,,,,,
序号,单位名称,单位类别,简称,上级单位,报送期限,电子邮箱
1,云岭县人民政府,县级,云岭县,,3月31日,
2,云岭县青溪镇人民政府,,青溪镇、青溪,云岭县人民政府,1月20日,qx@example.gov.cn
3,云岭县财政局,部门,县财政局,云岭县人民政府,,
4,云岭县城关街道办事处,,,云岭县人民政府,,
"""


def workbook(rows: list[list[object]]) -> bytes:
    book = Workbook()
    sheet = book.create_sheet("名册", 0)
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_chinese_roster_in_any_encoding(encoding: str) -> None:
    units = roster.load(CHINESE.encode(encoding))
    assert [unit.kind for unit in units] == ["县", "乡镇", "部门", "街道"]
    town = units[1]
    assert town.aliases == ("青溪镇", "青溪")
    assert town.due == (1, 20)
    assert town.parent == units[0].code
    assert units[2].due == (1, 31)


def test_only_a_name_is_needed_and_its_code_does_not_depend_on_the_order() -> None:
    one = roster.load("name\n甲镇\n乙镇\n".encode())
    two = roster.load("单位\n乙镇\n甲镇\n".encode())
    assert {unit.name: unit.code for unit in one} == {unit.name: unit.code for unit in two}
    assert {unit.kind for unit in one} == {"乡镇"}


def test_workbook_with_a_title_dates_and_numbers() -> None:
    data = workbook(
        [
            ["名册"],
            ["代码", "单位名称", "启用日期", "停用日期", "变更原因"],
            [3501, "旧镇人民政府", datetime(2010, 1, 1), "2024年5月31日", "并入新镇"],
            [3502, "新镇人民政府", None, None, None],
        ]
    )
    old, new = roster.load(data)
    assert old.code == "3501"
    assert old.valid_from == date(2010, 1, 1)
    assert old.valid_to == date(2024, 5, 31)
    assert roster.active((old, new), 2023) == (old, new)
    assert roster.active((old, new), 2024) == (new,)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_out_and_in_again(form: str) -> None:
    units = (
        Unit("0001", "云岭县人民政府", "县", due=(3, 31)),
        Unit(
            "0002",
            "=甲镇人民政府",
            "乡镇",
            ("甲镇", "-甲"),
            "0001",
            date(2020, 2, 1),
            None,
            "设立",
            "a@b.cn",
            "trs",
        ),
    )
    data = roster.dump(units, form)
    assert roster.load(data) == units
    if form == "csv":
        assert ",'=甲镇人民政府," in data.decode("utf-8-sig")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("名称,期限\n甲镇,2月30日\n", ["第2行", "期限", "2月30日"]),
        ("名称,邮箱\n甲镇,abc\n", ["第2行", "邮箱", "abc"]),
        ("名称,代码\n甲镇,1\n乙镇,1\n", ["第3行", "代码", "第2行"]),
        ("名称\n甲镇\n甲镇\n", ["第3行", "甲镇", "第2行重复"]),
        ("名称,别名\n甲镇,\n乙镇,甲镇\n", ["第3行", "别名", "甲镇"]),
        ("名称,上级\n甲镇,丙县\n", ["第2行", "上级", "丙县"]),
        ("名称,上级\n甲镇,乙镇\n乙镇,甲镇\n", ["第2行", "自己的上级"]),
        ("名称,启用日期\n甲镇,去年\n", ["第2行", "启用日期", "去年"]),
        ("名称,代码\n甲镇,../x\n", ["第2行", "../x"]),
        ("代码,名称\n1,\n", ["第2行", "没有单位名称"]),
        ("甲,乙\n1,2\n", ["表头"]),
        ("名称\n", ["没有单位"]),
    ],
)
def test_faults_name_row_column_and_what_is_wrong(text: str, said: list[str]) -> None:
    with pytest.raises(RosterError) as caught:
        roster.load(text.encode())
    for words in said:
        assert words in caught.value.message


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(RosterError) as caught:
        roster.load("名称,邮箱,期限\n甲镇,x,1月1日\n乙镇,,13月1日\n".encode())
    assert "第2行" in caught.value.message
    assert "第3行" in caught.value.message


def test_a_successor_may_keep_the_name() -> None:
    text = "代码,名称,启用日期,停用日期\n1,甲镇,,2022-06-30\n2,甲镇,2022-07-01,\n"
    assert len(roster.load(text.encode())) == 2


def test_damaged_files_are_errors_of_ours(tmp_path: Path) -> None:
    for data in (b"PK\x03\x04rubbish", b"\xd0\xcf\x11\xe0", b"\xff\xff\x00"):
        with pytest.raises(RosterError):
            roster.load(data)
    with pytest.raises(RosterError, match="ROSTER-MISSING"):
        roster.load(tmp_path / "none.csv")


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("云岭县青溪镇人民政府", 1),
        ("青溪镇人民政府", 1),
        ("青溪镇", 1),
        ("南山市云岭县青溪镇", 1),
        (" 青 溪 镇 ", 1),
        ("云岭县财政局", 2),
        ("财政局", 2),
        ("县财政局", 2),
        ("城关街道", 3),
        ("云岭县城关街道办事处", 3),
        ("云岭县", 0),
        ("云岭县人民政府", 0),
        ("白河县财政局", None),
        ("白河县青溪镇人民政府", None),
        ("局", None),
        ("", None),
    ],
)
def test_find(name: str, number: int | None) -> None:
    units = roster.load(CHINESE.encode())
    assert find(units, name) == (None if number is None else units[number])


def test_the_county_is_the_row_of_its_kind_or_the_one_above_the_others() -> None:
    units = roster.load(CHINESE.encode())
    assert roster.county(units) == units[0]
    other = roster.load("名称,类别,上级\n云岭,集体,\n甲镇,,云岭\n乙镇,,云岭\n".encode())
    assert roster.county(other) == other[0]
    assert roster.county(roster.load("名称\n甲镇\n乙镇\n".encode())) is None


def test_find_in_a_file_name() -> None:
    units = roster.load((CHINESE + "5,云岭县河镇,,,,,\n6,云岭县清河镇,,,,,\n").encode())
    assert find_in(units, "青溪镇2025年年报（定稿）.pdf") == units[1]
    assert find_in(units, "云岭县清河镇2025年政府信息公开工作年度报告") == units[5]
    assert find_in(units, "2025年年报.pdf") is None
    short = roster.load("名称,类别\n云岭县,县\n石桥镇,乡镇\n".encode())
    assert find_in(short, "云岭县石桥镇2025年年报.pdf") == short[1]
    assert find_in(short, "云岭县2025年年报.pdf") == short[0]


def test_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tmp_path / "in.csv"
    source.write_bytes(CHINESE.encode("gb18030"))
    run = CliRunner().invoke(app, ["units", "check", str(source)])
    assert "共4个单位" in run.stdout
    target = tmp_path / "out" / "units.xlsx"
    assert CliRunner().invoke(app, ["units", "import", str(source), "--to", str(target)]).exit_code == 0
    assert roster.load(target) == roster.load(source)
    back = tmp_path / "back.csv"
    assert CliRunner().invoke(app, ["units", "export", str(back), "--from", str(target)]).exit_code == 0
    assert roster.load(back) == roster.load(source)


def test_the_county_governments_own_office_has_one_word() -> None:
    sheet = "单位名称,类别\n云岭县,县\n云岭县人民政府办公室,本机关\n青溪镇,\n"
    assert [unit.kind for unit in roster.load(sheet.encode())] == ["县", "政府办", "乡镇"]
