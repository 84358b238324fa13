"""Old Word, WPS and RTF files: through LibreOffice, or a finding that says what to install."""

from __future__ import annotations

import io
import subprocess
import time
from pathlib import Path

import pytest

from gongkai_etl.errors import ReadError
from gongkai_etl.read import office, read
from gongkai_etl.settings import Settings
from tests.read.show import lines, matrix
from tests.writers import programs

needs_office = pytest.mark.skipif(not programs.has("soffice"), reason="LibreOffice is not installed")
RTF = b"{\\rtf1\\ansi\\ansicpg936 {\\pard \\u19968?\\u12289?\\u24635?\\u20307?\\u24773?\\u20917?\\par}}"


def typed() -> bytes:
    import docx

    document = docx.Document()
    document.add_paragraph("一、总体情况")
    table = document.add_table(2, 3)
    for place, text in enumerate(("三、", "甲", "1", "", "乙", "2")):
        table.cell(place // 3, place % 3).text = text
    table.cell(0, 0).merge(table.cell(1, 0)).text = "三、"
    document.add_paragraph("末")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def office_processes() -> list[str]:
    listed = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    return [line for line in listed.splitlines() if "soffice.bin" in line and "gongkai-office" in line]


@pytest.mark.office
@needs_office
@pytest.mark.parametrize("ending", ["doc", "rtf", "odt"])
def test_old_formats_keep_their_tables(ending: str) -> None:
    made = programs.converted(typed(), "docx", ending)
    document = read(made, f"报告.{ending}")
    assert document.format == "office"
    assert lines(document) == ["一、总体情况", "末"]
    assert matrix(document.grids[0]) == [["三、*2×1", "甲", "1"], ["乙", "2"]]
    assert office_processes() == []


def test_without_the_program_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "program", lambda: None)
    with pytest.raises(ReadError, match=r"READ-OFFICE-MISSING.*apt-get install libreoffice-writer.*docx"):
        read(RTF, "报告.rtf")


def test_the_program_may_be_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    place = tmp_path / "soffice.bin"
    place.write_text("#!/bin/sh\nexit 3\n")
    place.chmod(0o755)
    monkeypatch.setattr(office, "settings", lambda: Settings(read_office=tmp_path))
    assert office.program() == place
    with pytest.raises(ReadError, match=r"READ-OFFICE-FAILED.*退出码 3"):
        read(RTF, "报告.rtf")


def test_a_program_that_hangs_is_ended_with_all_it_started(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    place, note = tmp_path / "soffice.bin", tmp_path / "pids"
    place.write_text(f"#!/bin/sh\nsleep 100 &\necho $$ $! > {note}\nwait\n")
    place.chmod(0o755)
    monkeypatch.setattr(office, "settings", lambda: Settings(read_office=place, read_timeout_s=1.0))
    start = time.monotonic()
    with pytest.raises(ReadError, match="READ-TIMEOUT"):
        read(RTF, "报告.rtf")
    assert time.monotonic() - start < 5
    time.sleep(0.1)
    for process in note.read_text().split():
        state = Path(f"/proc/{process}/stat")
        assert not state.exists() or state.read_text().rpartition(")")[2].split()[0] == "Z"


def test_the_guard_ends_the_program_too(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from gongkai_etl.read.guard import Limits, Pool

    place, note = tmp_path / "soffice.bin", tmp_path / "pid"
    place.write_text(f"#!/bin/sh\necho $$ > {note}\nexec sleep 100\n")
    place.chmod(0o755)
    monkeypatch.setenv("GONGKAI_READ_OFFICE", str(place))
    with Pool("tests.hostile.target:count", 1, Limits(5, 600, 1)) as pool:
        result = next(iter(pool.map([("报告.rtf", RTF)])))
        assert result.code == "READ-TIMEOUT"
        time.sleep(0.2)
        state = Path(f"/proc/{note.read_text().strip()}/stat")
        assert not state.exists() or state.read_text().rpartition(")")[2].split()[0] == "Z"
