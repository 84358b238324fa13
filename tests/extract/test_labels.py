"""Labels are compared in one written form."""

from __future__ import annotations

from gongkai_etl.extract.labels import normal, vocabulary


def test_traditional_labels_are_those_of_the_form() -> None:
    assert normal("（七）總計") == normal("（七）总计")
    assert normal("規範性檔案") == normal("规范性文件")
    rows = vocabulary("t3", "2021")
    assert rows.scores(normal("一、本年新收政府資訊公開申請數量")) == {0: 1.0}


def test_simplified_labels_stay_as_they_are() -> None:
    assert normal("3. 其他 法律、行政法规禁止公开") == "3其他法律行政法规禁止公开"
