"""Puts a provider together from its file: plans inherit, wordings join their clauses, hours become a calendar."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType

from rules.business_time import Calendar
from rules.catalogue.kinds import Kind
from rules.catalogue.parts import Clause, Climbing, Hours, Response, Ruling, Rungs, Target
from rules.catalogue.provider import Fact, NotPublished, Plan, Provider
from rules.catalogue.shape import File, PlanFile
from rules.ladder import Ladder

Clauses = Mapping[str, Clause]


def assemble(file: File) -> Provider:
    clauses = {id: Clause(id, it.says, it.quote) for id, it in file.clauses.items()}
    plans: dict[str, Plan] = {}  # filled below: a plan knows its provider
    provider = Provider(
        id=file.id,
        name=file.name,
        title=file.title,
        clauses=MappingProxyType(clauses),
        plans=MappingProxyType(plans),
        terms=tuple(sorted(file.terms, key=lambda terms: terms.effective)),
        contacts=file.contacts,
        desk=file.desk,
        ladders=_ladders([file.ladder], file),
        facts=MappingProxyType({question: _fact(question, ids, clauses) for question, ids in file.facts.items()}),
        silences=MappingProxyType(
            {question: NotPublished(question, ids) for question, ids in file.not_published.items()}
        ),
        phone=file.phone,
        email=file.email,
        escalation=file.escalation,
        privacy=file.privacy,
        currency=file.currency,
        hours=file.hours,
        clock=_calendar(file.hours) if file.hours else None,
        terms_notice=file.terms_notice,
        notice=file.notice,
        contracts=file.contracts,
        extension=file.extension,
        products=file.products,
        areas=file.areas,
        browsers=file.browsers,
        version_update=file.version_update,
        status_page=file.status_page,
        seats=file.seats,
        payment=_said(file.payment, clauses),
        words=MappingProxyType(file.words),
    )
    for name in file.plans:
        plan = _plan(name, file, provider)
        plans[plan.id] = plan
    return provider


def _plan(name: str, file: File, provider: Provider) -> Plan:
    line = _line(name, file.plans)
    own_first = line[::-1]
    coverage: dict[Kind, Ruling] = dict(file.coverage)
    for plan in line:
        coverage |= plan.coverage
    return Plan(
        id=f"{file.id}/{name}",
        name=file.plans[name].name,
        provider=provider,
        features=_said([id for plan in line for id in plan.features], provider.clauses),
        price=next((price for plan in own_first if (price := plan.price_per_user or plan.price_of_licences)), None),
        targets=_targets(next((plan.response for plan in own_first if plan.response), Response())),
        ladders=_ladders([file.ladder, *(plan.ladder for plan in line)], file),
        coverage=MappingProxyType(coverage),
        concierge=next((plan.concierge for plan in own_first if plan.concierge), ()),
        coach=next((plan.coach for plan in own_first if plan.coach), ()),
        licences=next((plan.licences for plan in own_first if plan.licences), None),
    )


def _line(name: str, plans: Mapping[str, PlanFile]) -> list[PlanFile]:
    """The plan and all it extends, the furthest first."""
    parent = plans[name].extends
    return [*(_line(parent, plans) if parent else []), plans[name]]


def _targets(response: Response) -> Mapping[str | None, Target]:
    every = {None: Target(response.minutes, response.clauses)} if response.minutes else {}
    return MappingProxyType({**every, **response.by_priority})


def _ladders(written: Iterable[Climbing], file: File) -> Mapping[str | None, Ladder]:
    """By priority, each as the last that speaks of it says: the provider, then a plan and those that it extends."""
    ladders: dict[str | None, Ladder] = dict.fromkeys((None, *file.desk.priorities), Ladder())
    for climbing in written:
        for priority, ladder in ladders.items():
            own = climbing.by_priority.get(priority) if priority else None
            ladders[priority] = _climb(_climb(ladder, climbing), own or Rungs())
    return MappingProxyType(ladders)


def _climb(ladder: Ladder, rungs: Rungs) -> Ladder:
    at = dict(ladder.at) | {int(step): heard for step, heard in rungs.tell.items() if step.isdigit()}
    return replace(
        ladder,
        at=MappingProxyType({share: heard for share, heard in sorted(at.items()) if heard}),
        **{step: heard for step, heard in rungs.tell.items() if not step.isdigit()},
        climb_minutes=rungs.climb_minutes or ladder.climb_minutes,
        acknowledged_minutes=rungs.acknowledged_minutes or ladder.acknowledged_minutes,
    )


def _said(ids: Iterable[str], clauses: Clauses) -> tuple[Clause, ...]:
    return tuple(clauses[id] for id in ids)


def _fact(question: str, ids: tuple[str, ...], clauses: Clauses) -> Fact:
    return Fact(question, " ".join(it.quote or it.says for it in _said(ids, clauses)), ids)


def _calendar(hours: Hours) -> Calendar:
    return Calendar(week=hours.week, zone=hours.zone, holidays=hours.holidays, label=hours.label)
