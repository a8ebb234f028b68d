"""What every list page shares: exports of exactly what is shown."""

import csv
import io
import json
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse

_RISKY = ("=", "+", "-", "@", "\t", "\r")
_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def export(request: HttpRequest, kind: str, filename: str, rows: list[Mapping[str, Any]]) -> HttpResponse:
    """Rows (each a mapping from column to plain value, all with the same columns) as CSV, XLSX or JSON.

    Raises:
        BadRequest: another kind was asked for.
    """
    writers = {"csv": _csv, "xlsx": _xlsx, "json": _json}
    if kind not in writers:
        raise BadRequest("Exports come as csv, xlsx or json.")
    response = HttpResponse(writers[kind](rows), content_type=_TYPES[kind])
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}.{kind}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def harmless(value: Any) -> Any:
    """A spreadsheet must not take a text for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_RISKY) else value


def _csv(rows: list[Mapping[str, Any]]) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=list(rows[0]) if rows else [])
    writer.writeheader()
    writer.writerows({name: harmless(value) for name, value in row.items()} for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _xlsx(rows: list[Mapping[str, Any]]) -> bytes:
    from openpyxl import Workbook
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Export")
    if rows:
        sheet.append(list(rows[0]))
    for row in rows:
        sheet.append([ILLEGAL_CHARACTERS_RE.sub("", harmless(v)) if isinstance(v, str) else v for v in row.values()])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _json(rows: list[Mapping[str, Any]]) -> bytes:
    return json.dumps([dict(row) for row in rows], ensure_ascii=False, indent=1, default=str).encode()
