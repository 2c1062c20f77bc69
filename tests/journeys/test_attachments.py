"""Files both ways, as what is told of them: heard without a word, listed, limited, and never across from inside."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.attachments import MOST_OF_CASE
from bot.files import LONGEST_NAME, MOST, File, fit
from bot.incoming import Picked, User
from store.store import Store
from store.tables import Attachment, Case
from store.work import Work
from tests.world import BROKEN, MONDAY, World, opened

ONCE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""Where the database makes no difference."""
SCREEN = File("screen.png", "image/png", 12_345, "https://northwind.slack.com/files/U1/F1")
LOG = File("trace.log", "text/plain", 2_000_000)


async def rows(world: World, case: int = 1001) -> list[Attachment]:
    return await world.store.read(Work.files_on, case, True)


async def names(world: World, case: int = 1001) -> list[str]:
    return [each.name for each in await rows(world, case)]


# Heard without a word -----------------------------------------------------------------------------------------------


async def test_a_file_without_a_word_opens_a_case_and_another_is_added_to_it(desk: World) -> None:
    """The desk reads its name, size and kind, who sent it, and where it can be opened; nobody reads a blank."""
    assert "This is case #1001" in str(await desk.says("ann", "", files=(SCREEN,)))
    assert "📎 screen.png (12 kB, image/png) from Ann Lee (customer): Open it" in desk.last("desk")
    assert "#1001: 📎 screen.png" in desk.card()
    said = str(await desk.says("ann", " ", files=(LOG,)))  # while it is asked what exactly happens
    assert "Added to case #1001" in said
    assert "What exactly happens" in said
    assert "📎 trace.log (1.9 MB, text/plain) from Ann Lee (customer)" in desk.last("desk")
    case = await desk.store.read(Work.glance, 1001, None)
    assert case is not None
    assert case.details is None  # it was no answer
    for _ in range(3):
        await desk.says("ann", "skip")
    await desk.says("ann", "", files=(replace(SCREEN, name="third.png"),))
    assert await names(desk) == ["screen.png", "trace.log", "third.png"]


@ONCE
async def test_with_words_its_name_is_told_beside_them_and_listed_with_the_case(case: World) -> None:
    await case.says("ann", "reply 1001 It looks like this", files=(SCREEN, LOG))
    told = case.last("desk")
    assert "> It looks like this" in told
    assert told.count("📎") == 2
    for who in ("sam", "ann"):
        listed = str(await case.says(who, "show 1001")).partition("Files")[2]
        assert "📎 screen.png (12 kB, image/png) from Ann Lee (customer)" in listed
        assert "trace.log" in listed


@ONCE
async def test_what_comes_with_an_answer_to_a_question_reaches_the_desk(desk: World) -> None:
    await desk.says("ann", BROKEN)
    await desk.says("ann", "It says error when I save", files=(SCREEN,))
    assert desk.last("desk").startswith("Ann Lee (customer) added to #1001:\n📎 screen.png")
    assert await names(desk) == ["screen.png"]


async def test_a_file_waits_with_words_whose_case_is_not_known_yet(case: World) -> None:
    """Redelivered or answered, it is on one case, once."""
    asked = str(await case.says("ann", "see this", files=(SCREEN,)))
    assert "Where does this belong?" in asked
    assert await rows(case) == []
    await case.presses("ann", "Add to #1001")
    assert await names(case) == ["screen.png"]
    assert "📎 screen.png" in case.last("desk")


@ONCE
async def test_words_that_move_take_their_files_along(case: World) -> None:
    await case.says("ann", "reply 1001 The invoices are doubled", files=(SCREEN,))
    [file] = await rows(case)
    await case.presses_line("ann", f"move 1001 {file.event_id} new")
    assert (await names(case), await names(case, 1002)) == ([], ["screen.png"])


@ONCE
async def test_a_letter_s_files_go_on_its_case_and_what_is_on_no_case_is_said(case: World) -> None:
    said = str(await case.says("sam", "queue", files=(SCREEN,)))
    assert "The file is on no case" in said
    said = str(await case.says("eve", "hello", files=(SCREEN,)))
    assert "Say what is going wrong and send it again" in said
    assert await rows(case) == []


# Names and numbers --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("..\\..\\windows\\system32\\cmd.exe", "cmd.exe"),
        ("/etc/passwd", "passwd"),
        ("../../", "file"),
        ("", "file"),
        ("...", "file"),
        ("picture\u202egnp.exe", "picture gnp.exe"),
        ("a\u0000b\r\nSet-Cookie: x\u200b.txt", "a b Set-Cookie: x .txt"),
        ("\ud800.txt", "?.txt"),
        ("Bildschirmfoto u\u0308.png", "Bildschirmfoto ü.png"),
    ],
)
def test_a_name_is_its_last_part_without_what_hides_or_leads_elsewhere(sent: str, shown: str) -> None:
    assert fit(sent) == shown


def test_a_long_name_keeps_its_ending_and_what_is_said_of_a_file_has_bounds() -> None:
    long = fit("x" * 500 + ".pdf")
    assert (len(long), long[-5:]) == (LONGEST_NAME, "….pdf")
    odd = File("a", "text/html; charset=x\r\nX: y", -5, "javascript:alert(1)").cleaned()
    assert (odd.media_type, odd.size, odd.link) == ("text/html", None, "")
    assert File("a", "<b>", 2**80, "https://user@evil.example/").cleaned() == File("a")


@ONCE
async def test_one_message_and_one_case_take_so_many_and_the_rest_is_counted(
    case: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = tuple(File(f"{n}.txt") for n in range(MOST + 3))
    await case.says("ann", "reply 1001 all of them", files=many)
    assert len(await rows(case)) == MOST
    assert "3 more files were left out." in case.last("desk")
    monkeypatch.setattr("bot.attachments.MOST_OF_CASE", MOST + 1)
    await case.says("ann", "reply 1001 and more", files=many[:2])
    assert len(await rows(case)) == MOST + 1
    assert "1 more file was left out." in case.last("desk")
    assert MOST_OF_CASE > MOST


# Both ways, and what never crosses ------------------------------------------------------------------------------------


@ONCE
async def test_the_desk_s_file_reaches_the_customer_with_an_answer(case: World) -> None:
    """A link of its own channel is for those who are in it."""
    elsewhere = replace(SCREEN, name="guide.pdf", media_type="application/pdf")
    await case.says("sam", "reply 1001 Please read this", files=(elsewhere,))
    assert "> Please read this\n📎 guide.pdf (12 kB, application/pdf) from Sam Ortiz (support desk)" in case.last("ann")
    [file] = await rows(case)
    assert not file.internal


async def test_a_file_with_anything_but_an_answer_never_crosses(case: World) -> None:
    secret = File("salaries.xlsx", "application/x", 10, "https://desk.slack.com/files/U/F")
    for line in ("note 1001 look", "take 1001", "priority 1001 high it grows", "ack 1001", "why 1001"):
        await case.says("sam", line, files=(secret,))
    assert [file.internal for file in await rows(case)] == [True] * 4
    await case.says("sam", "reply 1001 Here you are")
    await case.says("sam", "close 1001 Done")
    await case.presses_line("ann", "not-solved 1001 r1 no")
    shown = [str(await case.says(who, f"{verb} 1001")) for who in ("ann", "bob") for verb in ("show", "status", "why")]
    heard = [text for who in ("ann", "bob", "eve") for text in case.heard(who)]
    assert "salaries" not in "\n".join([*shown, *heard])
    assert "[internal] 📎 salaries.xlsx" in str(await case.says("cora", "show 1001"))
    assert await case.store.read(Work.files_on, 1001, False) == []


@ONCE
async def test_an_answer_to_an_incident_brings_its_file_to_each_customer_and_counts_it_once(case: World) -> None:
    await opened(case, "eve", "Exports fail")
    await case.says("lena", "incident open The mail server is down")
    await case.says("sam", "incident 1 add 1001 1002")
    many = tuple(replace(SCREEN, name=f"{n}.pdf") for n in range(MOST + 1))
    await case.says("lena", "incident 1 reply Here is a way round it", files=many)
    for who, number in (("ann", 1001), ("eve", 1002)):
        assert "📎 0.pdf (12 kB, image/png) from Lena Park (team lead)" in case.last(who)
        assert "1 more file was left out." in case.last(who)
        assert len(await names(case, number)) == MOST


@ONCE
async def test_the_desk_learns_of_a_file_that_the_customer_cannot_open(store: Store) -> None:
    """Where it is told of outside of its own workspace and not kept; at once, and again when it leaves."""
    told = "The customer is told of what you sent along, but cannot open it where they are."
    world = await opened(await World(store, hold=timedelta(seconds=10)).open())
    assert told in str(await world.says("sam", "reply 1001 Please read this", files=(LOG,)))
    assert told not in str(await world.says("sam", "note 1001 and this", files=(LOG,)))
    world.passes(seconds=11)
    await world.holding.round()
    await world.delivery.deliver_all()
    assert "📎 trace.log" in world.last("ann")
    left, *_ = world.heard("sam")
    assert told in left
    assert "seconds" not in left
    assert told not in str(await world.says("sam", "reply 1001 And this", files=(SCREEN,)))  # they are in its workspace


@ONCE
async def test_in_the_desk_s_thread_a_file_without_a_word_is_a_note(case: World) -> None:
    how: dict[str, Any] = {"room": "desk", "quotes": case.receipt(), "personal": False, "addressed": False}
    await case.says("sam", "", files=(SCREEN,), **how)
    [file] = await rows(case)
    assert (file.internal, file.name) == (True, "screen.png")
    assert "screen.png" not in "\n".join(case.heard("ann"))


@ONCE
async def test_what_is_held_back_a_moment_leaves_with_its_file(store: Store) -> None:
    world = await opened(await World(store, hold=timedelta(seconds=10)).open())
    await world.says("sam", "reply 1001 The form is mended", files=(SCREEN,))
    assert "screen.png" not in "\n".join(world.heard("ann"))
    world.passes(seconds=11)
    await world.holding.round()
    await world.delivery.deliver_all()
    assert "📎 screen.png" in world.last("ann")
    [file] = await rows(world)
    assert not file.internal


@ONCE
async def test_a_refused_line_leaves_no_file_anywhere_and_is_not_lost(case: World) -> None:
    """What the act undid came back, and is told of."""
    said = str(await case.says("eve", "reply 1001 mine", files=(SCREEN,)))
    assert "is on no case yet" in said
    assert await rows(case) == []


@ONCE
async def test_a_message_that_somebody_picks_brings_its_files(desk: World) -> None:
    ann = Picked("", User("ann"), MONDAY, "m1")
    await desk.hear("sam", ann, files=(SCREEN,), room="desk", personal=False)
    await desk.delivery.deliver_all()
    [found] = await desk.store.read(lambda work: work.recent_cases(None))
    assert isinstance(found, Case)
    assert found.subject == "📎 screen.png"
    assert await names(desk, found.id) == ["screen.png"]
