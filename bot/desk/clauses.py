"""Which clauses somebody may read, and in which version of the terms: their own provider's, the desk all of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.desk.doors import CaseRef, find
from bot.desk.eligibility import today
from bot.desk.entitlements import provider_of
from bot.desk.views import view
from bot.turn import Turn
from rules.catalogue import Clause, Provider, Terms
from rules.lifecycle import Verb
from rules.refusals import Misunderstood, NoSuchClause

LEAST = 1000  # no clause is a number, a case is


@dataclass(frozen=True)
class Cited:
    """A clause of a provider's, in the version of its terms that holds."""

    provider: Provider
    clause: Clause
    terms: Terms


def cited(turn: Turn, words: str) -> list[Cited]:
    """``W46 W47``, ``1042 W46``: as of the case's receipt where one is named (W36), else as of today."""
    named = [word for word in words.replace(",", " ").replace("#", " ").split() if word.lower() not in ("case", "and")]
    case, ids = _case(named), [word for word in named if not word.isdigit()]
    if not ids:
        raise Misunderstood(usage="clause ID")
    return [one for id in dict.fromkeys(ids) for one in _of(turn, id, case)]


def _case(named: Sequence[str]) -> CaseRef | None:
    number = next((word for word in named if word.isascii() and word.isdigit() and len(word) < 10), None)
    return CaseRef(int(number)) if number and int(number) > LEAST else None


def _of(turn: Turn, id: str, ref: CaseRef | None) -> Iterator[Cited]:
    """Nobody learns of another provider's clauses, not even that there are any (C1)."""
    providers, version = _providers(turn), None
    if ref is not None:
        seen = view(turn, find(turn, Verb.SEE, ref))
        providers, version = [seen.provider], seen.case.terms
    found = [Cited(one, clause, _terms(turn, one, version)) for one in providers if (clause := _named(one, id))]
    if not found:
        raise NoSuchClause(name=id)
    yield from found


def _providers(turn: Turn) -> Sequence[Provider]:
    return list(turn.catalogues.providers.values()) if turn.actor.staff else [provider_of(turn)]


def _named(provider: Provider, id: str) -> Clause | None:
    return next((clause for clause in provider.clauses.values() if clause.id.casefold() == id.casefold()), None)


def _terms(turn: Turn, provider: Provider, version: str | None) -> Terms:
    kept = next((terms for terms in provider.terms if terms.version == version), None)
    return kept or provider.terms_on(today(provider, turn.now))
