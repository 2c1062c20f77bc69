"""One mail as it leaves: threading, marks of a machine, two bodies that say the same, nothing that can act."""

from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.email.ids import message_id, ours
from adapters.email.letter import Sender, letter
from adapters.email.render import render
from bot.channel import Outgoing
from bot.incoming import Address
from bot.messages import (
    Button,
    Buttons,
    CaseNumber,
    Code,
    Facts,
    Item,
    Items,
    Link,
    Message,
    Moment,
    Person,
    Picture,
    Quote,
    Quoted,
    Text,
)
from bot.plain import plain

NOW = datetime(2026, 1, 19, 14, tzinfo=UTC)
HELLO = Message((Text(("hello",)),))
US = Sender("support@desk.example", 'Support, the "desk"')
ANN = "ann@northwind.example"


def made(
    message: Message = HELLO, title: str = "Quote form", key: str = "m17", thread: str = "", **more
) -> EmailMessage:
    """As it is read at the other end."""
    read = message_from_bytes(sent(message, title, key, thread, **more), policy=default)
    assert isinstance(read, EmailMessage)
    return read


def sent(message: Message = HELLO, title: str = "Quote form", key: str = "m17", thread: str = "", **more) -> bytes:
    out = Outgoing(key, Address("email", "", ANN, thread), message, since=NOW, **more)
    return letter(out, title, render(message, out.case, True, ("Teams", "Slack")), US, NOW).as_bytes()


def test_the_same_message_has_the_same_id_at_every_attempt_and_no_other_has() -> None:
    out = Outgoing("m17", Address("email", "", ANN), HELLO, since=NOW)
    same = Outgoing("m17", Address("email", "", ANN), Message((Text(("hello!",)),)), since=NOW, case=1)
    others = [
        Outgoing("m18", out.to, HELLO, since=NOW),
        Outgoing("m17", Address("email", "", "bob@northwind.example"), HELLO, since=NOW),
        Outgoing("m17", out.to, HELLO, since=NOW + timedelta(microseconds=1)),
    ]
    ids = {message_id(each, US.domain) for each in others}
    assert message_id(out, US.domain) == message_id(same, US.domain)
    assert len(ids | {message_id(out, US.domain)}) == 4


def test_its_id_is_known_again_and_nobody_elses_is() -> None:
    mine = message_id(Outgoing("m17", Address("email", "", ANN), HELLO, since=NOW), US.domain)
    assert [one.key for one in ours(f"x {mine} y", US.domain)] == ["m17"]
    for other in (mine.replace("desk.", "desk-"), mine.replace("@", "0@"), "<m17@desk.example>", "<1@their.example>"):
        assert ours(other, US.domain) == []


def test_what_answers_a_customers_mail_goes_on_under_it() -> None:
    mail = made(thread="<1@their.example>", case=1001)
    assert (mail["In-Reply-To"], mail["References"]) == ("<1@their.example>", "<1@their.example>")
    assert (mail["Auto-Submitted"], mail["Subject"]) == ("auto-replied", "Re: [#1001] Quote form")


def test_an_id_longer_than_a_line_stays_as_it_is() -> None:
    """As Exchange makes them: encoded, the mail that is answered would not be found."""
    theirs = f"<{'AS8PR04MB8435'}{'A1' * 20}@AS8PR04MB8435.eurprd04.prod.outlook.com>"
    raw = sent(thread=theirs)
    assert f"In-Reply-To: {theirs}\r\n".encode() in raw
    assert f"References: {theirs}\r\n".encode() in raw


def test_it_passes_through_servers_that_take_seven_bits() -> None:
    assert sent(Message((Text(("Grüße — 👋",)),)), title="Größe").isascii()


def test_all_that_we_begin_about_a_case_hangs_together() -> None:
    first = made(case=1001)
    later = made(key="m18", thread=str(first["Message-ID"]), case=1001)
    warning = made(key="m19", case=1001, loud=True)
    roots = {str(mail["References"]).split()[0] for mail in (first, later, warning)}
    assert len(roots) == 1
    assert [one.case for one in ours(roots.pop(), US.domain)] == [1001]
    assert later["In-Reply-To"] == first["Message-ID"]
    assert made(case=1002)["References"] != first["References"]


def test_machines_see_that_a_machine_wrote_it() -> None:
    mail = made()
    assert (mail["Auto-Submitted"], mail["Precedence"]) == ("auto-generated", "bulk")
    assert mail["X-Auto-Response-Suppress"] == "All"
    assert mail["Date"].datetime == NOW
    assert mail["From"].addresses[0].display_name == 'Support, the "desk"'
    assert mail["Reply-To"].addresses[0].addr_spec == "support@desk.example"


@pytest.mark.parametrize(
    "title", ["a\r\nBcc: eve@evil.example", "a\nSubject: b", "a\x00\u2028b\x1b[0m", "\ud800 x", "é" * 500]
)
def test_no_words_become_a_header(title: str) -> None:
    mail = made(title=title, case=1001)
    assert mail["Bcc"] is None
    assert len(mail.get_all("Subject", [])) == 1
    assert str(mail["Subject"]).startswith("[#1001] ")


@settings(max_examples=40)
@given(st.text(max_size=120), st.text(max_size=40))
def test_whatever_people_call_things_it_is_one_mail(title: str, name: str) -> None:
    out = Outgoing("m17", Address("email", "", ANN), Message((Text((Quoted(title),)),)), since=NOW, case=1001)
    sender = Sender("support@desk.example", name)
    raw = letter(out, title, render(out.message, 1001, True, ()), sender, NOW).as_bytes()
    mail = message_from_bytes(raw, policy=default)
    assert mail.get_all("To") == [ANN]
    assert mail["Bcc"] is None


def test_without_a_case_the_first_words_are_the_subject() -> None:
    assert made(Message((Text(("",)), Text(("Hello ", Quoted("Ann"), ".")))), title="")["Subject"] == "Hello Ann."


# Bodies -----------------------------------------------------------------------------------------------------------

WHOLE = Message(
    (
        Text(("Case ", CaseNumber(1001), " <b>"), "heading"),
        Facts(
            (("Label & more", (Quoted("<img src=https://evil.example/x.png>"), Moment(NOW, "America/New_York", "ET"))),)
        ),
        Quote(Person("Eve <script>", "customer"), "one\n<two> & three", internal=True),
        Items(
            (
                Item((Link("a page", 'https://example.com/?a=1&b="2"'),), Button("Show", "status 1001")),
                Item((Code("take"),)),
            )
        ),
        Text((Link("odd", "javascript:alert(1)"),), "small"),
    ),
    "Europe/London",
)


class _Read(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: set[str] = set()
        self.links: list[str] = []

    def handle_starttag(self, tag, attrs) -> None:
        self.tags.add(tag)
        self.links += [value for name, value in attrs if name in ("src", "href", "background", "srcset")]

    def handle_data(self, data) -> None:
        self.words.append(data)


def test_both_bodies_say_the_same_and_nobodys_words_act() -> None:
    bodies = render(WHOLE, None, True, ())
    read = _Read()
    read.feed(bodies.html)
    assert read.tags <= {
        "html",
        "head",
        "meta",
        "body",
        "p",
        "table",
        "tr",
        "td",
        "blockquote",
        "b",
        "ul",
        "li",
        "a",
        "code",
        "br",
    }
    assert read.links == ['https://example.com/?a=1&b="2"'], "nothing is fetched, and nothing else is a link"
    signs = str.maketrans("", "", " \n>:-")
    shown = plain(WHOLE).replace(" [Show]", "").translate(signs)
    assert "".join(read.words).translate(signs) == shown
    assert bodies.text.replace("\n\n", "\n").strip() == plain(WHOLE).replace(" [Show]", "")


def test_buttons_become_lines_to_write_and_a_word_about_where_the_rest_is() -> None:
    buttons = Buttons(
        (
            Button("Yes, close it", "confirm 1001 r1"),
            Button("No", "not-solved 1001"),
            Button("Withdraw", "withdraw 1001"),
        )
    )
    bodies = render(Message((Text(("Is it solved?",)), buttons)), 1001, True, ("Teams", "Slack"))
    assert bodies.text == (
        "Is it solved?\n\nTo answer, write one of these as the first line of your reply:\n"
        "    confirm 1001 r1    (Yes, close it)\n    not-solved 1001    (No)\n\n"
        "In Teams or Slack you can also choose: Withdraw.\n\nReply to this mail to add to case #1001.\n"
    )
    assert "<code>confirm 1001 r1</code> (Yes, close it)" in bodies.html


def test_where_no_line_can_be_obeyed_none_is_offered() -> None:
    buttons = Buttons((Button("Yes, close it", "confirm 1001 r1"),))
    bodies = render(Message((Text(("Is it solved?",)), buttons)), 1001, False, ("Slack",))
    assert "confirm" not in bodies.text + bodies.html
    assert "In Slack you can also choose: Yes, close it." in bodies.text
    assert "choose" not in render(Message((buttons,)), 1001, False, ()).text


def test_a_picture_is_a_link_so_that_reading_a_mail_fetches_nothing() -> None:
    bodies = render(Message((Picture("https://a.b/c.png", ("Cases & times",)),)), None, True, ())
    assert bodies.text == "Cases & times\n"
    assert '<a href="https://a.b/c.png">Cases &amp; times</a>' in bodies.html
    assert "<img" not in bodies.html
    other = render(Message((Picture("javascript:alert(1)", ("Cases",)),)), None, True, ())
    assert "javascript" not in other.html
