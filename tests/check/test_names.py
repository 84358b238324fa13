"""Names: the same unit in other words, a slip of the pen, another unit; places in running text."""

from __future__ import annotations

import pytest

from gongkai_etl.check import places
from gongkai_etl.check.names import core, same, slip


@pytest.mark.parametrize(
    ("printed", "known"),
    [
        ("叶城县阿克塔什镇", "叶城县阿克塔什镇人民政府"),
        ("阿克塔什镇", "叶城县阿克塔什镇"),
        ("盐城市亭湖区人民政府毓龙街道办事处", "毓龙街道"),
        ("沭阳县发改局", "沭阳县发展和改革局"),
        ("县财政局", "云岭县财政局"),
        ("卫健委", "沅陵浦县卫生健康委员会"),
        ("洪泽区人民政府", "淮安市洪泽区人民政府办公室"),
        ("党政办公室", "沅陵浦县青溪镇"),
    ],
)
def test_the_same_unit(printed: str, known: str) -> None:
    assert same(printed, known)


@pytest.mark.parametrize(
    ("printed", "known"),
    [
        ("沅陵浦县青溪镇", "沅陵浦县双柏镇"),
        ("甲县青溪镇", "乙县青溪镇"),
        ("沅陵浦县财政局", "沅陵浦县民政局"),
        ("沅陵浦县青溪镇", "沅陵浦县财政局"),
        ("沐阳县人民政府", "沭阳县人民政府"),
    ],
)
def test_another_unit(printed: str, known: str) -> None:
    assert not same(printed, known)


def test_slips_of_one_character() -> None:
    assert slip("沐阳县", "沭阳县")
    assert slip("威海市文登人民政府", "威海市文登区人民政府")
    assert not slip("双柏镇", "青溪镇")


def test_core_keeps_what_tells_units_apart() -> None:
    assert core("甲县乙镇人民政府") == "甲县乙镇"
    assert core("乙街道办事处") == "乙街道"
    assert core("甲县人民政府办公室") == "甲县"


@pytest.mark.parametrize(
    ("name", "level"),
    [
        ("沭阳县人民政府", "county"),
        ("海城市西四镇", "town"),
        ("毓龙街道办事处", "town"),
        ("泉州市丰泽区教育局", "below"),
        ("宿迁市人民政府", "city"),
        ("上海市人民政府办公厅", "city"),
        ("石家庄市教育局", "unknown"),
        ("测试市", "unknown"),
    ],
)
def test_levels(name: str, level: str) -> None:
    assert places.level(name) == level


def test_places_in_text() -> None:
    assert [m.name for m in places.mentions("影响了群众对松他克镇信息公开的获得感")] == ["松他克镇"]
    for ordinary in (
        "各乡镇、街道和全县各部门",
        "推进城乡一体化和小城镇建设",
        "在市场监管和县级平台上",
        "各社区街道路段",
    ):
        assert list(places.mentions(ordinary)) == []


def test_whose_town_it_is() -> None:
    (county,) = places.owners("叶城县阿克塔什镇")
    assert county.above == ("新疆维吾尔自治区", "喀什地区", "叶城县")
    assert "阿克塔什镇" in county.towns
