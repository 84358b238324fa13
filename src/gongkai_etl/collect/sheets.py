"""Office tables in and out: CSV of any Chinese encoding or a workbook → rows by field, and back."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from gongkai_etl.errors import RosterError

MAX_BYTES = 20 * 1024 * 1024
MAX_ROWS = 20_000
_FORMULA = ("=", "+", "-", "@", "\t")

Header = Callable[[Sequence[str]], "dict[int, str] | None"]


@dataclass(frozen=True, slots=True)
class Row:
    """One data row: ``number`` as the office program counts, values by field, printed header by field."""

    number: int
    values: dict[str, str]
    titles: dict[str, str]

    def place(self, field: str) -> str:
        """第5行“截止日期”列： for messages."""
        return f"第{self.number}行“{self.titles.get(field, field)}”列："


def rows_of(data: bytes, header: Header) -> list[Row]:
    """The rows below the header (which may stand below a title), empty rows left out.

    Raises RosterError when the file is no table or no row is a header.
    """
    if len(data) > MAX_BYTES:
        raise RosterError("ROSTER-TOO-BIG", "名册文件超过20 MB，请确认是不是选错了文件。")
    table = _workbook(data) if data[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0") else _csv(data)
    for at, cells in enumerate(table[:15]):
        fields = header(cells)
        if fields is not None:
            titles = {field: cells[column].strip() for column, field in fields.items()}
            return [
                Row(number, {f: _plain(c[k]) for k, f in fields.items() if k < len(c)}, titles)
                for number, c in enumerate(table[at + 1 : MAX_ROWS], start=at + 2)
                if any(text.strip() for text in c)
            ]
    raise RosterError("ROSTER-HEADER", "名册里找不到表头：请在第一行写明列名，至少有“单位名称”一列。")


def write_csv(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """UTF-8 with byte order mark (office programs need it); cells that look like formulas are made text."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(titles)
    writer.writerows([_safe(text) for text in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def write_xlsx(titles: Sequence[str], rows: Iterable[Sequence[str]], sheet: str) -> bytes:
    """A workbook with a frozen header; every cell is text, so codes keep their zeros."""
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    del book["Sheet"]
    page = book.create_sheet(sheet)
    page.append(list(titles))
    for row in rows:
        page.append([_safe(text) for text in row])
    for number, title in enumerate(titles, start=1):
        page.cell(1, number).font = Font(bold=True)
        width = max([len(title), *(len(str(cell.value or "")) for cell in page[get_column_letter(number)])])
        page.column_dimensions[get_column_letter(number)].width = min(60, 2 * width + 2)
    for row_cells in page.iter_rows(min_row=2):
        for cell in row_cells:
            cell.number_format = "@"
    page.freeze_panes = "A2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _safe(text: str) -> str:
    return "'" + text if text.startswith(_FORMULA) else text


def _plain(text: str) -> str:
    text = text.strip()
    return text[1:] if text[:1] == "'" and text[1:].startswith(_FORMULA) else text


def _csv(data: bytes) -> list[list[str]]:
    text = _decode(data)
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(",\t;，", key=first.count)
    try:
        return list(csv.reader(io.StringIO(text), delimiter=delimiter))
    except csv.Error as error:
        raise RosterError("ROSTER-CSV", f"名册不是正确的CSV文件（{error}），请从表格程序另存后再试。") from error


def _decode(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise RosterError("ROSTER-ENCODING", "名册的文字编码认不出来，请另存为UTF-8编码的CSV或XLSX。")


def _workbook(data: bytes) -> list[list[str]]:
    import python_calamine

    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        table = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except Exception as error:  # the library raises its own and plain errors on damaged files
        raise RosterError("ROSTER-XLSX", "名册工作簿打不开，可能已损坏或加密，请另存后再试。") from error
    return [[_text(value) for value in row] for row in table]


def _text(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
