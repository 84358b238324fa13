"""OFD: placed text and lines in millimetres become words and cells in points."""

from __future__ import annotations

import pytest

from gongkai_etl.errors import ReadError
from gongkai_etl.model import Document
from gongkai_etl.read import read
from gongkai_etl.read.ofd_objects import POINTS, deltas, numbers
from tests.hostile.zips import packed
from tests.read.show import lines, matrix

DOCUMENT = (
    "<Document><CommonData><PageArea><PhysicalBox>0 0 210 297</PhysicalBox></PageArea>{common}</CommonData>"
    "<Pages>{pages}</Pages></Document>"
)


def ofd(*pages: str, common: str = "", head: str = "", **more: str) -> Document:
    entries = {
        "OFD.xml": "<OFD><DocBody><DocRoot>/Doc_0/Document.xml</DocRoot></DocBody></OFD>",
        "Doc_0/Document.xml": DOCUMENT.format(
            common=common, pages="".join(f'<Page BaseLoc="Pages/P{n}.xml"/>' for n in range(len(pages)))
        ),
    }
    for number, page in enumerate(pages):
        entries[f"Doc_0/Pages/P{number}.xml"] = f"<Page>{head}<Content><Layer>{page}</Layer></Content></Page>"
    return read(packed({**entries, **{name.replace("__", "."): part for name, part in more.items()}}), "报告.ofd")


def text(x: float, y: float, words: str, attributes: str = "", code: str = "") -> str:
    return (
        f'<TextObject Boundary="{x} {y} 100 6" Size="4" {attributes}><TextCode X="0" Y="3.5" {code}>{words}</TextCode>'
        "</TextObject>"
    )


def line(x0: float, y0: float, x1: float, y1: float, attributes: str = "") -> str:
    data = f"M 0 0 L {x1 - x0} {y1 - y0}"
    return (
        f'<PathObject Boundary="{x0} {y0} {x1 - x0 + 0.1} {y1 - y0 + 0.1}" LineWidth="0.3" {attributes}>'
        f"<AbbreviatedData>{data}</AbbreviatedData></PathObject>"
    )


def ruled(xs: list[float], ys: list[float], attributes: str = "") -> str:
    return "".join(line(xs[0], y, xs[-1], y, attributes) for y in ys) + "".join(
        line(x, ys[0], x, ys[-1], attributes) for x in xs
    )


TABLE = text(22, 32, "规章") + text(82, 32, "12", code='DeltaX="2"') + ruled([20, 80, 120], [30, 40])


def test_lines_and_a_ruled_table() -> None:
    document = ofd(text(20, 20, "二、主动公开政府信息情况", code='DeltaX="g 11 4"') + TABLE)
    assert lines(document) == ["二、主动公开政府信息情况"]
    assert matrix(document.grids[0]) == [["规章", "12"]]
    box = document.grids[0].cells[1].box
    assert box is not None
    assert box == pytest.approx((80 * POINTS, 30 * POINTS, 120 * POINTS, 40 * POINTS), abs=0.5)
    assert (document.pages[0].width, document.pages[0].height) == pytest.approx((595.28, 841.89), abs=0.01)


def test_pages_in_order_and_numbered() -> None:
    document = ofd(text(20, 20, "甲"), text(20, 20, "乙"))
    assert lines(document) == ["甲", "乙"]
    assert [block.page for block in document.blocks] == [1, 2]


def test_a_rectangle_as_one_path_and_thin_filled_areas_are_rules() -> None:
    box = '<PathObject Boundary="20 30 100 10"><AbbreviatedData>M 0 0 L 100 0 L 100 10 L 0 10 C</AbbreviatedData></PathObject>'
    bar = (
        '<PathObject Boundary="80 30 1 10" Stroke="false" Fill="true"><AbbreviatedData>'
        "M 0 0 L 0.2 0 L 0.2 10 L 0 10 C</AbbreviatedData></PathObject>"
    )
    assert matrix(ofd(text(22, 32, "规章") + text(82, 32, "7") + box + bar).grids[0]) == [["规章", "7"]]


def test_a_matrix_moves_and_scales_text() -> None:
    document = ofd(text(20, 20, "甲", 'CTM="2 0 0 2 10 5"'))
    word = document.pages[0].words[0]
    assert word.box[0] == pytest.approx(30 * POINTS, abs=0.1)
    assert word.box[3] - word.box[1] == pytest.approx(8 * POINTS, abs=0.5)


@pytest.mark.parametrize("attributes", ['Visible="false"', 'Alpha="0"', 'Fill="false"'])
def test_text_that_is_not_seen_is_not_read(attributes: str) -> None:
    assert lines(ofd(text(20, 20, "见") + text(20, 40, "不见", attributes))) == ["见"]


def test_slanting_text_is_a_watermark() -> None:
    assert lines(ofd(text(20, 20, "正文") + text(60, 60, "样张", 'CTM="0.7 0.7 -0.7 0.7 0 0"'))) == ["正文"]


def test_nested_blocks_and_templates() -> None:
    common = '<TemplatePage ID="9" BaseLoc="Tpls/T.xml"/>'
    template = f"<Page><Content><Layer>{text(20, 10, '模板')}</Layer></Content></Page>"
    document = ofd(
        f"<PageBlock><PageBlock>{text(20, 20, '正文')}</PageBlock></PageBlock>",
        common=common,
        head='<Template TemplateID="9" ZOrder="Background"/>',
        Doc_0_Tpls_T__xml="",
        **{"Doc_0/Tpls/T__xml": template},
    )
    assert lines(document) == ["模板", "正文"]


def test_vertical_text_goes_down() -> None:
    document = ofd(text(20, 20, "结果", code='DeltaY="5"') + ruled([18, 26], [18, 40]) + ruled([26, 40], [18, 40]))
    assert matrix(document.grids[0])[0][0] == "结果"


def test_several_runs_in_one_object_go_on_where_the_last_began() -> None:
    run = '<TextObject Boundary="20 20 90 6" Size="4"><TextCode X="0" Y="3">甲</TextCode><TextCode X="4">乙</TextCode></TextObject>'
    assert lines(ofd(run)) == ["甲乙"]


@pytest.mark.parametrize(
    ("steps", "values"),
    [
        ("1 2.5", [1.0, 2.5]),
        ("g 3 2 5", [2.0, 2.0, 2.0, 5.0]),
        ("g 0 2 5", [5.0]),
        ("g x 2", []),
        ("1 nan 2", [1.0]),
        ("g 999999999 1", [1.0] * 10_000),
        (None, []),
    ],
)
def test_steps_between_characters(steps: str | None, values: list[float]) -> None:
    assert deltas(steps) == values


def test_numbers_that_are_none_end_a_list() -> None:
    assert numbers("0 0 210 x 297") == [0.0, 0.0, 210.0]
    assert numbers("1e999") == []


def test_pages_over_the_limit_and_empty_files(monkeypatch: pytest.MonkeyPatch) -> None:
    from gongkai_etl.read import ofd as reader
    from gongkai_etl.settings import Settings

    with pytest.raises(ReadError, match="READ-NO-TEXT"):
        ofd("")
    monkeypatch.setattr(reader, "settings", lambda: Settings(read_max_pages=1))
    with pytest.raises(ReadError, match=r"READ-PAGES.*1 页"):
        ofd(text(1, 1, "甲"), text(1, 1, "乙"))


def test_a_group_of_objects_is_read_where_it_is_placed() -> None:
    group = text(0, 0, "规章") + text(60, 0, "12", code='DeltaX="2"')
    unit = f'<CompositeGraphicUnit ID="7" Width="100" Height="10"><Content><PageBlock>{group}</PageBlock></Content></CompositeGraphicUnit>'
    placed = '<CompositeObject ResourceID="7" Boundary="22 32 100 10" CTM="2 0 0 2 0 0"/>'
    resources = {"Doc_0/Res__xml": f"<Res><CompositeGraphicUnits>{unit}</CompositeGraphicUnits></Res>"}
    document = ofd(placed, common="<PublicRes>Res.xml</PublicRes>", **resources)
    label, figure = document.pages[0].words
    assert (label.text, figure.text) == ("规章", "12")
    assert (label.box[0], figure.box[0]) == pytest.approx((22 * POINTS, (22 + 120) * POINTS), abs=1)


def test_a_group_that_holds_itself_ends() -> None:
    unit = (
        '<CompositeGraphicUnit ID="7"><Content><CompositeObject ResourceID="7"/></Content></CompositeGraphicUnit>'
    )
    common = "<DocumentRes>Res.xml</DocumentRes>"
    page = text(20, 20, "甲") + '<CompositeObject ResourceID="7"/>' * 3
    assert lines(ofd(page, common=common, **{"Doc_0/Res__xml": f"<Res>{unit}</Res>"})) == ["甲"]


def test_a_watermark_laid_over_the_cells_is_no_figure_and_a_red_figure_is_one() -> None:
    red = '<TextObject Boundary="82 32 100 6" Size="4"><FillColor Value="200 0 0"/><TextCode X="0" Y="3.5" DeltaX="2">'
    table = text(22, 32, "规章") + red + "12</TextCode></TextObject>" + ruled([20, 80, 120], [30, 40])
    below = "".join(text(22, 100 + 8 * k, "本机关认真落实条例各项要求", code='DeltaX="g 12 4"') for k in range(8))
    over = text(87, 32, "2026", 'Alpha="60"', code='DeltaX="2 2 2"').replace(
        "<TextCode", '<FillColor Value="120 120 120"/><TextCode'
    )
    assert matrix(ofd(table + below).grids[0]) == [["规章", "12"]]
    assert matrix(ofd(table + below + over).grids[0]) == [["规章", "12"]]
