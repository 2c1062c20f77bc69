"""Adaptive Cards 1.5: words, pictures and boxes."""

from typing import Any

from tests.slack.shapes import Check, Invalid, array, boolean, kind, matching, record, string, whole
from tests.teams.kinds import (
    ALIGN,
    BOX,
    COMMON,
    FILLED,
    PIXELS,
    SELECT,
    SHADES,
    VERTICAL,
    any_of,
    either,
    items,
    number,
    shaped,
)
from tests.teams.wording import picture, said

# Words and pictures -----------------------------------------------------------------------------------------------

_WORDS: dict[str, Check] = {
    "color": any_of("default", "dark", "light", "accent", "good", "warning", "attention"),
    "fontType": any_of("default", "monospace"),
    "isSubtle": boolean,
    "size": any_of("default", "small", "medium", "large", "extraLarge"),
    "weight": any_of("default", "lighter", "bolder"),
}
_LINES: dict[str, Check] = {
    "horizontalAlignment": ALIGN,
    "maxLines": whole(1, 1000),
    "wrap": boolean,
    "style": any_of("default", "heading", "columnHeader"),
}
_DRAWN = dict.fromkeys(("highlight", "italic", "strikethrough", "underline"), boolean)
_RUN = record({"type": kind("TextRun"), "text": said}, {**_WORDS, **_DRAWN, **SELECT})
_FACT = record({"title": said, "value": said})
_SIZED: dict[str, Check] = {
    "height": either(any_of("auto", "stretch"), PIXELS),
    "width": PIXELS,
    "size": any_of("auto", "stretch", "small", "medium", "large"),
    "style": any_of("default", "person"),
    "backgroundColor": matching("#[0-9A-Fa-f]{6}([0-9A-Fa-f]{2})?", "#RRGGBB"),
    "horizontalAlignment": ALIGN,
    "msteams": record({"allowExpand": boolean}),
}
_IMAGE = shaped("Image", {"url": picture, "altText": string(2000)}, {**SELECT, **_SIZED})

# Boxes ------------------------------------------------------------------------------------------------------------

_WIDTH = either(any_of("auto", "stretch"), PIXELS, matching(r"[1-9]\d*", "a weight"), number)
_ALIGNED: dict[str, Check] = {"horizontalCellContentAlignment": ALIGN, "verticalCellContentAlignment": VERTICAL}
_CELL = record({"type": kind("TableCell"), "items": items()}, FILLED)
_ROW = record({"type": kind("TableRow"), "cells": array(_CELL, 1, 20)}, {"style": SHADES, **_ALIGNED})
_TABLE_COLUMN = record({}, {"width": either(PIXELS, number), **_ALIGNED})
_TABLE: dict[str, Check] = {"columns": array(_TABLE_COLUMN, 1, 20), "rows": array(_ROW, 1, 200)}
_RULED: dict[str, Check] = {"firstRowAsHeader": boolean, "showGridLines": boolean, "gridStyle": SHADES, **_ALIGNED}


def _column(value: Any, path: str) -> None:
    instead = {"fallback": either(any_of("drop"), _column)}
    record({"type": kind("Column"), "items": items()}, {**COMMON, **FILLED, "width": _WIDTH, **instead})(value, path)


def _rows_fit(table: Any, path: str) -> None:
    for row, one in enumerate(table["rows"]):
        if len(one["cells"]) != len(table["columns"]):
            raise Invalid(f"{path}/rows/{row}", f"has {len(one['cells'])} cells for {len(table['columns'])} columns")


SHOWN: dict[str, Check] = {
    "TextBlock": shaped("TextBlock", {"text": said}, {**_WORDS, **_LINES}),
    "RichTextBlock": shaped(
        "RichTextBlock", {"inlines": array(either(said, _RUN), 1, 500)}, {"horizontalAlignment": ALIGN}
    ),
    "FactSet": shaped("FactSet", {"facts": array(_FACT, 1, 100)}, {}),
    "Image": _IMAGE,
    "ImageSet": shaped("ImageSet", {"images": array(_IMAGE, 1, 50)}, {"imageSize": any_of("small", "medium", "large")}),
    "Container": shaped("Container", {"items": items(1)}, FILLED),
    "ColumnSet": shaped(
        "ColumnSet", {"columns": array(_column, 1, 20)}, {**BOX, **SELECT, "horizontalAlignment": ALIGN}
    ),
    "Table": shaped("Table", _TABLE, _RULED, _rows_fit),
}
