"""HTML layouts: the markup that content management systems of government sites make of a report."""

from __future__ import annotations

import html
import random
from collections.abc import Callable

from tests.writers.layout import Blocks, Form, Line, Slot, Table, blocks, random_form
from tests.writers.truth import Truth

Cell = Callable[[Slot, random.Random], str]
BORDER = "border: 1px solid rgb(0, 0, 0); padding: 0px 7px;"


def write(truth: Truth, family: str = "plain", seed: int = 0) -> bytes:
    """The report as a page of the CMS ``family`` (a key of FAMILIES)."""
    rng = random.Random(seed)
    content = blocks(truth, random_form(rng) if seed else Form())
    return FAMILIES[family](truth, content, rng)


def _spans(slot: Slot) -> str:
    rows = f' rowspan="{slot.rows}"' if slot.rows > 1 else ""
    return rows + (f' colspan="{slot.columns}"' if slot.columns > 1 else "")


def _table(table: Table, cell: Cell, rng: random.Random, attributes: str = 'border="1"', first: str = "") -> str:
    rows = []
    for number, row in enumerate(table.rows):
        cells = "".join(cell(slot, rng) for slot in row)
        rows.append(f"<tr{first if number == 0 else ''}>{cells}</tr>")
    return f"<table {attributes}><tbody>{chr(10).join(rows)}</tbody></table>"


def _plain_cell(slot: Slot, rng: random.Random) -> str:
    tag = "th" if slot.kind == "head" else "td"
    return f"<{tag}{_spans(slot)}>{html.escape(slot.text)}</{tag}>"


def _body(content: Blocks, paragraph: Callable[[Line], str], table: Callable[[Table], str]) -> str:
    return "\n".join(paragraph(block) if isinstance(block, Line) else table(block) for block in content)


def _tag(line: Line) -> str:
    tag = {"title": "h1", "heading": "h2"}.get(line.role, "p")
    return f"<{tag}>{html.escape(line.text)}</{tag}>"


def plain(truth: Truth, content: Blocks, rng: random.Random) -> bytes:
    """A plain article, as JPage sites keep it."""
    body = _body(content, _tag, lambda table: _table(table, _plain_cell, rng))
    day = truth.issued_on
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8" name="viewport"><title>{truth.title}</title>
<meta name="PubDate" content="{day:%Y-%m-%d} 10:20"></head><body>
<div class="top"><a href="/">首页</a><ul><li>政务公开</li><li>办事服务</li></ul></div>
<div id="zoom">{body}</div><div class="foot">主办单位：{truth.county}人民政府 网站标识码：0000000001</div>
</body></html>""".encode()


def styled(truth: Truth, content: Blocks, rng: random.Random) -> bytes:
    """For printing by a browser: every rule drawn, own fonts and sizes."""
    sizes = {"body": rng.choice((12, 13, 14, 16)), "cell": rng.choice((10, 11, 12, 14))}
    pad, font = rng.choice((1, 3, 6, 10)), rng.choice(("Noto Serif CJK SC", "Noto Sans CJK SC", "AR PL UMing CN"))
    keep = rng.choice(("", "", "tr{break-inside:avoid}"))
    head = rng.choice(("", "thead{display:table-header-group}"))
    border = rng.choice(("1px solid #000", "0.5px solid #333", "1px solid #999", "2px double #000"))
    css = f"""body{{font:{sizes["body"]}px/1.9 '{font}';margin:0 {rng.choice((0, 20, 50))}px}}
table{{border-collapse:{rng.choice(("collapse", "collapse", "separate"))};border-spacing:0;width:100%}}
td,th{{border:{border};padding:{pad}px {rng.choice((1, 3))}px;font-size:{sizes["cell"]}px;line-height:1.4}}
td.value{{text-align:{rng.choice(("center", "right", "left"))}}} h1{{text-align:center;font-size:22px}}
td.group{{width:{rng.choice((20, 40, 60))}px}} {keep} {head}
@page{{size:{rng.choice(("A4", "A4", "A4 landscape", "Letter"))};margin:{rng.choice((10, 15, 20))}mm}}"""

    def cell(slot: Slot, rng: random.Random) -> str:
        return f'<td class="{slot.kind}"{_spans(slot)}>{html.escape(slot.text)}</td>'

    body = _body(content, _tag, lambda table: _table(table, cell, rng, ""))
    return f"""<!DOCTYPE html><html lang="zh"><head><meta charset="utf-8"><title>{truth.title}</title>
<style>{css}</style></head><body>{body}</body></html>""".encode()


def trs(truth: Truth, content: Blocks, rng: random.Random) -> bytes:
    """TRS with UEditor: a full style in every cell, several paragraphs a cell, trailing nbsp runs."""

    def cell(slot: Slot, rng: random.Random) -> str:
        parts = _broken(slot.text, rng) if slot.kind != "value" else [slot.text]
        inside = "".join(
            f'<p style="text-indent: 0em; text-align: center;">{html.escape(part)}{rng.choice(("", "&nbsp; &nbsp;"))}</p>'
            for part in parts
        )
        if slot.kind == "value" and rng.random() < 0.2:
            inside = html.escape(slot.text)
        style = f' style="{BORDER} word-break: break-all;" valign="middle" width="{rng.randint(30, 140)}"'
        return f"<td{style}{_spans(slot)}>{inside}</td>"

    def table(block: Table) -> str:
        return _table(block, cell, rng, 'cellspacing="0" style="border-collapse:collapse;"', ' class="firstRow"')

    def paragraph(line: Line) -> str:
        words = html.escape(line.text)
        if line.role == "heading":
            words = f"<strong>{words[:2]}<span>{words[2:]}</span></strong>"
        return f'<p style="text-indent: 2em; line-height: 2em;"><span style="font-size: 18px;">{words}</span></p>'

    body = _body(content, paragraph, table)
    return f"""<html><head><meta charset="utf-8" name="viewport" content="width=device-width">
<title>{truth.title}_{truth.county}人民政府</title></head><body><div class="nav">当前位置：首页 &gt; 年度报告</div>
<div class="TRS_Editor">{body}</div><div>分享到：微信 微博</div><script>var a="<table><tr><td>0</td></tr></table>";</script>
</body></html>""".encode()


def word(truth: Truth, content: Blocks, rng: random.Random) -> bytes:
    """Word paste: MsoNormal, mso styles, empty second spans, o:p, font tags that cut words."""

    def cell(slot: Slot, rng: random.Random) -> str:
        text = html.escape(slot.text)
        if len(text) > 3 and "&" not in text and rng.random() < 0.5:
            cut = rng.randint(1, len(text) - 1)
            text = f'<font face="宋体">{text[:cut]}</font><font face="Calibri">{text[cut:]}</font>'
        inside = text or "<o:p>&nbsp;</o:p>"
        return (
            f'<td width="{rng.randint(20, 200)}"{_spans(slot)} style="mso-border-alt:.5pt solid windowtext">'
            f'<p class="MsoNormal" align="center"><span style="font-family:&#39;宋体&#39;;mso-bidi-font-size:10.5pt">'
            f"{inside}</span><span></span></p></td>"
        )

    def table(block: Table) -> str:
        return f'<div align="center">{_table(block, cell, rng, "class=MsoNormalTable border=1")}</div>'

    def paragraph(line: Line) -> str:
        return f'<p class="MsoNormal" style="mso-pagination:widow-orphan"><span>{html.escape(line.text)}<o:p></o:p></span></p>'

    body = _body(content, paragraph, table)
    return f"""<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><meta charset="utf-8">
<style>@font-face{{font-family:"宋体"}} p.MsoNormal{{margin:0}}</style><title>{truth.title}</title></head>
<body><div class="Section0">{body}</div></body></html>""".encode()


def ucap(truth: Truth, content: Blocks, rng: random.Random) -> bytes:
    """UCAP: a table of facts about the page first, labels in spans of one or two characters, o:p for blanks."""

    def cell(slot: Slot, rng: random.Random) -> str:
        text = slot.text
        spans = "".join(f"<span>{html.escape(text[i : i + 2])}</span>" for i in range(0, len(text), 2))
        return f"<td{_spans(slot)}><p>{spans or '<o:p> </o:p>'}</p></td>"

    body = _body(content, _tag, lambda table: _table(table, cell, rng))
    day = truth.issued_on
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>{truth.title}</title></head><body>
<table class="table_content"><tr><td>名称</td><td colspan="3"><ucaptitle>{truth.title}</ucaptitle></td></tr>
<tr><td>索引号</td><td>0000/{truth.year}-00002</td><td>分类</td><td>年报</td></tr>
<tr><td>发布机构</td><td>{truth.unit}</td><td>公开日期</td><td><publishtime>{day:%Y-%m-%d}</publishtime></td></tr>
</table><ucapcontent><head><meta charset="gbk"><title>年报</title></head>{body}</ucapcontent></body></html>""".encode()


def script(truth: Truth, content: Blocks, rng: random.Random) -> bytes:
    """A page whose article is a string inside JavaScript, quotes escaped."""

    def cell(slot: Slot, rng: random.Random) -> str:
        inside = html.escape(slot.text) or "&nbsp;"
        if rng.random() < 0.7:
            inside = f'<p align="center">{inside}</p>'
        return f'<td nowrap="nowrap"{_spans(slot)}>{inside}</td>'

    body = _body(content, _tag, lambda table: _table(table, cell, rng))
    quoted = body.replace("\\", "\\\\").replace('"', '\\"').replace("/", "\\/").replace("\n", "\\n")
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>{truth.title}</title></head><body><div id="app"></div>
<script>window.__DATA__ = {{"title":"{truth.title}","content":"{quoted}","hits":0}};</script></body></html>""".encode()


def vsb(truth: Truth, content: Blocks, rng: random.Random) -> bytes:
    """VSB: the article inside layout tables, a title row with hundreds of empty columns."""
    body = _body(content, _tag, lambda table: _table(table, _plain_cell, rng))
    empty = "<td></td>" * 300
    return f"""<html><head><meta charset="utf-8"><title>{truth.title}</title></head><body>
<table width="1000"><tr><td>站点导航</td>{empty}</tr><tr><td colspan="301"><table><tr><td class="titlestyle">{truth.title}</td>
</tr><tr><td>发布时间：{truth.issued_on:%Y-%m-%d} 点击：<span>12</span></td></tr><tr><td><div id="vsb_content">{body}</div>
</td></tr></table></td></tr></table></body></html>""".encode()


def unclosed(truth: Truth, content: Blocks, rng: random.Random) -> bytes:
    """Old hand-made markup: no closing tags of cells, rows and paragraphs, upper case, unescaped angle brackets."""

    def table(block: Table) -> str:
        rows = "\n".join(
            "<TR>" + "".join(f"<TD{_spans(slot).replace(chr(34), '')}>{slot.text}" for slot in row)
            for row in block.rows
        )
        return f"<TABLE BORDER=1>{rows}</TABLE>"

    def paragraph(line: Line) -> str:
        return f"<P>{line.text}"

    body = _body(content, paragraph, table)
    note = "<中华人民共和国政府信息公开工作年度报告格式>"
    return f"<HTML><TITLE>{truth.title}</TITLE><BODY><DIV>{body}<P>依据{note}编制。</BODY></HTML>".encode()


def gbk(truth: Truth, content: Blocks, rng: random.Random) -> bytes:
    """GB 18030 bytes under a declaration that says UTF-8 or GB2312."""
    page = plain(truth, content, rng).decode()
    declared = rng.choice(("gb2312", "gbk", "utf-8"))
    return page.replace('charset="utf-8"', f'charset="{declared}"').encode("gb18030")


def _broken(text: str, rng: random.Random) -> list[str]:
    """A label in several paragraphs, as narrow columns make editors write it."""
    if len(text) < 4 or rng.random() < 0.4:
        return [text]
    step = rng.choice((2, 3, 4))
    return [text[i : i + step] for i in range(0, len(text), step)] if len(text) < 13 else [text]


FAMILIES: dict[str, Callable[[Truth, Blocks, random.Random], bytes]] = {
    "plain": plain,
    "styled": styled,
    "trs": trs,
    "word": word,
    "ucap": ucap,
    "script": script,
    "vsb": vsb,
    "unclosed": unclosed,
    "gbk": gbk,
}
