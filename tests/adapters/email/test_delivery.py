"""What is owed leaves by a real SMTP server with TLS and a password, and what that server says decides."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from adapters.email.channel import Email
from adapters.email.letter import Sender
from adapters.email.smtp import Server, Smtp
from bot.channel import NotSent, Outgoing, Undeliverable
from bot.incoming import Address
from bot.messages import Message, Text
from tests.mail.authority import authority
from tests.mail.far import Far
from tests.mail.stage import ANN, US, smtp

NOW = datetime(2026, 1, 19, 14, tzinfo=UTC)


@pytest.fixture
async def far() -> AsyncIterator[Far]:
    async with Far() as opened:
        yield opened


async def title(case: int) -> str:
    return "Quote form"


def email(far: Far, through: Smtp | None = None) -> Email:
    return Email(through or smtp(far), Sender(US, "Support"), title, lambda: NOW, ("Slack",), True)


def out(key: str = "m17", text: str = "hello", **more) -> Outgoing:
    more.setdefault("to", Address("email", "", ANN))
    return Outgoing(key, message=Message((Text((text,)),)), since=NOW, **more)


@pytest.mark.parametrize("implicit", [False, True], ids=["STARTTLS", "TLS at once"])
async def test_it_leaves_encrypted_and_with_a_password(implicit: bool) -> None:
    async with Far(implicit=implicit) as far:
        receipt = await email(far).send(out())
        [one] = far.arrived
        assert (one.sender, one.to, one.encrypted) == (US, ANN, True)
        assert one.mail["Message-ID"] == receipt
        assert one.text == "hello\n"


async def test_a_server_that_offers_no_encryption_gets_nothing_unless_it_is_on_this_machine() -> None:
    async with Far(tls=False, password=False) as far:
        with pytest.raises(NotSent, match="STARTTLS"):
            await email(far, Smtp(Server("127.0.0.1", far.port), authority().client)).send(out())
        assert far.arrived == []
        await email(far).send(out())
        assert len(far.arrived) == 1


@pytest.mark.parametrize("implicit", [False, True], ids=["STARTTLS", "TLS at once"])
async def test_another_authoritys_certificate_and_another_hosts_are_refused(implicit: bool) -> None:
    for certificate, believed in ((authority(), authority("other.example")), (authority("other.example"),) * 2):
        async with Far(implicit=implicit, certificate=certificate) as far:
            wrong = Smtp(Server("127.0.0.1", far.port, "desk", "x", implicit=implicit), believed.client)
            with pytest.raises(NotSent, match=r"(?i)certificate"):
                await email(far, wrong).send(out())
            assert far.arrived == []


async def test_of_itself_it_believes_whom_this_machine_believes(far: Far) -> None:
    with pytest.raises(NotSent, match=r"(?i)certificate"):
        await email(far, Smtp(Server("127.0.0.1", far.port))).send(out())
    assert far.arrived == []


async def test_a_wrong_password_keeps_the_mail_and_does_not_say_itself(far: Far) -> None:
    wrong = Smtp(Server("127.0.0.1", far.port, "desk", "hunter3"), far.certificate.client)
    with pytest.raises(NotSent) as said:
        await email(far, wrong).send(out())
    assert "535" in str(said.value)
    assert "hunter3" not in f"{said.value} {wrong!r}"


@pytest.mark.parametrize(
    ("step", "told", "kind", "after"),
    [
        ("rcpt", "550 5.1.1 nobody", Undeliverable, None),
        ("rcpt", "450 4.2.0 greylisted", NotSent, timedelta(minutes=5)),
        ("rcpt", "421 4.3.2 closing", NotSent, timedelta(minutes=5)),
        ("rcpt", "drop", NotSent, None),
        ("mail", "550 5.7.1 you may not", NotSent, None),
        ("mail", "451 4.3.0 later", NotSent, None),
        ("mail", "drop", NotSent, None),
        ("data", "554 5.7.1 spam", Undeliverable, None),
        ("data", "452 4.3.1 disk full", NotSent, None),
    ],
)
async def test_what_the_server_says_decides(far: Far, step: str, told: str, kind: type[Exception], after) -> None:
    far.script[step] = [told]
    with pytest.raises(kind) as refused:
        await email(far).send(out())
    assert far.arrived == []
    if told != "drop":
        assert str(refused.value) == told
    if isinstance(refused.value, NotSent):
        assert refused.value.after == after
    await email(far).send(out())
    assert len(far.arrived) == 1


@pytest.mark.parametrize(("step", "told", "there"), [("content", "drop", 0), ("data", "record and drop", 1)])
async def test_a_connection_lost_around_the_final_dot_leaves_it_open(
    far: Far, step: str, told: str, there: int
) -> None:
    """And the next attempt has the same Message-ID, by which the far side can drop the second."""
    far.script[step] = [told]
    with pytest.raises(Exception) as lost:  # noqa: PT011 (whichever: it is neither of the two)
        await email(far).send(out())
    assert not isinstance(lost.value, NotSent | Undeliverable)
    assert await email(far).sent(out()) is None
    await email(far).send(out())
    assert len(far.arrived) == there + 1
    assert len({str(one.mail["Message-ID"]) for one in far.arrived}) == 1


async def test_nobody_listening_is_no_loss() -> None:
    async with Far() as far:
        pass
    with pytest.raises(NotSent):
        await email(far).send(out())


async def test_a_silent_server_is_given_up(far: Far, monkeypatch: pytest.MonkeyPatch) -> None:
    silent = await asyncio.start_server(lambda reader, writer: asyncio.sleep(3600), "127.0.0.1", 0)
    monkeypatch.setattr("adapters.email.smtp.TIME_OUT", 0.05)
    port = silent.sockets[0].getsockname()[1]
    with pytest.raises(NotSent):
        await email(far, Smtp(Server("127.0.0.1", port))).send(out())
    silent.close()


@pytest.mark.parametrize(
    "room", ["ann", "ann@", "@x.example", "ann@x.example\r\nBcc: all@x.example", "änn@x.example", "a b@x.example", ""]
)
async def test_what_is_no_address_is_a_dead_letter(far: Far, room: str) -> None:
    with pytest.raises(Undeliverable):
        await email(far).send(out(to=Address("email", "", room)))
    assert far.steps == []


async def test_a_domain_in_other_letters_is_written_to(far: Far) -> None:
    await email(far).send(out(to=Address("email", "", "ann@bücher.example")))
    assert far.arrived[0].to == "ann@xn--bcher-kva.example"


async def test_a_cases_picture_is_mailed_once_and_not_at_every_change(far: Far) -> None:
    receipt = await email(far).send(out("c1001.7.0", root=True, case=1001))
    for version in range(3):
        assert await email(far).send(out(f"c1001.7.{version}", root=True, case=1001, edits=receipt)) == receipt
    assert len(far.arrived) == 1


async def test_a_message_in_place_of_another_is_one_more_mail(far: Far) -> None:
    receipt = await email(far).send(out("m1", case=1001))
    await email(far).send(out("m2", "moved to another case", case=1001, edits=receipt))
    assert [one.text.splitlines()[0] for one in far.arrived] == ["hello", "moved to another case"]
