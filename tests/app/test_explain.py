"""``supporthub explain``: lines in, lines out, whatever they hold; and every example of its documentation."""

import doctest
import io
import json
import os
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from app.explain import KINDS
from app.explain.house import House
from app.explain.lines import run
from catalogues import FOLDER as CATALOGUES
from knowledge import FOLDER as KNOWLEDGE

ROOT = Path(__file__).parent.parent.parent
HOUSE = House(CATALOGUES, KNOWLEDGE)
DOCUMENTED = re.findall(
    r"^\$ echo '([^\n]+)' \| supporthub explain (\w+)\n(.+?)(?=^\$|^```)",
    (ROOT / "docs/explain.md").read_text(),
    re.M | re.S,
)
DUE = '{"plan": "websan/success", "received": "2026-01-16T22:00:00Z"}'


def ask(kind, /, *lines, house=HOUSE):
    """The exit status, and the answers."""
    source, sink = io.BytesIO("".join(f"{line}\n" for line in lines).encode()), io.StringIO()
    status = run(import_module(f"app.explain.{KINDS[kind].room}").QUESTIONS[kind], house, source, sink)
    return status, [json.loads(line) for line in sink.getvalue().splitlines()]


def asked(kind, /, **line):
    status, [answer] = ask(kind, json.dumps(line))
    assert status == ("error" in answer)
    return answer


def explain(*arguments, lines=b"", **environment):
    clean = {name: value for name, value in os.environ.items() if not name.startswith("SUPPORTHUB_")}
    return subprocess.run(
        [sys.executable, "-c", "from app.cli import main; main()", "explain", *arguments],
        env={**clean, "PYTHONPATH": str(ROOT), **environment},
        input=lines,
        capture_output=True,
        timeout=60,
    )


@pytest.mark.parametrize(("line", "kind", "told"), DOCUMENTED)
def test_every_documented_example_comes_true(line, kind, told):
    _, [answer] = ask(kind, line)
    same = doctest.OutputChecker().check_output(
        told, json.dumps(answer) + "\n", doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    )
    assert same, json.dumps(answer)


def test_every_kind_is_documented_and_its_help_example_works():
    assert {kind for _, kind, _ in DOCUMENTED} == set(KINDS)
    for name, kind in KINDS.items():
        status, answers = ask(name, kind.example)
        assert status == 0, answers


BAD = {
    "no JSON": "This line is not JSON.",
    "": "This line is not JSON.",
    '{"plan": NaN}': "This line is not JSON.",
    "[" * 100_000: "This line is not JSON.",
    "[]": "A line must be one JSON object.",
    "{}": "`plan` is missing. `received` is missing.",
    '{"plan": 3, "received": "2026-01-16"}': "`plan` must be text. "
    "`received` must be an instant such as 2026-01-19T13:30:00Z.",
    DUE.replace("success", "gold"): "There is no websan/gold. Known: websan/base, websan/success, websan/winning, "
    "terrasoft/basic, terrasoft/standard, terrasoft/premium.",
    DUE.replace("}", ', "timezone": "Mars"}'): "`timezone` must be a time zone such as America/New_York.",
    DUE.replace("}", ', "holidays": ["19 Jan"]}'): "`holidays` must be a date such as 2026-01-31.",
    DUE.replace("2026", "1815"): "No working hours between 1900 and 2199 answer that.",
}


@pytest.mark.parametrize(("line", "says"), BAD.items(), ids=range(len(BAD)))
def test_a_bad_line_is_told_what_is_wrong_with_it(line, says):
    assert ask("due", line) == (1, [{"error": says}])


def test_the_answers_stand_in_the_order_of_the_lines_and_bad_ones_keep_their_place():
    users = [n if n % 7 else 0 for n in range(1, 100)]
    status, answers = ask("price", *(json.dumps({"plan": "websan/base", "users": n}) for n in users))
    assert status == 1
    assert [answer.get("total") for answer in answers] == [f"{225 + 60 * (n - 1)}.00" if n else None for n in users]


def test_lines_may_come_from_windows_carry_notes_and_lack_the_last_line_feed():
    source = io.BytesIO(b"\xef\xbb\xbf" + DUE.replace("}", ', "id": "sla-5"}').encode() + b"\r\n" + DUE.encode())
    sink = io.StringIO()
    assert run(import_module("app.explain.clocks").QUESTIONS["due"], HOUSE, source, sink) == 0
    first, second = sink.getvalue().splitlines()
    assert first == second


def test_the_exit_status_tells_whether_all_was_answered():
    assert explain("due", lines=DUE.encode()).returncode == 0
    refused = explain("due", lines=f"{DUE}\nnonsense\n{DUE}\n".encode())
    assert (refused.returncode, refused.stderr) == (1, b"")
    assert [b"error" in line for line in refused.stdout.splitlines()] == [False, True, False]


def test_an_unknown_kind_and_a_wrong_configuration_are_wrong_use(tmp_path):
    assert explain("colour").returncode == 2
    assert explain("due", lines=DUE.encode(), SUPPORTHUB_COLOUR="red").returncode == 2
    (tmp_path / "broken.toml").write_text("id = 3")
    broken = explain("due", lines=DUE.encode(), SUPPORTHUB_CATALOGUES=str(tmp_path))
    assert broken.returncode == 2
    assert b"broken.toml:1: " in broken.stderr
    assert explain("answer", "--corpus", "nowhere.jsonl").returncode == 2


@pytest.mark.parametrize("kind", [(), ("due",), ("answer",)])
def test_help_shows_an_example_to_copy(kind):
    done = explain(*kind, "--help")
    assert done.returncode == 0
    assert b"Example:" in done.stdout
    assert b"supporthub explain" in done.stdout


def test_an_answer_leaves_before_the_next_line_comes():
    class Asking(io.BytesIO):
        """Asks the second question only once the first is answered."""

        def __iter__(self):
            yield DUE.encode()
            assert sink.getvalue().endswith("\n")
            yield DUE.encode()

    sink = io.StringIO()
    assert run(import_module("app.explain.clocks").QUESTIONS["due"], HOUSE, Asking(), sink) == 0
