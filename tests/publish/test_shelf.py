"""Upload once, switch the pointer last, take back with a reason."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gongkai_etl.errors import PublishError
from gongkai_etl.publish import shelf
from gongkai_etl.publish.release import ReleaseFiles


def test_upload_then_switch_then_nothing_to_do(released: ReleaseFiles, tmp_path: Path) -> None:
    folder = shelf.Folder(tmp_path)
    with pytest.raises(PublishError, match="请先上传"):
        shelf.switch_latest(folder, 2025, released.id)
    assert shelf.upload(folder, released) == len(released.files)
    assert shelf.latest(folder, 2025) is None
    assert shelf.switch_latest(folder, 2025, released.id)
    assert shelf.latest(folder, 2025) == released.id
    assert shelf.upload(folder, released) == 0
    assert not shelf.switch_latest(folder, 2025, released.id)
    assert (tmp_path / f"2025/{released.id}/index.html").is_file()
    assert f"{released.id}/index.html" in (tmp_path / "2025/index.html").read_text("utf-8")
    assert shelf.releases(folder, 2025) == [released.id]


def test_retraction_leads_back_or_to_nothing(released: ReleaseFiles, tmp_path: Path) -> None:
    folder = shelf.Folder(tmp_path)
    shelf.upload(folder, released)
    shelf.switch_latest(folder, 2025, released.id)
    with pytest.raises(PublishError, match="理由"):
        shelf.retract(folder, 2025, released.id, " ")
    with pytest.raises(PublishError, match="没有"):
        shelf.retract(folder, 2025, "2025-nothing", "发错")
    shelf.retract(folder, 2025, released.id, "柳泉镇数据有误")
    assert shelf.latest(folder, 2025) is None
    assert "柳泉镇数据有误" in (tmp_path / "2025/index.html").read_text("utf-8")
    card = json.loads((tmp_path / f"2025/{released.id}/RETRACTED.json").read_text("utf-8"))
    assert card == {"release": released.id, "reason": "柳泉镇数据有误", "replaced_by": None}
    assert shelf.releases(folder, 2025) == []
    with pytest.raises(PublishError, match="已撤回"):
        shelf.upload(folder, released)
    with pytest.raises(PublishError, match="已撤回"):
        shelf.switch_latest(folder, 2025, released.id)
