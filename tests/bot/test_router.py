"""Which words mean what: the classifier, what stands before it, and what the bot does about it."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from app.cli import cli
from app.eval import Labelled, read, score
from bot.desk import CaseRef
from bot.understanding import training
from bot.understanding.classifier import ALL, shipped
from bot.understanding.intent_guess import SURE, Wanted, guess
from bot.understanding.intents import Begin, Do, Scene
from bot.understanding.router import route
from rules.people import Actor, Role
from rules.refusals import Misunderstood

UNSEEN = Path(__file__).with_name("unseen_words.jsonl")
ANN = Actor(1, "Ann", Role.CUSTOMER, 1, "America/Toronto", True)
LONG = "the export fails since the update, see case 1042 <@U123ABC> and &amp; please " * 500


def unseen() -> list[Labelled]:
    with UNSEEN.open("rb") as lines:
        return [one for one in read(lines) if isinstance(one, Labelled)]


def test_every_intent_has_its_words_and_none_stands_twice():
    said = training.utterances()
    assert min(Counter(wanted for _, wanted in said).values()) >= 150
    assert len({text.casefold() for text, _ in said}) == len(said)


def test_nothing_is_trained_on_that_it_is_tested_on():
    trained = {text.casefold() for text, _ in training.utterances()}
    assert not [one.text for one in unseen() if one.text.casefold() in trained]


def test_words_that_it_never_saw_are_understood_and_few_are_asked_about():
    found = score(unseen())
    assert found.macro_f1 >= 0.93
    assert found.asked <= 0.12
    sure = [one.intent is other.intent for one, other in found.pairs if other.confidence >= SURE]
    assert sum(sure) / len(sure) >= 0.97


def test_what_is_shipped_is_what_the_utterances_teach_and_its_confidence_means_something():
    """In one, since two workers would train it twice."""
    trained = training.train(training.utterances())
    kept = shipped().weights
    assert np.abs(kept - trained.weights).max() <= np.abs(trained.weights).max() / 127
    assert shipped().heat == pytest.approx(trained.heat)
    assert training.error_of_confidence(trained.held, trained.meant) < 0.03
    assert (trained.held.argmax(axis=1) == trained.meant).mean() > 0.88


def test_the_same_words_always_mean_the_same():
    assert guess("the Export fails") == guess("the Export fails")
    assert sum(shipped().shares("hello").values()) == pytest.approx(1)
    assert tuple(shipped().shares("hello")) == ALL


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\0",
        "<at>",
        "<@U123>",
        "🎫",
        "&amp;" * 3,
        "a" * 40_000,
        LONG,
        "(((((" * 3000,
        "show " * 8000,
        "<a " * 9000,
    ],
)
def test_any_text_has_a_meaning(text):
    assert 0 < guess(text).confidence <= 1


@pytest.mark.parametrize(
    ("text", "cases"),
    [
        ("please close #1042", [1042]),
        ("WS-1042?", [1042]),
        ("case 7 and ticket no. 1043, please", [7, 1043]),
        ("merge 1042, #1043 and WS-1044", [1042, 1043, 1044]),
        ("error 5000 on 12.03.2026 for $4000", []),
        ("call 555-1234", []),
    ],
)
def test_case_numbers_in_any_dress(text, cases):
    slots = guess(text).slots
    assert slots.get("case_id") == (cases[0] if cases else None)
    assert slots.get("case_ids", cases[:1]) == cases


def test_in_a_thread_words_are_for_its_case():
    alone, there = guess("the export fails as well"), guess("the export fails as well", in_case=1042)
    assert (alone.intent, there.intent) == (Wanted.OPEN_TICKET, Wanted.CASE_COMMAND)
    assert there.slots["case_id"] == 1042
    assert there.slots["action"] == "reply"


def test_the_time_that_somebody_says_for_an_appointment():
    assert guess("schedule a call on 1042 for thursday at 2").slots["time"] == "thursday at 2"


def test_a_report_opens_the_case_and_a_question_is_looked_up():
    assert route("the quote form is blank since this morning", Scene(ANN)) == Begin(
        "open_case", {"problem": "the quote form is blank since this morning"}
    )
    assert route("How do I close a case in Dynamics?", Scene(ANN)) == Do(
        "ask", None, "How do I close a case in Dynamics?"
    )


def test_of_two_wishes_the_report_has_all_the_words_and_the_question_its_answer():
    both = "the export fails and what does our plan cover?"
    assert route(both, Scene(ANN)) == Begin("open_case", {"problem": both}, also=Do("plan", None))


def test_what_is_asked_for_in_a_sentence_is_not_done_on_a_guess():
    """Their words go on the case; its card has the button."""
    case = CaseRef(1042)
    said = route("please close case 1042, it works", Scene(ANN, mine=(1042, 1043)))
    assert said == Do("reply", case, "please close case 1042, it works", also=Do("status", case))


def test_a_doubt_is_a_question_that_keeps_the_words():
    doubt = route("purple", Scene(ANN))
    assert isinstance(doubt, Begin)
    assert (doubt.dialog, doubt.known["words"], len(doubt.known["options"])) == ("unsure", "purple", 2)
    with pytest.raises(Misunderstood):
        route("x", Scene(ANN))


def test_few_real_reports_are_asked_about():
    reports = [one.text for one in unseen() if one.intent is Wanted.OPEN_TICKET]
    asked = [text for text in reports if getattr(route(text, Scene(ANN)), "dialog", "") == "unsure"]
    assert len(asked) / len(reports) <= 0.05


def test_an_operator_tries_their_own_words(tmp_path):
    words = tmp_path / "words.jsonl"
    words.write_text('{"text": "the form is blank", "intent": "open_ticket"}\n{"text": "hi", "intent": "cancel"}\n')
    tried = CliRunner().invoke(cli, ["eval", str(words)])
    assert tried.exit_code == 0
    assert "2 messages: accuracy 50.0%" in tried.output
    assert 'cancel taken for greeting: 1\n  "hi"' in tried.output


def test_lines_that_are_none_are_told_by_their_number(tmp_path):
    words = tmp_path / "words.jsonl"
    words.write_bytes(b'{"text": "hi", "intent": "greeting"}\n\nnope\n{"text": "hi", "intent": "hi"}\n\xff\n')
    tried = CliRunner().invoke(cli, ["eval", str(words)])
    assert tried.exit_code == 1
    assert [number for number in ("line 3:", "line 4:", "line 5:") if number in tried.output] == [
        "line 3:",
        "line 4:",
        "line 5:",
    ]
    words.write_text("")
    assert CliRunner().invoke(cli, ["eval", str(words)]).exit_code == 1
    assert CliRunner().invoke(cli, ["eval", str(tmp_path / "none.jsonl")]).exit_code == 2
