"""What counts as personal data, and what an office may let out."""

from __future__ import annotations

import pytest

from gongkai_etl.personal import hide, hide_file


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("联系电话 0998-7654321。", "联系电话 （已隐去）。"),
        ("电话（0998）7654321", "电话（已隐去）"),
        ("电话09987654321", "电话（已隐去）"),
        ("手机13812345678", "手机（已隐去）"),
        ("手机+86 13812345678", "手机（已隐去）"),
        ("邮箱 a.b@example.org", "邮箱 （已隐去）"),
        ("身份证11010519491231002X", "身份证（已隐去）"),
        ("收费 7730.28 万元，11398889 件", "收费 7730.28 万元，11398889 件"),
        ("0.02512345678", "0.02512345678"),
        ("国办公开办函〔2021〕30号", "国办公开办函〔2021〕30号"),
    ],
)
def test_personal_data_is_hidden(given: str, shown: str) -> None:
    assert hide(given) == shown


def test_what_is_allowed_stays_and_identity_cards_never_do() -> None:
    text = "李某，13812345678，a@example.org，11010519491231002X"
    assert hide(text, ("phone",)) == "李某，13812345678，（已隐去），（已隐去）"
    assert hide(text, ("phone", "mail", "signer")) == "李某，13812345678，a@example.org，（已隐去）"


def test_the_name_of_a_file_gives_way() -> None:
    assert hide_file("李四13812345678.pdf：文件是空的。", "李四13812345678.pdf") == "报送的文件：文件是空的。"
    assert hide_file("表格第1行应为1。", "1") == "表格第1行应为1。"
