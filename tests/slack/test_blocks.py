"""The validator lets everything through that Slack would, to the last character, and not one character more."""

import re
from collections.abc import Callable

import pytest

from tests.slack.blocks import (
    Invalid,
    check_answer,
    check_ephemeral,
    check_home,
    check_message,
    check_metadata,
    check_modal,
    check_prompts,
    check_response,
    check_update,
)
from tests.slack.pieces import (
    Json,
    actions,
    asks,
    button,
    chosen,
    confirm,
    context,
    context_of,
    focused,
    grouped,
    home,
    liked,
    message,
    mistakes,
    modal,
    mrkdwn,
    number,
    option,
    options,
    picture,
    plain,
    says,
    section,
    select,
    several,
    shows,
    trash,
    typed,
    weighing,
)

LIMITS: list[tuple[str, int, Callable[[int], Json]]] = [
    ("blocks", 50, lambda n: message(*[{"type": "divider"}] * n)),
    ("a section's text", 3000, lambda n: says("x" * n)),
    ("a section's fields", 10, lambda n: message({"type": "section", "fields": [mrkdwn()] * n})),
    ("a field", 2000, lambda n: message({"type": "section", "fields": [mrkdwn("x" * n)]})),
    ("a header", 150, lambda n: message({"type": "header", "text": plain("x" * n)})),
    ("an image's text", 2000, lambda n: message(picture(alt_text="x" * n))),
    ("an image's title", 2000, lambda n: message(picture(title=plain("x" * n)))),
    ("an image's address", 3000, lambda n: message(picture(image_url="https://a.b/".ljust(n, "x")))),
    ("actions", 25, lambda n: message(actions(*map(button, range(n))))),
    ("a context's elements", 10, lambda n: message(context(*[mrkdwn()] * n))),
    ("a context's text", 3000, lambda n: message(context(mrkdwn("x" * n)))),
    ("a button's label", 75, lambda n: message(actions(button(text=plain("x" * n))))),
    ("a button's value", 2000, lambda n: message(actions(button(value="x" * n)))),
    ("a button's address", 3000, lambda n: message(actions(button(url="https://a.b/".ljust(n, "x"))))),
    ("an accessibility label", 75, lambda n: message(actions(button(accessibility_label="x" * n)))),
    ("an action id", 255, lambda n: message(actions(button(action_id="x" * n)))),
    ("a block id", 255, lambda n: message(section(block_id="x" * n))),
    ("an image's block id", 255, lambda n: message(picture(block_id="x" * n))),
    ("a confirmation's title", 100, lambda n: message(actions(button(confirm=confirm(title=plain("x" * n)))))),
    ("a confirmation's text", 300, lambda n: message(actions(button(confirm=confirm(text=plain("x" * n)))))),
    ("a confirmation's yes", 30, lambda n: message(actions(button(confirm=confirm(confirm=plain("x" * n)))))),
    ("a confirmation's no", 30, lambda n: message(actions(button(confirm=confirm(deny=plain("x" * n)))))),
    ("choices", 100, lambda n: message(actions(select(options=options(n))))),
    ("a choice's text", 75, lambda n: message(actions(select(options=[option(text="x" * n)])))),
    ("a choice's value", 75, lambda n: message(actions(select(options=[option("x" * n)])))),
    ("a choice's description", 75, lambda n: message(actions(select(options=[option(description=plain("x" * n))])))),
    ("a placeholder", 150, lambda n: message(actions(select(placeholder=plain("x" * n))))),
    ("an overflow", 5, lambda n: message(actions(chosen("overflow", n)))),
    ("radio buttons", 10, lambda n: message(actions(chosen("radio_buttons", n)))),
    ("checkboxes", 10, lambda n: message(actions(chosen("checkboxes", n)))),
    ("context actions", 5, lambda n: message({"type": "context_actions", "elements": [*map(trash, range(n))]})),
    (
        "all text of a message",
        12_000,
        lambda n: message(*[section(text=mrkdwn("x" * (n // 4)))] * 4, context_of(n % 4)),
    ),
    ("a message's text", 40_000, lambda n: {"text": "x" * n}),
    ("an event type", 255, lambda n: message(section(), metadata={"event_type": "x" * n, "event_payload": {}})),
]


@pytest.mark.parametrize(("most", "made"), [row[1:] for row in LIMITS], ids=[row[0] for row in LIMITS])
def test_a_message_is_taken_at_each_limit_and_refused_one_above(most: int, made: Callable[[int], Json]) -> None:
    check_message(made(most))
    with pytest.raises(Invalid):
        check_message(made(most + 1))


VIEW_LIMITS: list[tuple[str, int, Callable[[int], Json]]] = [
    ("blocks", 100, lambda n: modal(*[{"type": "divider"}] * n)),
    ("the title", 24, lambda n: modal(title=plain("x" * n))),
    ("the button", 24, lambda n: modal(submit=plain("x" * n))),
    ("the other button", 24, lambda n: modal(close=plain("x" * n))),
    ("private metadata", 3000, lambda n: modal(private_metadata="x" * n)),
    ("the callback id", 255, lambda n: modal(callback_id="x" * n)),
    ("the external id", 255, lambda n: modal(external_id="x" * n)),
    ("a label", 2000, lambda n: modal(asks(typed(), label=plain("x" * n)))),
    ("a hint", 2000, lambda n: modal(asks(typed(), hint=plain("x" * n)))),
    ("the longest answer", 3000, lambda n: modal(asks(typed(max_length=n)))),
    ("the shortest answer", 3000, lambda n: modal(asks(typed(min_length=n)))),
    ("an answer given before", 50, lambda n: modal(asks(typed(max_length=50, initial_value="x" * n)))),
    ("files", 10, lambda n: modal(asks({"type": "file_input", "action_id": "f", "max_files": n}))),
    ("groups", 100, lambda n: modal(asks(grouped(n)))),
    ("a group's label", 75, lambda n: modal(asks(grouped(1, "x" * n)))),
    ("bytes", 250_000, lambda n: weighing(n)),
]


@pytest.mark.parametrize(("most", "made"), [row[1:] for row in VIEW_LIMITS], ids=[row[0] for row in VIEW_LIMITS])
def test_a_modal_is_taken_at_each_limit_and_refused_one_above(most: int, made: Callable[[int], Json]) -> None:
    check_modal(made(most))
    with pytest.raises(Invalid):
        check_modal(made(most + 1))


def test_a_home_takes_a_hundred_blocks() -> None:
    check_home(home(*[{"type": "divider"}] * 100))
    with pytest.raises(Invalid, match="101 items"):
        check_home(home(*[{"type": "divider"}] * 101))


def test_an_edited_message_may_say_only_a_tenth_as_much() -> None:
    check_update({"text": "x" * 4000})
    with pytest.raises(Invalid) as refused:
        check_update({"text": "x" * 4001})
    assert refused.value.error == "msg_too_long"


GROUP = {"label": plain("Group"), "options": [option()]}

WRONG_MESSAGES: list[tuple[str, Json]] = [
    ("has neither text nor blocks", {}),
    ("has neither text nor blocks", {"text": " "}),
    ("blocks need a text", {"text": "", "blocks": [section()]}),
    ("needs at least 1", {"text": "a", "blocks": []}),
    ("has no field called colour", message(section(colour="red"))),
    ("'marquee' is not allowed", message({"type": "marquee"})),
    ("'input' is not allowed", message(asks(typed()))),
    ("'plain_text_input' is not allowed", message(actions(typed()))),
    ("'file_input' is not allowed", message(section(accessory={"type": "file_input"}))),
    ("'datetimepicker' is not allowed", message(section(accessory={"type": "datetimepicker"}))),
    ("'multi_static_select' is not allowed", message(actions(several()))),
    ("must be a block here with a type", message({"text": plain()})),
    ("neither text nor fields", message({"type": "section"})),
    ("is empty", says("")),
    ("is empty", says(" \n")),
    ("lacks text", message({"type": "header"})),
    ("'mrkdwn' is not allowed", message({"type": "header", "text": mrkdwn()})),
    ("'mrkdwn' is not allowed", message(actions(button(text=mrkdwn())))),
    ("'mrkdwn' is not allowed", message(actions(select(options=[{"text": mrkdwn(), "value": "a"}])))),
    ("'mrkdwn' is not allowed", message(actions(button(confirm=confirm(text=mrkdwn()))))),
    ("has no field called emoji", message(section(text={**mrkdwn(), "emoji": True}))),
    ("has no field called verbatim", message(section(text={**plain(), "verbatim": True}))),
    ("must be a string, not int", message(actions(button(value=1)))),
    ("must be a string, not NoneType", message(section(text={"type": "plain_text", "text": None}))),
    ("must be one of primary, danger", message(actions(button(style="default")))),
    ("must look like https", message(actions(button(url="http://example.com")))),
    ("must look like https", message(actions(button(url="javascript:alert(1)")))),
    ("same action_id twice: say:0", message(actions(button(0), button(0)))),
    ("same block_id twice: one", message(section(block_id="one"), section(block_id="one"))),
    ("same value twice: a", message(actions(select(options=[option("a"), option("a", "B")])))),
    ("needs either options or option_groups", message(actions(select(option_groups=[GROUP])))),
    ("needs at least 1", message(actions(select(options=[])))),
    ("is none of the options", message(actions(select(initial_option=option("7"))))),
    ("is none of the options", message(actions(select(initial_option=option("0", "Other words"))))),
    ("is none of the options", message(actions({**chosen("radio_buttons", 2), "initial_option": option("7")}))),
    ("is none of the options", message(actions({**chosen("checkboxes", 2), "initial_options": [option("7")]}))),
    ("has no field called url", message(actions(select(options=[option(url="https://a.b")])))),
    ("needs either image_url or slack_file", message({"type": "image", "alt_text": "A chart"})),
    ("needs either id or url", message({"type": "image", "alt_text": "A chart", "slack_file": {}})),
    ("lacks alt_text", message(context({"type": "image", "image_url": "https://a.b/c"}))),
    ("is no day", message(actions({"type": "datepicker", "initial_date": "2026-02-30"}))),
    ("must look like 09:30", message(actions({"type": "timepicker", "initial_time": "24:00"}))),
    ("is no IANA zone", message(actions({"type": "timepicker", "timezone": "Mars/Olympus"}))),
    ("must be between", message(actions({"type": "datetimepicker", "initial_date_time": 5}))),
    ("must be true or false", message(section(expand="yes"))),
    ("must be an array", message(section(), blocks={})),
    ("lacks event_payload", message(section(), metadata={"event_type": "a"})),
    ("must be an object", message(section(), metadata={"event_type": "a", "event_payload": "k1"})),
    ("is too large", message(section(), metadata={"event_type": "a", "event_payload": {"k": "x" * 4000}})),
]


@pytest.mark.parametrize(("why", "payload"), WRONG_MESSAGES)
def test_a_message_that_is_not_shaped_right_is_refused(why: str, payload: Json) -> None:
    with pytest.raises(Invalid, match=re.escape(why)):
        check_message(payload)


WRONG_MODALS: list[tuple[str, Json]] = [
    ("is missing, and there are input blocks", modal(asks(typed()), submit=None)),
    ("'mrkdwn' is not allowed", modal(title=mrkdwn())),
    ("must be one of modal", modal(type="home")),
    ("lacks title", modal(title=None)),
    ("lacks element", modal({"type": "input", "label": plain()})),
    ("lacks label", modal({"type": "input", "element": typed()})),
    ("'button' is not allowed", modal(asks(button()))),
    ("'markdown' is not allowed", modal({"type": "markdown", "text": "a"})),
    ("'context_actions' is not allowed", modal({"type": "context_actions", "elements": [trash(0)]})),
    ("is more than max_length", modal(asks(typed(min_length=5, max_length=4)))),
    ("has not between 5 and 9", modal(asks(typed(min_length=5, max_length=9, initial_value="four")))),
    ("is empty", modal(asks(typed(initial_value="")))),
    ("lacks is_decimal_allowed", modal(asks({"type": "number_input"}))),
    ("is no whole number", modal(asks({"type": "number_input", "is_decimal_allowed": False, "min_value": "0.5"}))),
    ("is out of bounds", modal(asks(number(initial_value="9", max_value="8")))),
    ("is more than max_value", modal(asks(number(min_value="9", max_value="8")))),
    ("must be a string", modal(asks(number(max_value=8)))),
    ("focuses on more than one", modal(focused("a"), focused("b"))),
    (
        "selects more than",
        modal(asks(select(type="multi_static_select", initial_options=options(2), max_selected_items=1))),
    ),
    ("must look like U…", modal(asks({"type": "users_select", "initial_user": "ann"}))),
    ("has no field called state", modal(state={})),
    ("same action_id twice", modal(actions(button(1), button(1)))),
    ("same block_id twice", modal(asks(typed()), asks(typed()))),
]


@pytest.mark.parametrize(("why", "view"), WRONG_MODALS)
def test_a_modal_that_is_not_shaped_right_is_refused(why: str, view: Json) -> None:
    with pytest.raises(Invalid, match=re.escape(why)):
        check_modal(view)


@pytest.mark.parametrize(
    ("why", "view"),
    [
        ("a home has no file_input", home(asks({"type": "file_input", "action_id": "f"}))),
        ("has no field called title", home(section(), title=plain())),
        ("must be one of home", {**home(section()), "type": "modal"}),
    ],
)
def test_a_home_that_is_not_shaped_right_is_refused(why: str, view: Json) -> None:
    with pytest.raises(Invalid, match=re.escape(why)):
        check_home(view)


GOOD_WORDS = [
    "*bold* _slanted_ `code` ~gone~",
    "> quoted\n>quoted too\n>>> and the rest",
    "Tom &amp; Ann: 3 &lt; 4 &gt; 2",
    "&lt;!channel&gt; &lt;@U012AB&gt;",
    "<https://example.com/a?b=1&amp;c=2|the page> <https://example.com>",
    "<mailto:help@example.com|write> <tel:+1-800-555-0100|call>",
    "<!date^1769000000^{date_short_pretty} at {time}|21 Jan 2026 at 13:33 UTC>",
    "<!date^1769000000^{ago}^https://example.com|earlier>",
    "<#C012AB|help>",
]


@pytest.mark.parametrize("words", GOOD_WORDS)
def test_links_dates_and_escaped_words_are_let_through(words: str) -> None:
    check_message(message(section(text=mrkdwn(words)), text=words))


BAD_WORDS = [
    ("pings somebody", "<!channel> read this"),
    ("pings somebody", "<!here|here>"),
    ("pings somebody", "<!everyone>"),
    ("pings somebody", "<!EVERYONE>"),
    ("pings somebody", "ask <@U012AB>"),
    ("pings somebody", "ask <@W012AB|ann>"),
    ("pings somebody", "<!subteam^S012AB>"),
    ("unescaped &", "Tom & Ann"),
    ("unescaped &", "&nbsp;"),
    ("unescaped <", "3 < 4"),
    ("unescaped >", "4 > 3"),
    ("neither a well-formed link nor a date", "<b>bold</b>"),
    ("neither a well-formed link nor a date", "<javascript:alert(1)|press>"),
    ("neither a well-formed link nor a date", "<https://exa mple.com|page>"),
    ("neither a well-formed link nor a date", "<https://example.com|>"),
    ("neither a well-formed link nor a date", "<mailto:nobody|write>"),
    ("neither a well-formed link nor a date", "<tel:call me|call>"),
    ("is not <!date", "<!date^tomorrow^{time}|tomorrow>"),
    ("is not <!date", "<!date^1769000000^{time}>"),
    ("is not <!date", "<!date^1769000000^{time}|>"),
    ("date format with no token", "<!date^1769000000^soon|soon>"),
    ("date format with ['hour']", "<!date^1769000000^{hour}|soon>"),
    ("stray brace", "<!date^1769000000^{time} {|soon>"),
    ("a link that is none", "<!date^1769000000^{time}^nowhere|soon>"),
]


@pytest.mark.parametrize(("why", "words"), BAD_WORDS)
def test_what_pings_or_is_not_escaped_is_refused_in_every_text(why: str, words: str) -> None:
    for payload in (says(words), message(section(), text=words), message(context(mrkdwn(words)))):
        with pytest.raises(Invalid, match=re.escape(why)):
            check_message(payload)


def test_plain_text_pings_nobody_whatever_it_says() -> None:
    check_message(message(section(text=plain("<!channel> & <@U012AB>"))))


def test_every_element_is_known() -> None:
    every = [
        actions(button(style="primary", confirm=confirm()), select()),
        actions(grouped(2)),
        actions(*({"type": f"{kind}_select", "action_id": kind} for kind in ("users", "channels", "conversations"))),
        actions({"type": "datepicker", "initial_date": "2026-01-19"}, {"type": "timepicker", "initial_time": "09:30"}),
        actions({"type": "datetimepicker", "initial_date_time": 1769000000}, chosen("overflow", 3)),
        section(accessory=several(), block_id="many"),
        context(picture(), plain(), mrkdwn()),
    ]
    check_message(
        message(*every, {"type": "markdown", "text": "# Words"}, {"type": "context_actions", "elements": [liked()]})
    )
    kinds = ("email_text_input", "url_text_input", "plain_text_input")
    questions = [asks({"type": kind, "action_id": "a", "placeholder": plain()}, block_id=kind) for kind in kinds]
    check_modal(modal(*questions, asks(number(min_value="-1.5", max_value="8"), optional=True)))
    check_home(home(*every))


def test_the_error_is_the_one_that_slack_answers() -> None:
    for error, payload in {
        "no_text": {},
        "msg_too_long": {"text": "x" * 40_001},
        "msg_blocks_too_long": message(*[section(text=mrkdwn("x" * 2500))] * 5),
        "invalid_blocks": message({"type": "marquee"}),
        "invalid_metadata_format": message(section(), metadata=[]),
    }.items():
        with pytest.raises(Invalid) as refused:
            check_message(payload)
        assert refused.value.error == error


def test_the_path_leads_to_the_very_field() -> None:
    with pytest.raises(Invalid) as refused:
        check_message(message(section(), actions(button(0), button(1, text=plain("x" * 76)))))
    assert str(refused.value) == "/blocks/1/elements/1/text/text: has 76 characters, and 75 are allowed"


def test_an_ephemeral_message_carries_no_metadata() -> None:
    check_ephemeral({"text": "a"})
    with pytest.raises(Invalid):
        check_ephemeral({"text": "a", "metadata": {"event_type": "a", "event_payload": {}}})


def test_metadata_is_an_event_with_an_object() -> None:
    check_metadata({"event_type": "supporthub_message", "event_payload": {"key": "k1"}})
    with pytest.raises(Invalid):
        check_metadata({"event_type": "", "event_payload": {}})


def test_between_one_and_four_prompts_can_be_suggested() -> None:
    prompt = {"title": "Open a case", "message": "open"}
    check_prompts("Say", [prompt] * 4)
    for title, prompts in (("Say", [prompt] * 5), ("Say", []), ("", [prompt]), (None, [{"title": "a"}])):
        with pytest.raises(Invalid):
            check_prompts(title, prompts)


def test_a_response_url_takes_what_a_response_may_say() -> None:
    check_response({"text": "Done", "response_type": "in_channel", "replace_original": False})
    check_response({"delete_original": True})
    for wrong in ({"text": "a", "channel": "C1"}, {"text": "a", "response_type": "loud"}, {}, {"text": "<!here>"}):
        with pytest.raises(Invalid):
            check_response(wrong)


def test_a_submitted_modal_is_answered_with_mistakes_of_its_own_inputs() -> None:
    view = modal(asks(typed()), section(block_id="words"))
    for right in (None, "", {"response_action": "clear"}, mistakes(question="Too short"), shows(view)):
        check_answer(right, view)
    for wrong in (mistakes(words="Too short"), mistakes(question=""), mistakes(), {"text": "ok"}, shows({})):
        with pytest.raises(Invalid):
            check_answer(wrong, view)
