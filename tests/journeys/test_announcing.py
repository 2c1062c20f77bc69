"""What a provider tells many accounts at once: previewed, sent exactly once, and what became of it (W35, W36, T4)."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from bot.channel import Undeliverable
from bot.desk import announcing
from rules.catalogue import Catalogues
from rules.catalogue.parts import Terms
from store.tables import Account, Announced, Announcement, Audit, Outbox, Person
from store.work import Work
from tests.world import CATALOGUES, MONDAY, World


def rows(world: World, kind: Any) -> Any:
    return world.ask_store(lambda work: list(work._session.exec(_all(kind))))


def _all(kind: Any) -> Any:
    from sqlmodel import select

    return select(kind)


async def changed(world: World, email: str, **values: object) -> None:
    def unit(work: Work) -> None:
        person = work.find(Person, email=email)
        for name, value in values.items():
            setattr(person, name, value)
        work.add(person)

    await world.store.write(unit)


def with_terms(*terms: Terms) -> Catalogues:
    """WebSan has published further versions of its terms."""
    websan = CATALOGUES.providers["websan"]
    more = replace(websan, terms=(*websan.terms, *terms))
    return Catalogues({**CATALOGUES.providers, "websan": more})


async def test_an_update_is_previewed_sent_once_and_told_to_the_one_contact_person(desk: World) -> None:
    """T4, T10: each reads it in their own language, where they are met."""
    await changed(desk, "tess@fabrikam.example", language="fr")
    past = MONDAY.date() - timedelta(days=1)
    await changed(desk, "theo@fabrikam.example", licensed=True, nominated=True, deputy_until=past)
    preview = str(await desk.says("lena", "announce Terrasoft CRM: Patch 3.1 closes a hole. Please install it."))
    assert preview.startswith(
        "Announcement 1, not sent yet\nFor: Terrasoft CRM\nAccounts: 1\nPeople: 1\nCannot be reached: 0\n"
    )
    exact = preview.partition("français\n")[2].rpartition("\n[")[0]
    assert "Les mises à jour" not in preview, "what the page says stays as the catalogue words it"
    assert "updates and patches of the version you run are included. (T4)" in exact
    assert "> Patch 3.1 closes a hole. Please install it." in exact
    assert desk.heard("tess") == [], "a preview tells nobody"
    assert str(await desk.presses("lena", "Send")).startswith("Announcement 1 leaves for 1 person now.")
    assert [each.partition("\n[")[0].replace("\u00a0:", ":") for each in desk.heard("tess")] == [exact]
    again = str(await desk.presses("lena", "Send"))
    assert again == "Announcement 1 was sent already, Mon 19 Jan 09:00 New York. It is not sent again."
    assert (len(desk.heard("tess")), desk.heard("theo")) == (1, [])
    assert [(row.what, row.about, row.outcome) for row in await rows(desk, Audit) if row.what == "announce"] == [
        ("announce", "announcement 1: update Terrasoft CRM", "sent")
    ]


async def test_a_plan_is_told_and_delivery_is_shown_account_by_account_until_it_is_seen(desk: World) -> None:
    """Sent, seen, undeliverable, by mail, and nowhere."""

    def refused(out: Any) -> None:
        if out.to.room in ("eve", "eve@contoso.example"):
            raise Undeliverable("blocked")

    await changed(desk, "bob@northwind.example", nominated=True, conversation_id=None)
    preview = str(await desk.says("lena", "announce websan We are closed on Friday."))
    assert "Accounts: 2\nPeople: 3" in preview
    desk.fake.before = desk.channels["email"].before = refused  # type: ignore[attr-defined]
    await desk.presses("lena", "Send")
    assert "> We are closed on Friday." in desk.last("ann")
    mailed = [post.room for post in desk.channels["email"].posts]  # type: ignore[attr-defined]
    assert mailed == ["bob@northwind.example"]
    shown = str(await desk.says("lena", "announcement 1"))
    assert "Contoso: 1 undeliverable\n- Northwind: 2 sent" in shown
    assert "2 sent, 1 undeliverable" in shown
    await desk.says("ann", "help")
    assert "Northwind: 1 seen, 1 sent" in str(await desk.says("lena", "announcement 1"))
    assert "1: news for WebSan, 3 people, sent Mon 19 Jan 09:00 New York" in str(
        await desk.says("lena", "announcements")
    )


async def test_an_upgrade_reminder_reaches_accounts_with_code_of_their_own_and_says_who_tests_it(desk: World) -> None:
    """W35: only where the page excludes the testing; T3 does not. Who cannot be reached is named."""

    def flag(work: Work) -> None:
        for slug in ("northwind", "contoso", "fabrikam"):
            account = work.find(Account, slug=slug)
            account.custom_code = slug != "contoso"
            work.add(account)

    await desk.store.write(flag)
    await changed(desk, "tess@fabrikam.example", contact_person=False, nominated=False)
    preview = str(await desk.says("lena", "announce custom-code The upgrade is on 2 March."))
    assert "Accounts: 1\nPeople: 1\nCannot be reached: 1" in preview
    assert "- Fabrikam: nobody there speaks for the company" in preview
    await desk.presses("lena", "Send")
    assert "That testing is not included (W35)." in desk.last("ann")
    assert desk.heard("eve") == []


async def test_new_terms_need_a_week_and_are_announced_with_version_and_day(desk: World) -> None:
    """W36: seven days from the sending, the seventh included; and the day counts where the provider is."""
    soon, late = Terms("2", date(2026, 1, 1), date(2026, 1, 25)), Terms("3", date(2026, 1, 19), date(2026, 1, 26))
    object.__setattr__(desk.bot, "catalogues", with_terms(soon, late))
    refused = await desk.says("lena", "announce terms websan 2")
    assert refused == ("Version 2 holds from Sun 25 Jan 2026, but notice is 7 days (W36): not before Mon 26 Jan 2026.")
    none = await desk.says("lena", "announce terms 9")
    assert none == "9 is none of these: websan 1, websan 2, websan 3, terrasoft 1."
    preview = str(await desk.says("lena", "announce terms 3 We added a clause on backups."))
    assert "Version 3 of the terms of WebSan holds from Mon 26 Jan 2026 (W36)." in preview
    assert "Cases received before that day keep the terms under which they were received." in preview
    desk.passes(hours=23)  # the next day
    assert "not before Tue 27 Jan 2026" in str(await desk.presses("lena", "Send"))
    assert desk.heard("ann") == []


async def test_a_preview_holds_for_a_day_and_only_leads_announce(sqlite_desk: World) -> None:
    await sqlite_desk.says("lena", "announce websan/base One")
    sqlite_desk.passes(hours=24)
    assert "The preview of announcement 1 is too old" in str(await sqlite_desk.presses("lena", "Send"))
    assert await sqlite_desk.says("lena", "announce 7 send") == "There is no announcement 7. announcements lists them."
    assert str(await sqlite_desk.says("sam", "/announce websan Hello")).startswith("That is not yours to do.")
    assert str(await sqlite_desk.says("lena", "/announce nobody Hello")).startswith("I didn't follow that.")
    assert (
        await sqlite_desk.says("lena", "announce websan/winning Hello")
        == "No contract in force is meant by Winning with CRM."
    )


async def test_many_are_owed_a_part_at_a_time_and_each_once_ever(desk: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(announcing, "AT_ONCE", 1)
    monkeypatch.setattr(announcing.owe_some, "__defaults__", (1,))
    await desk.says("lena", "announce websan Hello")
    await desk.presses("lena", "Send")
    assert "1 sent, 1 waiting" in str(await desk.says("lena", "announcement 1"))
    assert await desk.announcing.round() == 1
    assert await desk.announcing.round() == 0
    await desk.delivery.deliver_all()
    keys = sorted(row.key for row in await rows(desk, Outbox) if (row.key or "").startswith("announcement"))
    assert keys == [f"announcement 1 {row.person_id}" for row in await rows(desk, Announced)]
    assert len(desk.heard("ann")) == len(desk.heard("eve")) == 1


async def test_what_was_not_sent_forgets_whom_it_named(sqlite_desk: World) -> None:
    await sqlite_desk.says("lena", "announce websan One")
    sqlite_desk.passes(hours=25)
    await sqlite_desk.says("lena", "announce websan Two")
    assert {row.announcement_id for row in await rows(sqlite_desk, Announced)} == {2}
    assert [row.sent_at for row in await rows(sqlite_desk, Announcement)] == [None, None]
    assert MONDAY + timedelta(hours=25) == sqlite_desk.time.business
