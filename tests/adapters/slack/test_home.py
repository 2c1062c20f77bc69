"""A person's own page in Slack."""

from typing import Any

from hypothesis import given, settings

from adapters.slack.home import home
from bot.messages import Button, Buttons, Item, Items, Message, Part, Person, Quote, Text
from tests.adapters.slack.looking import looks
from tests.adapters.slack.nasty import anything
from tests.slack.blocks import check_home


def shown(*parts: Part) -> Any:
    made = home(Message(parts))
    check_home(made)
    return made


def test_a_home_shows_what_is_said_there() -> None:
    view = shown(Text(("Hello",), "heading"), Items((Item(("Printer",), Button("Show", "status 7")),)))
    assert [looks(block) for block in view["blocks"]] == ["header: Hello", "section: Printer | Show = status 7"]


def test_a_home_with_nothing_to_show_says_so() -> None:
    (block,) = shown()["blocks"]
    assert looks(block) == "section: There is nothing to show."


def test_a_home_that_is_too_full_keeps_its_buttons_and_says_so() -> None:
    rows = tuple(Item((f"case {n}",), Button("Show", f"status {n}")) for n in range(300))
    view = shown(Items(rows), Buttons((Button("Open a case", "open"),)))
    assert [looks(block) for block in view["blocks"][-2:]] == [
        "actions: Open a case = open",
        "context: Shortened. Write to me for all of it.",
    ]
    assert len(view["blocks"]) == 95


def test_the_largest_home_is_still_a_view() -> None:
    shown(*(Quote(Person("漢" * 150, "漢" * 150), "漢字\n" * 13_000),) * 9)


@settings(max_examples=40, deadline=None)
@given(anything)
def test_no_message_whatsoever_makes_a_home_that_slack_refuses(message: Message) -> None:
    check_home(home(message))
