"""Web pages: the tables as a browser shows them, and the report without the page around it."""

from __future__ import annotations

import html
import json
from base64 import b64encode
from urllib.parse import quote

import pytest

from gongkai_etl.errors import ReadError
from gongkai_etl.model import Document, Paragraph
from gongkai_etl.read import read
from tests.read.show import columns, lines, matrix

TABLE = "<table><tr><td>信息内容</td><td>本年制发件数</td></tr><tr><td>规章</td><td>0</td></tr></table>"
REPORT = f"<p>一、总体情况</p><p>正文。</p><p>二、主动公开政府信息情况</p>{TABLE}<p>六、其他需要报告的事项</p><p>无。</p>"


def page(body: str, head: str = "") -> Document:
    return read(f"<html><head>{head}</head><body>{body}</body></html>".encode(), "页.html")


def cells(table: str) -> list[list[str]]:
    return matrix(page(table).grids[0])


def test_spans_stand_where_a_browser_puts_them() -> None:
    grid = page(
        "<table><tr><td rowspan=2 colspan=2>甲</td><td>1</td><td>2</td></tr><tr><td>3</td><td>4</td></tr>"
        "<tr><td>乙</td><td>丙</td><td colspan=2>5</td></tr></table>"
    ).grids[0]
    assert matrix(grid) == [["甲*2×2", "1", "2"], ["3", "4"], ["乙", "丙", "5*1×2"]]
    assert columns(grid) == [[0, 2, 3], [2, 3], [0, 1, 2]]
    assert [cell.address for cell in grid.cells][3] == "第1个表第2行第3列"


@pytest.mark.parametrize(
    ("attributes", "span"),
    [
        ('rowspan="0"', "*2×1"),
        ('rowspan="99"', "*2×1"),
        ('rowspan="x"', ""),
        ('rowspan="-1"', ""),
        ('rowspan=" 2 "', "*2×1"),
    ],
)
def test_row_spans_end_with_the_table(attributes: str, span: str) -> None:
    assert (
        cells(f"<table><tr><td {attributes}>甲</td><td>1</td></tr><tr><td>2</td></tr></table>")[0][0]
        == f"甲{span}"
    )


def test_columns_in_which_no_cell_begins_fall_away() -> None:
    grid = page(
        "<table><tr><td colspan=460>标题</td></tr><tr><td>甲</td><td colspan=459>1</td></tr></table>"
    ).grids[0]
    assert (grid.columns, matrix(grid)) == (2, [["标题*1×2"], ["甲", "1"]])


@pytest.mark.parametrize(
    ("inside", "text"),
    [
        ("<p>商业</p><p>企业</p>", "商业企业"),
        ("<p>三、本</p><p>年度办</p><p>理结果</p>", "三、本年度办理结果"),
        ("<span>三</span><span>、</span><span>本年</span>", "三、本年"),
        ("年<span>度办</span>", "年度办"),
        ("<p>69</p><p>3</p><p>665</p>", "69 3 665"),
        ("2648<br>-18", "2648 -18"),
        ("<p>22</p><p>（其中修订 16 件）</p>", "22（其中修订 16 件）"),
        ("<p>社会<br/>公益组织 &nbsp; &nbsp;</p>", "社会公益组织"),
        ("<p>社会公益\n   组织</p>", "社会公益组织"),
        ("<font>1</font><font>23</font>", "123"),
        ("&nbsp;<font>&nbsp;</font>7&nbsp;", "7"),
        ("<o:p> </o:p>", ""),
        ("<p>0</p><!-- 9 --><del>8</del><span style='display:none'>7</span>", "0"),
        ("<p>总计</p><script>document.write(5)</script>", "总计"),
        ("１２", "１２"),
    ],
)
def test_the_pieces_of_a_cell_are_joined_without_gluing_numbers(inside: str, text: str) -> None:
    assert cells(f"<table><tr><td>{inside}</td><td>x</td></tr></table>")[0][0] == text


def test_missing_closing_tags() -> None:
    assert cells("<TABLE><TR><TD><DIV>规章<TD>0<TD><B>1<TR><TD>文件<TD><P><SPAN>2<TD>3</TABLE>") == [
        ["规章", "0", "1"],
        ["文件", "2", "3"],
    ]
    document = page(f"<p>二、主动公开政府信息情况<p align=center>{TABLE}<p>后面")
    assert lines(document) == ["二、主动公开政府信息情况", "后面"]
    assert len(document.grids) == 1


def test_tables_that_only_hold_the_page_give_their_content() -> None:
    document = page(
        f"<table><tr><td>菜单</td></tr><tr><td><table><tr><td>{REPORT}</td></tr></table></td></tr></table>"
    )
    assert lines(document)[0] == "一、总体情况"
    assert [matrix(grid) for grid in document.grids] == [[["信息内容", "本年制发件数"], ["规章", "0"]]]


def test_a_table_with_figures_of_its_own_keeps_its_cells() -> None:
    figures = "".join(f"<td>{number}</td>" for number in range(7))
    document = page(
        f"<table><tr><td><table><tr><td>一、</td><td>新收</td></tr></table></td>{figures}</tr></table>"
    )
    assert matrix(document.grids[0]) == [["一、新收", *"0123456"]]


def test_a_layout_table_with_a_row_of_page_numbers_is_layout_all_the_same() -> None:
    pager = "".join(f"<td>{number}</td>" for number in range(9))
    table = "<table>" + "<tr><td>规章</td><td>0</td><td>1</td></tr>" * 6 + "</table>"
    document = page(f"<table><tr>{pager}</tr><tr><td colspan=9>{table}</td></tr></table>")
    assert [grid.rows for grid in document.grids] == [6]


def test_text_in_angle_brackets_is_text() -> None:
    assert lines(page("<p>依据《关于印发<中华人民共和国政府信息公开工作年度报告格式>的通知》编制。</p>")) == [
        "依据《关于印发<中华人民共和国政府信息公开工作年度报告格式>的通知》编制。"
    ]


def test_what_is_not_shown_is_not_read() -> None:
    document = page(
        f"{REPORT}<p style='DISPLAY: none'>甲</p><p hidden>乙</p><div aria-hidden='true'>丙</div><template>丁</template>"
        "<!--[if gte mso 9]><xml>戊</xml><![endif]--><noscript>己</noscript><p>末</p>"
    )
    assert lines(document)[-2:] == ["无。", "末"]


def test_a_report_that_a_script_would_show_is_read_although_hidden() -> None:
    assert "二、主动公开政府信息情况" in lines(page(f"<p>载入中</p><div style='display:none'>{REPORT}</div>"))


AROUND = """<div class="header"><ul><li><a href="/">首页</a></li><li><a href="/zw">政务公开</a></li></ul></div>
<div class="position">当前位置：首页 &gt; 年报</div><h1>青禾镇2025年政府信息公开工作年度报告</h1>
<div class="info">发布时间：2026-01-16　来源：青禾镇 【字体：大 中 小】</div>
<div class="{name}">{report}<p>青禾镇人民政府</p><p>2026年1月15日</p></div>
<div class="share">分享到：微信</div><div class="related"><h3>相关信息</h3><a href="x">石桥镇2025年政府信息公开工作年度报告</a></div>
<div class="footer">主办：某县人民政府 备案号：1</div>"""


@pytest.mark.parametrize("name", ["zoom", "TRS_Editor", "unknown", "article-content"])
def test_the_body_without_the_page_around_it(name: str) -> None:
    document = page(AROUND.format(name=name, report=REPORT))
    assert lines(document) == [
        "青禾镇2025年政府信息公开工作年度报告",
        "一、总体情况",
        "正文。",
        "二、主动公开政府信息情况",
        "六、其他需要报告的事项",
        "无。",
        "青禾镇人民政府",
        "2026年1月15日",
    ]


def test_a_signature_beside_the_text_belongs_to_it() -> None:
    document = page(
        f"<div><a href=x>菜单</a><div><div>{REPORT}</div><div>青禾镇</div></div></div><div>版权所有</div>"
    )
    assert lines(document)[-1] == "青禾镇"
    assert "菜单" not in lines(document)


@pytest.mark.parametrize(
    "line",
    [
        "扫一扫在手机打开当前页",
        "分享到：微信 微博",
        "上一篇：石桥镇年报",
        "附件下载：",
        "附件：年报.docx",
        "【打印本页】 【关闭窗口】",
        "浏览次数：12",
        "发布时间：2026-01-16 来源：青禾镇",
        "责任编辑：张三",
    ],
)
def test_lines_of_the_page_inside_the_body_are_left_out(line: str) -> None:
    assert line not in lines(page(f"<div id=zoom>{REPORT}<p>{line}</p></div>"))


def test_a_line_of_the_report_that_only_looks_like_one_stays() -> None:
    kept = "附件是本报告的一部分，内容包括来源和审核的说明。"
    assert kept in lines(page(f"<div id=zoom>{REPORT}<p>{kept}</p></div>"))


def test_what_the_page_says_about_itself() -> None:
    head = (
        "<title>青禾镇2025年政府信息公开工作年度报告-某县人民政府</title><meta name=PubDate content='2026-01-16 12:30'>"
        "<meta name=ArticleTitle content='青禾镇2025年政府信息公开工作年度报告'>"
    )
    facts = dict(page(REPORT, head).metadata)
    assert facts == {
        "title": "青禾镇2025年政府信息公开工作年度报告-某县人民政府",
        "article_title": "青禾镇2025年政府信息公开工作年度报告",
        "published": "2026-01-16",
        "charset": "utf-8",
    }


@pytest.mark.parametrize(
    ("extra", "day"),
    [
        ("<publishtime>2024-01-17</publishtime>", "2024-01-17"),
        ("<p>发布日期：2024年1月7日</p>", "2024-01-07"),
        ("<p>发布时间：2024-13-45</p>", None),
    ],
)
def test_the_day_of_publishing(extra: str, day: str | None) -> None:
    assert page(extra + REPORT).metadata.get("published") == day


def test_the_title_may_stand_only_in_the_window() -> None:
    document = page(REPORT, "<title>某县人民政府_青禾镇2025年政府信息公开工作年度报告</title>")
    assert document.blocks[0] == Paragraph("青禾镇2025年政府信息公开工作年度报告", heading=True)


def test_a_break_wraps_a_title_but_ends_a_line_of_prose() -> None:
    document = page(
        "<h1>青禾镇2025年<br>政府信息公开工作年度报告</h1><p style='text-align:center'>青禾镇<br>报告</p><p>一<br>二</p>"
    )
    assert lines(document) == ["青禾镇2025年政府信息公开工作年度报告", "青禾镇报告", "一", "二"]


@pytest.mark.parametrize(
    "source",
    [
        lambda text: "var data = {title: 'x', content: " + json.dumps(text, ensure_ascii=True) + "};",
        lambda text: "var s = '" + text.replace("'", "\\'").replace("/", "\\/") + "';",
        lambda text: "var t = `" + text + "`;",
        lambda text: (
            'var u = "' + text[:300].replace('"', '\\"') + '" +\n "' + text[300:].replace('"', '\\"') + '";'
        ),
        lambda text: 'var v = "' + text.replace("<", "\\u003c").replace(">", "\\x3e").replace('"', '\\"') + '";',
        lambda text: 'var w = "' + text.replace("<", "&lt;").replace(">", "&gt;") + '";',
    ],
)
def test_an_article_inside_a_string_of_a_script(source: object) -> None:
    assert callable(source)
    report = REPORT + "<p>" + "长" * 250 + "</p>"
    document = page(f'<div id="app"></div><script>{source(report)}</script>')
    assert lines(document)[:3] == ["一、总体情况", "正文。", "二、主动公开政府信息情况"]
    assert len(document.grids) == 1


def test_an_answer_of_an_interface_saved_as_a_page() -> None:
    answer = json.dumps({"code": 0, "data": [{"body": REPORT}]}, ensure_ascii=False)
    assert len(read(answer.encode(), "回答.html").grids) == 1


def test_a_table_in_a_script_beside_a_report_is_not_read() -> None:
    assert len(page(f'{REPORT}<script>var a="{TABLE * 9}";</script>').grids) == 1


@pytest.mark.parametrize("encoding", ["utf-8", "gbk", "gb18030", "utf-8-sig", "utf-16", "big5"])
@pytest.mark.parametrize("declared", ["utf-8", "gb2312", "iso-8859-1", "nonsense", None])
def test_the_encoding_is_found_whatever_is_declared(encoding: str, declared: str | None) -> None:
    text = "二、主動公開政府信息情況" if encoding == "big5" else "二、主动公开政府信息情况"
    meta = f'<meta charset="{declared}">' if declared else ""
    body = f"<html><head>{meta}</head><body><p>{text}</p><p>本年度報告</p></body></html>"
    assert lines(read(body.encode(encoding), "页.html"))[0] == text


def test_a_web_archive() -> None:
    import email.message

    archive = email.message.EmailMessage()
    archive["MIME-Version"] = "1.0"
    archive.set_content("x")
    archive.add_related(REPORT.encode("gbk"), "text", "html", cte="quoted-printable")
    archive.add_related(b"\x89PNG", "image", "png")
    assert len(read(archive.as_bytes(), "页.mht").grids) == 1


def test_a_page_that_only_links_the_report_says_so() -> None:
    document = page('<p>年报见附件</p><a href="/d/1.DOCX?x=1">青禾镇年报</a><a href="/index.html">首页</a>')
    assert document.notes == ("网页正文里没有报告的内容，报告可能在附件里，请下载后报送：青禾镇年报。",)
    assert page(f'{REPORT}<a href="1.pdf">附件</a>').notes == ()


@pytest.mark.parametrize(
    "body", ["<div>" * 300 + "二、主动公开政府信息情况", "<table><tr><td>" * 300, "<b><i>" * 200 + "字"]
)
def test_nesting_that_the_parser_would_silently_drop_is_an_error(body: str) -> None:
    with pytest.raises(ReadError, match="READ-UNSAFE"):
        page(body)


def test_a_page_without_text_says_what_to_do() -> None:
    with pytest.raises(ReadError, match=r"READ-NO-TEXT.*附件"):
        page("<script>var a</script>")


def test_struck_out_figures_are_left_out() -> None:
    row = "<td>规章</td><td><s>3</s>2</td><td><del>4</del>5</td><td><span style='text-decoration: line-through'>6</span>7</td>"
    assert cells(f"<table><tr>{row}</tr></table>") == [["规章", "2", "5", "7"]]


def test_what_was_typed_into_a_form_stands_in_its_cell() -> None:
    row = "<td>规章</td><td><input type='text' value='5'></td><td><input type='hidden' value='9'>1</td>"
    assert cells(f"<table><tr>{row}</tr></table>") == [["规章", "5", "1"]]


def test_rows_without_cells_push_nothing_aside() -> None:
    table = (
        "<table><tr><td rowspan=2>甲</td><td>乙</td><td>1</td></tr><tr></tr><tr><td>丙</td><td>2</td></tr><tr></tr>"
        "<tr><td>丁</td><td>戊</td><td>3</td></tr></table>"
    )
    assert columns(page(table).grids[0]) == [[0, 1, 2], [1, 2], [0, 1, 2]]


@pytest.mark.parametrize(
    ("head", "inside", "text"),
    [
        ("<style>.n, #m { display : none }</style>", "5<b class='a n'>7</b>", "5"),
        ("<style>.n, #m { display : none }</style>", "5<b id='m'>7</b>", "5"),
        ("<style>@media print { .n { display: none } } .k { color: red }</style>", "5<b class='n'>7</b>", "57"),
        (
            "<style>@media print { .n { color: red } } .k { visibility: hidden }</style>",
            "5<b class='k'>7</b>",
            "5",
        ),
        ("", "5<span style='font-size:0'>7</span>", "5"),
        ("", "<span style='font-size:0px'><b style='font-size:14px'>5</b></span>", "5"),
        ("", "<span style='font-size:0.5em'>5</span>", "5"),
    ],
)
def test_what_the_page_hides_with_styles_is_not_read(head: str, inside: str, text: str) -> None:
    assert matrix(page(f"<table><tr><td>规章</td><td>{inside}</td></tr></table>", head).grids[0])[0][1] == text


@pytest.mark.parametrize(
    "mark", ["<sup>1</sup>", "<span style='vertical-align: super'>1</span>", "<sup><a>1</a></sup>"]
)
def test_a_raised_mark_is_no_digit_of_the_figure(mark: str) -> None:
    assert cells(f"<table><tr><td>规章</td><td>12{mark}</td></tr></table>") == [["规章", "12¹"]]


def test_a_tables_foot_is_shown_last() -> None:
    table = "<table><tfoot><tr><td>丙</td></tr></tfoot><tbody><tr><td>乙</td></tr></tbody><thead><tr><td>甲</td><td>1</td></tr></thead></table>"
    assert [row[0] for row in cells(table)] == ["甲", "乙", "丙"]


def test_tables_that_the_page_only_shows_when_asked_are_read() -> None:
    tabs = (
        f"<p>一、总体情况</p><p>正文。</p><div style='display:none'><p>二、主动公开政府信息情况</p>{TABLE}</div>"
    )
    assert len(page(tabs).grids) == 1


@pytest.mark.parametrize("tag", ["pre", "textarea"])
def test_a_report_typed_as_plain_text_keeps_its_lines_and_columns(tag: str) -> None:
    typed = "一、总体情况\n正文。\n二、主动公开政府信息情况\n信息内容\t本年制发件数\n规章\t0\n六、其他需要报告的事项\n无。"
    document = page(f"<div class='nav'><a>首页</a></div><{tag}>{typed}</{tag}>")
    assert document.format == "text"
    assert matrix(document.grids[0]) == [["信息内容", "本年制发件数"], ["规章", "0"]]
    assert lines(document)[0] == "一、总体情况"


LAW = "第二十条第（一）项"
ROWS = [
    [LAW],
    ["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"],
    ["规章", "0", "", "7"],
    ["行政许可", "12"],
]


def drawn(row: str, cell: str) -> str:
    return "".join(row.format("".join(cell.format(text) for text in texts)) for texts in ROWS)


@pytest.mark.parametrize(
    "table",
    [
        f"<div>{drawn('<div class=r>{}</div>', '<div class=c><span>{}</span></div>')}</div>",
        f"<div>{drawn('<ul>{}</ul>', '<li>{}</li>')}</div>",
        f"<div role=table>{drawn('<div role=row>{}</div>', '<span role=cell>{}</span>')}</div>",
        f"<div><div>{LAW}</div>{drawn('<section>{}</section>', '<p>{}</p>')}</div>",
    ],
)
def test_tables_drawn_with_other_elements(table: str) -> None:
    document = page(
        f"<p>一、总体情况</p><p>正文。</p><p>二、主动公开政府信息情况</p>{table}<p>六、其他需要报告的事项</p>"
    )
    assert matrix(document.grids[0])[-3:] == ROWS[1:]
    assert lines(document) == ["一、总体情况", "正文。", "二、主动公开政府信息情况", "六、其他需要报告的事项"]


def test_a_css_grid_is_a_table_with_spans() -> None:
    cells = (("勾稽关系", "1/span 2", "1/span 2"), ("1", "1", "3"), ("2", "2", "3"), ("3", "2", "4 / 6"))
    made = "".join(f"<div style='grid-row:{row};grid-column:{column}'>{text}</div>" for text, row, column in cells)
    grid = page(f"<p>一、总体情况</p><div>{made}</div>").grids[0]
    assert matrix(grid) == [["勾稽关系*2×1", "1"], ["2", "3"]]
    assert columns(grid) == [[0, 1], [1, 2]]


def test_a_short_row_of_boxes_keeps_its_figures_in_the_last_columns() -> None:
    rows = [["三、结果", "（三）不予公开", "1.属于国家秘密", *"0000000"], ["结转下年度继续办理", *"000000", ""]]
    made = "".join(f"<ul>{''.join(f'<li>{text}</li>' for text in row)}</ul>" for row in rows)
    assert columns(page(f"<p>一、总体情况</p><div>{made}</div>").grids[0])[1] == [0, *range(3, 10)]


@pytest.mark.parametrize(
    "source",
    [
        f"<iframe srcdoc='{html.escape(REPORT * 2)}'></iframe>",
        f"<app :content='{html.escape(json.dumps(REPORT * 2))}'></app>",
        f"<script>show(decodeURIComponent('{quote(REPORT)}'))</script>",
        f"<script>show('{b64encode(REPORT.encode()).decode()}')</script>",
        f"<p>{html.escape(REPORT * 2)}</p>",
    ],
)
def test_an_article_in_an_attribute_or_written_in_code(source: str) -> None:
    assert matrix(page(source).grids[0])[1] == ["规章", "0"]


@pytest.mark.parametrize("content", [f"<![CDATA[{REPORT * 2}]]>", html.escape(REPORT * 2)])
def test_an_article_in_an_answer_in_xml(content: str) -> None:
    document = read(f'<?xml version="1.0"?><r><content>{content}</content></r>'.encode(), "答.xml")
    assert matrix(document.grids[0])[1] == ["规章", "0"]


def test_pictures_are_marked_where_they_stand_and_ornaments_are_not() -> None:
    small = "<img src='a.png' width=20><img src='b.gif'><img src='c.png' style='height: 16px'>"
    body = f"<p>一、总体情况</p><p>正文。<img src='d.png'></p><p>{small}</p><p>二、主动公开政府信息情况</p>"
    document = page(
        f"{body}<p><img src='e.png'></p><table><tr><td>规章</td><td><img src='f.png'></td></tr></table>"
    )
    assert lines(document) == ["一、总体情况", "正文。", "二、主动公开政府信息情况", "\ufffc0"]
    assert matrix(document.grids[0]) == [["规章", "\ufffc1"]]


def test_every_field_of_an_entry_form_stands_in_its_cell() -> None:
    fields = "<td><textarea>3</textarea></td><td><select><option>1<option selected>2</select></td>"
    assert cells(f"<table><tr><td>规章</td>{fields}</tr></table>") == [["规章", "3", "2"]]
