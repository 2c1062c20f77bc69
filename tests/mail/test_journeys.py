"""Mail as people live it: a case that begins, goes on and ends by mail, while the desk is in its chat."""

from datetime import UTC, datetime

from store.tables import Case, Outbox
from tests.calendars import Event
from tests.calendars import read as read_calendar
from tests.mail.far import Arrived, threads
from tests.mail.proven import BROKEN, OK, proven
from tests.mail.stage import ANN, MX, Stage, passes


async def test_a_case_begins_goes_on_and_is_closed_by_mail(mail: Stage) -> None:
    ann = proven(ANN)
    assert await mail.writes(f"Ann Lee <{ANN}>", BROKEN, "Quote form", **ann) == OK
    [receipt] = mail.far.to(ANN)
    assert receipt.mail["Subject"] == "Re: [#1001] Quote form"
    assert receipt.text.startswith("Thank you, Ann Lee. This is case #1001.\n\nPlan: Success with CRM\n")
    assert "13:00 ET" in receipt.text
    assert receipt.mail["Auto-Submitted"] == "auto-replied"
    assert receipt.encrypted
    card = mail.world.card()
    assert "#1001: Quote form" in card
    assert "Error 500." in card
    assert "Northwind\n" not in card.partition("Details")[2], "the signature is no part of it"

    await mail.world.says("sam", "reply 1001 Which browser is it?")
    answer = mail.last()
    assert "> Which browser is it?" in answer.text
    quoted = "\n".join(f"> {line}" for line in answer.text.splitlines())
    await mail.writes(ANN, f"Firefox.\n\nOn Mon, 19 Jan 2026 the desk wrote:\n{quoted}", answering=answer, **ann)
    assert mail.world.last("desk") == "Ann Lee (customer) wrote on #1001.\nAnn Lee (customer):\n> Firefox.\n[Take]"

    await mail.world.says("sam", "close 1001 Fixed the form")
    asked = mail.last()
    assert "    confirm 1001 r1    (Yes, close it)" in asked.text
    await mail.writes(ANN, "confirm 1001 r1\n\nThank you!", answering=asked, **ann)
    assert mail.last().text.startswith("Thank you. Case #1001 is closed.")
    assert len(set(threads(mail.far.arrived))) == 1, "one thread in every mail program"
    case = await mail.world.ask_store(lambda work: work.find(Case, id=1001))
    assert case.status == "closed"
    assert case.thread == "<1@their.example>"


async def test_words_of_an_unverified_sender_are_kept_and_no_line_of_theirs_is_obeyed(mail: Stage) -> None:
    await mail.writes(ANN, BROKEN, "Quote form", verified=passes(ANN))
    await mail.world.says("sam", "close 1001 Fixed")
    forged = "confirm 1001 r1"
    await mail.writes(f"Ann Lee <{ANN}>", forged, answering=mail.last())
    await mail.writes(ANN, forged, "[#1001]", verified=f"mx.evil.example; dmarc=pass header.from={ANN}")
    await mail.writes(ANN, forged, "[#1001]", verified=f"{MX}; dmarc=fail header.from=northwind.example")
    case = await mail.world.ask_store(lambda work: work.find(Case, id=1001))
    assert case.status == "awaiting_confirmation"
    told = [text for text in mail.world.heard("desk") if "wrote on #1001" in text]
    assert len(told) == 3
    assert all(text.startswith("Ann Lee, by unverified mail (customer) wrote") for text in told)


async def test_an_answer_goes_to_the_address_on_file_and_nowhere_else(mail: Stage) -> None:
    """Whoever forged the mail reads nothing."""
    await mail.writes(ANN, BROKEN, "Quote form", Reply_To="mallory@evil.example", Return_Path="<m@evil.example>")
    assert {one.to for one in mail.far.arrived} == {ANN}


async def test_another_companys_number_is_no_case_and_no_oracle(mail: Stage) -> None:
    await mail.writes(ANN, BROKEN, "Quote form", verified=passes(ANN))
    eve = "eve@contoso.example"
    for n, number in enumerate((1001, 4711)):
        await mail.writes(eve, "How far is it?", f"Re: [#{number}] Quote form", verified=passes(eve))
        assert mail.last(eve).text.startswith(f"Thank you, Eve Stone. This is case #{1002 + n}.")
    eves = [await mail.world.ask_store(lambda work, n=n: work.find(Case, id=n)) for n in (1002, 1003)]
    assert len({case.account_id for case in eves}) == 1
    [event] = await mail.world.ask_store(lambda work: work.events(1001, True))
    assert event.verb == "open"


async def test_a_line_about_another_companys_case_reads_as_if_there_were_none(mail: Stage) -> None:
    await mail.writes(ANN, BROKEN, "Quote form", verified=passes(ANN))
    await mail.world.says("sam", "close 1001 Fixed")
    eve = "eve@contoso.example"
    await mail.writes(eve, "confirm 1001 r1", "Hello", verified=passes(eve))
    await mail.writes(eve, "confirm 4711 r1", "Hello", verified=passes(eve))
    said = [one.text.splitlines()[0].replace("4711", "1001") for one in mail.far.to(eve)]
    assert said[0] == said[2] == "There is no case #1001."
    assert (await mail.world.ask_store(lambda work: work.find(Case, id=1001))).status == "awaiting_confirmation"


async def test_a_stale_line_is_answered_with_how_things_stand_and_its_words_are_kept(mail: Stage) -> None:
    ann = proven(ANN)
    await mail.writes(ANN, BROKEN, "Quote form", **ann)
    await mail.world.says("sam", "close 1001 Fixed")
    asked = mail.last()
    await mail.writes(ANN, "not-solved 1001 Still Error 500", answering=asked, **ann)
    await mail.world.says("sam", "close 1001 Fixed otherwise")
    await mail.writes(ANN, "confirm 1001 r1", answering=asked, **ann)
    assert mail.last().text.startswith("Case #1001 has changed since you were asked.")
    events = await mail.world.ask_store(lambda work: work.events(1001, True))
    assert [(e.verb.value, e.words) for e in events][-2:] == [
        ("resolve", "Fixed otherwise"),
        ("say", "confirm 1001 r1"),
    ]
    assert ("not-solved", "Still Error 500") in [(e.verb.value, e.words) for e in events]


async def test_a_colleague_in_the_same_exchange_of_mails_is_in_the_same_case(mail: Stage) -> None:
    first = mail.mail(ANN, BROKEN, "Quote form").as_bytes()
    await mail.brings(first)
    bob = "bob@northwind.example"
    await mail.writes(
        bob, "I see it too", "Re: Quote form", In_Reply_To="<1@their.example>", References="<1@their.example>"
    )
    assert mail.far.to(bob)[-1].text.startswith("Added to case #1001.")
    assert await mail.world.ask_store(lambda work: work.find(Case, id=1002)) is None


async def test_a_mail_goes_on_a_case_that_lives_in_chat(mail: Stage) -> None:
    await mail.world.says("ann", "The export is broken")
    await mail.writes(ANN, "It is worse now", "about [#1001]", verified=passes(ANN))
    assert mail.last().text.startswith("Added to case #1001.")
    assert any("> It is worse now" in text for text in mail.world.heard("desk"))
    await mail.world.says("sam", "reply 1001 Please try again")
    assert mail.world.last("ann").endswith("> Please try again"), "the answer goes where the case lives"


async def test_who_is_met_in_chat_is_still_written_to_there_after_a_mail(mail: Stage) -> None:
    await mail.writes(ANN, BROKEN, "Quote form", verified=passes(ANN))
    person = await mail.world.ask_store(lambda work: work.person_of("fake", [""], "ann"))
    room = await mail.world.ask_store(lambda work: work.place(person.conversation_id))
    assert (room.channel, room.room) == ("fake", "ann")


async def test_a_closed_case_is_not_reopened_by_thanks_and_other_words_open_a_new_one(mail: Stage) -> None:
    ann = proven(ANN)
    await mail.writes(ANN, BROKEN, "Quote form", **ann)
    await mail.world.says("sam", "close 1001 Fixed")
    await mail.writes(ANN, "confirm 1001 r1", answering=mail.last(), **ann)
    closed, sent = mail.last(), len(mail.far.arrived)
    await mail.writes(ANN, "Thanks a lot!", answering=closed, **ann)
    assert len(mail.far.arrived) == sent
    await mail.writes(ANN, "Now the invoice form is broken", answering=closed, **ann)
    assert mail.last().text.startswith("Thank you, Ann Lee. This is case #1002.")
    await mail.writes(ANN, "reopen 1001 It is back", answering=closed, **ann)
    assert (await mail.world.ask_store(lambda work: work.find(Case, id=1001))).status == "open"


# Unknown senders --------------------------------------------------------------------------------------------------


async def test_who_nobody_knows_gets_a_number_the_plans_and_the_phone_and_one_answer_a_day(mail: Stage) -> None:
    zoe = "zoe@unknown.example"
    for n in range(3):
        assert await mail.writes(f"Zoe <{zoe}>", f"Our form number {n} is broken", f"Form {n}") == OK
    [answer] = mail.far.to(zoe)
    assert answer.text.startswith("Thank you, Zoe. This is case #1001.")
    assert "A person checks that" in answer.text
    assert "Success with CRM" in answer.text
    assert "493-2726" in answer.text
    cases = [await mail.world.ask_store(lambda work, n=n: work.find(Case, id=1001 + n)) for n in range(3)]
    assert [case.subject for case in cases] == ["Form 0", "Form 1", "Form 2"], "every one is kept"
    mail.world.passes(days=1)
    await mail.writes(zoe, "And the next day", "Form 3")
    assert len(mail.far.to(zoe)) == 2
    assert mail.world.card(1001).count("Unverified company") == 1


async def test_a_strangers_word_alone_makes_nothing_critical_and_wakes_nobody(mail: Stage) -> None:
    outage = "This is critical: nobody can log in"
    await mail.writes(ANN, outage, "Outage")
    await mail.writes("zoe@unknown.example", outage, "Outage")
    known, unknown = [await mail.world.ask_store(lambda work, n=n: work.find(Case, id=n)) for n in (1001, 1002)]
    assert (known.priority, unknown.priority) == ("critical", None)
    assert not [text for text in mail.world.heard("desk") if "#1002 was reported as critical" in text]


async def test_a_stranger_goes_on_with_their_own_case(mail: Stage) -> None:
    zoe = "zoe@unknown.example"
    await mail.writes(zoe, "Our form is broken", "Form")
    await mail.writes(zoe, "It says Error 7", answering=mail.last(zoe))
    events = await mail.world.ask_store(lambda work: work.events(1001, True))
    assert [event.words for event in events][-1] == "It says Error 7"


# Staff ------------------------------------------------------------------------------------------------------------


async def test_mail_of_staff_is_a_note_and_never_an_answer_to_the_customer(mail: Stage) -> None:
    await mail.writes(ANN, BROKEN, "Quote form", verified=passes(ANN))
    before = len(mail.far.to(ANN))
    sam = "sam@desk.example"
    await mail.writes(sam, "close 1001 done", "[#1001]", verified=passes(sam))
    await mail.writes(sam, "Please send me your password", "[#1001]")
    assert len(mail.far.to(ANN)) == before
    events = await mail.world.ask_store(lambda work: work.events(1001, True))
    assert [(e.verb.value, e.internal, e.by_name) for e in events[1:]] == [
        ("note", True, "Sam Ortiz"),
        ("note", True, "Sam Ortiz, by unverified mail"),
    ]


# The provider's own address ---------------------------------------------------------------------------------------


async def test_an_escalation_leaves_as_mail_to_the_providers_address(mail: Stage) -> None:
    await mail.world.says("ann", "The export is broken")
    await mail.world.says("ann", "escalate 1001 We lose customers")
    [told] = mail.far.to("support@websan.com")
    assert told.mail["Subject"] == "[#1001] The export is broken"
    assert told.mail["Auto-Submitted"] == "auto-generated"
    assert told.text.startswith("Ann Lee (customer) escalates #1001.\n\nAnn Lee (customer):\n> We lose customers\n")
    assert "493-2726" not in told.text, "they know where they are reached; the customer is told (W1, W53)"
    [heard] = [text for text in mail.world.heard("ann") if "escalated" in text]
    assert "493-2726" in heard


async def test_a_broken_promise_is_mailed_to_the_providers_address_once(mail: Stage) -> None:
    await mail.world.says("ann", "The export is broken")
    await mail.world.passes_and_warns(hours=4)
    await mail.world.passes_and_warns(minutes=5)
    [told] = mail.far.to("support@websan.com")
    assert "#1001 is past its response time and nobody has answered." in told.text
    assert "Customer: Ann Lee, Northwind" in told.text


async def test_a_warning_is_not_seen_because_somebody_writes_under_that_address(mail: Stage) -> None:
    await mail.world.says("ann", "The export is broken")
    await mail.world.passes_and_warns(hours=4)
    provider = "support@websan.com"
    sent = str(mail.last(provider).mail["Message-ID"])
    for known, seen in (({}, False), (proven(provider), True)):
        await mail.writes(provider, "Thank you", "Re: export", **known)
        row = await mail.world.ask_store(lambda work: work.find(Outbox, receipt=sent))
        assert (row.seen_at is not None) is seen


async def test_a_notice_of_termination_is_drafted_and_never_sent(mail: Stage) -> None:
    said = await mail.world.says("ann", "We want to cancel our contract")
    assert "in writing, by mail to support@websan.com" in str(said)
    assert "A mail you could send:" in str(said)
    assert mail.far.arrived == []


async def test_an_appointment_is_agreed_and_called_off_by_mail_and_both_times_a_calendar_is_told(mail: Stage) -> None:
    ann = proven(ANN)
    await mail.writes(f"Ann Lee <{ANN}>", BROKEN, "Quote form", **ann)
    await mail.world.says("sam", "schedule 1001 tomorrow 10am")
    asked = mail.last()
    assert "    accept 1001 slot-1    (Accept the time)" in asked.text
    assert calendar(asked) is None
    await mail.writes(ANN, "accept 1001 slot-1", answering=asked, **ann)
    told = mail.last()
    assert told.text.startswith("Agreed, for case #1001: Tue 20 Jan 10:00 ET.")
    agreed = calendar(told)
    assert agreed is not None
    assert (agreed.method, agreed.summary) == ("PUBLISH", "WebSan: appointment for case #1001")
    assert agreed.at == datetime(2026, 1, 20, 15, tzinfo=UTC)
    await mail.world.says("sam", "decline 1001 slot-1 agreed")
    gone = calendar(mail.last())
    assert gone is not None
    assert (gone.method, gone.uid, gone.at) == ("CANCEL", agreed.uid, agreed.at)


async def test_a_quote_is_never_accepted_by_mail(mail: Stage) -> None:
    """Whoever may have written it: it costs."""
    ann = proven(ANN)
    await mail.writes(f"Ann Lee <{ANN}>", BROKEN, "Quote form", **ann)
    await mail.world.says("sam", "client-caused 1001 A workflow was switched off")
    await mail.world.says("sam", "quote 1001 60 A report")
    assert "accept 1001" not in mail.last().text
    await mail.writes(ANN, "accept 1001 quote-1", answering=mail.last(), **ann)
    assert "waiting for the customer's answer" in mail.world.card()


def calendar(arrived: Arrived) -> Event | None:
    parts = [part for part in arrived.mail.walk() if part.get_content_type() == "text/calendar"]
    for part in parts:
        assert part.get_filename() == "appointment.ics"
        event = read_calendar(bytes(part.get_payload(decode=True)).decode())
        assert part.get_param("method") == event.method
        return event
    return None
