"""``supporthub explain KIND``: one JSON object a line in, one out, from the same rules that the desk runs on.

Pure: no store, no network. Nothing but typer is imported here, so that ``--help`` is quick and a kind loads its own.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from app.command import MISUSED, settings, stop

if TYPE_CHECKING:
    from app.explain.house import House
    from app.explain.question import Question


@dataclass(frozen=True)
class Kind:
    room: str
    """The module of this package whose QUESTIONS has it."""
    says: str
    example: str


KINDS: dict[str, Kind] = {
    "due": Kind(
        "clocks",
        "When a first response is due, and why. Optional: timezone and holidays of the desk, priority.",
        '{"plan": "websan/success", "received": "2026-01-16T22:00:00Z"}',
    ),
    "elapsed": Kind(
        "clocks",
        "Whole business minutes between two instants. Optional: timezone and holidays of the desk.",
        '{"plan": "websan/base", "from": "2026-01-16T22:00:00Z", "to": "2026-01-19T14:00:00Z"}',
    ),
    "business": Kind(
        "clocks",
        "Business time of any calendar. op: add, between, roll_forward, roll_back, add_days.",
        '{"op": "add", "tz": "Europe/London", "week": {"mon": [["09:00", "17:00"]]}, "holidays": [],'
        ' "start": "2026-01-19T16:30:00Z", "amount_s": 3600}',
    ),
    "recompute": Kind(
        "clocks",
        "A due time after its target changed. Optional: was_breached; plan, timezone and holidays of the desk.",
        '{"received": "2026-01-19T14:00:00Z", "old_minutes": 480, "new_minutes": 120,'
        ' "changed": "2026-01-19T17:00:00Z"}',
    ),
    "price": Kind(
        "deals",
        "What a plan costs, by users or by licence_total and licences.",
        '{"plan": "websan/success", "users": 12}',
    ),
    "extension": Kind(
        "deals",
        "How many days added licences lengthen a contract: an estimate.",
        '{"licences": 10, "remaining_days": 100, "added": 5, "new_period_days": 365}',
    ),
    "contract": Kind(
        "deals",
        "What stands against a contract: any of licences, months, owned and covered products.",
        '{"plan": "terrasoft/premium", "licences": 4, "months": 12}',
    ),
    "notice": Kind(
        "deals",
        "When a contract can end if notice comes in on that day.",
        '{"provider": "websan", "received": "2026-01-31"}',
    ),
    "terms": Kind(
        "deals",
        "The first day on which terms published on that day can hold.",
        '{"published": "2026-01-01"}',
    ),
    "coverage": Kind(
        "promises",
        "Whether a plan covers a request, by its kind (and minutes) or in somebody's own words.",
        '{"plan": "websan/winning", "kind": "tweak", "minutes": 61}',
    ),
    "entitlements": Kind(
        "promises",
        "All that a plan gives and leaves out.",
        '{"plan": "websan/base"}',
    ),
    "fact": Kind(
        "promises",
        'What a provider publishes about one question, or "not published".',
        '{"provider": "terrasoft", "question": "response_time"}',
    ),
    "intent": Kind(
        "words",
        "What somebody wants. Optional: role (customer, staff, or one of the staff roles), in_case.",
        '{"text": "please close case 1042"}',
    ),
    "when": Kind(
        "words",
        "Which time somebody means. now is what their clock shows. Optional: hours, a provider or a week.",
        '{"text": "tomorrow between 2 and 4 pm", "now": "2026-01-19T09:00:00", "timezone": "America/New_York"}',
    ),
    "answer": Kind(
        "words",
        "Which articles answer a question.",
        '{"text": "How do I close a case?"}',
    ),
}

app = typer.Typer(
    no_args_is_help=True,
    help="Why the product says what it says: one JSON object a line in, one a line out.\n\n"
    "A bad line gives an error in its place, and exit status 1 at the end.\n\n\b\n"
    """Example:\necho '{"plan": "websan/success", "users": 12}' |\n  supporthub explain price""",
)


def _command(name: str) -> Callable[[], None]:
    return lambda: _explain(name)


def _help(name: str) -> str:
    return f"{KINDS[name].says}\n\n\b\nExample:\necho '{KINDS[name].example}' |\n  supporthub explain {name}"


for _name in KINDS:
    if _name != "answer":
        app.command(_name, help=_help(_name))(_command(_name))


@app.command("answer", help=_help("answer"))
def _answer(
    knowledge: Annotated[Path | None, typer.Option(help="A folder of articles.", exists=True, file_okay=False)] = None,
    corpus: Annotated[
        Path | None,
        typer.Option(help="One article a line: {id, title, description, tags, body}.", exists=True, dir_okay=False),
    ] = None,
) -> None:
    if knowledge and corpus:
        stop("--knowledge and --corpus exclude each other.", MISUSED)
    _explain("answer", knowledge, corpus)


def _explain(name: str, knowledge: Path | None = None, corpus: Path | None = None) -> NoReturn:
    from app.explain.lines import run
    from rules.toml_lines import Mistakes

    question: type[Question] = import_module(f"app.explain.{KINDS[name].room}").QUESTIONS[name]
    try:
        status = run(question, _house(knowledge, corpus), sys.stdin.buffer, sys.stdout)
    except Mistakes as wrong:
        stop(str(wrong), MISUSED)
    raise typer.Exit(status)


def _house(knowledge: Path | None, corpus: Path | None) -> "House":
    from app.explain.house import House

    own = settings()
    return House(own.catalogues, knowledge or own.knowledge, corpus)
