"""Mails as programs really write them: what is read from each."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.email.inbound import House, read
from bot.incoming import Incoming, Returned, Written

HERE = Path(__file__).parent / "corpus"
NOW = datetime(2026, 1, 19, 14, tzinfo=UTC)
US = House("support@desk.example")
OURS = "<m17.0123456789abcdef0123@desk.example>"


def heard(name: str) -> Incoming | None:
    return read((HERE / f"{name}.eml").read_bytes(), None, NOW, US)


@dataclass(frozen=True)
class Told:
    text: str
    subject: str
    numbers: tuple[int, ...] = ()
    quotes: str = ""
    files: tuple[str, ...] = ()
    """Name and kind of each."""


READ = {
    "outlook_reply": Told("Still the same, also in Edge.\n\nAnn", "Quote form", (1001,), OURS),
    "gmail_reply": Told("It’s Firefox – both versions.", "Quote form", (1001,), OURS),
    "inline_answers": Told(
        "On 19.01.2026 Support wrote:\n> Which browser is it?\nFirefox\n> Since when?\nMonday",
        "Quote form",
        (1001,),
        OURS,
    ),
    "apple_mail": Told("The list is empty, see the picture.", "Screenshot", files=("Bildschirmfoto ü.png image/png",)),
    "german": Told("Es lädt immer noch nicht.\n\nViele Grüße\nAnn", "Angebotsformular lädt nicht", (1001,), OURS),
    "french": Told("Toujours le même problème.", "Problème de devis", (1001,), OURS),
    "russian": Told("Всё ещё не работает.", "Не открывается форма", (1001,), OURS),
    "html_only": Told("It is still broken & slow:\n\n- Edge\n\n- Firefox", "Quote form", (1001,), OURS),
    "outlook_forward": Told(
        "Please see below.\n\n-----Original Message-----\nFrom: Carl <carl@northwind.example>\n"
        "Sent: Monday, January 19, 2026 9:01 AM\nTo: Ann Lee\nSubject: Error in the portal\n\n"
        "It says Error 500 whenever I save.",
        "FW: Error in the portal",
    ),
    "pgp_encrypted": Told(
        "(An encrypted mail, which cannot be read here.)",
        "secret",
        files=("file application/pgp-encrypted", "encrypted.asc application/octet-stream"),
    ),
    "pgp_signed": Told("The form is broken.", "Signed"),
    "broken_charset": Told("Das Café ist zu", "caf�"),
    "eight_bit_headers": Told("Aide", "Problème de devis"),
    "winmail": Told("See the attached.", "From Exchange", files=("winmail.dat application/ms-tnef",)),
    "invitation": Told("Shall we talk at ten?", "Call about the form", files=("file text/calendar",)),
    "empty": Told("(A mail without words.)", ""),
    "attached_mail": Told("Attached.", "Look at this", files=("file message/rfc822",)),
    "cut_short": Told("The form is broken", "Cut short"),
    "no_parts": Told("The form is broken", "No parts"),
    "unix": Told("disk full", "cron folded twice"),
}


@pytest.mark.parametrize("name", READ)
def test_what_a_person_wrote_is_read(name: str) -> None:
    incoming = heard(name)
    assert incoming is not None
    body = incoming.body
    assert isinstance(body, Written)
    came = incoming.cleaned().files
    assert all(each.content and each.size == len(each.content) for each in came)
    files = tuple(f"{each.name} {each.media_type}" for each in came)
    assert Told(body.text, body.subject, body.numbers, incoming.quotes, files) == READ[name]
    assert (incoming.by.id, incoming.here.room) == ("ann@northwind.example", "ann@northwind.example")
    assert not body.proven


@pytest.mark.parametrize("name", ["vacation", "newsletter", "bounce_delayed", "bounce_of_anothers", "read_receipt"])
def test_what_no_person_wrote_to_us_is_left_alone(name: str) -> None:
    assert heard(name) is None


@pytest.mark.parametrize(
    ("name", "reason"),
    [("bounce", "it came back: 552 5.2.2 Mailbox full"), ("bounce_exim", "it came back: no reason is given")],
)
def test_a_mail_of_ours_that_came_back_is_known_by_its_id(name: str, reason: str) -> None:
    incoming = heard(name)
    assert incoming is not None
    assert incoming.body == Returned(OURS, "m17", reason)


def test_every_mail_of_the_corpus_is_expected_to_be_something() -> None:
    left = {"vacation", "newsletter", "bounce_delayed", "bounce_of_anothers", "read_receipt", "bounce", "bounce_exim"}
    assert {each.stem for each in HERE.glob("*.eml")} == set(READ) | left


def test_a_name_is_only_what_they_call_themselves() -> None:
    names = [
        incoming.by.name
        for name in ("apple_mail", "german", "russian", "eight_bit_headers")
        if (incoming := heard(name))
    ]
    assert names == ["Renée Lee", "Lee, Ann", "Анна", "Zoé"]
