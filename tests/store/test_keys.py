"""Names in the object store."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai_etl.store import keys


@given(st.text())
def test_a_part_never_leaves_its_folder(name: str) -> None:
    part = keys.safe(name)
    assert part
    assert "/" not in part
    assert "\\" not in part
    assert part not in {".", ".."}


@pytest.mark.parametrize(
    ("key", "wanted"),
    [
        (keys.inbox(2025, "青溪镇", "../../etc/passwd"), "inbox/2025/青溪镇/_.._etc_passwd"),
        (keys.raw(2025, "T01", "ab", "pdf"), "raw/2025/T01/ab.pdf"),
        (keys.evidence(2025, "T01", "ab", "t3.granted.total"), "evidence/2025/T01/ab/t3.granted.total.png"),
        (keys.release(2025, "2025-1", "data/cells.csv"), "2025/2025-1/data/cells.csv"),
    ],
)
def test_layout(key: str, wanted: str) -> None:
    assert key == wanted
