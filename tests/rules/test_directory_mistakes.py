"""Each mistake that a directory file can have is said once, at its line."""

import pytest

from tests.rules.directories import LONG, mistakes


def marked(text: str) -> list[tuple[int, str]]:
    """What the text says about itself: a comment ``#! words`` announces a mistake of that line with those words."""
    lines = enumerate(text.split("\n"), 1)
    return [(number, says.strip()) for number, line in lines for says in line.split("#!")[1:]]


# What is wrong -----------------------------------------------------------------------------------------------------

# Files full of mistakes. A comment "#! words" announces one of its line, in the words that it is to be found by.
WRONG = {
    "tables and keys that are not there": """\
licences = 5 #! There is no table "licences" here.
[[acount]] #! There is no table "acount" here. Did you mean "account"?
[zzz] #! There is no table "zzz" here.
[[account]]
name = "Northwind"
slug = "northwind"
Slugg = "north" #! There is no key "Slugg" here. Did you mean "slug"?
[desk]
slack_chanel = "T0DESK/C0Q" #! There is no key "slack_chanel" here. Did you mean "slack_channel"?
""",
    "keys that are missing": """\
[[account]] #! name is missing; it must be one line of #! slug is missing; it must be small letters, digits and hyphens
[[contract]] #! account is missing #! plan is missing #! starts is missing; it must be a date #! licences is missing
[[contact]] #! account is missing; it must be the slug of an account #! name is missing #! email is missing
[[staff]] #! name is missing #! email is missing; it must be an e-mail address #! role is missing; it must be one of
[[assignment]] #! account is missing #! An assignment names a concierge, a coach or both.
[[channel]] #! account is missing #! A channel names a place in slack, in teams or in both.
""",
    "tables written as values": """\
account = [1] #! account must be tables that begin with [[account]], in double brackets.
contact = {} #! contact must be tables that begin with [[contact]], in double brackets.
staff = "Cora" #! staff must be tables that begin with [[staff]], in double brackets.
desk = true #! desk must be one table that begins with [desk], in single brackets.
""",
    "single and double brackets": """\
[channel] #! channel must be tables that begin with [[channel]], in double brackets.
[[desk]] #! desk must be one table that begins with [desk], in single brackets.
""",
    "what is not TOML": 'name = "Northwind" \nslug = "north #! This is not TOML:',
    "names": f"""\
account = [
{{slug = "a", name = 5}}, #! name must be one line of at most 200 characters with a letter or a digit, not 5.
{{slug = "b", name = true}}, #! not true.
{{slug = "c", name = []}}, #! not a list.
{{slug = "d", name = {{}}}}, #! not a table.
{{slug = "e", name = "  "}}, #! not "  ".
{{slug = "f", name = "\u200b"}}, #! name must be one line
{{slug = "g", name = "{LONG}x"}}, #! not "{LONG[:60]}…".
{{slug = "h", name = "North\\u0007wind"}}, #! not "North\N{REPLACEMENT CHARACTER}wind".
{{slug = "i", name = "North\\nwind"}}, #! not "North\N{REPLACEMENT CHARACTER}wind".
{{slug = "j", name = "North\u202ewind"}}, #! not "North\N{REPLACEMENT CHARACTER}wind".
]
""",
    "slugs": """\
account = [
{name = "A", slug = "North"}, #! slug must be small letters, digits and hyphens, such as "northwind", not "North".
{name = "B", slug = "north wind"}, #! not "north wind".
{name = "C", slug = "zürich"}, #! not "zürich".
{name = "D", slug = "north-"}, #! not "north-".
{name = "E", slug = "northwind"},
{name = "F", slug = "northwind"}, #! slug repeats line 6: give each account its own.
]
""",
    "tenants": """\
[[account]]
name = "Northwind"
slug = "northwind"
slack_teams = ["T0NORTH", "T0NORTH"] #! slack_teams repeats line 4: it belongs to one account and is listed there once.
teams_tenants = [
    "5b1f7a52-3c0e-4d58-9d0a-0f6f6f1c2a10",
    "northwind.example", #! teams_tenants must be the id of a Teams tenant, such as "72f988bf-
]
[[account]]
name = "Contoso"
slug = "contoso"
slack_teams = [
    "T0NORTH", #! slack_teams repeats line 4
    "U0CON", #! slack_teams must be the id of a Slack workspace or organisation, such as "T0NORTH", not "U0CON".
]
teams_tenants = ["5B1F7A52-3C0E-4D58-9D0A-0F6F6F1C2A10"] #! teams_tenants repeats line 6
[[account]]
name = "Fabrikam"
slug = "fabrikam"
slack_teams = "T0FAB" #! slack_teams must be a list in square brackets.
""",
    "what contracts state": f"""\
account = [{{name = "A", slug = "a"}}, {{name = "B", slug = "b"}}]
[[contract]]
account = "aa" #! account must be the slug of an account in this file, not "aa". Did you mean "a"?
plan = "websan/succes" #! plan must be a plan of the catalogues, not "websan/succes". Did you mean "websan/success"?
starts = "2026-01-01" #! starts must be a date between 1990 and 2199 without quotes, such as 2026-01-01, not "2026
ends = 2026-01-01T08:00:00Z #! ends must be a date
paid_until = 2200-01-01 #! paid_until must be a date
licences = 0 #! licences must be a whole number from 1 to 1000000, not 0.
licence_total = "5"
products = ["CRM"]
[[contract]]
account = "a"
plan = "terrasoft/basic"
starts = 1989-12-31 #! starts must be a date
licences = true #! licences must be a whole number from 1 to 1000000, not true.
licence_total = 40000.00 #! licence_total must be an amount above zero in quotes, such as "40000.00", not 40000.00.
products = [] #! products must be a list in square brackets, with at least one entry.
[[contract]] #! licence_total is missing; every terrasoft contract states it. #! products is missing; every terrasoft
account = "a"
plan = "terrasoft/basic"
starts = 2026-01-01
ends = 2025-12-31 #! ends must not be before starts; it is the last day of the contract.
licences = "5" #! not "5".
[[contract]]
account = "b"
plan = "terrasoft/basic"
starts = 2025-01-01
ends = 2025-12-31
licences = 2.5 #! not 2.5.
licence_total = "0.00" #! not "0.00".
products = ["CRM", " "] #! products must be one line
[[contract]]
account = "b"
plan = "terrasoft/basic"
starts = 2026-01-01
licences = 0x{"f" * 9000} #! not so large a number.
licence_total = "40000.005" #! not "40000.005".
products = ["CRM"]
[[contract]]
account = "b"
plan = "websan/base"
starts = 2026-01-01
licences = 1000001 #! not 1000001.
licence_total = "5" #! licence_total means nothing in a websan contract; leave it out.
products = ["CRM"] #! products means nothing in a websan contract; leave it out.
""",
    "contracts at the same time": "account = [{name = 'A', slug = 'a'}, {name = 'B', slug = 'b'}]\ncontract = [\n"
    + "\n".join(
        f'{{account = "{account}", plan = "websan/base", licences = 1, {days}'
        for account, days in (
            ("a", "starts = 2026-01-01},"),
            (
                "a",
                "starts = 2027-01-01}, #! starts before the contract on line 3 ends; end that one sooner, since an acc",
            ),
            ("a", "starts = 2026-02-01, ends = 2026-02-02}, #! starts before the contract on line 3 ends"),
            ("b", "starts = 2025-12-31, ends = 2026-01-31}, #! starts before the contract on line 8 ends"),
            ("b", "starts = 2025-01-01, ends = 2025-06-30},"),
            ("b", "starts = 2025-07-01, ends = 2025-12-31},"),
        )
    )
    + "]",
    "people": """\
[[staff]]
name = "Cora Diaz"
email = "cora@desk.example"
role = "concierge"
slack = "T0DESK/U0CORA"
teams = "c0a1e4de-52f3-4f0f-8a36-6f3d5c3f9b44/7e2b9a10-94c8-4e5c-b1f8-2a7d1c6e0f35"
[[staff]]
name = "Sam Ortiz"
email = "Cora@Desk.example" #! email repeats line 3: give each person their own.
role = "conciege" #! role must be one of admin, agent, coach, concierge, lead, not "conciege". Did you mean "concierge"?
timezone = "Toronto" #! timezone must be the IANA name of a zone, such as "America/Toronto", not "Toronto".
slack = "T0DESK/U0CORA" #! slack repeats line 5: it belongs to one person.
teams = "C0A1E4DE-52F3-4F0F-8A36-6F3D5C3F9B44/7e2b9a10-94c8-4e5c-b1f8-2a7d1c6e0f35" #! teams repeats line 6
[[staff]]
name = "Lena Park"
email = "lena@desk" #! email must be an e-mail address such as "ann@northwind.example", not "lena@desk".
role = "customer" #! not "customer".
timezone = "america/toronto" #! not "america/toronto". Did you mean "America/Toronto"?
slack = "U0LENA" #! slack must be a Slack workspace and user, such as "T0NORTH/U0ANN", not "U0LENA".
teams = "c0a1e4de-52f3-4f0f-8a36-6f3d5c3f9b44/lena@desk.example" #! teams must be a Teams tenant and user, two ids
[[staff]]
name = "Max Roe"
email = "Max <max@desk.example>" #! not "Max <max@desk.example>".
role = "clock" #! not "clock".
timezone = "localtime" #! not "localtime".
slack = "T0DESK/C0MAX" #! not "T0DESK/C0MAX".
teams = "desk.example/c0a1e4de-52f3-4f0f-8a36-6f3d5c3f9b44" #! not "desk.example/c0a1e4de
[[staff]]
name = "Pia Kern"
email = "p..k@desk.example" #! not "p..k@desk.example".
role = "agent"
timezone = "utc" #! not "utc". Did you mean "UTC"?
slack = "t0desk/u0pia" #! not "t0desk/u0pia".
[[account]]
name = "Northwind"
slug = "northwind"
[[contact]]
account = "nortwind" #! account must be the slug of an account in this file, not "nortwind". Did you mean "northwind"?
name = "Ann Lee"
email = "cora@desk.example" #! email repeats line 3
licensed = "yes" #! licensed must be true or false, not "yes".
nominated = 1 #! nominated must be true or false, not 1.
slack = "T0DESK/U0CORA" #! slack repeats line 5
[[contact]]
account = "northwind"
name = "Bob Shaw"
email = "bob@northwind.example"
nominated = true #! nominated needs licensed = true: nominated users are among the licensed ones.
[[contact]]
account = "northwind"
name = "Tom Reed"
email = "tom@northwind.example"
licensed = false
nominated = true #! nominated needs licensed = true
""",
    "contact persons": """\
account = [{name = "A", slug = "a"}, {name = "B", slug = "b"}]
contract = [
{account = "a", plan = "terrasoft/basic", starts = 2026-01-01, licences = 1, licence_total = "1", products = ["CRM"]},
{account = "b", plan = "websan/base", starts = 2026-01-01, licences = 1}
]
contact = [
{account = "a", name = "Ann", email = "ann@a.example", contact_person = true},
{account = "a", name = "Bob", email = "bob@a.example", contact_person = true}, #! contact_person repeats line 7: an acc
{account = "a", name = "Tom", email = "tom@a.example", deputy_until = 2026-08-31},
{account = "a", name = "Una", email = "una@a.example", deputy_until = 2026-09-30}, #! deputy_until repeats line 9
{account = "a", name = "Leo", email = "leo@a.example", deputy_until = true}, #! deputy_until must be #! repeats line 9
{account = "b", name = "Eve", email = "eve@b.example", contact_person = true}, #! contact_person is for accounts whose
{account = "b", name = "Pat", email = "pat@b.example", deputy_until = 2026-08-31}, #! deputy_until is for accounts whose
]
""",
    "a contact person who is their own deputy": """\
account = [{name = "A", slug = "a"}]
contract = [
{account = "a", plan = "terrasoft/basic", starts = 2026-01-01, licences = 1, licence_total = "1", products = ["CRM"]},
]
[[contact]]
account = "a"
name = "Ann"
email = "ann@a.example"
contact_person = true
deputy_until = 2026-08-31 #! deputy_until is for somebody else than the contact person.
""",
    "people from elsewhere": """\
account = [{name = "A", slug = "a", slack_teams = ["T0A"]}, {name = "B", slug = "b", slack_teams = ["T0B"]}]
[[contact]]
account = "a"
name = "Ann"
email = "ann@a.example"
slack = "T0ELSE/U0ANN" #! slack is in no workspace of the account or the desk; add it to slack_teams of account "a", or
teams = "5b1f7a52-3c0e-4d58-9d0a-0f6f6f1c2a10/1d0c4f4e-7f5b-4c57-8a53-3f6a0e9b7c21" #! teams is in no tenant of the acc
[[contact]]
account = "a"
name = "Bob"
email = "bob@a.example"
slack = "T0B/U0BOB" #! slack is in no workspace of the account or the desk
[[staff]]
name = "Cora Diaz, a guest at B"
email = "cora@desk.example"
role = "concierge"
slack = "T0B/U0CORA"
""",
    "who is on call and who is away": """\
staff = [
{name = "Cora", email = "cora@desk.example", role = "concierge", timezone = "Europe/Paris", any_hour = 1}, #! any_hour
{name = "Kim", email = "kim@desk.example", role = "agent", language = "de"}, #! must be one of en, fr, not "de".
{name = "Sam", email = "sam@desk.example", role = "agent", timezone = "Europe/Paris"},
{name = "Lena", email = "lena@desk.example", role = "lead"},
]
[[rota]] #! name is missing #! people is missing #! begins is missing #! handover is missing #! timezone is missing
days = 0 #! days must be a whole number from 1 to 366, not 0.
[[rota]]
name = "Nights"
people = ["cora@desk.example", "ann@north.example"] #! people must be the e-mail of staff in this file, not "ann@north
begins = "monday" #! begins must be a date
handover = "9:00" #! handover must be a time of day in quotes, such as "09:00", not "9:00".
timezone = "Paris" #! timezone must be the IANA name of a zone
days = 7
[[rota]]
name = "Nights" #! name repeats line 10: give each rota its own.
people = [] #! people must be a list in square brackets, with at least one entry.
begins = 2026-01-05
handover = "24:00" #! not "24:00".
timezone = "Europe/Paris"
days = 7
[[absence]] #! staff is missing #! from is missing #! until is missing
[[absence]]
staff = "lena@desk.example"
from = 2026-02-02 #! from is on nobody's clock; give them a timezone, or write an offset
until = 2026-02-06T09:00:00Z
stand_in = "lena@desk.example" #! stand_in must be somebody else.
[[absence]]
staff = "cora@desk.example"
from = 2026-02-02
until = 2026-02-01 #! until must be after from.
[[absence]]
staff = "cora@desk.example"
from = 2026-02-02
until = 2026-02-06
stand_in = "sam@desk.example"
[[absence]]
staff = "cora@desk.example"
from = 2026-02-06T20:00:00 #! overlaps the absence on line 33; leave one of them.
until = 2026-02-08
[[absence]]
staff = "sam@desk.example"
from = 2026-02-06
until = 2026-02-08
stand_in = "cora@desk.example" #! stand_in goes round in a circle: "sam@desk.example" -> "cora@desk.example" -> "sam@
[[absence]]
staff = "sam@desk.example"
from = 2026-02-09
until = 2026-02-10
stand_in = "cora@desk.example"
""",
    "assignments": """\
account = [{name = "A", slug = "a"}, {name = "B", slug = "b"}]
staff = [
{name = "Cora", email = "cora@desk.example", role = "concierge"},
{name = "Sam", email = "sam@desk.example", role = "agent"},
]
[[assignment]]
account = "a"
concierge = "corra@desk.example" #! not "corra@desk.example". Did you mean "cora@desk.example"?
coach = "cora@desk.example" #! coach must be the e-mail of a coach in this file, not "cora@desk.example".
[[assignment]]
account = "b"
concierge = "sam@desk.example" #! concierge must be the e-mail of a concierge, lead or admin in this file, not "sam@
[[assignment]]
account = "a" #! account repeats line 7: name concierge and coach of an account in one assignment.
concierge = "cora@desk.example"
[[assignment]]
account = "nobody" #! account must be the slug of an account in this file, not "nobody".
concierge = "cora@desk.example"
""",
    "rooms": """\
account = [{name = "A", slug = "a"}, {name = "B", slug = "b"}]
channel = [
{account = "a", slack = "T0DESK/C0A", teams = "19:a@thread.tacv2"},
{account = "b", slack = "T0DESK/C0A"}, #! slack repeats line 3: it belongs to one account or to the desk.
{account = "b", teams = "19:a@thread.tacv2"}, #! teams repeats line 3
{account = "b", slack = "T0DESK/U0B"}, #! slack must be a Slack workspace and channel, such as "T0DESK/C0NW", not
{account = "b", teams = "https://teams.example/l"}, #! teams must be a Teams conversation id without /, ; and blanks
{account = "b", teams = "19:b;messageid=1"}, #! not "19:b;messageid=1".
{account = "nobody", teams = "19:c"}, #! account must be the slug of an account in this file, not "nobody".
]
[desk]
slack_channel = "T0DESK/C0A" #! slack_channel repeats line 3
teams_conversation = "19: q" #! teams_conversation must be a Teams conversation id
""",
    "one mistake, of which none follows": """\
account = [
{name = "A", slug = "O T"}, #! slug must be small letters
{name = "B", slug = "b", slack_teams = ["T0B"]},
{name = "C", slug = "b"}, #! slug repeats line 3
]
contract = [
{account = "b", plan = "websan/base", licences = 1, starts = "soon"}, #! starts must be a date
{account = "b", plan = "websan/base", licences = 1, starts = 2025-01-01, ends = "soon"}, #! ends must be a date
{account = "b", plan = "websan/base", licences = 1, starts = 2026-01-01},
{account = "b", licences = 1, starts = 2026-01-01}, #! plan is missing
{account = "b", licences = 1, starts = 2026-01-01}, #! plan is missing
{plan = "websan/base", licences = 1, starts = 2026-01-01}, #! account is missing
{plan = "websan/base", licences = 1, starts = 2026-01-01}, #! account is missing
]
contact = [
{account = "O T", name = "Ann", email = "ann@ot.example"},
{account = "c", name = "Bob", email = "bob@c.example", contact_person = true, slack = "T0C/U0BOB"}, #! account must be
{account = "b", name = "Eve", email = "eve@b.example", licensed = "yes", nominated = true}, #! licensed must be true or
{account = "b", name = "Pat", email = "pat@b.example", slack = "T0B/U0PAT"},
]
staff = [
{name = "Max", email = "max@desk", role = "lead"}, #! email must be an e-mail address
{name = "Pia", email = "pia@desk.example", role = "boss"}, #! role must be one of
]
assignment = [
{account = "O T", concierge = "max@desk"},
{account = "b", concierge = "pia@desk.example", coach = "pia@desk.example"},
]
""",
}


@pytest.mark.parametrize("text", WRONG.values(), ids=WRONG)
def test_each_mistake_is_said_once_at_its_line(text: str) -> None:
    found, announced = mistakes(text), marked(text)
    assert [line for line, _ in found] == [line for line, _ in announced], found
    for (_, says), (_, words) in zip(found, announced, strict=True):
        assert words in says
        assert len(says) < 300
        assert says.isprintable()
