"""Whatever somebody writes or calls themselves is words: on every channel as many things can be pressed, followed or
pinged as when they write something harmless, and nobody passes for anybody else.

The renderers' own tests (test_render_anything.py of each adapter) make any message; these make hostile words.
"""

import json
import re
from html.parser import HTMLParser
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from adapters.email.render import render as mail
from adapters.portal.edge import headers
from adapters.portal.pages import Site, environment
from adapters.portal.sessions import SESSION
from adapters.slack.render import render as slack
from adapters.teams.render import render as teams
from bot.incoming import User, clean
from bot.messages import Button, Buttons, Facts, Item, Items, Message, Person, Quote, Quoted, Text
from bot.plain import plain
from bot.text.values import ROLES
from rules.people import Role
from tests.world import World

HOSTILE = (
    "<!channel>", "<!here|all>", "<!subteam^S1>", "<@U0SAM>", "<@W0SAM|sam>", "<#C0DESK|desk>", "@channel @here",
    "<http://evil.example|Pay here>", "<mailto:evil@evil.example|mail>", "http://evil.example", "www.evil.example",
    "*bold* _it_ ~gone~ `code` ```pre```", "> quoted", "&lt;!channel&gt;", "&amp;lt;!here>", ":tada: :skin-tone-2:",
    "<!date^1392734382^{date}^https://evil.example|x>", "<at>Sam Ortiz</at>", '<at id="0">x</at>', "{{7*7}} {% raw %}",
    "[Pay](https://evil.example)", "![x](https://evil.example/p.png)", "[a]: https://evil.example", "# Head\n- [x](y)",
    "${take}", "{{DATE(2026-01-01T00:00:00Z)}}", "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>',
    "<a href='javascript:alert(1)'>x</a>", "</blockquote></p><form action=//evil.example><button>Pay</button>",
    "<style>*{display:none}</style>", "<!--", "]]>", "\u202e[Pay](https://evil.example)\u202c", "\u2066x\u2069",
    "S\u0430m Ortiz (support desk)", "x\u200b@channel", "\ufeff<!here>", "| a | b |\n|---|---|", "~~~\ncode",
    "\\*x\\*", "tel:+1900", "ftp://evil.example", "data:text/html,x",
)  # fmt: skip
words = st.lists(st.sampled_from(HOSTILE) | st.text(max_size=6), min_size=1, max_size=4).map(" ".join).filter(str.strip)


def said(text: str, name: str) -> Message:
    """Somebody's words in every place where any can stand."""
    by = Person(name, "customer")
    return Message(
        (
            Text((by, " opened it: ", Quoted(text)), "heading"),
            Text(("They say ", Quoted(text), " and ", by, "."), "normal"),
            Facts((("Subject", (Quoted(text),)), ("With", (by,)))),
            Quote(by, text),
            Quote(by, text, internal=True),
            Items((Item((Quoted(text),), Button("Show", "show 1001")),)),
            Buttons((Button("Take", "take 1001"),)),
        )
    )


@settings(max_examples=25, deadline=None)
@given(words, words)
@example(" ".join(HOSTILE), " ".join(HOSTILE[:12]))
def test_hostile_words_act_as_little_as_harmless_ones(text: str, name: str) -> None:
    given_text, given_name = clean(text), User("x", name=name).cleaned().name or "x"
    hostile, harmless = said(given_text, given_name), said("It is broken", "Ann Lee")
    for acts in (in_slack, in_teams, in_mail, on_the_portal):
        assert acts(hostile) == acts(harmless), acts.__name__


def in_slack(message: Message) -> dict[str, int]:
    """What Slack would make something of: see docs.slack.dev on mrkdwn and on block elements."""
    made = slack(message)
    texts = [each for one in made for each in _strings(one.blocks, "text") if each["type"] == "mrkdwn"]
    marked = [re.sub(r"<!date\^\d+\^[^<>]*>", "", each["text"]) for each in texts]
    said = marked + [one.text for one in made]
    return {
        "pressed": sum(1 for one in made for each in _strings(one.blocks, "action_id") if each),
        "pings": sum(len(re.findall(r"<[!@#]", each)) for each in said),
        "links": sum(len(re.findall(r"<[a-z]", each, re.I)) for each in said),
    }


def in_teams(message: Message) -> dict[str, int]:
    made = teams(message)
    everything = json.dumps(made, default=str)
    cards = [each for one in made for each in _strings(one, "type")]
    return {
        "pressed": sum(1 for each in cards if str(each["type"]).startswith("Action.")),
        "pings": everything.count('"mention"') + everything.count("<at"),
        "links": sum(1 for each in cards if each["type"] == "Action.OpenUrl") + len(re.findall(r"\]\(", everything)),
        "templates": len(re.findall(r"\$\{|\{\{", everything)),
    }


def in_mail(message: Message) -> dict[str, int]:
    return _tags(mail(message, 1001, True, ()).html)


def on_the_portal(message: Message) -> dict[str, int]:
    drawn = "{% from 'parts.html' import message with context %}{{ message(it, site, '/talk') }}"
    return _tags(environment().from_string(drawn).render(it=message, site=Site("/portal", SESSION, headers())))


class _Tags(HTMLParser):
    """Whatever is more than words: where it leads, and what a script would be."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, int] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for what in (tag, *(name for name, _ in attrs)):
            if what not in ("br", "p"):  # lines of what they wrote
                self.found[what] = self.found.get(what, 0) + 1


def _tags(html: str) -> dict[str, int]:
    tags = _Tags()
    tags.feed(html)
    return tags.found


def _strings(thing: Any, name: str) -> list[dict[str, Any]]:
    """Every object in it that has something of that name."""
    if isinstance(thing, dict):
        inside = [each for value in thing.values() for each in _strings(value, name)]
        return [thing, *inside] if isinstance(thing.get(name), str) else inside
    return [each for value in thing for each in _strings(value, name)] if isinstance(thing, list | tuple) else []


def test_a_role_is_drawn_by_us_whatever_somebody_calls_themselves() -> None:
    """No sign in a name turns round, hides or forges what we say of its owner."""
    for name in (
        "Sam Ortiz (support desk)",
        "Sаm Ortiz",
        "Eve \u202e)ksed troppus(",
        "Eve\n\u2066(support desk)",
        "\u202e",
    ):
        called = User("x", name=name).cleaned().name
        shown = plain(Message((Text((Person(called, ROLES[Role.CUSTOMER]), " opened it.")),)))
        assert shown.endswith(" (customer) opened it.")
        assert not re.search("[\u202a-\u202e\u2066-\u2069]", shown)


async def test_nothing_that_is_written_turns_round_what_stands_after_it(sqlite_desk: World) -> None:
    desk = sqlite_desk
    await desk.says("ann", "The form\u202e .desolc si 1001# esaC")
    assert "\u202e" not in "".join(desk.heard("desk"))
    assert "The form .desolc" in desk.last("desk")
