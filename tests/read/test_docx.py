"""Word documents as printed: merges, tracked changes, text boxes, content controls, numbering."""

from __future__ import annotations

import io
from zipfile import ZipFile

import pytest

from gongkai_etl.errors import ReadError
from gongkai_etl.model import Document, Paragraph
from gongkai_etl.read import read
from tests.read.show import columns, lines, matrix

SPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
NAMES = (
    'xmlns:w="{}" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)


def word(body: str, styles: str = "", numbering: str = "", space: str = SPACE) -> Document:
    out = io.BytesIO()
    names = NAMES.format(space)
    with ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", f"<w:document {names}><w:body>{body}</w:body></w:document>")
        archive.writestr("word/styles.xml", f"<w:styles {names}>{styles}</w:styles>")
        archive.writestr("word/numbering.xml", f"<w:numbering {names}>{numbering}</w:numbering>")
        archive.writestr("word/footnotes.xml", f"<w:footnotes {names}>{p('脚注')}</w:footnotes>")
        archive.writestr("word/header1.xml", f"<w:hdr {names}>{p('页眉')}</w:hdr>")
    return read(out.getvalue(), "报告.docx")


def r(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def p(text: str = "", properties: str = "", inside: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{r(text) if text else ''}{inside}</w:p>"


def tc(text: str, properties: str = "", inside: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inside or p(text)}</w:tc>"


def tr(*cells: str, properties: str = "") -> str:
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def tbl(*rows: str) -> str:
    return f"<w:tbl>{''.join(rows)}</w:tbl>"


def span(count: int) -> str:
    return f'<w:gridSpan w:val="{count}"/>'


RESTART, ON = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
ROW = tr(tc("规章"), tc("0"))


def cells(*rows: str) -> list[list[str]]:
    return matrix(word(tbl(*rows)).grids[0])


def test_merged_cells() -> None:
    grid = word(
        tbl(
            tr(tc("三、", RESTART), tc("（一）", span(2)), tc("1")),
            tr(tc("", ON), tc("（三）", RESTART), tc("1.属于"), tc("2")),
            tr(tc("", '<w:vMerge w:val="continue"/>'), tc("", ON), tc("2.其他"), tc("3")),
            tr(tc("四、", span(3)), tc("4")),
        )
    ).grids[0]
    assert matrix(grid) == [
        ["三、*3×1", "（一）*1×2", "1"],
        ["（三）*2×1", "1.属于", "2"],
        ["2.其他", "3"],
        ["四、*1×3", "4"],
    ]
    assert columns(grid) == [[0, 1, 3], [1, 2, 3], [2, 3], [0, 3]]
    assert grid.cells[-1].address == "第1个表第4行第4列"


def test_a_merge_that_goes_on_with_nothing_is_a_cell() -> None:
    assert cells(tr(tc("甲", ON), tc("1")), ROW) == [["甲", "1"], ["规章", "0"]]


def test_old_merges_across() -> None:
    across = '<w:hMerge w:val="{}"/>'
    rows = (
        tr(tc("甲", across.format("restart")), tc("", across.format("continue")), tc("1")),
        tr(tc("乙"), tc("丙"), tc("2")),
    )
    assert cells(*rows) == [["甲*1×2", "1"], ["乙", "丙", "2"]]


def test_skipped_columns_at_the_ends_of_a_row() -> None:
    grid = word(
        tbl(
            tr(tc("甲"), tc("1"), tc("2")),
            tr(tc("3"), tc("4"), properties='<w:gridBefore w:val="1"/>'),
            tr(tc("乙"), tc("5"), properties='<w:gridAfter w:val="1"/>'),
        )
    ).grids[0]
    assert columns(grid) == [[0, 1, 2], [1, 2], [0, 1]]


def test_missing_spans_are_taken_from_the_widths() -> None:
    def width(count: int) -> str:
        return f'<w:tcW w:w="{count}" w:type="dxa"/>'

    grid = word(
        tbl(
            tr(*(tc(text, width(2000)) for text in ("信息内容", "本年制发件数", "本年废止件数"))),
            tr(tc("行政许可", width(2000)), tc("7", width(4010))),
        )
    ).grids[0]
    assert matrix(grid)[1] == ["行政许可", "7*1×2"]


def test_rows_of_different_length_without_widths_keep_their_order() -> None:
    grid = word(tbl(tr(tc("甲"), tc("1"), tc("2")), tr(tc("乙"), tc("3")))).grids[0]
    assert columns(grid) == [[0, 1, 2], [0, 1]]


def test_tracked_changes_are_accepted() -> None:
    body = p(
        "有",
        inside=f"<w:ins>{r('新增')}</w:ins><w:del><w:r><w:delText>删除</w:delText></w:r></w:del>"
        f"<w:moveFrom>{r('旧处')}</w:moveFrom><w:moveTo>{r('移来')}</w:moveTo>{r('末')}",
    )
    assert lines(word(body)) == ["有新增移来末"]


def test_a_figure_changed_with_tracking() -> None:
    changed = p(inside=f"<w:del><w:r><w:delText>18</w:delText></w:r></w:del><w:ins>{r('81')}</w:ins>")
    assert cells(tr(tc("规章"), tc("", inside=changed))) == [["规章", "81"]]


def test_deleted_rows_cells_and_ends_of_paragraphs() -> None:
    gone = tr(tc("行政强制"), tc("9"), properties="<w:del/>")
    assert cells(ROW, gone, tr(tc("许可"), tc("8", "<w:cellDel/>"), tc("1"))) == [["规章", "0"], ["许可", "1"]]
    body = p("一、总体", "<w:rPr><w:del/></w:rPr>") + p("情况") + p("正文")
    assert lines(word(body)) == ["一、总体情况", "正文"]


BOX = "<w:txbxContent>{}</w:txbxContent>"


def test_a_text_box_is_read_once_of_all_its_alternatives() -> None:
    box = BOX.format(p("标题在框里"))
    inside = (
        f"<w:r><mc:AlternateContent><mc:Choice><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    assert lines(word(p("前", inside=inside) + p("后"))) == ["前", "标题在框里", "后"]


def test_a_text_box_may_hold_a_table_and_a_fallback_may_be_all_there_is() -> None:
    inside = (
        "<w:r><mc:AlternateContent><mc:Choice/><mc:Fallback><w:pict><v:textbox>"
        f"{BOX.format(tbl(ROW))}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    assert matrix(word(p(inside=inside)).grids[0]) == [["规章", "0"]]


def control(content: str, properties: str = "") -> str:
    return f"<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>"


def test_content_controls_at_every_level() -> None:
    document = word(
        control(p("段落"))
        + p("行内：", inside=control(r("值")))
        + tbl(control(ROW), tr(tc("许可"), control(tc("1"))), tr(tc("强制"), tc("", inside=control(p("2")))))
    )
    assert lines(document) == ["段落", "行内：值"]
    assert matrix(document.grids[0]) == [["规章", "0"], ["许可", "1"], ["强制", "2"]]


def test_tables_of_contents_are_left_out() -> None:
    contents = '<w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj>'
    styles = '<w:style w:styleId="11"><w:name w:val="toc 1"/></w:style>'
    body = control(p("一、总体情况	1"), contents) + p("二、情况	2", '<w:pStyle w:val="11"/>') + p("正文")
    assert lines(word(body, styles)) == ["正文"]


def test_fields_show_their_result() -> None:
    code = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>=SUM(LEFT)</w:instrText></w:r>'
    field = f'{code}<w:r><w:fldChar w:fldCharType="separate"/></w:r>{r("12")}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    assert lines(word(p("共", inside=f'{field}<w:fldSimple w:instr="X">{r("件")}</w:fldSimple>'))) == ["共12件"]


def test_hidden_text_is_not_read() -> None:
    styles = (
        '<w:style w:styleId="a"><w:name w:val="x"/><w:rPr><w:vanish/></w:rPr></w:style>'
        '<w:style w:styleId="b"><w:name w:val="y"/><w:basedOn w:val="a"/></w:style>'
    )
    body = p(
        "见",
        inside=r("一", "<w:vanish/>")
        + r("二", '<w:vanish w:val="0"/>')
        + r("三", '<w:rStyle w:val="b"/>')
        + r("四", '<w:rStyle w:val="b"/><w:vanish w:val="false"/>'),
    )
    assert lines(word(body + p("五", '<w:pStyle w:val="b"/>'), styles)) == ["见二四"]


def test_characters_that_are_elements() -> None:
    inside = (
        "<w:r><w:t>甲</w:t><w:tab/><w:t>乙</w:t><w:softHyphen/><w:t>丙</w:t><w:noBreakHyphen/><w:t>丁</w:t>"
        '<w:br w:type="page"/><w:t>戊</w:t><w:footnoteReference w:id="2"/><w:br/><w:t>己</w:t></w:r>'
    )
    assert lines(word(p(inside=inside))) == ["甲 乙丙-丁戊", "己"]


def test_a_break_only_wraps_a_centred_title() -> None:
    inside = "<w:r><w:t>青禾镇2025年政府信息公开</w:t><w:br/><w:t>工作年度报告</w:t></w:r>"
    assert lines(word(p(inside=inside, properties='<w:jc w:val="center"/>'))) == [
        "青禾镇2025年政府信息公开工作年度报告"
    ]


def test_paragraphs_of_a_cell() -> None:
    inside = p("商业") + p("企业")
    assert cells(tr(tc("", inside=inside), tc("", inside=p("12") + p("3")))) == [["商业企业", "12 3"]]


def level(number: int, form: str, text: str, extra: str = "") -> str:
    return f'<w:lvl w:ilvl="{number}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/>{extra}</w:lvl>'


def numbering(*levels: str, override: str = "") -> str:
    return (
        f'<w:abstractNum w:abstractNumId="5">{"".join(levels)}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="5"/></w:num>'
        f'<w:num w:numId="2"><w:abstractNumId w:val="5"/>{override}</w:num>'
    )


def numbered(number: int, depth: int = 0) -> str:
    return f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>'


def test_printed_numbering_of_headings() -> None:
    lists = numbering(level(0, "chineseCounting", "%1、"), level(1, "chineseCountingThousand", "（%2）"))
    body = (
        p("总体情况", numbered(1))
        + p("主动公开", numbered(1, 1))
        + p("依申请公开", numbered(1, 1))
        + p("", numbered(1))
        + p("主动公开政府信息情况", numbered(1))
        + p("第一项", numbered(1, 1))
        + p("不编号", numbered(0))
    )
    assert lines(word(body, numbering=lists)) == [
        "一、总体情况",
        "（一）主动公开",
        "（二）依申请公开",
        "二、主动公开政府信息情况",
        "（一）第一项",
        "不编号",
    ]


def test_numbering_by_style_over_levels_and_restarted() -> None:
    lists = numbering(
        level(0, "chineseCounting", "%1"),
        level(1, "decimal", "%1.%2", "<w:isLgl/>"),
        override='<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride>',
    )
    styles = f'<w:style w:styleId="h"><w:name w:val="heading 1"/><w:pPr>{numbered(1)}</w:pPr></w:style>'
    style = '<w:pStyle w:val="h"/>'
    document = word(
        p("甲", style)
        + p("乙", style)
        + p("丙", style + numbered(1, 1))
        + p("丁", numbered(2))
        + p("戊", style + numbered(0)),
        styles,
        lists,
    )
    assert lines(document) == ["一甲", "二乙", "2.1 丙", "五丁", "戊"]
    assert [block.heading for block in document.blocks if isinstance(block, Paragraph)] == [
        True,
        True,
        True,
        False,
        True,
    ]


def test_bullets_are_not_text_and_numbers_in_cells_are() -> None:
    lists = numbering(level(0, "bullet", "•"), level(1, "decimal", "%2."))
    document = word(
        p("条目", numbered(1)) + tbl(tr(tc("", inside=p("属于国家秘密", numbered(1, 1))), tc("0"))),
        numbering=lists,
    )
    assert lines(document) == ["条目"]
    assert matrix(document.grids[0]) == [["1.属于国家秘密", "0"]]


def test_a_layout_table_gives_its_content() -> None:
    document = word(tbl(tr(tc("", inside=p("一、总体情况") + tbl(ROW) + p("末")))))
    assert lines(document) == ["一、总体情况", "末"]
    assert matrix(document.grids[0]) == [["规章", "0"]]


def test_strict_documents_are_read_alike() -> None:
    document = word(p("一、总体情况") + tbl(tr(tc("甲", span(2)), tc("1")), ROW), space=STRICT)
    assert lines(document) == ["一、总体情况"]
    assert matrix(document.grids[0]) == [["甲*1×2", "1"], ["规章", "0"]]


def test_a_document_that_is_a_shell_around_a_web_page() -> None:
    out = io.BytesIO()
    with ZipFile(out, "w") as archive:
        names = NAMES.format(SPACE)
        archive.writestr("word/document.xml", f"<w:document {names}><w:body><w:altChunk/></w:body></w:document>")
        archive.writestr("word/afchunk.htm", "<html><body><p>一、总体情况</p></body></html>")
    assert lines(read(out.getvalue(), "报告.docx")) == ["一、总体情况"]


def test_the_main_part_may_have_another_name() -> None:
    out = io.BytesIO()
    with ZipFile(out, "w") as archive:
        names = NAMES.format(SPACE)
        archive.writestr("word/document2.xml", f"<w:document {names}><w:body>{p('正文')}</w:body></w:document>")
        archive.writestr(
            "_rels/.rels",
            '<Relationships><Relationship Type="http://x/officeDocument" Target="/word/document2.xml"/></Relationships>',
        )
    assert lines(read(out.getvalue(), "报告.docx")) == ["正文"]


def test_a_document_of_pictures_says_what_to_do() -> None:
    with pytest.raises(ReadError, match=r"READ-NO-TEXT.*图片"):
        word(p())


def test_a_field_inside_the_code_of_another_is_no_text() -> None:
    def mark(kind: str) -> str:
        return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'

    inner = f"{mark('begin')}<w:r><w:instrText>DOCPROPERTY X</w:instrText></w:r>{mark('separate')}{r('99')}{mark('end')}"
    field = (
        f"{mark('begin')}<w:r><w:instrText>IF</w:instrText></w:r>{inner}{mark('separate')}{r('12')}{mark('end')}"
    )
    assert lines(word(p("共", inside=f"{field}{r('件')}"))) == ["共12件"]


def test_a_raised_mark_is_no_digit_of_the_figure() -> None:
    styles = (
        '<w:style w:styleId="a"><w:name w:val="x"/><w:rPr><w:vertAlign w:val="superscript"/></w:rPr></w:style>'
    )
    inside = r("1", '<w:vertAlign w:val="superscript"/>') + r("2", '<w:rStyle w:val="a"/>')
    assert lines(word(p("12", inside=inside), styles)) == ["12¹²"]
    assert lines(word(p("12", inside=r("3", '<w:position w:val="10"/>') + r("4", '<w:position w:val="2"/>')))) == [
        "12³4"
    ]


def test_struck_out_figures_are_left_out() -> None:
    assert lines(word(p(inside=r("3", "<w:strike/>") + r("4", "<w:dstrike/>") + r("5")))) == ["5"]


def test_the_hint_of_an_empty_control_is_no_text() -> None:
    hint = f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{r('单击此处输入文字。')}</w:sdtContent></w:sdt>"
    assert cells(tr(tc("规章"), tc("", inside=f"<w:p>{hint}</w:p>"))) == [["规章", ""]]


def test_pictures_are_marked_where_they_stand() -> None:
    picture = '<w:r><w:drawing><blip xmlns:r="r" r:embed="rId9"/></w:drawing></w:r>'
    document = word(p("二、主动公开政府信息情况") + p(inside=picture) + p("文字", inside=picture) + tbl(ROW))
    assert lines(document) == ["二、主动公开政府信息情况", "\ufffc0", "文字"]


def test_a_document_saved_as_one_xml_file() -> None:
    part = f"<w:document {NAMES.format(SPACE)}><w:body>{p('总体情况')}</w:body></w:document>"
    pkg = 'xmlns:pkg="http://schemas.microsoft.com/office/2006/xmlPackage"'
    flat = f'<pkg:part pkg:name="/word/document.xml"><pkg:xmlData>{part}</pkg:xmlData></pkg:part>'
    binary = '<pkg:part pkg:name="/word/media/a.png"><pkg:binaryData>AAAA\nAA==</pkg:binaryData></pkg:part>'
    data = f'<?xml version="1.0"?><pkg:package {pkg}>{flat}{binary}</pkg:package>'
    assert lines(read(data.encode(), "报告.xml")) == ["总体情况"]
