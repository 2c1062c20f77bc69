"""A tenant that is no account's: one polite answer, a case if a problem is reported, and nothing else (W5, W56)."""

from store.store import Store
from store.tables import Case, Person
from tests.teams.places import guid
from tests.teams.stage import Stage, staged
from tests.world import BROKEN

FOREIGN, ZOE = guid("elsewhere"), guid("zoe")


def arrives(stage: Stage) -> None:
    stage.far.add_tenant(FOREIGN, "Elsewhere")
    stage.far.add_user(ZOE, "Zoe Quinn", FOREIGN)


async def test_who_says_hello_is_told_the_plans_and_where_the_desk_is_once(store: Store) -> None:
    async with staged(store) as stage:
        arrives(stage)
        for text in ("hello", "plan", "queue", "status 1001"):
            assert (await stage.writes("zoe", text)).status == 200
        [told] = stage.said(ZOE)
        assert told.startswith("I don't know your company yet.")
        assert "Success with CRM" in told
        assert "support@websan.com" in told


async def test_who_reports_a_problem_has_a_case_that_a_person_checks(store: Store) -> None:
    async with staged(store) as stage:
        arrives(stage)
        await stage.writes("zoe", BROKEN)
        case: Case = await stage.case()
        opener: Person = await stage.world.ask_store(lambda work: work.person(case.opened_by))
        assert (case.eligibility, case.plan, opener.guest) == ("no_contract", None, True)
        assert any(text.startswith("Thank you, Zoe Quinn. This is case #1001.") for text in stage.said(ZOE))
        await stage.writes("zoe", "/plan")
        assert any(text.startswith("That is not yours to do.") for text in stage.said(ZOE))


async def test_nothing_but_messages_of_theirs_is_heard(store: Store) -> None:
    async with staged(store) as stage:
        arrives(stage)
        statuses = [done.status for done in await stage.teams.install(ZOE)]
        assert set(statuses) == {403}


async def test_a_desk_that_wants_no_strangers_refuses_them(store: Store) -> None:
    async with staged(store, answers_strangers=False) as stage:
        arrives(stage)
        assert (await stage.writes("zoe", BROKEN)).status == 403
        assert stage.said(ZOE) == []
