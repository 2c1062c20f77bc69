"""From lines to lines: every line in has its line out, in order, whatever it holds."""

import json
from decimal import Decimal
from typing import BinaryIO, NoReturn, TextIO

from app.explain.house import House
from app.explain.question import Answer, Question, Wrong, asked

DONE, REFUSED = 0, 1


def run(question: type[Question], house: House, source: BinaryIO, sink: TextIO) -> int:
    """The exit status. Each answer leaves at once, so that a program may ask and listen in turn."""
    status = DONE
    for raw in source:
        try:
            found = _answer(question, house, raw)
        except Wrong as wrong:
            found, status = _error(wrong), REFUSED
        sink.write(json.dumps(found) + "\n")
        sink.flush()
    return status


def _answer(question: type[Question], house: House, raw: bytes) -> Answer:
    line = asked(question, _read(raw))
    try:
        return line.answer(house)
    except OverflowError:
        raise Wrong("That lies beyond all calendars.") from None
    except ValueError as error:
        raise Wrong(str(error)) from None


def _read(raw: bytes) -> object:
    try:
        # Amounts are exact, so no number may pass through binary fractions on its way in.
        return json.loads(raw.decode("utf-8-sig"), parse_float=Decimal, parse_constant=_refuse)
    except (ValueError, ArithmeticError, RecursionError):
        raise Wrong("This line is not JSON.") from None


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number of JSON")


def _error(wrong: Wrong) -> Answer:
    return {"error": wrong.says} | ({"clauses": wrong.clauses} if wrong.clauses else {})
