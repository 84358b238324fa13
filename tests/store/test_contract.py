"""The published schema is what is documented, in the database and in docs/warehouse.md."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ProgrammingError

from gongkai_etl.store import contract
from gongkai_etl.store.schema import READER
from gongkai_etl.store.warehouse import Warehouse

DOCS = Path(__file__).parents[2] / "docs" / "warehouse.md"


def test_every_view_and_column_is_explained_in_chinese_and_english() -> None:
    for view in contract.views():
        things: list[contract.View | contract.ViewColumn] = [view, *view.columns]
        for thing in things:
            assert re.search(r"[\u4e00-\u9fff]", thing.zh), (view.name, thing.name)
            assert re.search(r"[A-Za-z]{2}", thing.en), (view.name, thing.name)
            assert re.fullmatch(r"[a-z][a-z0-9_]*", thing.name)


def test_the_dictionary_is_in_step() -> None:
    assert DOCS.read_text("utf-8") == contract.markdown(), "make docs（gongkai 的数据字典需要重新生成）"


@pytest.mark.integration
def test_the_live_schema_is_the_documented_one(warehouse: Warehouse) -> None:
    with warehouse.transaction() as connection:
        live = contract.live(connection)
    wanted = {
        view.name: (" ".join(view.zh.split()), tuple((c.name, " ".join(c.zh.split())) for c in view.columns))
        for view in contract.views()
    }
    assert live == wanted


@pytest.mark.integration
def test_a_changed_contract_is_applied_and_an_unchanged_one_left_alone(warehouse: Warehouse) -> None:
    with warehouse.transaction() as connection:
        assert not contract.apply(connection)
        connection.execute(text("COMMENT ON SCHEMA publish IS 'older'"))
        assert contract.apply(connection)


@pytest.mark.integration
def test_the_reader_sees_the_contract_and_nothing_else(warehouse: Warehouse, database_url: str) -> None:
    warehouse.migrate("read-only's % secret")
    url = make_url(database_url).set(username=READER, password="read-only's % secret")
    engine = create_engine(url)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM publish.progress")) == 4
        for forbidden in ("SELECT 1 FROM gongkai.submission", "CREATE TABLE publish.t (a int)"):
            with pytest.raises(ProgrammingError, match="permission denied"):
                connection.execute(text(forbidden))
            connection.rollback()
    engine.dispose()


@pytest.mark.integration
def test_migrations_give_exactly_the_tables_of_the_code(warehouse: Warehouse) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext

    from gongkai_etl.store.tables import SCHEMA, metadata

    with warehouse.transaction() as connection:
        options = {
            "include_schemas": True,
            "version_table_schema": SCHEMA,
            "include_name": lambda name, kind, _: name == SCHEMA if kind == "schema" else name != "report_figures",
        }
        assert compare_metadata(MigrationContext.configure(connection, opts=options), metadata) == []


@pytest.mark.integration
def test_the_dimensions_are_the_form(warehouse: Warehouse) -> None:
    counts = warehouse.query(
        "SELECT count(*) FILTER (WHERE '2021' = ANY(editions)) AS new, count(*) AS all FROM publish.form_cells"
    )[0]
    assert counts["new"] == 200
    assert counts["all"] > 200
    totals = warehouse.query("SELECT table_key, row_key FROM publish.form_rows WHERE is_total")
    assert totals == [{"table_key": "t3", "row_key": "processed_total"}]
    columns = warehouse.query(
        "SELECT table_key FROM publish.form_columns WHERE is_total AND column_key = 'total' ORDER BY 1"
    )
    assert [row["table_key"] for row in columns] == ["t3", "t4"]
    refusals = warehouse.query("SELECT count(*) AS n FROM publish.form_rows WHERE category = 'refused'")
    assert refusals == [{"n": 8}]
