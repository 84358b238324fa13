"""Rows under another name: said where the table is otherwise the form's, not where a file is damaged."""

from __future__ import annotations

from gongkai_etl.extract.misnamed import misnamed
from gongkai_etl.extract.tables import Reading

EDITIONS: dict[str, str | None] = {"t2": "2021", "t3": "2021", "t4": "2021"}


def _said(name: str = "markup", **labels: str) -> list[str]:
    rows = {key.replace("__", "."): label for key, label in labels.items()}
    return [note.message for note in misnamed([Reading(name, dict(EDITIONS), {}, rows)], EDITIONS)]


def test_another_name_is_said_with_the_forms() -> None:
    (said,) = _said(t3__declined_publication="3其他不予处理的情形", t3__declined_repeated="2重复申请")
    assert "3.要求提供公开出版物" in said
    assert "3其他不予处理的情形" in said


def test_spellings_of_the_forms_name_are_left_alone() -> None:
    assert not _said(
        t3__refused_prohibited_by_law="2其他法律行政止公开",
        t3__closed_not_corrected="1逾期不补正",
        t3__refused_public_safety="危及三安全一稳定",
        t2__normative_documents="规范性文件",
        t2__regulations="",
    )


def test_labels_of_a_damaged_file_are_no_change_by_its_author() -> None:
    assert not _said(
        t3__declined_petition="甲乙丙", t3__declined_repeated="丁戊己", t3__declined_excessive="庚辛壬",
        t3__declined_publication="子丑寅",
    )  # fmt: skip
    assert not _said("aligned", t3__declined_publication="3其他不予处理的情形")
