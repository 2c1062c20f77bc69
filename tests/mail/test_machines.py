"""Mail of machines, mail that comes twice and mail that comes back: none of it makes a loop or is lost."""

from typing import Any

from store.store import Store
from store.tables import Case, CaseEvent, Outbox
from tests.mail.proven import BROKEN, OK, proven
from tests.mail.stage import ANN, US, Stage, passes, staged

# Loops ------------------------------------------------------------------------------------------------------------


async def test_our_own_mail_and_machines_mail_open_nothing_and_are_answered_by_nothing(mail: Stage) -> None:
    await mail.writes(ANN, BROKEN, "Quote form", verified=passes(ANN))
    receipt, sent = mail.last(), len(mail.far.arrived)
    await mail.brings(receipt.raw, US)  # the desk in copy of itself
    await mail.writes(US, "hello", "from ourselves")
    marks: tuple[dict[str, Any], ...] = (
        {"Auto_Submitted": "auto-replied"}, {"Auto_Submitted": "auto-generated (failure)"}, {"Precedence": "bulk"},
        {"Precedence": "LIST"}, {"List_Id": "<all.northwind.example>"}, {"X_Auto_Response_Suppress": "OOF, AutoReply"},
        {"Return_Path": "<>"}, {"From": "MAILER-DAEMON@northwind.example"}, {"X_Autoreply": "yes"},
    )  # fmt: skip
    for how in marks:
        assert await mail.writes(ANN, "I am away", "Out of office", **how) == OK, how
    assert await mail.brings(mail.mail(ANN, "bounced", "failure").as_bytes(), "") == OK
    assert len(mail.far.arrived) == sent
    assert await mail.world.ask_store(lambda work: work.find(Case, id=1002)) is None


async def test_two_desks_that_mail_each_other_stop_at_once(store: Store) -> None:
    """The second one's answers are all that a careful machine sends; a careless one is stopped by the day's limit."""
    async with staged(store) as mail:
        bot = "helpdesk@other.example"
        for careful in (True, False):
            seen = len(mail.far.to(bot))
            await mail.writes(bot, "Your ticket was received", "Ticket 7", **_mark(careful))
            for _ in range(30):
                if len(mail.far.to(bot)) == seen:
                    break
                seen = len(mail.far.to(bot))
                await mail.writes(bot, "Your ticket was received", f"Ticket {seen}", **_mark(careful))
            assert len(mail.far.to(bot)) <= (0 if careful else 1)


async def test_a_contacts_careless_machine_is_stopped_by_the_days_limit(mail: Stage) -> None:
    for n in range(15):
        await mail.writes(ANN, "I am on holiday", f"Away {n}")
    assert len(mail.far.to(ANN)) == 10
    assert await mail.world.ask_store(lambda work: work.find(Case, id=1015)) is not None, "what comes is kept"


async def test_who_writes_under_a_contacts_name_uses_up_none_of_their_answers(mail: Stage) -> None:
    for n in range(10):
        await mail.writes(ANN, "Win a prize", f"Prize {n}")
    before = len(mail.far.to(ANN))
    await mail.writes(ANN, BROKEN, "Quote form", verified=passes(ANN))
    assert len(mail.far.to(ANN)) == before + 1


def _mark(careful: bool) -> dict[str, Any]:
    return {"Auto_Submitted": "auto-replied"} if careful else {}


# Once -------------------------------------------------------------------------------------------------------------


async def test_a_zero_byte_anywhere_keeps_no_mail_out(mail: Stage) -> None:
    """PostgreSQL takes none: put off, such a mail would come again and again."""
    odd, author = "<odd\0@their.example>", "=?utf-8?b?QQBubg==?= <eve@elsewhere.example>"
    head = (f"From: {author}", "Subject: =?utf-8?b?SABlbHA=?=", f"Message-ID: {odd}", f"References: {odd}")
    assert await mail.brings("\r\n".join((*head, "", "B\0roken")).encode()) == OK
    [event] = await mail.world.ask_store(lambda work: work.events(1001, True))
    assert (event.by_name, event.words) == ("Ann, by unverified mail", "Help\n\nBroken")


async def test_the_same_mail_delivered_again_changes_nothing(mail: Stage) -> None:
    raw = mail.mail(ANN, BROKEN, "Quote form").as_bytes()
    for hop in (b"", b"Received: from a by b; Mon, 19 Jan 2026 13:59:00 +0000\r\n", b"X-Copy: 1\r\n"):
        assert await mail.brings(hop + raw) == OK
    await mail.world.delivery.deliver_all()
    assert len(mail.far.to(ANN)) == 1
    assert await mail.world.ask_store(lambda work: work.find(Case, id=1002)) is None
    assert len(await mail.world.ask_store(lambda work: work.events(1001, True))) == 1


async def test_a_program_that_gives_all_its_mails_one_id_loses_none(mail: Stage) -> None:
    for hour in (10, 11):
        date = f"Mon, 19 Jan 2026 {hour}:00:00 +0000"
        await mail.writes(ANN, f"Alarm at {hour}", f"Alarm {hour}", Message_ID="<constant@x.example>", Date=date)
    words = [event.words for event in await mail.world.ask_store(lambda work: work.events(1001, True))]
    assert words == ["Alarm 10\n\nAlarm at 10", "Alarm at 11"]


# What comes back --------------------------------------------------------------------------------------------------


def returned(one, status: str = "5.1.1", action: str = "failed") -> bytes:
    """As Postfix writes it."""
    return (
        f"Return-Path: <>\r\nFrom: MAILER-DAEMON@far.example\r\nTo: {US}\r\nSubject: Undelivered Mail\r\n"
        f"Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
        f'Content-Type: multipart/report; report-type=delivery-status; boundary="B"\r\n\r\n--B\r\n\r\nSorry.\r\n'
        f"--B\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; far.example\r\n\r\n"
        f"Final-Recipient: rfc822; {one.to}\r\nAction: {action}\r\nStatus: {status}\r\n"
        f"Diagnostic-Code: smtp; 550 5.1.1 <{one.to}>: unknown\r\n    in our table\r\n\r\n"
        f"--B\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {one.mail['Message-ID']}\r\n"
        f"From: {US}\r\n\r\n--B--\r\n"
    ).encode()


async def test_a_mail_that_comes_back_is_a_dead_letter_and_goes_to_the_next_address(mail: Stage) -> None:
    await mail.writes(ANN, BROKEN, "Quote form", verified=passes(ANN))
    await mail.world.says("sam", "reply 1001 Please try again")
    for _ in range(2):
        assert await mail.brings(returned(mail.last()), "") == OK
    await mail.world.delivery.deliver_all()
    [told] = [text for text in mail.world.heard("desk") if text.startswith("Not delivered")]
    assert "it came back: 550 5.1.1 <ann@northwind.example>: unknown in our table" in told
    assert "It goes to Ann Lee (fake) instead." in told
    assert mail.world.last("ann").endswith("> Please try again")
    row = await mail.world.ask_store(lambda work: work.find(Outbox, receipt=str(mail.last().mail["Message-ID"])))
    assert row.dead.startswith("it came back")


async def test_what_is_sent_again_and_comes_back_again_is_told_again(mail: Stage) -> None:
    eve = "eve@elsewhere.example"
    await mail.writes(eve, BROKEN, "Quote form")
    for times in (1, 2):
        back = returned(mail.last(eve)).replace(b"Subject:", f"Message-ID: <{times}@far.example>\r\nSubject:".encode())
        for _ in range(2):
            assert await mail.brings(back, "") == OK
        await mail.world.delivery.deliver_all()
        assert len([text for text in mail.world.heard("desk") if text.startswith("Not delivered")]) == times
        [died] = await mail.world.ask_store(lambda work: work.dead_letters(None, 5))
        mail.world.passes(minutes=1)
        await mail.world.says("lena", f"dead {died.name} replay")
        assert len(mail.far.to(eve)) == times + 1


async def test_a_mail_that_is_only_late_or_was_never_ours_changes_nothing(mail: Stage) -> None:
    """Nobody can kill a message of ours by guessing its number."""
    await mail.writes(ANN, BROKEN, "Quote form", **proven(ANN))
    receipt = str(mail.last().mail["Message-ID"])
    guessed = f"{receipt.partition('.')[0]}.{'0' * 20}@desk.example>"
    assert await mail.brings(returned(mail.last(), "4.4.1", "delayed"), "") == OK
    assert await mail.brings(returned(mail.last()).replace(receipt.encode(), guessed.encode()), "") == OK
    await mail.world.delivery.deliver_all()
    assert not [text for text in mail.world.heard("desk") if text.startswith("Not delivered")]


async def test_a_mail_that_cannot_be_told_whose_it_is_reaches_the_desk(mail: Stage) -> None:
    assert await mail.brings(b"Subject: Help\r\n\r\nNothing works here\r\n") == OK
    await mail.world.delivery.deliver_all()
    assert mail.world.last("desk") == (
        "A mail came whose sender cannot be told. Nobody was answered.\n"
        "supporthub [internal]:\n> Help\n> \n> Nothing works here"
    )
    assert mail.far.arrived == []


async def test_events_carry_no_more_than_was_written(mail: Stage) -> None:
    await mail.writes(ANN, BROKEN, "Quote form", verified=passes(ANN))
    event = await mail.world.ask_store(lambda work: work.find(CaseEvent, case_id=1001))
    assert event.words == "Quote form\n\nThe quote form is broken since this morning.\n\nIt says Error 500."
