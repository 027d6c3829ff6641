"""Tracking numbers as people's spreadsheets give them: read whatever the program that wrote them did to them."""

import csv
import io
import re
import unicodedata
from collections.abc import Mapping

import msgspec

from dingdan.kernel.refusal import Kind, Refusal, Text

MAX_ROWS = 10_000
MAX_CELL = 200

# What the columns may be called; the first name is ours.
NAMES: dict[str, tuple[str, ...]] = {
    "order": ("order", "order_number", "order_no", "order_id", "reference", "订单号", "订单编号", "店铺单号", "单号"),
    "carrier": ("carrier", "courier", "承运商", "快递公司", "物流公司", "快递"),
    "tracking_number": ("tracking_number", "tracking", "number", "运单号", "物流单号", "快递单号", "运单编号"),
    "lines": ("lines", "行", "明细", "商品行"),
    "warehouse": ("warehouse", "仓库", "发货仓库"),
    "carrier_reason": ("carrier_reason", "reason", "更换承运商原因", "原因"),
}
_OURS = {name: ours for ours, names in NAMES.items() for name in names}
WANTED = ("order", "carrier", "tracking_number")

# 7.73123E+14: a spreadsheet took a long number for a quantity, and its last digits are lost.
_ROUNDED = re.compile(r"[+-]?\d+([.,]\d+)?[eE][+-]?\d+")
_FORMULA = re.compile(r'="(.*)"')
_LINE = re.compile(r"(\d{1,5})\s*[*x×:]\s*(\d{1,7})")


class SheetUnreadable(Refusal):
    """The file is no table of tracking numbers."""

    code = "sheet.unreadable"
    kind = Kind.INVALID
    message = Text("The file cannot be read: {why}.", "无法读取文件：{why_zh}。")
    remedy = Text(
        "Send CSV with the columns order, carrier, tracking_number, and perhaps lines, warehouse and carrier_reason; at "
        "most 10,000 rows.",
        "请上传 CSV 文件，列为：订单号、承运商、运单号，可选：明细、仓库、原因；最多 10,000 行。",
    )


class NumberRounded(Refusal):
    """A spreadsheet turned a long number into an approximate one."""

    code = "sheet.number_rounded"
    kind = Kind.INVALID
    message = Text('"{text}" is a rounded number: its last digits are lost.', "“{text}”是科学计数法，末尾数字已丢失。")
    remedy = Text("Format the column as text, enter the number again and save the file anew.",
                  "请将该列设为“文本”格式，重新填写单号后再保存上传。")  # fmt: skip


class CellUnfit(Refusal):
    """A cell is empty, too long, or not of the form of its column."""

    code = "sheet.cell_unfit"
    kind = Kind.INVALID
    message = Text("The cell cannot be used: {why}.", "单元格内容不可用：{why_zh}。")
    remedy = Text("Mend the cell and send the file again; rows that were taken in change nothing twice.",
                  "请修正后重新上传；已导入的行不会重复生效。")  # fmt: skip


class Row(msgspec.Struct, frozen=True):
    """One row: the line of the file that it begins on, its cells by our names, and what is wrong with any."""

    line: int
    cells: dict[str, str]
    problems: tuple[Refusal, ...] = ()

    @property
    def lines(self) -> tuple[tuple[int, int], ...]:
        """Pairs of line number and units, from a cell like `1*2; 3*1`."""
        return tuple((int(m[1]), int(m[2])) for part in _parts(self.cells) if (m := _LINE.fullmatch(part)))


def read(content: bytes) -> list[Row]:
    """The rows of a file. Raises SheetUnreadable; what is wrong with a cell stands with its row."""
    text = _text(content)
    lines = text.splitlines()
    if not lines:
        raise SheetUnreadable(why="it is empty", why_zh="文件为空")
    marks = max(",;\t", key=lines[0].count)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=marks, strict=True)
        header = _header(next(reader, []))
        found: list[Row] = []
        began = reader.line_num + 1
        for cells in reader:
            if any(cell.strip() for cell in cells):
                found.append(_row(began, header, cells))
            began = reader.line_num + 1
            if len(found) > MAX_ROWS:
                raise SheetUnreadable(why=f"it has more than {MAX_ROWS} rows", why_zh=f"超过 {MAX_ROWS} 行")
    except csv.Error as error:
        raise SheetUnreadable(why=f"quotation marks do not fit ({error})", why_zh="引号不匹配") from None
    return found


def _text(content: bytes) -> str:
    """UTF-8, with or without its mark, UTF-16 as Excel writes it, or what Chinese spreadsheets still write: GB 18030."""
    for mark, name in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"", "utf-8-sig"), (b"", "gb18030")):
        if content.startswith(mark):
            try:
                text = content.decode(name)
            except UnicodeDecodeError:
                continue
            if "\0" not in text:
                return text
    raise SheetUnreadable(
        why="it is neither UTF-8, UTF-16 nor GB 18030 text", why_zh="不是 UTF-8、UTF-16 或 GB 18030 文本"
    )


def _header(cells: list[str]) -> list[str]:
    names = [_OURS.get(tidy(cell).lower().replace(" ", "_"), "") for cell in cells]
    if "" in names:
        unknown = cells[names.index("")][:40]
        raise SheetUnreadable(why=f"there is no column {unknown!r}", why_zh=f"没有列 {unknown!r}")
    missing = [name for name in WANTED if name not in names]
    if missing or len(set(names)) < len(names):
        what = missing[0] if missing else next(name for name in names if names.count(name) > 1)
        raise SheetUnreadable(why=f"the column {what} must be there once", why_zh=f"须有且只有一列 {what}")
    return names


def _row(line: int, header: list[str], given: list[str]) -> Row:
    cells = {name: tidy(cell) for name, cell in zip(header, given, strict=False) if tidy(cell)}
    problems: list[Refusal] = []
    if len(given) > len(header) and any(cell.strip() for cell in given[len(header) :]):
        problems.append(CellUnfit("", why="the row has more cells than the header", why_zh="该行的列数多于表头"))
    for name in WANTED:
        if name not in cells:
            problems.append(CellUnfit(name, why="it is empty", why_zh="为空"))
    for name, cell in cells.items():
        if len(cell) > MAX_CELL:
            problems.append(CellUnfit(name, why=f"more than {MAX_CELL} characters", why_zh=f"超过 {MAX_CELL} 个字符"))
    for name in ("order", "tracking_number"):
        if _ROUNDED.fullmatch(cells.get(name, "")):
            problems.append(NumberRounded(name, text=cells[name][:40]))
    if any(not _LINE.fullmatch(part) for part in _parts(cells)):
        problems.append(
            CellUnfit("lines", why="write line*units, as in 1*2; 3*1", why_zh="请写作 行号*数量，如 1*2; 3*1")
        )
    return Row(line, cells, tuple(problems))


def _parts(cells: Mapping[str, str]) -> list[str]:
    return [part.strip() for part in re.split(r"[;；,，]", cells.get("lines", "")) if part.strip()]


def tidy(cell: str) -> str:
    """A cell without what spreadsheets and keyboards put around it: full-width digits, an apostrophe, ="...", blanks."""
    text = unicodedata.normalize("NFKC", cell).strip().strip("\u200b\ufeff").lstrip("'").strip()
    formula = _FORMULA.fullmatch(text)
    return formula[1].strip() if formula else text
