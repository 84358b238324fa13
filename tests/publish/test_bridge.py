"""What is explained and what stops a release."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gongkai_etl.errors import PublishError
from gongkai_etl.model import CellState
from gongkai_etl.publish.bridge import build_bridge, check_label, require_explained
from gongkai_etl.publish.inputs import Adjustment, Approval, CountyYear
from tests.publish.county import cell, county_year, figures, report, unit


def failed(county: CountyYear) -> dict[str, tuple[object, list[tuple[str, object]]]]:
    return {
        check.identity.id: (check.difference, [(share.name, share.difference) for share in check.shares])
        for check in build_bridge(county).checks
        if check.holds is False
    }


def test_a_broken_county_identity_is_taken_apart_by_unit() -> None:
    assert failed(county_year()) == {
        "T3-BALANCE.total": (1, [("柳泉镇", 1)]),
        "T3-TOTAL.received": (1, [("柳泉镇", 1)]),
    }
    require_explained(build_bridge(county_year()))


def test_the_year_before_must_hand_over_what_this_year_receives() -> None:
    given = county_year()
    first = given.units[0].report
    assert first is not None
    more = replace(first, cells={**first.cells, "t3.brought_forward.total": cell(5)})
    changed = replace(given, units=(replace(given.units[0], report=more), *given.units[1:]))
    assert failed(changed)["YEAR-CARRY.total"] == (3, [("白杨镇", 3)])


def test_an_unbalanced_adjustment_is_unexplained_until_somebody_gives_a_reason() -> None:
    changed = replace(county_year(), adjustments=(Adjustment("t3.received.total", 3, "漏报"),))
    bridge = build_bridge(changed)
    assert [line.key for line in bridge.unexplained] == ["t3.received.total"]
    with pytest.raises(PublishError) as caught:
        require_explained(bridge)
    assert caught.value.code == "PUBLISH-UNEXPLAINED"
    assert "一、本年新收政府信息公开申请数量" in caught.value.message
    approved = build_bridge(replace(changed, approvals=(Approval("县办核实，分项待补"),)))
    require_explained(approved)
    assert approved.approved == (("t3.received.total", "县办核实，分项待补"),)
    with pytest.raises(PublishError):
        require_explained(build_bridge(replace(changed, approvals=(Approval("  "),))))
    with pytest.raises(PublishError):
        require_explained(build_bridge(replace(changed, approvals=(Approval("另一格", ("t3.granted.total",)),))))


def test_a_balanced_adjustment_needs_no_reason() -> None:
    keys = ("t3.received.total", "t3.received.natural_person", "t3.granted.total", "t3.granted.natural_person")
    more = (*keys, "t3.processed_total.total", "t3.processed_total.natural_person")
    changed = replace(county_year(), adjustments=tuple(Adjustment(key, 2, "漏报") for key in more))
    assert build_bridge(changed).unexplained == ()


def test_the_countys_own_draft_is_compared() -> None:
    draft = report(unit(0, "青禾县", "县"), 2025, figures(received=14))
    bridge = build_bridge(replace(county_year(), draft=draft))
    words = {line.key: line.unexplained for line in bridge.unexplained}
    assert words["t3.granted.total"] == ("县级草稿为 0，汇总为 16",)
    assert "t3.received.total" not in words


def test_a_figure_we_failed_to_read_is_ours_to_explain() -> None:
    given = county_year()
    first = given.units[0].report
    assert first is not None
    lost = replace(first, cells={**first.cells, "t3.granted.total": cell(None, state=CellState.UNREAD)})
    bridge = build_bridge(replace(given, units=(replace(given.units[0], report=lost), *given.units[1:])))
    assert [(line.key, line.unexplained) for line in bridge.unexplained] == [
        ("t3.granted.total", ("白杨镇的数据未能读出",))
    ]


def test_a_missing_unit_is_named_and_needs_no_approval() -> None:
    given = county_year()
    bridge = build_bridge(replace(given, units=(given.units[0], given.units[3])))
    assert bridge.unexplained == ()
    assert bridge.roll_up.lines["t3.received.total"].gaps[0].name == "石桥镇"


def test_identities_are_told_in_words() -> None:
    labels = [check_label(check.identity) for check in build_bridge(county_year()).checks]
    assert "表三「总计」：新收＋上年结转＝本年度办理结果总计＋结转下年度" in labels
    assert not [label for label in labels if "T3-" in label or "YEAR-" in label or "_" in label]
