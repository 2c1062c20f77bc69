"""What many are told at once, as they read it and as the desk sees it. What was written for it is quoted."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bot.languages import called
from bot.messages import Code, Count, Day, Message, Moment, Printed, Quote, Quoted
from bot.messages import Person as Named
from bot.text.values import clauses, reached_at
from bot.wording import Choice, Part, Row, Sentence, Table, message, say, several
from rules.catalogue import Fact, Plan, Provider
from rules.catalogue.kinds import Kind
from rules.people import Actor
from rules.refusals import AnnouncedBefore, NoAnnouncement, NobodyToTell, PreviewIsOld, Refusal, TermsTooSoon

if TYPE_CHECKING:
    from bot.desk.announcing import Preview, Shown
    from store.announcements import Told
    from store.tables import Announcement

    Listed = tuple[Announcement, int]

MOST = 10
"""Of those who cannot be reached, how many are named."""


def announced(row: "Announcement", author: str, provider: Provider, plan: Plan | None, reader: Actor) -> Message:
    """As a customer reads it; ``plan`` is theirs."""
    quote = Quote(Named(author, _AUTHOR), row.words) if row.words else None
    said = _SAID[row.kind](row, provider, plan)
    look = (Choice(say("My plan"), "plan"),) if row.terms else ()
    reached = reached_at(provider, "small")
    return message(reader, *said, quote, look, reached)


_AUTHOR = "support desk"


def _terms(row: "Announcement", provider: Provider, _: Plan | None) -> list[Part]:
    """W36; a case keeps the terms under which it was received (R7)."""
    version, name = Quoted(row.terms or ""), Printed(provider.name)
    assert row.effective is not None, "terms have a day from which they hold"
    about: dict[str, Any] = {"provider": name, "version": version, "day": Day(row.effective)}
    notice = provider.terms_notice
    head = say("New terms of {provider}", style="heading", provider=name)
    if notice is None:
        return [head, Sentence("Version {version} of the terms of {provider} holds from {day}.", about), _kept()]
    about["clauses"] = clauses(notice.clauses)
    holds = Sentence("Version {version} of the terms of {provider} holds from {day} ({clauses}).", about)
    return [head, holds, _kept()]


def _kept() -> Sentence:
    return say("Cases received before that day keep the terms under which they were received.")


def _update(row: "Announcement", provider: Provider, _: Plan | None) -> list[Part]:
    head = say("News of {product}", style="heading", product=Printed(row.audience))
    fact = provider.fact("patches")
    if not isinstance(fact, Fact):
        return [head]
    return [head, say("{said} ({clauses})", said=Printed(fact.answer), clauses=clauses(fact.clauses))]


def _upgrade(row: "Announcement", provider: Provider, plan: Plan | None) -> list[Part]:
    """W35: whoever runs code of their own tests it, and that is not part of the support."""
    head = say("Before an upgrade", style="heading")
    told = say("Your company runs custom code or plug-ins. Please have them tested before the upgrade.")
    ruling = plan.exclusions.get(Kind.CUSTOM_PLUGIN) if plan else None
    if ruling is None or not ruling.clauses:
        return [head, told]
    return [head, told, say("That testing is not included ({clauses}).", clauses=clauses(ruling.clauses))]


def _news(row: "Announcement", provider: Provider, _: Plan | None) -> list[Part]:
    return [say("News from {provider}", style="heading", provider=Printed(provider.name))]


_SAID = {"terms": _terms, "update": _update, "upgrade": _upgrade, "news": _news}


def announcement_preview(preview: "Preview", reader: Actor) -> Message:
    """Before anybody is told: the message itself, who reads it, who cannot, and the button that sends it."""
    row = preview.row
    head = say("Announcement {number}, not sent yet", style="heading", number=Code(str(row.id)))
    to = Table(
        (
            ("For", Printed(row.audience)),
            ("Accounts", Count(preview.accounts)),
            ("People", Count(preview.people)),
            ("Cannot be reached", Count(len(preview.missed))),
        )
    )
    shown: list[Any] = list(message(reader, head, to, *_missed(preview.missed)).parts)
    for language, plan, many in preview.read:
        as_read = announced(row, preview.author, plan.provider, plan, replace(reader, language=language))
        who = several(
            "As {n} person reads it, in this language: {language}",
            "As {n} people read it, in this language: {language}",
            many,
            language=Printed(called(language)),
        )
        shown += [*message(reader, replace(who, style="small")).parts, *as_read.parts]
    button = (Choice(say("Send"), f"announce {row.id} send", "primary"),) if preview.people else ()
    nobody = None if preview.people else say("Nobody of them can be reached, so there is nothing to send.")
    last = message(reader, nobody, button)
    return replace(last, parts=(*shown, *last.parts))


def _missed(missed: Sequence[tuple[str, str]]) -> list[Part | None]:
    rows = tuple(Row(_one_missed(name, company)) for name, company in missed[:MOST])
    left = len(missed) - MOST
    more = several("And {n} more.", "And {n} more.", left) if left > 0 else None
    return [say("Cannot be reached:"), rows, more] if rows else []


def _one_missed(name: str, company: str) -> Sentence:
    if not name:
        return say("{company}: nobody there speaks for the company", company=Quoted(company))
    return say("{name}, {company}", name=Quoted(name), company=Quoted(company))


def announcement_sent(row: "Announcement", people: int, reader: Actor) -> Message:
    said = several(
        "Announcement {number} leaves for {n} person now.",
        "Announcement {number} leaves for {n} people now.",
        people,
        number=Code(str(row.id)),
    )
    return message(reader, said, (Choice(say("How it went"), f"announcement {row.id}"),))


def announcement_list(rows: "Sequence[Listed]", reader: Actor) -> Message:
    if not rows:
        return message(reader, say("Nothing was announced yet."))
    items = tuple(Row(_listed(row, many), Choice(say("Show"), f"announcement {row.id}")) for row, many in rows)
    return message(reader, say("Announcements", style="heading"), items)


def _listed(row: "Announcement", many: int) -> Sentence:
    state = say("sent {at}", at=Moment(row.sent_at)) if row.sent_at else say("not sent")
    return several(
        "{number}: {kind} for {audience}, {n} person, {state}",
        "{number}: {kind} for {audience}, {n} people, {state}",
        many,
        number=Code(str(row.id)),
        kind=say(_KIND[row.kind]),
        audience=Printed(row.audience),
        state=state,
    )


_KIND = {
    "terms": "new terms",
    "update": "an update",
    "upgrade": "a reminder before an upgrade",
    "news": "news",
}


def announcement(shown: "Shown", reader: Actor) -> Message:
    """What became of it, account by account."""
    row = shown.row
    head = say("Announcement {number}: {kind}", style="heading", number=Code(str(row.id)), kind=say(_KIND[row.kind]))
    facts: list[tuple[str, Sentence | Printed | Count | Moment | Quoted]] = [
        ("For", Printed(row.audience)),
        ("By", Quoted(shown.author)),
        ("Sent", Moment(row.sent_at) if row.sent_at else say("not yet")),
        ("Accounts", Count(shown.many)),
    ]
    facts += [("Holds from", say("{day}", day=Day(row.effective)))] if row.effective else []
    counted = say("{told}", told=_fates(shown.all)) if row.sent_at else None
    quote = Quote(Named(shown.author, _AUTHOR), row.words) if row.words else None
    rows = tuple(Row(say("{company}: {told}", company=Quoted(it.name), told=_fates(it))) for it in shown.accounts)
    more = (Choice(say("More"), f"announcement {row.id} page {shown.page + 1}"),) if shown.more else ()
    return message(reader, head, Table(tuple(facts)), quote, counted, rows if row.sent_at else (), more)


def _fates(told: "Told") -> Sentence:
    """Those that are none are not said; at least one is."""
    values: dict[str, Any] = {
        name: say(template, many=Count(getattr(told, name))) for name, template in _FATES.items() if getattr(told, name)
    }
    if not values:
        return say("nobody yet")
    return Sentence(", ".join(f"{{{name}}}" for name in values), values)


_FATES = {
    "seen": "{many} seen",
    "sent": "{many} sent",
    "waiting": "{many} waiting",
    "dead": "{many} undeliverable",
    "unreachable": "{many} nowhere to be reached",
}


def not_announced(refusal: Refusal) -> Sentence:
    """Why an announcement is not made, or not sent."""
    about: dict[str, Any] = refusal.about
    match refusal:
        case NoAnnouncement():
            number, lists = Code(str(about["number"])), Code("announcements")
            return say("There is no announcement {number}. {line} lists them.", number=number, line=lists)
        case AnnouncedBefore():
            gone = "Announcement {number} was sent already, {at}. It is not sent again."
            return say(gone, number=Code(str(about["number"])), at=Moment(about["at"]))
        case PreviewIsOld():
            old = "The preview of announcement {number} is too old: contracts and people change. Write it again."
            return say(old, number=Code(str(about["number"])))
        case TermsTooSoon():
            return several(
                "Version {version} holds from {effect}, but notice is {n} day ({clauses}): not before {earliest}.",
                "Version {version} holds from {effect}, but notice is {n} days ({clauses}): not before {earliest}.",
                about["days"],
                version=Quoted(about["version"]),
                effect=Day(about["effect"]),
                earliest=Day(about["earliest"]),
                clauses=clauses(about["clauses"]),
            )
        case NobodyToTell():
            return say("No contract in force is meant by {audience}.", audience=Quoted(str(about["audience"])))
    return say("I can't do that.")
