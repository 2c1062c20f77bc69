"""The ladder of a catalogue: R10 as it stands where nothing is said, and who hears what where something is."""

from pathlib import Path

import pytest

from catalogues import FOLDER
from rules.catalogue import Plan, Provider, load, parse
from rules.ladder import Hearer, Ladder
from rules.toml_lines import Mistakes

H = Hearer
WEBSAN = (FOLDER / "websan.toml").read_text()


def written(ladder: str, plan: str = "", text: str = WEBSAN) -> Provider:
    """The shipped catalogue with another ladder, and one for the Winning plan."""
    head, _, rest = text.partition("[ladder]\n")
    _, _, rest = rest.partition("# What every plan covers")
    return parse(
        f"{head}{ladder}\n# What every plan covers{rest}".replace(
            "[plans.winning.response]", plan + "\n[plans.winning.response]"
        )
    )


def wrong(ladder: str, plan: str = "", text: str = WEBSAN) -> list[str]:
    with pytest.raises(Mistakes) as found:
        written(ladder, plan, text)
    return [mistake.says for mistake in found.value.mistakes]


def test_without_a_word_it_is_r10() -> None:
    ladder = Ladder()
    assert dict(ladder.at) == {50: (H.ASSIGNEE,), 75: (H.ASSIGNEE, H.CONCIERGE), 100: (H.CONCIERGE, H.LEAD, H.MAIL)}
    assert ladder.critical == (H.CONCIERGE, H.ON_CALL)
    assert (ladder.climb_minutes, ladder.acknowledged_minutes) == (30, 30)


@pytest.mark.parametrize("name", ["websan", "terrasoft"])
def test_the_shipped_catalogues_keep_to_r10_for_every_plan_and_priority(name: str) -> None:
    provider = load(Path(FOLDER / f"{name}.toml"))
    owners: list[Provider | Plan] = [provider, *provider.plans.values()]
    for owner in owners:
        for priority in (None, *provider.desk.priorities):
            assert owner.ladder(priority) == Ladder()


def test_what_a_file_does_not_say_stays_as_it_was() -> None:
    ladder = written('[ladder]\nclimb_minutes = 15\ntell = { 75 = [], 90 = ["lead"] }').ladder()
    assert list(ladder.at) == [50, 90, 100]
    assert ladder.at[90] == (H.LEAD,)
    assert (ladder.climb_minutes, ladder.acknowledged_minutes, ladder.climb) == (15, 30, Ladder().climb)


def test_a_plan_has_its_own_and_so_has_each_priority_of_it() -> None:
    plan = """\
[plans.winning.ladder]
acknowledged_minutes = 20
[plans.winning.ladder.by_priority.critical]
climb_minutes = 10
tell = { critical = ["coach", "on_call", "lead"], 25 = ["coach"] }"""
    provider = written("[ladder]\nclimb_minutes = 40\nby_priority = { critical = { climb_minutes = 15 } }", plan)
    plans = provider.plans
    assert [plans[f"websan/{name}"].ladder().climb_minutes for name in ("base", "winning")] == [40, 40]
    assert [plans[f"websan/{name}"].ladder("critical").climb_minutes for name in ("base", "winning")] == [15, 10]
    winning = plans["websan/winning"]
    assert [winning.ladder(level).acknowledged_minutes for level in (None, "critical", "low")] == [20, 20, 20]
    assert winning.ladder("critical").critical == (H.COACH, H.ON_CALL, H.LEAD)
    assert list(winning.ladder("critical").at) == [25, 50, 75, 100]
    assert provider.ladder("critical").climb_minutes == 15


def test_a_plan_inherits_the_ladder_of_the_plan_that_it_extends() -> None:
    text = WEBSAN.replace(
        "[plans.success.response]", "[plans.success.ladder]\nclimb_minutes = 20\n[plans.success.response]"
    )
    provider = parse(text)
    assert [plan.ladder().climb_minutes for plan in provider.plans.values()] == [30, 20, 20]


@pytest.mark.parametrize(
    ("ladder", "says"),
    [
        ("[ladder]\nclimb_minutes = 0", "`ladder.climb_minutes` must be 1 or more."),
        ('[ladder]\nclimb_minutes = "30"', "`ladder.climb_minutes` must be a whole number."),
        ("[ladder]\nwarn_at = [50]", "`ladder.warn_at` is no key of a catalogue."),
        (
            '[ladder.tell]\n120 = ["lead"]',
            "120 is no step: give a percentage from 1 to 100, or critical, missed, climb",
        ),
        ('[ladder.tell]\nsoon = ["lead"]', "soon is no step"),
        ('[ladder.tell]\n50 = ["boss"]', "must be one of 'assignee', 'concierge', 'coach', 'on_call', 'lead', 'desk'"),
        ("[ladder.tell]\n100 = []", "somebody must hear of 100; only an earlier percentage can be left out"),
        ("[ladder.tell]\nclimb = []", "somebody must hear of climb"),
        ("[ladder.by_priority.urgent]\nclimb_minutes = 5", "urgent is not one of the priorities"),
        ("[desk2]\nx = 1", "`desk2` is no key of a catalogue."),
    ],
)
def test_each_mistake_is_told(ladder: str, says: str) -> None:
    [told] = wrong(ladder)
    assert says in told


def test_a_mistake_stands_at_its_line() -> None:
    with pytest.raises(Mistakes) as found:
        written('[ladder]\nclimb_minutes = 30\n[ladder.tell]\n75 = ["assignee"]\n50 = ["boss"]')
    [mistake] = found.value.mistakes
    before = WEBSAN.partition("[ladder]\n")[0].count("\n")
    assert mistake.line == before + 5


def test_who_is_to_be_told_by_mail_has_an_address() -> None:
    silent = "\n".join(line for line in WEBSAN.split("\n") if not line.startswith("escalation = {"))
    assert "There is no [escalation] address to mail." in wrong('[ladder.tell]\n100 = ["lead", "mail"]', text=silent)
