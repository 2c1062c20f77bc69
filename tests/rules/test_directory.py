"""The directory file: what it says comes out as values, and whatever is wrong in it is said once, at its line."""

import re
from dataclasses import fields
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.catalogue import load_folder
from rules.directory import (
    Absence,
    Account,
    Assignment,
    Channel,
    Contact,
    Contract,
    Desk,
    Directory,
    Identity,
    Place,
    Rota,
    Staff,
)
from rules.directory import read as read_in
from rules.people import Role
from rules.toml_lines import Mistakes
from tests.rules.directories import LONG, PLANS, mistakes, read

HOUSE = Path(__file__).parents[2]
DOCS = (HOUSE / "docs/directory.md").read_text("utf-8")
EXAMPLE = re.findall(r"```toml\n(.*?)```", DOCS, re.DOTALL)[0]
NORTH = "5b1f7a52-3c0e-4d58-9d0a-0f6f6f1c2a10"
DESK = "c0a1e4de-52f3-4f0f-8a36-6f3d5c3f9b44"
ANNS, CORAS = "1d0c4f4e-7f5b-4c57-8a53-3f6a0e9b7c21", "7e2b9a10-94c8-4e5c-b1f8-2a7d1c6e0f35"
Value = Account | Contract | Contact | Staff | Assignment | Channel | Desk | Rota | Absence


# What comes out ----------------------------------------------------------------------------------------------------


def test_the_example_of_the_manual_says_what_the_manual_says() -> None:
    directory = read(EXAMPLE, PLANS)
    ann, bob, tom, dana, gus = directory.contacts
    cora, noor, max_ = directory.staff
    assert gus.left is max_.left is True
    assert directory.accounts == (
        Account("Northwind", "northwind", (NORTH,), ("T0NORTH",), 0, accept_all=True, keep_months=18),
        Account("Tailspin", "tailspin", (), (), 0, custom_code=True, users=8),
    )
    new_year, year_end = date(2026, 1, 1), date(2026, 12, 31)
    terrasoft = ("tailspin", "terrasoft/premium", new_year, year_end, 6, Decimal("40000.00"))
    products = ("Terrasoft CRM", "Service Desk")
    signed: dict[str, Any] = {"signed": date(2025, 12, 19), "price_list": "December 2025", "per_year": True}
    signed |= {"new_versions": True, "owned": products, "allowed": ("hardware",), "response_minutes": 480}
    signed |= {"trial": True, "noticed_on": date(2026, 5, 4)}
    assert directory.contracts == (
        Contract("northwind", "websan/success", new_year, None, 12, None, (), None, 0),
        Contract(*terrasoft, products, date(2026, 6, 30), 0, **signed),
    )
    in_slack, in_teams = Identity("slack", "T0NORTH", "U0ANN"), Identity("teams", NORTH, ANNS)
    who = ("northwind", "Ann Lee", "ann@northwind.example", True, True, False, None, "America/Toronto")
    assert ann == Contact(*who, (in_slack, in_teams), 0, "fr")
    assert (bob.licensed, bob.nominated, bob.identities) == (True, False, ())
    assert (tom.contact_person, tom.deputy_until, tom.timezone) == (True, None, None)
    assert (dana.contact_person, dana.deputy_until) == (False, date(2026, 8, 31))
    skills = ("L1", "how_do_i")
    ids = (Identity("slack", "T0DESK", "U0CORA"), Identity("teams", DESK, CORAS))
    assert cora == Staff(
        "Cora Diaz", "cora@desk.example", Role.CONCIERGE, "America/New_York", ids, 0, True, "en", None, skills
    )
    assert noor == Staff("Noor Haddad", "noor@desk.example", Role.COACH, None, (), 0)
    assert directory.assignments == (Assignment("northwind", "cora@desk.example", "noor@desk.example", 0),)
    people = ("cora@desk.example", "noor@desk.example")
    zone = "America/New_York"
    assert directory.rotas == (Rota("Nights and weekends", people, date(2026, 1, 5), time(9), zone, 7, 0),)
    monday, saturday = datetime(2026, 2, 2, 5, tzinfo=UTC), datetime(2026, 2, 7, 5, tzinfo=UTC)
    assert directory.absences == (Absence(*people[:1], monday, saturday, people[1], 0),)
    rooms = (Place("slack", "T0DESK", "C0NW"), Place("teams", "", "19:northwind@thread.tacv2"))
    assert directory.channels == (Channel("northwind", rooms, 0),)
    queue = (Place("slack", "T0DESK", "C0QUEUE"), Place("teams", "", "19:queue@thread.tacv2"))
    assert directory.desk == Desk(queue, 0, keep_months=60)


def everything(directory: Directory) -> dict[str, tuple[Value, ...]]:
    """The values by the header of their tables."""
    return {
        "[[account]]": directory.accounts,
        "[[contract]]": directory.contracts,
        "[[contact]]": directory.contacts,
        "[[staff]]": directory.staff,
        "[[assignment]]": directory.assignments,
        "[[rota]]": directory.rotas,
        "[[absence]]": directory.absences,
        "[[channel]]": directory.channels,
        "[desk]": (directory.desk,) if directory.desk else (),
    }


def test_every_value_knows_the_line_its_table_starts_on() -> None:
    lines = EXAMPLE.split("\n")
    for header, values in everything(read(EXAMPLE, PLANS)).items():
        assert [value.line for value in values] == [n for n, line in enumerate(lines, 1) if line == header]


def test_the_example_of_the_manual_gives_every_field_a_value() -> None:
    for header, values in everything(read(EXAMPLE, PLANS)).items():
        for part in fields(values[0]):
            assert any(getattr(value, part.name) for value in values), (header, part.name)


def test_the_mistakes_shown_in_the_manual_are_worded_as_the_reader_words_them() -> None:
    wrong = [says for _, says in mistakes(EXAMPLE.replace("success", "succes").replace("licensed = true", ""))]
    shown = re.findall(r"^ +directory\.toml:\d+: (.+)$", DOCS, re.MULTILINE)
    assert len(shown) == 2
    assert set(shown) <= set(wrong)


def test_the_manual_names_every_key_and_no_other() -> None:
    def keys(text: str) -> set[str]:
        return set(re.findall(r"^(\w+) = ", text, re.MULTILINE))

    rows = re.findall(r"^\| (`.+?`) \|", DOCS, re.MULTILINE)
    assert {key for row in rows for key in re.findall(r"`(\w+)`", row)} == keys(EXAMPLE)


def test_the_demo_has_northwind_with_a_concierge_and_contoso_without() -> None:
    directory = read((HOUSE / "app/demo.toml").read_text("utf-8"), PLANS)
    assert [(c.account, c.plan, c.licences) for c in directory.contracts] == [
        ("northwind", "websan/success", 12),
        ("contoso", "websan/base", 5),
        ("fabrikam", "terrasoft/standard", 4),
    ]
    assert [(c.name, c.nominated) for c in directory.contacts] == [
        ("Ann Lee", True),
        ("Bob Shaw", False),
        ("Eve Stone", True),
        ("Tess Moreau", True),
        ("Theo Blanc", False),
    ]
    assert [(s.name, s.role) for s in directory.staff] == [
        ("Cora Diaz", "concierge"),
        ("Sam Ortiz", "agent"),
        ("Lena Park", "lead"),
    ]
    assert directory.assignments == (Assignment("northwind", "cora@desk.example", None, 0),)


def test_capitals_make_no_difference_in_emails_and_teams_ids_and_blanks_around_a_text_none_anywhere() -> None:
    shouted = (
        EXAMPLE.replace("ann@northwind", "ANN@Northwind").replace(NORTH, NORTH.upper()).replace(ANNS, ANNS.upper())
    )
    assert read(shouted.replace('"Ann Lee"', '"  Ann Lee "'), PLANS) == read(EXAMPLE, PLANS)


def test_the_provider_of_a_contract_follows_from_its_plan() -> None:
    assert [contract.provider for contract in read(EXAMPLE, PLANS).contracts] == ["websan", "terrasoft"]


def test_mistakes_name_the_file_they_stand_in() -> None:
    for wrong in ("[[acount]]", "[[account"):
        with pytest.raises(Mistakes, match=r"^customers\.toml:1: Th"):
            read(wrong, PLANS, "customers.toml")


# What is right, though it looks like a mistake ---------------------------------------------------------------------
RIGHT = {
    "an empty file": "",
    "a desk without a place": "[desk]",
    "a private channel of Slack's old kind": '[desk]\nslack_channel = "T0DESK/G0QUEUE"',
    "names, tenants and references": f"""\
contact = [{{account = "a", name = "北風 太郎", email = "Ann@A.example", nominated = false, contact_person = false}}]
account = [
{{name = " {LONG} ", slug = "a", slack_teams = [], teams_tenants = []}},
{{name = "B", slug = "b-2"}},
]
staff = [
{{name = "Lena", email = "lena@desk.example", role = "lead", timezone = "UTC"}},
{{name = "Max", email = "max@desk.example", role = "admin"}},
{{name = "Pia", email = "pia@desk.example", role = "coach"}},
]
assignment = [
{{account = "a", concierge = "Lena@Desk.example", coach = "pia@desk.example"}},
{{account = "b-2", concierge = "max@desk.example"}},
]
""",
    "contracts that follow each other, and of two providers at a time": """\
account = [{name = "A", slug = "a"}, {name = "B", slug = "b"}]
contract = [
{account = "a", plan = "websan/success", starts = 2026-01-01, licences = 1000000},
{account = "a", plan = "websan/base", starts = 1990-01-01, ends = 2025-12-31, licences = 1},
{account = "a", plan = "terrasoft/basic", starts = 2026-01-01, licences = 1, licence_total = "0.01", products = ["X"]},
{account = "b", plan = "websan/base", starts = 2026-01-01, ends = 2026-01-01, licences = 1},
{account = "b", plan = "terrasoft/basic", starts = 2199-12-31, licences = 1, licence_total = "40000", products = ["X"]},
]
contact = [
{account = "a", name = "Ann", email = "ann@a.example", contact_person = true},
{account = "b", name = "Bob", email = "bob@b.example", contact_person = true},
]
""",
    "people of the account's own tenants, and guests": """\
account = [
{name = "A", slug = "a", slack_teams = ["T0A"]},
{name = "Grid", slug = "grid", slack_teams = ["E0GRID"]},
]
staff = [
{name = "Cora", email = "cora@desk.example", role = "concierge", slack = "T0STAFF/U0CORA"},
{name = "Sam, a guest at A", email = "sam@desk.example", role = "agent", slack = "T0A/U0SAM"},
{name = "Max, of another id", email = "max@desk.example", role = "agent", slack = "T0ELSE/U0CORA"},
]
channel = [{account = "a", slack = "T0ROOM/C0A"}]
desk = {slack_channel = "T0QUEUE/C0Q"}
contact = [
{account = "a", name = "1", email = "1@a.example", slack = "T0A/U0ANN"},
{account = "a", name = "2", email = "2@a.example", slack = "T0STAFF/U0ANN"},
{account = "a", name = "3", email = "3@a.example", slack = "T0ROOM/U0ANN"},
{account = "a", name = "4", email = "4@a.example", slack = "T0QUEUE/U0ANN"},
{account = "grid", name = "5", email = "5@a.example", slack = "E0GRID/W0ANN"},
]
""",
}


@pytest.mark.parametrize("text", RIGHT.values(), ids=RIGHT)
def test_it_is_right_though_it_looks_like_a_mistake(text: str) -> None:
    assert mistakes(text) == []


def test_what_a_contract_states_follows_from_its_own_providers_terms() -> None:
    """C1: a third provider has a price per user, and yet covers all products, and knows one contact person."""
    plans = load_folder(HOUSE / "tests/catalogues").plans
    text = '[[account]]\nname = "A"\nslug = "a"\n[[contract]]\naccount = "a"\nplan = "lumio/complet"\nlicences = 1\n'
    person = '[[contact]]\naccount = "a"\nname = "Ann"\nemail = "ann@a.example"\ncontact_person = true\n'
    stated = read_in(f'{text}starts = 2026-01-01\nproducts = ["Lumio Stock"]\n{person}', plans)
    assert stated.contacts[0].contact_person
    with pytest.raises(Mistakes) as wrong:
        read_in(f'{text}starts = 2026-01-01\nlicence_total = "1"\n', plans)
    assert [mistake.says for mistake in wrong.value.mistakes] == [
        "products is missing; every lumio contract states it.",
        "licence_total means nothing in a lumio contract; leave it out.",
    ]


# Anything at all ---------------------------------------------------------------------------------------------------
KEYS = sorted(set(re.findall(r"(\w+) = ", EXAMPLE)) | {"account", "contract", "contact", "staff", "desk", "x"})
VALUES = [
    "1",
    "-0.5",
    "nan",
    "inf",
    "true",
    "''",
    "[]",
    "[[]]",
    "{}",
    "[{}]",
    "1979-05-27",
    "07:32:00",
    "9999-12-31T23:59:59Z",
]
VALUES += sorted(set(re.findall(r"= (.+)", EXAMPLE)))
HEADERS = [f"[[{key}]]" for key in KEYS] + [f"[{key}]" for key in KEYS]
ANY_LINE = st.one_of(
    st.sampled_from(EXAMPLE.split("\n")),
    st.sampled_from(HEADERS),
    st.builds("{} = {}".format, st.sampled_from(KEYS), st.sampled_from(VALUES)),
    st.text(max_size=20),
)
ANY_TEXT = st.one_of(st.text(), st.lists(ANY_LINE).map("\n".join))


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """The example with some of its lines lost, repeated or replaced."""
    lines = EXAMPLE.split("\n")
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(lines) - 1))
        lines[at : at + draw(st.integers(0, 2))] = draw(st.lists(ANY_LINE, max_size=2)) or [""]
    return "\n".join(lines)


@settings(max_examples=400, deadline=None)
@given(ANY_TEXT | damaged())
def test_any_text_is_a_directory_or_its_mistakes_at_lines_it_has(text: str) -> None:
    for line, says in mistakes(text):
        assert 1 <= line <= text.count("\n") + 1
        assert says.isprintable()
        assert says.endswith((".", "?"))
