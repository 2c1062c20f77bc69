"""The two shipped catalogues, and what their rows rest on."""

from itertools import chain

from catalogues import FOLDER
from rules.catalogue import Fact, Kind, Verdict, load_folder

CATALOGUES = load_folder(FOLDER)
WEBSAN, TERRASOFT = CATALOGUES.provider("websan"), CATALOGUES.provider("terrasoft")
BASE, SUCCESS, WINNING = (CATALOGUES.plan(f"websan/{name}") for name in ("base", "success", "winning"))


def features(plan):
    return [clause.id for clause in plan.features]


def answer(provider, question):
    fact = provider.fact(question)
    assert isinstance(fact, Fact)
    return fact.answer


def cited(provider):
    """Every clause that some value, fact or silence of the catalogue rests on."""
    parts = [provider.phone, provider.email, provider.escalation, provider.privacy, provider.currency, provider.hours]
    parts += [provider.terms_notice, provider.notice, provider.contacts, provider.extension, provider.products]
    parts += [provider.areas, provider.contracts.months, *provider.facts.values(), *provider.silences.values()]
    for plan in provider.plans.values():
        parts += [plan.price, plan.licences, *plan.targets.values(), *plan.coverage.values()]
    ids = set(chain.from_iterable(part.clauses for part in parts if part))
    ids |= {clause.id for clause in chain(provider.payment, *(plan.features for plan in provider.plans.values()))}
    return ids.union(provider.contracts.support_with_licences, provider.contracts.latest_versions, provider.seats)


def tweak_minutes(plan):
    """How long a covered change of existing things may take; None if the plan covers no such changes."""
    ruling = plan.coverage[Kind.TWEAK]
    return ruling.up_to_minutes if ruling.verdict is Verdict.COVERED else None


ACME = """\
id = "acme"
name = "Acme"
title = "Acme Care"
currency = { symbol = "€", code = "EUR", clauses = ["A1"] }

[hours]
zone = "Europe/Berlin"
label = "Berlin"
clauses = ["A2"]
holidays = [2026-12-25, 2027-01-01]

[hours.week]
mon = [["13:00", "17:30"], ["08:00", "12:00"]]
sat = [["00:00", "24:00"]]

[terms_notice]
days = 30
clauses = ["A3"]

[[terms]]
version = "2"
published = 2026-05-01
effective = 2026-06-01
[[terms]]
version = "1"
published = 2025-01-01
effective = 2025-02-01

[contacts]
rule = "nominated"
clauses = ["A3"]

[desk]
priorities = ["critical", "usual"]
reopen_days = 5

[coverage]
break_fix = { verdict = "covered", clauses = ["A2"] }
tweak = { verdict = "excluded", clauses = ["A2"] }

[facts]
colour = ["A1", "A3"]

[not_published]
weather = ["A2"]

[plans.small]
name = "Small"
features = ["A1"]
price_per_user = { first = 9.50, additional = "0.25", clauses = ["A1"] }
[plans.small.response]
by_priority = { critical = { minutes = 30, clauses = ["A2"] } }

[plans.big]
name = "Big"
extends = "small"
features = ["A2"]
[plans.big.response]
minutes = 600
clauses = ["A2"]
by_priority = { critical = { minutes = 15, clauses = ["A3"] } }
[plans.big.coverage.tweak]
verdict = "covered"
clauses = ["A3"]
up_to_minutes = 20
beyond = { verdict = "time_and_materials", clauses = ["A1"] }

[clauses]
A1 = "Red."
A2 = "Green."
A3 = { says = "Blue.", quote = "Bleu." }
"""
