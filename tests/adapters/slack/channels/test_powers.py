"""Nobody acts whose account is switched off, and a button's line is authorised like typed text."""

from copy import deepcopy

from bot.commands import COMMANDS
from store.tables import Inbox
from tests.adapters.slack.channels.rooms import answered, calls
from tests.slack.places import Message
from tests.slack.stage import Stage
from tests.world import BROKEN

# Who is switched off ----------------------------------------------------------------------------------------------


async def test_somebody_whose_account_is_switched_off_cannot_act(stage: Stage) -> None:
    await stage.writes("ann", BROKEN)
    for who in ("U0ANN", "U0SAM"):
        stage.far.users[who].deleted = True
    stage.connection._front._people._known.clear()  # type: ignore[union-attr]
    kept = len(await stage.rows(Inbox))
    assert await stage.commands("sam", "/case take 1001") == ""
    assert await stage.commands("ann", "/support withdraw 1001") == ""
    await stage.writes("ann", "and another thing")
    assert len(await stage.rows(Inbox)) == kept
    assert (await stage.case()).status == "new"


# Forged lines -----------------------------------------------------------------------------------------------------
FORGED = (
    "take 1001", "close 1001 x", "note 1001 x", "queue", "whois ann", "show 1002", "confirm 1002 r1", "assign 1001 ann",
    "answer 1 case 1002", "answer 99 priority high", "force-close 1001 x", "open-for ann x", "merge 1002 1001",
    "reply 1002 x", "withdraw 1002", "", "\u202e", "x" * 1900, "rm -rf /", "/case take 1001", "priority 1001 high x",
)  # fmt: skip


async def test_a_button_s_line_is_authorised_like_typed_text(stage: Stage) -> None:
    await stage.writes("ann", BROKEN)
    await stage.writes("eve", "The contoso report is blank")
    before = (await stage.history(1001), await stage.history(1002))
    receipt = stage.with_button("ann", "Skip")
    for line in FORGED:
        done = await stage.slack.press("U0ANN", forged(receipt, line), "Skip")
        assert done.status == 200, line
    await stage.settle()
    assert (await stage.history(1001), await stage.history(1002)) == before
    assert "contoso" not in "\n".join(stage.said("U0ANN"))
    assert "Something broke" not in "\n".join(stage.said("U0ANN"))


def forged(message: Message, line: str) -> Message:
    made = deepcopy(message)
    for button in made.buttons:
        button["value"] = line
    return made


# Absent and forbidden read alike ----------------------------------------------------------------------------------
ABOUT_A_CASE = sorted(name for name, meant in COMMANDS.items() if any(one.case != "no" for one in meant))


async def test_a_case_that_is_not_theirs_and_one_that_is_not_there_read_alike(stage: Stage, north: str) -> None:
    """Every line, said by another company's customer, by a guest, and by somebody whom nobody knows."""
    await calls(stage, "ann", north, BROKEN)
    await calls(stage, "U0GIA", north, "My own page is blank")
    before = await stage.history()
    for who in ("eve", "U0GIA", "U0MAX"):
        for name in ABOUT_A_CASE:
            real, none = [await answered(stage, who, f"{name} {number} words") for number in (1001, 1777)]
            assert real.replace("1001", "N") == none.replace("1777", "N"), (who, name)
            assert BROKEN not in real
            assert "Northwind" not in real
    assert await stage.history() == before


async def test_the_same_by_button(stage: Stage, north: str) -> None:
    await calls(stage, "ann", north, BROKEN)
    await stage.writes("eve", "The contoso report is blank")
    button = stage.with_button("eve", "Skip")
    for name in ABOUT_A_CASE:
        answers = []
        for number in (1001, 1777):
            seen = len(stage.said("U0EVE"))
            await stage.slack.press("U0EVE", forged(button, f"{name} {number} words"), "Skip")
            await stage.settle()
            said = "\n".join(stage.said("U0EVE")[seen:]).replace(str(number), "N")
            answers.append(said.partition("\nWhat exactly happens")[0])  # which she is still asked, once
        assert answers[0] == answers[1], name
