"""What the desk has in hand: filters that go together, counts, pages."""

from bot.desk import Queue, queue
from bot.desk.doors import record
from bot.desk.opening import bring_in
from bot.turn import Now, Turn, as_actor
from rules.lifecycle import Verb
from rules.refusals import NoSuchChoice
from store.work import Work
from tests.world import CATALOGUES, World, opened


def asked(work: Work, words: str, now: Now) -> Queue:
    """As the board and people's own pages ask for it."""
    sam = next(person for person in work.staff() if person.name == "Sam Ortiz")
    return queue(Turn(work, CATALOGUES, as_actor(sam, "UTC"), now, now.business), words)


async def numbers(world: World, words: str) -> list[int]:
    return [seen.case.id for seen in (await world.ask_store(asked, words, world.time)).rows]


async def test_filters_go_together_and_counts_stand_above_them(case: World) -> None:
    """1001 Northwind, with Sam, for the customer; 1002 Contoso, at risk; 1003 Fabrikam, without a promise, critical."""
    await opened(case, "eve", "Exports fail")
    await opened(case, "tess", "Nothing can be saved in Terrasoft CRM")
    await case.says("sam", "take 1001")
    await case.says("sam", "wait 1001 Which browser?")
    await case.says("sam", "priority 1003 critical They stand still")
    said = str(await case.says("sam", "transfer 1003 to Équipe 2"))
    assert said == "Done. Case #1003 is in the queue Équipe 2 from now on.\nNo other case is in a queue of that name."
    assert "No other" not in str(await case.says("sam", "transfer 1003 équipe 2")), "as it is written there"
    await opened(case, "bob", "/open Lists are empty")  # nobody has handed it over
    case.passes(hours=5, minutes=59)
    assert await numbers(case, "at-risk") == []
    case.passes(minutes=1)
    assert await numbers(case, "") == [1002, 1003, 1001], "soonest due first, what is answered last"
    for words, found in (
        ("at risk", [1002]),
        ("AT-RISK, unassigned", [1002]),
        ("at-risk mine", []),
        ("mine waiting-customer", [1001]),
        ("waiting", [1001]),
        ("waiting-customer waiting-confirmation", [1001]),
        ("unassigned mine", [1002, 1003, 1001]),
        ("sam", [1001]),
        ("with Sam waiting", [1001]),
        ("@sam at-risk", []),
        ("lena", []),
        ("waiting for", None),
        ("northwind", [1001]),
        ("contoso northwind", [1002, 1001]),
        ("account Contoso at-risk", [1002]),
        ("plan success", [1001]),
        ("terrasoft/standard", [1003]),
        ("critical", [1003]),
        ("équipe 2", [1003]),
        ("queue ÉQUIPE 2", [1003]),
        ("queue elsewhere", []),
        ("elsewhere", None),
    ):
        try:
            assert await numbers(case, words) == found, words
        except NoSuchChoice:
            assert found is None, words
    said = str(await case.says("sam", "queue"))
    assert said.splitlines()[:2] == [
        "3 in the queue, soonest due first",
        "At risk: 1 · unassigned: 2 · mine: 1 · waiting for the customer: 1 · for confirmation: 0",
    ]
    assert "At risk: 1 · unassigned: 1 · mine: 0" in str(await case.says("sam", "queue contoso")), "of that company"
    for words in ("plan success mine", "account northwind", "mine with sam plan success", "at-risk contoso critical"):
        for line in ("queue", "home"):
            assert "\nOnly: " in str(await case.says("sam", f"{line} {words}")), "said without a mark too"
    assert str(await case.says("sam", "queue at-risk purple")).startswith("purple is none of these: all, at-risk,")


async def test_a_long_queue_comes_in_pages_that_lead_on(sqlite_desk: World) -> None:
    case = await opened(sqlite_desk)
    await case.store.write(many, case.time)
    first = await case.ask_store(asked, "northwind", case.time)
    assert (first.many, first.page, first.pages, len(first.rows)) == (46, 1, 3, 20)
    said = str(await case.says("sam", "queue northwind"))
    assert "46 in the queue" in said
    assert said.splitlines()[-2:] == ["Page 1 of 3", "[Next]"]
    await case.presses("sam", "Next")
    assert case.last("sam").splitlines()[-2:] == ["Page 2 of 3", "[Next] [Previous]"]
    await case.presses("sam", "Next")
    assert case.last("sam").count("[Show]") == 6
    assert "Page 3 of 3" in str(await case.says("sam", "queue northwind page 99")), "the last one"


def many(work: Work, now: Now) -> None:
    ann = next(person for person in work.customers() if person.name == "Ann Lee")
    turn = Turn(work, CATALOGUES, as_actor(ann, "UTC"), now, now.business)
    for number in range(45):
        record(turn, bring_in(turn, ann, f"Matter {number}", "", ann.conversation_id or 0), Verb.IMPORT, quiet=True)
