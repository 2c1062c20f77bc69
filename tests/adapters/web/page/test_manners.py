"""The page in Slack's and in Teams' manner: drawn from what their own writers make, in a real browser."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from playwright.sync_api import Page, expect

from adapters.web.server import register
from app.manners import WRITERS
from bot.incoming import Pressed, Submitted
from bot.languages import languages
from bot.messages import Button, Buttons, Facts, Item, Items, Moment, Picture, Quote, Text
from tests.adapters.colours import CONTRASTS
from tests.adapters.web.page.show import AT, EVERY_PART, EVERY_VALUE, EVIL, SAM, Show, Visit, room, settled, write
from tests.adapters.web.stage import CAST, FORM, MONDAY, WRONG

pytestmark = pytest.mark.browser
TRANSCRIPTS = Path(__file__).parents[3] / "transcripts"
MANY = Buttons(tuple(Button(f"Choice {n}", f"pick {n}") for n in range(9)))
DRAW = """async (manners) => {
  const { drawMessage, vendorForm } = await import("/play/static/manner.js");
  const view = { zone: "America/Toronto", now: "2025-01-20T14:00+00:00", press() {} };
  const drawn = (what) => {
    const made = document.createElement("div");
    made.append(...[what].flat(Infinity).filter((node) => node));
    const words = document.createTreeWalker(made, NodeFilter.SHOW_TEXT);
    const apart = [];
    while (words.nextNode()) apart.push(words.currentNode.data);
    const undrawn = [...made.querySelectorAll(".undrawn")].map((one) => one.textContent);
    return [`${made.textContent} ${apart.join(" ")}`, undrawn];
  };
  return manners.map(([manner, sent, form]) => form ? drawn(vendorForm({ drawn: { [manner]: sent } }, manner).fields)
    : drawn(drawMessage({ entry: {}, drawn: { [manner]: sent } }, { ...view, manner })));
}"""


class Vendors(Show):
    def app(self) -> web.Application:
        app = web.Application()
        register(app, self.bot, self.log, self.clock, CAST, writers=WRITERS)
        return app


@pytest.fixture
def show() -> Iterator[Show]:
    made = Vendors()
    yield made
    made.end()


def choose(page: Page, name: str, manner: str) -> None:
    room(page, name).get_by_role("group", name="is drawn").get_by_text(manner, exact=True).click()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_whatever_we_send_is_drawn_in_either_manner_and_can_be_read(show: Show, visit: Visit, scheme: str) -> None:
    small = Text(("Due ", Moment(AT), ". ", "See ", *EVERY_VALUE[-2:]), "small")
    for name in ("ann", "desk"):
        for language in languages():
            parts = [*EVERY_PART, MANY, Text(tuple(EVERY_VALUE)), small, Text(("Case ", *EVERY_VALUE[3:6]), "heading")]
            card = show.say(name, *parts, root=True, language=language)
        show.say(name, Text(tuple(EVERY_VALUE)), zone="UTC", thread=card)
        show.say(name, *EVERY_PART * 6)
    page = visit(color_scheme=scheme)
    page.wait_for_timeout(300)  # entries fade in
    for customers, desk in (("Teams", "Slack"), ("Slack", "Teams")):
        choose(page, "ann", customers)
        choose(page, "desk", desk)
        assert page.locator(".slack").count() > 3 < page.locator(".teams").count()
        assert page.locator(".undrawn").all_text_contents() == []
        assert page.evaluate(CONTRASTS) == []
    for width in range(320, 1300, 20):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def sent_in_transcripts() -> Iterator[tuple[str, Any, bool]]:
    for file in TRANSCRIPTS.glob("*.jsonl"):
        for told in map(json.loads, file.read_text().splitlines()):
            yield from ((name, told[name], False) for name in WRITERS if name in told)
            yield from ((name, form, True) for name, form in told.get("form", {}).items())


def test_no_word_of_what_any_transcript_sends_is_left_out(visit: Visit) -> None:
    sent = list(sent_in_transcripts())
    assert len(sent) > 100
    for (manner, messages, form), (shown, undrawn) in zip(sent, visit().evaluate(DRAW, sent), strict=True):
        assert undrawn == []
        there = set(re.findall(r"\w+", shown))
        for message in [] if form else messages:
            assert words_of(message) <= there, manner


def words_of(message: Any) -> set[str]:
    """Of its plain twin, but for times that Slack shows by the reader's own clock."""
    said = message["text"] if "text" in message else message["attachments"][0]["content"]["fallbackText"]
    for clock in re.findall(r"<!date[^>]*\|([^>]*)>", json.dumps(message, ensure_ascii=False)):
        said = said.replace(clock, "")
    return set(re.findall(r"\w+", re.sub("&(amp|lt|gt);", " ", said)))


def in_slack(*blocks: Any, **more: Any) -> tuple[str, Any, bool]:
    return "slack", [{"blocks": list(blocks), **more}], False


def in_teams(*body: Any) -> tuple[str, Any, bool]:
    card = {"type": "AdaptiveCard", "version": "1.5", "body": list(body)}
    return "teams", [{"type": "message", "attachments": [attachment(card)]}], False


def attachment(content: Any, kind: str = "adaptive") -> Any:
    return {"contentType": f"application/vnd.microsoft.card.{kind}", "content": content}


STRANGE = [
    ("divider", in_slack({"type": "divider"})),
    ("header.level", in_slack({"type": "header", "text": {"type": "plain_text", "text": "a"}, "level": 2})),
    ("mark-up", in_slack({"type": "section", "text": {"type": "mrkdwn", "text": "<!channel> hello"}})),
    ("mark-up", in_slack({"type": "section", "text": {"type": "mrkdwn", "text": "so _very_ fine"}})),
    ("section.expand", in_slack({"type": "section", "text": {"type": "mrkdwn", "text": "a"}, "expand": True})),
    ("datepicker", in_slack({"type": "actions", "elements": [{"type": "datepicker"}]})),
    ("message.attachments", in_slack(attachments=[])),
    ("message.textFormat", ("teams", [{"type": "message", "textFormat": "markdown", "text": "a"}], False)),
    ("hero", ("teams", [{"type": "message", "attachments": [attachment({}, "hero")]}], False)),
    ("Media", in_teams({"type": "Media"})),
    ("TextBlock.color", in_teams({"type": "TextBlock", "text": "a", "color": "good"})),
    ("Action.ShowCard", in_teams({"type": "ActionSet", "actions": [{"type": "Action.ShowCard"}]})),
]


def test_what_the_page_does_not_know_is_never_left_out_in_silence(visit: Visit) -> None:
    found = visit().evaluate(DRAW, [sent for _, sent in STRANGE])
    for (name, _), (_, undrawn) in zip(STRANGE, found, strict=True):
        assert len(undrawn) == 1, name
        assert undrawn[0].startswith("Not drawn here: ")
        assert name in undrawn[0]


def test_buttons_act_in_either_manner(show: Show, visit: Visit) -> None:
    undo = Text(("It leaves in a moment.",))
    show.say("ann", Items((Item(("One",), Button("Show", "status 1001")),)), MANY)
    show.say("desk", undo, Buttons((Button("Undo", "undo 7"),)))
    page = visit()
    ann = room(page, "ann")
    ann.get_by_role("button", name="Choice 5").click()
    ann.get_by_text("…", exact=True).click()
    ann.get_by_role("button", name="Choice 8").click()
    ann.get_by_role("button", name="Show: One").click()
    room(page, "desk").get_by_role("button", name="Undo").click()
    choose(page, "ann", "Slack")
    ann.get_by_role("button", name="Show", exact=True).click()
    expect(ann.locator(".done")).to_have_text(["pressed Choice 5", "pressed Choice 8", "pressed Show", "pressed Show"])
    settled(page)
    lines = ["pick 5", "pick 8", "status 1001", "undo 7", "status 1001"]
    assert sorted(map(str, show.said)) == sorted(str(Pressed(line)) for line in lines)


@pytest.mark.parametrize("manner", ["Slack", "Teams"])
def test_a_form_is_filled_in_and_sent_in_either_manner(show: Show, visit: Visit, manner: str) -> None:
    show.bot.lines = [FORM, replace(WRONG, draft=12), None]
    page = visit()
    choose(page, "ann", manner)
    room(page, "ann").get_by_text("Forms").click()
    write(page, "ann", "open")
    dialog = page.get_by_role("dialog", name="Report a problem")
    expect(dialog).to_have_attribute("data-manner", manner.lower())
    dialog.get_by_role("button", name="Open the case").click()
    expect(dialog).to_contain_text("Please say what is wrong.")
    expect(dialog).to_contain_text("Please choose one.")
    expect(dialog.get_by_label("What do you see?")).to_have_value("<b>500</b>")
    dialog.get_by_label("What is wrong?").fill("The form")
    dialog.get_by_label("How bad is it?").select_option("Critical")
    assert page.locator(".undrawn").count() == 0
    dialog.get_by_role("button", name="Open the case").click()
    expect(dialog).to_have_count(0)
    assert show.said[1:] == [
        Submitted("open_case", {"subject": "", "priority": "", "details": ""}, 12),
        Submitted("open_case", {"subject": "The form", "priority": "critical", "details": "<b>500</b>"}, 12),
    ]


def test_the_json_of_a_message_can_be_read_and_a_day_is_told_from_today(show: Show, visit: Visit) -> None:
    show.say("ann", Facts((("Due", (Moment(AT),)),)), Quote(SAM, EVIL), key="it")
    page = visit()
    page.locator('[data-key="it"]').hover()
    page.get_by_role("button", name="Show the JSON of this message of Support Hub").click()
    dialog = page.get_by_role("dialog", name="What is sent")
    assert (
        "AdaptiveCard" in json.loads(dialog.get_by_label("JSON").inner_text())[0]["attachments"][0]["content"]["type"]
    )
    dialog.get_by_text("Slack").click()
    assert {"text", "blocks"} == set(json.loads(dialog.get_by_label("JSON").inner_text())[0])
    dialog.get_by_text("Plain", exact=True).click()
    assert [part["kind"] for part in json.loads(dialog.get_by_label("JSON").inner_text())["parts"]] == [
        "facts",
        "quote",
    ]
    page.keyboard.press("Escape")
    choose(page, "ann", "Slack")
    shown = page.locator('[data-key="it"] .moment')
    expect(shown).to_have_text("today 11:30 AM")
    expect(room(page, "ann").locator("script, img[src=x]")).to_have_count(0)
    show.clock.time = MONDAY.replace(day=23)
    show.log.ring()
    page.get_by_role("button", name="+15 min").click()
    expect(shown).to_have_text("Jan 20, 2025 11:30 AM")


def test_a_picture_of_another_host_is_told_in_words(show: Show, visit: Visit) -> None:
    show.say("ann", Picture("https://reports.example/1.png", ("Cases received",)))
    page = visit()  # which fails where anything is asked of another host
    for manner in ("Teams", "Slack"):
        choose(page, "ann", manner)
        expect(room(page, "ann").get_by_role("img", name="Cases received")).to_be_visible()
