"""Answers that the desk gives often."""

from dataclasses import replace
from datetime import timedelta

from store.work import Work
from tests.world import World, opened


async def test_a_saved_reply_is_said_with_its_fields_filled_in_for_the_case(case: World) -> None:
    assert str(await case.says("sam", "saved")).startswith("No reply is saved yet")
    await case.says("sam", "save Looking Hello {customer}, {me} looks into {case}; you hear of it by {due}.")
    assert "- !looking: Hello {customer}, {me}" in str(await case.says("cora", "saved"))
    assert await case.says("cora", "reply 1001 !looking") == "Done. Case #1001 is being worked on."
    assert "> Hello Ann Lee, Cora Diaz looks into #1001; you hear of it by Mon 19 Jan 13:00 ET." in case.last("ann")
    assert str(await case.says("cora", "saved 1001 looking")).startswith("Case #1001 has nothing for the field due.")
    await opened(case, "eve", "Exports fail")
    await case.says("cora", "saved 1002 looking")
    assert "Eve Stone, Cora Diaz looks into #1002; you hear of it by Mon 19 Jan 17:00 ET (22:00 London)." in case.last(
        "eve"
    )


async def test_a_name_or_a_field_that_there_is_not_is_refused_and_nothing_leaves(sqlite_desk: World) -> None:
    case = await opened(sqlite_desk)
    assert str(await case.says("sam", "save hello Dear {name}")).startswith("name is no field of a saved reply.")
    before = len(case.heard("ann"))
    assert str(await case.says("sam", "reply 1001 !nothing")).startswith("No reply is saved as nothing.")
    assert len(case.heard("ann")) == before
    await case.says("sam", "save hello Hello {customer}")
    await case.says("sam", "save hello Good day {customer}")
    await case.says("sam", "reply 1001 !hello")
    assert "> Good day Ann Lee" in case.last("ann"), "the latest"
    assert "!hello is no longer saved." in str(await case.says("sam", "unsave hello"))
    assert str(await case.says("sam", "unsave hello")).startswith("No reply is saved as hello.")
    for line in ("/saved", "/save x y", "/unsave hello"):
        assert str(await case.says("ann", line)).startswith("That is not yours to do."), line


async def test_whatever_goes_out_says_a_saved_reply_in_its_words_and_fills_in_once(sqlite_desk: World) -> None:
    case = await opened(sqlite_desk)
    await case.says("sam", "save done {me} is through with {case}")
    for line in ("wait", "call", "close", "force-close"):
        await case.says("sam", f"{line} 1001 !done")
        assert "> Sam Ortiz is through with #1001" in case.last("ann"), line
    assert "> !done" not in "".join(case.heard("ann"))
    await opened(case, "eve", "Exports fail")
    case.bot = replace(case.bot, hold=timedelta(seconds=10))
    assert "Sam Ortiz is through with #1002" in str(await case.says("sam", "close 1002 !done"))
    assert str(await case.says("sam", "call 1002 !nothing")).startswith("No reply is saved as nothing.")
    case.passes(seconds=10)
    await case.holding.round()
    await case.delivery.deliver_all()
    assert "> Sam Ortiz is through with #1002" in case.last("eve")
    assert str(await case.says("sam", "save twice !done")).startswith("I didn't follow")


async def test_a_customers_name_fills_in_nothing_itself_and_saving_is_no_answer_to_a_question(
    sqlite_desk: World,
) -> None:
    case = await opened(sqlite_desk)
    await case.store.write(rename)
    await case.says("sam", "save hello Hello {customer}")
    await case.says("sam", "reply 1001 !hello")
    assert "> Hello {due} Lee" in case.last("ann")
    await case.passes_and_warns(hours=3)
    await case.says("ann", "reply 1001 And now?")
    assert await case.says("cora", "reply 1001") == "What do you want to write?"
    await case.says("cora", "Save the form again, please")
    assert "> Save the form again, please" in case.last("ann")


def rename(work: Work) -> None:
    ann = next(person for person in work.customers() if person.name == "Ann Lee")
    ann.name = "{due} Lee"
    work.add(ann)
