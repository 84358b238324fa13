"""Before and after the approval: what the approver sees, and the release or the refusal that follows."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TypedDict

from gongkai_etl.model import Value
from gongkai_etl.publish.bridge import Bridge, build_bridge
from gongkai_etl.publish.inputs import CountyYear
from gongkai_etl.publish.notice import adjusted_words
from gongkai_etl.publishing import Published, office_papers, publish_year
from gongkai_etl.release_inputs import load_county_year
from gongkai_etl.steps.plan import checked_year
from gongkai_etl.steps.report import tell
from gongkai_etl.steps.stores import Stores
from gongkai_etl.store import keys
from gongkai_etl.store.rows import Progress

BY_ITSELF = "自动发布（本次运行未设人工核准）"

_SHOWN = ("t3.received.total", "t3.processed_total.total", "t3.granted.total", "t3.carried_forward.total")


class Summary(TypedDict):
    """What travels to the approval: years, text, whether there is anything new, and what was looked at.

    ``hashes`` has one a year, in the order of the years.
    """

    years: list[int]
    body: str
    pending: bool
    hashes: list[str]


def worth_asking(stores: Stores, year: int) -> bool:
    """Whether there are figures that differ from the published ones and that nobody was asked about yet."""
    return stores.warehouse.release_pending(year) and _asked(stores, year) != stores.warehouse.release_hash(year)


def summarise(stores: Stores, years: Sequence[int], ordered: bool = True) -> Summary:
    """Units in, missing by name, open errors, totals against last year. Raises CollectError for a bad year.

    Unless ``ordered`` by a person, nothing is pending that was asked about before.
    """
    chosen = sorted({checked_year(year, stores.settings) for year in years})
    wanted = stores.warehouse.release_pending if ordered else partial(worth_asking, stores)
    pending = any(wanted(year) for year in chosen)
    body = "\n\n".join(_body(stores, year) for year in chosen)
    hashes = [stores.warehouse.release_hash(year) for year in chosen]
    if pending:
        for year, words in zip(chosen, hashes, strict=True):
            stores.objects.put_changed(keys.asked(year), words.encode(), content_type="text/plain")
    else:
        tell("与现行发布或已有的待办相比没有变化，不需要再核准")
    return Summary(years=chosen, body=body, pending=pending, hashes=hashes)


def _asked(stores: Stores, year: int) -> str | None:
    key = keys.asked(year)
    return stores.objects.get(key).decode() if stores.objects.exists(key) else None


def still_as_approved(stores: Stores, summary: Summary) -> bool:
    """Whether the figures are those the approver saw; if not, the run after this one asks again."""
    now = [stores.warehouse.release_hash(year) for year in summary["years"]]
    if now != summary["hashes"]:
        tell("等待核准期间数据有变化，本次不发布；请按较新的待办核准")
    return now == summary["hashes"]


def publish(stores: Stores, years: Sequence[int], approved_by: str, reason: str = "") -> list[Published]:
    """Release each year and write the office's papers. Twice changes no row and no published byte.

    Raises PublishError while a line of the county is unexplained and no reason was given.
    """
    done = []
    for year in years:
        with tempfile.TemporaryDirectory() as folder:
            made = publish_year(
                stores.warehouse,
                stores.objects,
                year,
                Path(folder) / "public",
                approved_by=approved_by,
                reason=reason or None,
            )
            if made.new or not stores.objects.exists(keys.papers(year, "release.txt")):
                _papers(stores, year, Path(folder) / "office", made.release)
        words = f"写入{made.written}个文件" if made.written else "没有变化"
        tell(f"{year}年度发布 {made.release}：{words}")
        done.append(made)
    return done


def refuse(stores: Stores, years: Sequence[int], refused_by: str, reason: str) -> None:
    """Put the refusal and its reason into the record of releases."""
    for year in years:
        made = stores.warehouse.refuse_release(year, refused_by, reason or "未写理由")
        tell(f"{year}年度未予发布（{made.name}）：{made.reason}")


def _papers(stores: Stores, year: int, out: Path, release: str) -> None:
    """County report draft, ledger and notices, for the office only."""
    for paper in office_papers(stores.warehouse, stores.objects, year, out):
        data = (out / paper.path).read_bytes()
        stem = Path(paper.path).stem
        to_unit = paper.path.startswith("notices/")
        name = f"退回修改通知{Path(paper.path).suffix}"
        key = keys.notice(year, stem, name) if to_unit else keys.papers(year, paper.path)
        stores.objects.put_changed(key, data, content_type=paper.content_type)
    stores.objects.put_changed(keys.papers(year, "release.txt"), release.encode(), content_type="text/plain")


def _body(stores: Stores, year: int) -> str:
    rows = stores.warehouse.progress(year)
    arrived = [row for row in rows if row.sha256]
    absent = [row.unit_name for row in rows if not row.sha256]
    states = Counter(row.check_state for row in rows)
    county_year = load_county_year(stores.warehouse, stores.objects, year)
    bridge = build_bridge(county_year)
    lines = [
        f"### {year}年度",
        f"- 应报送 **{len(rows)}** 个单位，已收到 **{len(arrived)}** 个",
        f"- 未报送：{'、'.join(absent) or '无'}",
        f"- 状态：{'，'.join(f'{state} {count}' for state, count in states.most_common())}",
        f"- 未销号错误：{_errors(rows)}",
        "",
        "| 项目 | 本年合计 | 有数单位 | 上年合计 | 增减 |",
        "|---|---:|---:|---:|---:|",
        *_totals(bridge),
    ]
    return "\n".join([*lines, *_adjusted(county_year), *_unexplained(bridge)])


def _errors(rows: Sequence[Progress]) -> str:
    faulty = [row for row in rows if row.errors]
    if not faulty:
        return "无"
    named = "、".join(f"{row.unit_name}（{row.errors}处）" for row in faulty[:20])
    more = f"等{len(faulty)}个单位" if len(faulty) > 20 else ""
    return f"**{sum(row.errors for row in faulty)}** 处：{named}{more}"


def _totals(bridge: Bridge) -> list[str]:
    """Rows of the table; what has no figure is said to have none, never 0."""
    rows = []
    for line in map(bridge.roll_up.lines.__getitem__, _SHOWN):
        change = "—" if line.change is None else f"{line.change:+}"
        rows.append(
            f"| {line.label} | {_shown(line.value)} | {line.reported} | {_shown(line.previous)} | {change} |"
        )
    return rows


def _adjusted(county_year: CountyYear) -> list[str]:
    """What the county itself adds, each with its reason."""
    if not county_year.adjustments:
        return []
    return ["", "- 县级调整：", *(f"  - {adjusted_words(entry)}" for entry in county_year.adjustments)]


def _unexplained(bridge: Bridge) -> list[str]:
    lines = bridge.unexplained
    if not lines:
        return []
    shown = [f"  - {line.label}：{'，'.join(line.unexplained)}" for line in lines[:10]]
    return ["", f"- **{len(lines)}** 项县级数据未能说明来源，批准时必须填写理由：", *shown]


def _shown(value: Value) -> str:
    return "无数据" if value is None else f"{value}"
