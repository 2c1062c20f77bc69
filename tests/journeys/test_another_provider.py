"""A third provider, played through a whole case: its file says all there is to it, and no code knows its name."""

from datetime import UTC, datetime

import pytest

from bot.turn import Now
from rules.catalogue import load_folder
from rules.directory import read
from store.store import Store
from tests.world import ROOT, World

LUMIO = load_folder(ROOT / "tests" / "catalogues")
BEFORE_LUNCH = datetime(2026, 1, 19, 10, tzinfo=UTC)  # Monday, 11:00 in Paris; Tuesday is a holiday there
DIRECTORY = read(
    """
[[account]]
name = "La Boutique"
slug = "boutique"

[[contract]]
account = "boutique"
plan = "lumio/complet"
starts = 2026-01-01
licences = 3
products = ["Lumio Caisse", "Lumio Stock"]

[[contact]]
account = "boutique"
name = "Inès Roy"
email = "ines@boutique.example"
contact_person = true
timezone = "Europe/Paris"

[[contact]]
account = "boutique"
name = "Luc Petit"
email = "luc@boutique.example"
timezone = "Europe/Paris"

[[staff]]
name = "Sam Ortiz"
email = "sam@desk.example"
role = "agent"

[[staff]]
name = "Cora Diaz"
email = "cora@desk.example"
role = "concierge"

[[assignment]]
account = "boutique"
concierge = "cora@desk.example"
""",
    LUMIO.plans,
)


@pytest.fixture
async def boutique(store: Store) -> World:
    world = World(store, catalogues=LUMIO)
    world.time = Now(BEFORE_LUNCH, BEFORE_LUNCH)
    return await world.open(directory=DIRECTORY)


async def test_a_case_of_a_third_provider_from_its_first_word_to_its_end(boutique: World) -> None:
    """C1: hours with a lunch gap, a holiday, one contact person, euros, words of its own, and its own clauses."""
    said = str(await boutique.says("luc", "open Le tiroir-caisse ne s'ouvre plus"))
    assert "This is case #1001.\nPlan: Complet\n" in said
    assert "by Wed 21 Jan 11:30 heure de Paris, 8 business hours (L.13)" in said
    assert "Mon–Thu 8:30–12:00 and 13:30–17:30, Fri 8:30–12:00 heure de Paris (L.3)" in said
    assert "Inès Roy (L.8)" in said
    assert "Without an answer by Mon 19 Jan 11:30 heure de Paris it reaches the desk all the same." in said
    await boutique.presses("ines", "Hand it over")
    assert "Le tiroir-caisse ne s'ouvre plus" in boutique.card()
    why = str(await boutique.says("luc", "why 1001"))
    assert "Mon 19 Jan 11:00 heure de Paris to Mon 19 Jan 12:00 heure de Paris: 1 hour counted, 7 hours to go" in why
    assert "Mon 19 Jan 13:30 heure de Paris to Mon 19 Jan 17:30 heure de Paris: 4 hours counted, 3 hours to go" in why
    assert "Tue 20 Jan" not in why
    await boutique.says("sam", "reply 1001 Nous envoyons une pièce")
    await boutique.says("sam", "close 1001 Remplacé")
    await boutique.presses("luc", "Yes, close it")
    assert "Status: closed, confirmed by the customer" in boutique.card()


async def test_its_plans_prices_priorities_and_silences_are_those_of_its_file(boutique: World) -> None:
    plan = str(await boutique.says("ines", "plan"))
    assert plan.startswith("Lumio: Complet\n")
    assert "€95 a month for the first user, €30 for each further one (L.4)" in plan
    assert "Cora Diaz (concierge) (L.14)" in plan
    prices = str(await boutique.says("ines", "price complet 3"))
    assert "€155 a month (L.4)" in prices
    assert "€88 a month (L.4)" in str(await boutique.says("ines", "price essentiel 3"))
    assert "(L.11)" in str(await boutique.says("ines", "open Our Power BI dashboard is wrong"))
    await boutique.says("ines", "skip")
    critical = str(await boutique.presses("ines", "Critical"))
    due = str(await boutique.says("ines", "status 1001"))
    assert "Mon 19 Jan 12:00 heure de Paris, 1 business hour" in due, due
    assert "Weekend cover: not published (L.3)" in critical
    assert "01 99 00 12 34" in critical
    await boutique.says("ines", "person")
    end = str(await boutique.says("ines", "termination"))
    assert "resiliation@lumio.example (L.7)" in end
    known = str(await boutique.says("ines", "What is your resolution time?"))
    assert known.startswith("Lumio does not publish that.")
