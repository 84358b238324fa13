"""The form as data: the statutory counts, the identities, and labels that tell rows apart."""

from __future__ import annotations

import pytest

from gongkai_etl import form


def test_edition_2021_has_two_hundred_figures() -> None:
    edition = form.edition("2021")
    assert [len(edition.keys(table)) for table in form.TABLES] == [10, 175, 15]
    assert len(set(edition.keys())) == 200


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("2021", {"T3-BALANCE": 7, "T3-PROCESSED": 7, "T3-TOTAL": 25, "T4-TOTAL": 3}),
        ("2019", {"T3-BALANCE": 7, "T3-PROCESSED": 7, "T3-TOTAL": 23, "T4-TOTAL": 3}),
    ],
)
def test_identities_are_counted(name: str, counts: dict[str, int]) -> None:
    identities = form.edition(name).identities
    assert {rule: sum(i.rule == rule for i in identities) for rule in counts} == counts
    assert len(identities) == sum(counts.values())


def test_processed_total_is_the_sum_of_twenty_one_results() -> None:
    identity = next(i for i in form.edition("2021").identities if i.id == "T3-PROCESSED.total")
    assert identity.keys[0] == "t3.processed_total.total"
    assert len(identity.right) == 21
    assert all(term.key.endswith(".total") for term in identity.right)


def test_year_identities_name_last_year() -> None:
    carried = next(i for i in form.edition("2021").year_identities if i.rule == "YEAR-CARRY")
    assert [term.year for term in carried.right] == [-1]
    in_force = next(i for i in form.edition("2021").year_identities if i.rule == "YEAR-IN-FORCE")
    assert [(term.sign, term.year) for term in in_force.right] == [(1, -1), (1, 0), (-1, 0)]


@pytest.mark.parametrize(("year", "name"), [(2019, "2019"), (2020, "2019"), (2021, "2021"), (2025, "2021")])
def test_the_lawful_edition_of_a_year(year: int, name: str) -> None:
    assert form.edition_of_year(year).id == name


def test_no_edition_before_2019() -> None:
    with pytest.raises(KeyError):
        form.edition_of_year(2018)


def test_every_cell_has_a_label_in_words() -> None:
    labels = form.cell_labels("2021")
    assert labels["t3.refused_state_secret.total"] == "表三「（三）不予公开1.属于国家秘密」行「总计」列"
    assert len(set(labels.values())) == 200
