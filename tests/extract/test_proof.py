"""When the third voice is asked, and for what."""

from __future__ import annotations

from collections.abc import Collection

from gongkai_etl.extract.proof import cell_kinds, prove
from gongkai_etl.extract.rows import Slot
from gongkai_etl.extract.tables import Reading, Seen
from gongkai_etl.form import TABLES
from gongkai_etl.model import CellState

LATE = dict.fromkeys(TABLES, "2021")
EARLY = dict.fromkeys(TABLES, "2019")


def reading(name: str, editions: dict[str, str], **figures: str) -> Reading:
    """Noughts everywhere but in the named cells (dots written as __); the row that a form may lack is not there."""
    said = {key.replace("__", "."): text for key, text in figures.items()}
    keys = [key for key in cell_kinds(editions) if "other_documents" not in key]
    return Reading(name, dict(editions), {key: Seen(Slot(said.get(key, "0"), 1)) for key in keys})


def asked(*readings: Reading, editions: dict[str, str], always: bool = False) -> set[str]:
    tables: set[str] = set()

    def ask(wanted: Collection[str]) -> None:
        tables.update(wanted)

    prove(readings, editions, ask=ask, always=always)
    return tables


def test_two_readings_that_agree_ask_no_third() -> None:
    for editions in (LATE, EARLY):
        both = reading("grid", editions), reading("aligned", editions)
        assert asked(*both, editions=editions) == set()
        assert asked(*both, editions=editions, always=True) == set(TABLES)


def test_the_third_voice_is_asked_for_the_table_in_doubt() -> None:
    plain = reading("aligned", LATE)
    assert asked(reading("grid", LATE, t2__licences__decisions="3"), plain, editions=LATE) == {"t2"}
    wrong = {"t4__reconsideration__total": "3"}
    assert asked(reading("grid", LATE, **wrong), reading("aligned", LATE, **wrong), editions=LATE) == {"t4"}


def test_a_row_that_a_form_may_lack_is_absent_and_no_doubt() -> None:
    cells, _ = prove([reading("grid", EARLY), reading("aligned", EARLY)], EARLY)
    assert cells["t2.other_documents.issued"].state is CellState.ABSENT
    assert not cells["t2.other_documents.issued"].certain


def test_the_picture_of_a_drawn_cell_holds_the_whole_figure() -> None:
    drawn, placed = reading("grid", LATE), reading("aligned", LATE, t3__received__business="1978\n8")
    key = "t3.received.business"
    drawn.cells[key] = Seen(Slot("1978", 1, confidence=1.0))
    assert prove([drawn, placed], LATE)[0][key].value == 1978
    drawn.cells[key] = Seen(Slot("1978", 1))
    assert prove([drawn, placed], LATE)[0][key].value == 19788


def test_the_third_voice_alone_makes_no_row_sure() -> None:
    key = "t3.received.business"
    guessed = reading("aligned", LATE, t3__received__business="4621")
    guessed.cells[key].sure = False
    third = reading("arbiter", LATE, t3__received__business="4621")
    cells, _ = prove([guessed], LATE, ask=lambda tables: third)
    assert not cells[key].certain
    guessed.cells[key].sure = True
    cells, _ = prove([guessed], LATE, ask=lambda tables: third)
    assert cells[key].certain
