"""The way in for a mail server: what is taken was kept, what was not kept is put off."""

import asyncio
import smtplib
from collections.abc import AsyncIterator

import pytest
from aiosmtpd.smtp import Envelope

from adapters.email.lmtp import Door
from bot.channel import Busy
from store.tables import Case
from tests.mail.stage import ANN, US, Stage, staged
from tests.world import World


@pytest.fixture
async def mail(sqlite_desk: World) -> AsyncIterator[Stage]:
    async with staged(sqlite_desk.store) as opened:
        yield opened


def letter(stage: Stage, text: str = "The form is broken") -> bytes:
    return stage.mail(ANN, text, "Form").as_bytes()


async def test_what_is_taken_is_committed(mail: Stage) -> None:
    assert (await mail.brings(letter(mail))).startswith("250 ")
    assert await mail.world.ask_store(lambda work: work.find(Case, id=1001)) is not None


async def test_a_busy_desk_puts_it_off_and_has_kept_nothing(mail: Stage) -> None:
    whole = mail.connection._host

    class Full:
        async def hear(self, *_: object, **__: object) -> None:
            raise Busy("full")

    mail.connection._host = Full()  # type: ignore[assignment]
    raw = letter(mail)
    assert (await mail.brings(raw)).startswith("451 ")
    mail.connection._host = whole
    assert (await mail.brings(raw)).startswith("250 ")
    assert await mail.world.ask_store(lambda work: work.find(Case, id=1002)) is None


async def test_what_nobody_foresaw_puts_it_off_too_and_the_mail_is_not_lost(
    mail: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def falls(*_: object) -> None:
        raise RuntimeError("nobody foresaw this")

    raw = letter(mail)
    with monkeypatch.context() as patched:
        patched.setattr("bot.letters.take_in", falls)
        patched.setattr("bot.acting.take_in", falls)
        assert (await mail.brings(raw)).startswith("451 ")
    assert (await mail.brings(raw)).startswith("250 ")
    assert await mail.world.ask_store(lambda work: work.find(Case, id=1001)) is not None


@pytest.mark.parametrize(
    ("to", "code"),
    [
        (US, 250),
        ("Support@Desk.example", 250),
        ("support+northwind@desk.example", 250),
        ("sales@desk.example", 550),
        ("x", 550),
    ],
)
async def test_only_our_own_address_is_taken(mail: Stage, to: str, code: int) -> None:
    assert (await mail.brings(letter(mail), to=to)).startswith(f"{code} ")


async def test_an_address_that_has_a_plus_sign_of_its_own_is_taken() -> None:
    async def take(*_: object) -> None: ...

    envelope, door = Envelope(), Door(take, "support+desk@desk.example")
    assert (await door.handle_RCPT(None, None, envelope, "Support+Desk@desk.example", [])).startswith("250 ")
    assert (await door.handle_RCPT(None, None, envelope, "support+x@desk.example", [])).startswith("550 ")


def several(stage: Stage, raw: bytes, *to: str) -> list[tuple[int, bytes]]:
    """Raw LMTP, since smtplib's sendmail reads one answer: all that is said after the data."""
    with smtplib.LMTP("127.0.0.1", stage.connection.port, timeout=10) as lmtp:
        lmtp.ehlo_or_helo_if_needed()
        lmtp.mail(ANN)
        for each in to:
            lmtp.rcpt(each)
        first = lmtp.data(raw)
        return [first, *(lmtp.getreply() for _ in to[1:])]


async def test_each_recipient_has_an_answer_and_it_is_one_act(mail: Stage) -> None:
    said = await asyncio.to_thread(several, mail, letter(mail), US, "support+x@desk.example")
    assert [code for code, _ in said] == [250, 250]
    assert await mail.world.ask_store(lambda work: work.find(Case, id=1002)) is None


async def test_too_large_a_mail_is_refused_to_each_recipient(mail: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.email.lmtp.LARGEST", 1000)
    raw = letter(mail, "words " * 1000)
    said = await asyncio.to_thread(several, mail, raw, US, "support+x@desk.example")
    assert [code for code, _ in said] == [552, 552]
    assert (await mail.brings(letter(mail))).startswith("250 ")


async def test_lines_longer_than_they_may_be_are_taken(mail: Stage) -> None:
    raw = letter(mail).replace(b"broken", b"broken " + b"x" * 5000)
    assert (await mail.brings(raw)).startswith("250 ")


async def test_a_sender_that_hangs_up_in_the_middle_has_delivered_nothing(mail: Stage) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", mail.connection.port)
    for line in (
        b"LHLO x",
        b"MAIL FROM:<ann@northwind.example>",
        b"RCPT TO:<support@desk.example>",
        b"DATA",
        b"Subject: x",
    ):
        writer.write(line + b"\r\n")
    await writer.drain()
    await reader.readuntil(b"354")
    writer.close()
    await asyncio.sleep(0)
    assert await mail.world.ask_store(lambda work: work.find(Case, id=1001)) is None


async def test_who_stops_waits_for_the_mail_that_is_being_kept(mail: Stage) -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()
    bot = mail.world.bot

    class Slow:
        async def hear(self, incoming, within: float) -> None:
            begun.set()
            await go_on.wait()
            await bot.hear(incoming, within)

    mail.connection._host = Slow()  # type: ignore[assignment]
    bringing = asyncio.create_task(mail.brings(letter(mail)))
    await begun.wait()
    stopping = asyncio.create_task(mail.connection.stop())
    go_on.set()
    await stopping
    assert (await bringing).startswith("250 ")


def test_settings_are_complete_or_none() -> None:
    """Here so that mail is one folder of tests; the reading itself is app/settings.py's."""
    from app.settings import Misconfigured, read

    def wrong(**more: str) -> list[str]:
        with pytest.raises(Misconfigured) as found:
            read({f"SUPPORTHUB_{name.upper()}": value for name, value in more.items()})
        return found.value.sentences

    assert read({}).mail is None
    whole = {"smtp_url": "smtps://desk:hunter%2F2@mail.example.com", "mail_from": "Support <Support@Desk.example>"}
    mail = read({f"SUPPORTHUB_{name.upper()}": value for name, value in whole.items()}).mail
    assert mail
    assert (mail.sender.addr_spec, mail.sender.display_name) == ("support@desk.example", "Support")
    assert (mail.server.port, mail.server.password, mail.server.implicit, mail.server.near) == (
        465,
        "hunter/2",
        True,
        False,
    )
    assert "hunter" not in repr(mail)
    assert wrong(smtp_url=whole["smtp_url"]) == ["SUPPORTHUB_MAIL_FROM is missing: mail needs it."]
    assert wrong(mail_from=whole["mail_from"]) == ["SUPPORTHUB_SMTP_URL is missing: mail needs it."]
    assert len(wrong(lmtp_port="24")) == 2
    assert wrong(**{**whole, "lmtp_port": "70000", "mail_authserv_id": "mx; x"})[0].startswith(
        "SUPPORTHUB_MAIL_AUTHSERV_ID"
    )
    assert wrong(smpt_url="x") == [
        "SUPPORTHUB_SMPT_URL is not a setting of this release. Did you mean SUPPORTHUB_SMTP_URL?"
    ]
    for url in ("mail.example.com:25", "http://x.example", "smtp://u@x.example", "smtp://x.example/inbox", "smtp://"):
        assert wrong(**{**whole, "smtp_url": url})[0].startswith("SUPPORTHUB_SMTP_URL must ")
    for sender in ("support", "a@b.example, c@d.example", "Support <>", "x@localhost", "a@b.example\nBcc: c@d.example"):
        assert wrong(**{**whole, "mail_from": sender}) == [
            "SUPPORTHUB_MAIL_FROM must be one mail address, such as Support <support@example.com>."
        ]
