"""Forms as modals: shown, filled in, sent off, sent back."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.slack.modal import answers, errors, view
from bot.forms import FormField, ShowForm
from tests.slack.blocks import check_answer, check_modal

PROBLEM = FormField("problem", "What is going wrong?", (), True, 200)
PRIORITY = FormField("priority", "How bad is it?", (("p1", "Nothing works"), ("p3", "A bit odd")), False, None)
FORM = ShowForm("open_case", "Open a case", "Send", (PROBLEM, PRIORITY))


def shown(form: ShowForm, **given: str) -> Any:
    made = view(form, given)
    check_modal(made)
    return made


def sent(made: Any, typed: Mapping[str, str | None]) -> dict[str, Any]:
    """The view as Slack sends it back."""
    values: dict[str, Any] = {}
    for block in made["blocks"]:
        kind, answer = block["element"]["type"], typed.get(block["label"]["text"])
        chosen = next(
            (option for option in block["element"].get("options", ()) if option["text"]["text"] == answer), None
        )
        given = {"selected_option": chosen} if kind == "static_select" else {"value": answer}
        values[block["block_id"]] = {block["element"]["action_id"]: {"type": kind, **given}}
    kept = {name: made[name] for name in ("type", "callback_id", "private_metadata", "blocks")}
    return {**kept, "id": "V1", "hash": "1.a", "state": {"values": values}}


def test_a_form_comes_back_as_it_was_filled_in() -> None:
    made = shown(FORM, room="C1", thread="1.2")
    back = answers(sent(made, {"What is going wrong?": "It *smokes* & <hisses>", "How bad is it?": "Nothing works"}))
    assert back.form == "open_case"
    assert back.answers == {"problem": "It *smokes* & <hisses>", "priority": "p1"}
    assert back.draft is None
    assert back.metadata == {"room": "C1", "thread": "1.2"}


def test_what_was_left_out_is_an_empty_answer() -> None:
    back = answers(sent(shown(ShowForm("words", "One more thing", "Send", FORM.fields, draft=12)), {}))
    assert back.answers == {"problem": "", "priority": ""}
    assert back.draft == 12


def test_a_form_shows_what_was_answered_before() -> None:
    fields = (
        FormField("problem", "What?", (), True, 5, "It smokes"),
        FormField("p", "How?", PRIORITY.choices, True, None, "p3"),
    )
    problem, priority = shown(ShowForm("open_case", "Open a case", "Send", fields))["blocks"]
    assert problem["element"]["initial_value"] == "It "
    assert problem["element"]["max_length"] == 5
    assert priority["element"]["initial_option"]["value"] == "p3"
    assert (problem["optional"], shown(FORM)["blocks"][1]["optional"]) == (False, True)


def test_mistakes_stand_under_their_questions() -> None:
    wrong = ShowForm(
        "open_case", "t", "s", (FormField("problem", "What?", (), True, 5, "", "Please write more."), PRIORITY)
    )
    made = shown(wrong)
    assert made["blocks"][0]["hint"]["text"] == "⚠️ Please write more."
    assert errors(wrong) == {"response_action": "errors", "errors": {"q:problem": "Please write more."}}
    check_answer(errors(wrong), made)


def test_choices_that_a_list_cannot_take_are_written() -> None:
    for choices in (
        tuple((str(n), "x") for n in range(101)),
        (("x" * 76, "x"),),
        (("", "none"),),
        (("a", "one"), ("a", "two")),
    ):
        (block,) = shown(ShowForm("f", "t", "s", (FormField("n", "l", choices, True, None),)))["blocks"]
        assert block["element"]["type"] == "plain_text_input"


def test_a_view_that_would_forget_what_it_is_for_is_not_shown() -> None:
    with pytest.raises(ValueError, match="3000 characters"):
        view(FORM, {"room": "x" * 3_000})


MADE = sent(view(FORM, {"room": "C1"}), {"What is going wrong?": "x"})


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"state": None},
        {"state": {"values": []}},
        {"state": {"values": {"q:problem": None}}},
        {"state": {"values": {"q:problem": {"b": {"value": "x"}}}}},
        {"state": {"values": {"q:problem": {"a": {"value": 7}}}}},
        {"state": {"values": {"q:problem": {"a": {"selected_option": {"value": None}}}}}},
        {"private_metadata": None},
        {"private_metadata": "x"},
        {"private_metadata": "[]"},
        {"private_metadata": json.dumps({"form": "open_case", "draft": "1", "given": {}})},
        {"private_metadata": json.dumps({"form": "open_case", "draft": 0, "given": {}})},
        {"private_metadata": json.dumps({"form": "open_case", "draft": None, "given": {"room": 1}})},
        {"private_metadata": json.dumps({"form": "words", "draft": None, "given": {}})},
        {"callback_id": "open_case"},
        {"callback_id": None},
    ],
)
def test_what_is_no_form_of_ours_is_refused_with_a_sentence(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"^This form|^This is not"):
        answers({**MADE, **wrong} if wrong else {})


texts = st.text(st.sampled_from("a \n&<>`*🧯漢"), max_size=40) | st.integers(0, 9_000).map("é& ".__mul__)
fields = st.builds(
    FormField,
    st.just("n"),
    texts,
    st.lists(st.tuples(texts, texts), max_size=5).map(tuple),
    st.booleans(),
    st.none() | st.integers(0, 9_000),
    texts,
    texts,
)
forms = st.builds(ShowForm, st.just("f"), texts, texts, st.lists(fields, max_size=1).map(tuple), st.none())


@settings(max_examples=60, deadline=None)
@given(forms)
def test_no_form_whatsoever_makes_a_modal_that_slack_refuses(form: ShowForm) -> None:
    shown(form)
