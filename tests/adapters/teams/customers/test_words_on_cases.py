"""Words in a chat go to the case they are meant for, and can be moved, changed and taken back."""

from typing import Any

import pytest

from store.tables import Case
from tests.adapters.teams.customers.chatting import opened, told
from tests.teams.places import guid
from tests.teams.stage import ANN, DESK, Stage, plain_of
from tests.world import BROKEN

WAYS: list[Any] = ["html", "entity", "replyToId"]


# Which case -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("quoting", WAYS)
async def test_what_quotes_a_case_s_card_goes_to_that_case(stage: Stage, quoting: Any) -> None:
    stage.teams.quoting = quoting
    await opened(stage)
    await stage.writes("ann", "open: the report is blank")
    await stage.writes("ann", "cancel")
    await stage.writes("ann", "It is this one", quote=stage.card(1001, ANN))
    assert ("say", "It is this one") in await stage.history(1001)
    assert ("say", "It is this one") not in await stage.history(1002)


@pytest.mark.parametrize("quoting", WAYS)
async def test_what_quotes_another_message_about_a_case_goes_to_that_case(stage: Stage, quoting: Any) -> None:
    stage.teams.quoting = quoting
    await opened(stage)
    await stage.writes("ann", "open: the report is blank")
    await stage.writes("ann", "cancel")
    receipt = next(one for one in stage.far.said(ANN) if "This is case #1001" in plain_of(one))
    await stage.writes("ann", "About that", quote=receipt)
    assert ("say", "About that") in await stage.history(1001)


async def test_a_quoted_card_makes_words_alone_a_line_about_its_case(stage: Stage) -> None:
    await opened(stage)
    await stage.writes("ann", "open: the report is blank")
    await stage.writes("ann", "cancel")
    await stage.writes("ann", "withdraw", quote=stage.card(1001, ANN))
    assert (await stage.case(1001)).status == "withdrawn"
    assert (await stage.case(1002)).status == "new"


async def test_words_go_to_the_only_open_case_and_can_be_moved(stage: Stage) -> None:
    await opened(stage)
    await stage.writes("ann", "It is slow as well")
    assert ("say", "It is slow as well") in await stage.history()
    answer = stage.far.said(ANN)[-1]
    assert plain_of(answer) == "Added to case #1001.\n[Move]"
    assert "> It is slow as well" in "\n".join(stage.under_card())


async def test_with_two_open_cases_buttons_ask(stage: Stage) -> None:
    await opened(stage)
    await stage.writes("ann", "open: the report is blank")
    await stage.writes("ann", "cancel")
    await stage.writes("ann", "The colours are off on Fridays")
    assert [label for one in stage.far.said(ANN)[-1:] for label in one.labels] == [
        "Add to #1002",
        "Add to #1001",
        "New case",
    ]
    await stage.presses("ann", "Add to #1001", ANN)
    assert ("say", "The colours are off on Fridays") in await stage.history(1001)
    assert len(await stage.rows(Case)) == 2


# Moving -----------------------------------------------------------------------------------------------------------


async def test_moved_to_a_new_case_the_desk_s_copy_moves_along(stage: Stage) -> None:
    await opened(stage)
    await stage.writes("ann", "The invoices are doubled")
    copy = stage.far.said(DESK, stage.card().id)[-1]
    assert "> The invoices are doubled" in plain_of(copy)
    await stage.presses("ann", "Move", ANN)
    await stage.presses("ann", "New case", ANN)
    assert told(stage)[-1] == "Moved to case #1002."
    stands = next(one for one in stage.far.said(DESK) if one.id == copy.id)
    assert plain_of(stands) == "Ann Lee (customer) moved what stood here to case #1002."
    assert stands.thread == stage.card(1001).id
    assert "> The invoices are doubled" in "\n".join(stage.under_card(1002))
    assert "doubled" not in "\n".join(stage.under_card(1001))
    assert ("move", "#1002") in await stage.history(1001)
    assert (await stage.case(1002)).subject == "The invoices are doubled"
    assert stage.card(1002, ANN)


async def test_moved_to_another_case_it_stands_there_as_if_it_had_been_said_there(stage: Stage) -> None:
    await opened(stage)
    await stage.writes("ann", "It is slow as well")
    move = stage.with_button("Move", ANN)
    await stage.writes("ann", "open: the report is blank")
    await stage.writes("ann", "cancel")
    await stage.teams.press(ANN, move, "Move")
    await stage.settle()
    await stage.presses("ann", "Case #1002", ANN)
    assert told(stage)[-1].startswith("Moved to case #1002.")
    assert ("say", "It is slow as well") in await stage.history(1002)
    assert ("move", "#1002") in await stage.history(1001)
    assert "> It is slow as well" in "\n".join(stage.under_card(1002))
    assert "slow" not in "\n".join(stage.under_card(1001))


async def test_what_was_moved_is_not_moved_again(stage: Stage) -> None:
    await opened(stage)
    await stage.writes("ann", "The invoices are doubled")
    move = stage.with_button("Move", ANN)
    await stage.presses("ann", "Move", ANN)
    where = stage.with_button("New case", ANN)
    await stage.teams.press(ANN, where, "New case")
    await stage.settle()
    for button, label in ((move, "Move"), (where, "New case")):
        await stage.teams.press(ANN, button, label)
        await stage.settle()
        assert told(stage)[-1] == "That question is no longer open."
    assert len(await stage.rows(Case)) == 2


async def test_nobody_moves_another_s_words(stage: Stage) -> None:
    await opened(stage)
    await stage.writes("ann", "The invoices are doubled")
    line = next(b["data"]["say"] for b in stage.with_button("Move", ANN).buttons)
    before = await stage.history()
    for who in ("bob", "eve", "sam"):
        await stage.writes(who, f"{line} new")
    assert await stage.history() == before
    assert len(await stage.rows(Case)) == 1


# Files and edits --------------------------------------------------------------------------------------------------


async def test_files_go_along_by_name_and_are_never_fetched(stage: Stage) -> None:
    await stage.writes("ann", BROKEN, files={"screen.png": b"png", "log <b>.txt": b"x"})
    told_desk = "\n".join(stage.under_card())
    assert "📎 screen.png" in told_desk
    assert "📎 log <b>.txt" in told_desk
    assert "tempauth" not in told_desk
    assert stage.far.called("download") == []
    assert (await stage.case()).subject == BROKEN


async def test_a_file_alone_is_words_on_the_only_open_case(stage: Stage) -> None:
    await opened(stage)
    await stage.writes("ann", "", files={"screen.png": b"png"})
    assert ("say", "📎 screen.png") in await stage.history()


async def test_an_edit_changes_what_the_desk_reads_and_is_marked(stage: Stage) -> None:
    await opened(stage)
    done = await stage.writes("ann", "It is slow on Mondays")
    assert done.posted
    edited = await stage.edits("ann", done.posted, "It is slow on Tuesdays")
    await stage.teams.redeliver(edited, 2)
    await stage.settle()
    assert (await stage.history())[-2:] == [("say", "It is slow on Mondays"), ("edit", "It is slow on Tuesdays")]
    copy = stage.under_card()[-1]
    assert "> It is slow on Tuesdays" in copy, copy
    assert "Edited by its author." in copy, copy


async def test_what_is_taken_back_stays_so_though_it_is_edited_or_put_there_again(stage: Stage) -> None:
    await opened(stage)
    done = await stage.writes("ann", "My password is hunter2")
    assert done.posted
    edited = await stage.edits("ann", done.posted, "My password is hunter3")
    assert (await stage.teams.delete(ANN, done.posted)).status == 200
    assert (await stage.teams.undelete(ANN, done.posted)).status == 200
    await stage.teams.redeliver(edited, 1)
    await stage.settle()
    assert [event for event in await stage.history() if "hunter" in event[1]] == []
    assert (await stage.history())[-1] == ("delete", "")
    copy = stage.under_card()[-1]
    assert "hunter" not in copy, copy
    assert "Deleted by its author." in copy, copy


async def test_what_the_desk_changes_or_takes_back_changes_where_the_customer_reads(stage: Stage) -> None:
    await opened(stage)
    done = await stage.writes("sam", "reply 1001 It is the cash")
    assert done.posted
    assert "> It is the cash" in "\n".join(stage.said(ANN))
    await stage.edits("sam", done.posted, "reply 1001 It is the cache")
    assert "> It is the cache\n" in "\n".join(stage.said(ANN))
    assert (await stage.teams.delete(guid("sam"), done.posted)).status == 200
    await stage.settle()
    said = "\n".join(stage.said(ANN))
    assert "It is the ca" not in said, said
    assert "Deleted by its author." in said, said
