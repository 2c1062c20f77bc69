"""People's own words and any calendar, as ``supporthub explain`` takes them."""

import json

import pytest

from app.explain.house import House
from catalogues import FOLDER as CATALOGUES
from knowledge import FOLDER as KNOWLEDGE
from rules.toml_lines import Mistakes
from tests.app.test_explain import ask, asked

NINE_TO_FIVE = {day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
LINE = {"tz": "America/New_York", "week": NINE_TO_FIVE, "holidays": ["2026-01-19"], "start": "2026-01-16T21:30:00Z"}


@pytest.mark.parametrize(
    ("given", "result"),
    [
        ({"op": "add", "amount_s": 3600}, "2026-01-20T14:30:00Z"),
        ({"op": "add", "amount_s": 1800}, "2026-01-16T22:00:00Z"),
        ({"op": "add", "amount_s": -28800}, "2026-01-15T21:30:00Z"),
        ({"op": "between", "end": "2026-01-20T15:00:00Z"}, 5400),
        ({"op": "between", "end": "2026-01-16T21:00:00Z"}, -1800),
        ({"op": "roll_forward", "start": "2026-01-17T12:00:00Z"}, "2026-01-20T14:00:00Z"),
        ({"op": "roll_back", "start": "2026-01-17T12:00:00Z"}, "2026-01-16T22:00:00Z"),
        ({"op": "add_days", "days": 1}, "2026-01-20T21:30:00Z"),
        ({"op": "add_days", "days": -1}, "2026-01-15T21:30:00Z"),
        ({"op": "add", "amount_s": 0, "start": "2026-01-18T12:00:00-05:00"}, "2026-01-20T14:00:00Z"),
        ({"op": "add", "amount_s": 60, "week": {"sat": [["00:00", "24:00"]]}}, "2026-01-17T05:01:00Z"),
    ],
)
def test_business_time_of_any_week(given, result):
    assert asked("business", **{**LINE, **given}) == {"result": result}


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"op": "add"}, "`amount_s` is missing."),
        ({"op": "between"}, "`end` is missing."),
        ({"op": "add_days"}, "`days` is missing."),
        ({"op": "add", "amount_s": 1.5}, "`amount_s` must be a whole number."),
        ({"op": "multiply"}, "`op` must be one of 'add', 'between', 'roll_forward', 'roll_back' or 'add_days'."),
        ({"op": "roll_back", "week": {}}, '`week` must give windows by day, such as {"mon": [["09:00", "17:00"]]}.'),
        (
            {"op": "roll_back", "week": {"mon": [["17:00", "09:00"]]}},
            '`week` must give windows by day, such as {"mon": [["09:00", "17:00"]]}.',
        ),
        ({"op": "roll_back", "tz": "../etc"}, "`tz` must be a time zone such as America/New_York."),
    ],
)
def test_what_is_no_business_time(given, says):
    assert asked("business", **{**LINE, **given}) == {"error": says}


@pytest.mark.parametrize(
    ("text", "intent", "slots"),
    [
        ("close 1042", "case_command", {"case_id": 1042, "action": "close"}),
        ("/close 1042 done", "case_command", {"case_id": 1042, "action": "close"}),
        ("!close #1042", "case_command", {"case_id": 1042, "action": "close"}),
        ("<at>Desk</at> please close case 1042", "case_command", {"case_id": 1042, "action": "close"}),
        (
            "priority 1042 critical nobody can work",
            "case_command",
            {"case_id": 1042, "action": "priority", "priority": "critical"},
        ),
        (
            "can you set #1042 to high priority?",
            "case_command",
            {"case_id": 1042, "action": "priority", "priority": "high"},
        ),
        ("cancel ticket 1042", "case_command", {"case_id": 1042, "action": "withdraw"}),
        ("1042 is still broken", "case_command", {"case_id": 1042, "action": "not-solved"}),
        ("I want to talk to a person", "case_command", {"action": "person"}),
        ("status 1042", "sla_status", {"case_id": 1042}),
        ("any update on 1042?", "sla_status", {"case_id": 1042}),
        ("when will somebody answer?", "sla_status", {}),
        ("How do I close a case in Dynamics", "how_do_i", {}),
        ("show me how to merge accounts", "how_do_i", {}),
        ("The quote form is broken since this morning", "open_ticket", {}),
        ("I can’t log in", "open_ticket", {}),
        ("I get error 5000 when saving", "open_ticket", {}),
        ("open the form is broken", "open_ticket", {}),
        ("What does my plan include?", "entitlements", {}),
        ("how much is Winning for 25 users", "entitlements", {}),
        ("cancel our contract", "entitlements", {}),
        ("hi there", "greeting", {}),
        ("help", "help", {}),
        ("never mind", "cancel", {}),
        ("cancel", "cancel", {}),
        ("thanks a lot!", "other", {}),
        ("", "other", {}),
        ("purple", "other", {}),
    ],
)
def test_what_somebody_wants(text, intent, slots):
    answer = asked("intent", text=text)
    named = {name: value for name, value in answer["slots"].items() if name in ("case_id", "action", "priority")}
    assert (answer["intent"], named) == (intent, slots)
    assert 0 < answer["confidence"] <= 1


def test_in_a_thread_its_case_is_meant_and_a_line_is_read_for_who_says_it():
    assert asked("intent", text="please escalate this", in_case=1042)["slots"] == {
        "case_id": 1042,
        "action": "escalate",
    }
    assert asked("intent", text="escalate 1043", in_case=1042)["slots"]["case_id"] == 1043
    assert asked("intent", text="note 1042 they called", role="staff")["confidence"] == 1
    assert "error" in asked("intent", text="help", role="king")


def test_doubt_is_told_apart():
    assert (
        asked("intent", text="asdf qwer")["confidence"] < 0.7 <= asked("intent", text="outlook crashes")["confidence"]
    )


def test_a_time_in_somebodys_words():
    line = {"now": "2026-01-19T09:00:00", "timezone": "America/New_York"}
    assert asked("when", text="tomorrow at 3pm", **line) == {"start": "2026-01-20T15:00:00-05:00", "end": None}
    assert asked("when", text="no idea", **line) == {"start": None}
    assert asked("when", text="", **line) == {"start": None}
    for hours in (
        "websan",
        "websan/base",
        {"mon": [["08:00", "18:00"]]},
        {"week": {"mon": [["08:00", "18:00"]]}, "zone": "UTC"},
    ):
        assert asked("when", text="eod", hours=hours, **line)["start"] == "2026-01-19T18:00:00-05:00"
    assert "error" in asked("when", text="eod", now="2026-01-19T09:00:00Z", timezone="UTC")
    assert "error" in asked("when", text="eod", hours={"moonday": []}, **line)
    assert asked("when", text="eod", hours=3, **line) == {"error": "`hours` must be text or must be an object."}


def test_articles_of_a_corpus(tmp_path):
    rows = [
        {
            "id": "merge",
            "title": "Merge duplicate accounts",
            "description": "Two become one.",
            "tags": [],
            "body": "## Steps\nSelect both.",
        },
        {"id": "mobile", "title": "The mobile app", "body": "Install it from the store."},
    ]
    corpus = tmp_path / "corpus.jsonl"
    corpus.write_text("".join(json.dumps(row) + "\n" for row in rows))
    house = House(CATALOGUES, KNOWLEDGE, corpus)
    _, answers = ask("answer", '{"text": "How do I merge duplicate accounts?"}', '{"text": "zebra"}', house=house)
    assert answers[0]["articles"][0] == "merge"
    assert answers[1] == {"articles": [], "answered": False}


def test_a_corpus_with_a_line_that_is_no_article_is_refused(tmp_path):
    corpus = tmp_path / "corpus.jsonl"
    corpus.write_text('{"id": "merge", "title": "Merge", "body": "Both."}\n{"id": "mobile"}\n')
    with pytest.raises(Mistakes, match=r"corpus\.jsonl:2: An article is"):
        ask("answer", '{"text": "merge"}', house=House(CATALOGUES, KNOWLEDGE, corpus))
