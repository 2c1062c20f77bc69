"""Forms as cards and as dialogs: shown, filled in, sent off, sent back."""

import re
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.teams.forms import answers, dialog, done, form_card
from adapters.teams.render import activity
from bot.forms import FormField, ShowForm
from bot.messages import Button, Buttons, Message, Quoted, Text
from tests.teams.answers import check_answer
from tests.teams.cards import check_activity
from tests.teams.filling import NotSent, filled, sends

PROBLEM = FormField("problem", "What is going wrong?", (), True, 200)
PRIORITY = FormField("priority", "How bad is it?", (("p1", "Nothing works"), ("p3", "A bit odd")), False, None)
FORM = ShowForm("open_case", "Open a case", "Send", (PROBLEM, PRIORITY))


def shown(form: ShowForm, **given: str) -> Any:
    """The card in a message."""
    card = form_card(form, given)
    check_activity(activity(card))
    return card


def in_dialog(form: ShowForm, **given: str) -> Any:
    made = dialog(form, given)
    check_answer({"type": "invoke", "name": "task/fetch"}, "", made)
    return made["task"]["value"]  # type: ignore[index]


def sent(card: Any, **typed: str) -> dict[str, object]:
    """What comes back of it."""
    return {**sends(card)["data"], **filled(card, typed)}


def asked(card: Any, name: str) -> Any:
    (found,) = [element for element in card["body"] if element.get("id") == name]
    return found


@pytest.mark.parametrize("show", [shown, lambda form, **given: in_dialog(form, **given)["card"]["content"]])
def test_a_form_comes_back_as_it_was_filled_in(show: Any) -> None:
    card = show(FORM, room="C1", thread="1.2")
    back = answers(sent(card, problem="It *smokes* & {{hisses}}\n${x}", priority="Nothing works"))
    assert back.form == "open_case"
    assert back.answers == {"problem": "It *smokes* & {{hisses}}\n${x}", "priority": "p1"}
    assert back.draft is None
    assert back.given == {"room": "C1", "thread": "1.2"}


def test_what_was_left_out_is_an_empty_answer() -> None:
    optional = (FormField("problem", "What?", (), False, 200), PRIORITY)
    back = answers(sent(shown(ShowForm("words", "One more thing", "Send", optional, draft=12))))
    assert back.answers == {"problem": "", "priority": ""}
    assert back.draft == 12
    with pytest.raises(NotSent, match=r"Please answer this\."):
        sent(shown(FORM))


def test_a_card_s_button_sends_it_from_old_clients_too_and_a_dialog_knows_no_other() -> None:
    (button,) = shown(FORM)["actions"]
    assert (button["type"], button["verb"], button["title"]) == ("Action.Execute", "form", "Send")
    assert button["fallback"]["data"] == button["data"]
    assert button["data"] == {"form": "open_case", "draft": None, "asked": "problem priority"}
    (submit,) = in_dialog(FORM)["card"]["content"]["actions"]
    assert (submit["type"], submit["data"]) == ("Action.Submit", button["data"])


def test_a_dialog_has_the_form_s_title_and_a_card_shows_it() -> None:
    assert {name: it for name, it in in_dialog(FORM).items() if name != "card"} == {
        "title": "Open a case",
        "height": "medium",
        "width": "medium",
    }
    assert [element["type"] for element in shown(FORM)["body"]] == ["TextBlock", "Input.Text", "Input.ChoiceSet"]
    assert shown(FORM)["fallbackText"] == "Open a case\nWhat is going wrong?\nHow bad is it?"


def test_a_form_shows_what_was_answered_before() -> None:
    fields = (
        FormField("problem", "What?", (), True, 5, "It smokes"),
        FormField("p", "How?", PRIORITY.choices, True, None, "p3"),
        FormField("q", "And how?", PRIORITY.choices, True, None, "p7"),
    )
    card = shown(ShowForm("open_case", "Open a case", "Send", fields))
    assert (asked(card, "problem")["value"], asked(card, "problem")["maxLength"]) == ("It ", 5)
    assert (asked(card, "p")["value"], asked(card, "p")["isRequired"]) == ("p3", True)
    assert "value" not in asked(card, "q")


def test_mistakes_stand_beside_their_questions() -> None:
    wrong = FormField("problem", "What?", (), True, 5, "", "Please write more.")
    for card in (shown(ShowForm("f", "t", "s", (PRIORITY, wrong))), in_dialog(ShowForm("f", "t", "s", (wrong,)))):
        body = card["card"]["content"]["body"] if "card" in card else card["body"]
        mistake, question = body[-2:]
        assert mistake["inlines"][0]["text"] == "⚠️ Please write more."
        assert mistake["inlines"][0]["color"] == "attention"
        assert question["errorMessage"] == "Please write more."


def test_choices_that_a_list_cannot_take_are_written() -> None:
    for choices in (
        tuple((str(n), "x") for n in range(101)),
        (("x" * 201, "x"),),
        (("", "none"),),
        (("a", "one"), ("a", "two")),
    ):
        card = shown(ShowForm("f", "t", "s", (FormField("n", "l", choices, True, None),)))
        assert asked(card, "n")["type"] == "Input.Text"


def test_whatever_was_typed_can_be_shown_again() -> None:
    fields = tuple(FormField(f"q{n}", "What?", (), True, None) for n in range(4))
    blank = shown(ShowForm("f", "t", "s", fields))
    typed = {field.name: "x" * asked(blank, field.name)["maxLength"] for field in fields}
    again = tuple(FormField(field.name, "What?", (), True, None, typed[field.name], "No.") for field in fields)
    assert answers(sent(shown(ShowForm("f", "t", "s", again)))).answers == typed


@pytest.mark.parametrize("given", [{"problem": "x"}, {"form": "x"}, {"msteams": "x"}, {"room": "x" * 2_000}])
def test_a_form_whose_parts_could_not_be_told_apart_is_not_shown(given: Mapping[str, str]) -> None:
    with pytest.raises(ValueError, match="names of their own"):
        form_card(FORM, given)


def test_a_dialog_ends_with_words() -> None:
    opened = Message((Text((Quoted("Printer"), " is opened.")), Buttons((Button("Show", "show 7"),))))
    ended: Any = done(opened)
    check_answer({"type": "invoke", "name": "task/submit"}, "", ended)
    assert ended == {"task": {"type": "message", "value": "Printer is opened.\n[Show]"}}
    long: Any = done(Message((Text(("word " * 8_000,)),)))
    assert len(long["task"]["value"]) == 4_000


SENT = sent(form_card(FORM, {"room": "C1"}), problem="x")


def test_what_teams_adds_is_no_answer() -> None:
    assert answers({**SENT, "msteams": {"type": "task/submit"}, "verb": "form"}) == answers(SENT)


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"form": None},
        {"form": ""},
        {"form": ["open_case"]},
        {"asked": None},
        {"asked": ["problem"]},
        {"asked": " ".join(f"q{n}" for n in range(51))},
        {"problem": 7},
        {"problem": None},
        {"problem": {"text": "x"}},
        {"problem": "x" * 40_001},
        {"priority": ["p1"]},
        {"room": 1},
        {"x" * 101: "x"},
        {f"x{n}": "x" for n in range(51)},
        {"draft": "1"},
        {"draft": 0},
        {"draft": True},
        {"draft": 2**63},
        {"draft": 1.0},
    ],
)
def test_what_is_no_form_of_ours_is_refused_with_a_sentence(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"^This form has more|^This is not"):
        answers({**SENT, **wrong} if wrong else {})


texts = st.text(st.sampled_from("a \n&<>[](){}$`*\x01🧯漢"), max_size=40) | st.integers(0, 9_000).map("é& {".__mul__)
plain_choices = st.lists(st.tuples(texts, texts), max_size=5).map(tuple)
fields = st.builds(
    FormField, st.just("n"), texts, plain_choices, st.booleans(), st.none() | st.integers(0, 9_000), texts, texts
)
forms = st.builds(
    lambda title, submit, fields: ShowForm(
        "f", title, submit, tuple(FormField(f"q{n}", *_rest(field)) for n, field in enumerate(fields))
    ),
    texts,
    texts,
    st.lists(fields, max_size=6),
)


def _rest(field: FormField) -> tuple[Any, ...]:
    return field.label, field.choices, field.required, field.longest, field.answer, field.mistake


@settings(max_examples=60, deadline=None)
@given(forms)
def test_no_form_whatsoever_makes_a_card_that_teams_refuses(form: ShowForm) -> None:
    for card in (shown(form, room="C1"), in_dialog(form, room="C1")["card"]["content"]):
        told = [card["fallbackText"], *(text for each in card["body"] for text in said(each))]
        assert not [text for text in told if re.search(r"\{\{|\$\{|<[a-z/!?]|\]\(", text)]


def said(element: Mapping[str, Any]) -> list[str]:
    runs = [run["text"] for run in element.get("inlines", ())]
    choices = [choice["title"] for choice in element.get("choices", ())]
    return [*runs, *choices, *(str(element[name]) for name in ("text", "label", "errorMessage") if name in element)]
