"""Every sentence that the bot says on its own account. It decides nothing."""

from bot.text.answers import broke, greeting, help_, refused, stranger, undeliverable, welcome
from bot.text.cards import card, cases, history, queue
from bot.text.entitlements import entitlement, fact, prices, termination, whois, why
from bot.text.knowledge import article, helped, no_person_for_that
from bot.text.questions import form, question
from bot.text.telling import (
    added,
    asked_person,
    completed,
    critical,
    done,
    dropped,
    escalated,
    merged,
    news,
    opened,
    opened_for,
    questions_dropped,
    thanks,
    warned,
    works_now,
)

__all__ = [
    "added",
    "article",
    "asked_person",
    "broke",
    "card",
    "cases",
    "completed",
    "critical",
    "done",
    "dropped",
    "entitlement",
    "escalated",
    "fact",
    "form",
    "greeting",
    "help_",
    "helped",
    "history",
    "merged",
    "news",
    "no_person_for_that",
    "opened",
    "opened_for",
    "prices",
    "question",
    "questions_dropped",
    "queue",
    "refused",
    "stranger",
    "termination",
    "thanks",
    "undeliverable",
    "warned",
    "welcome",
    "whois",
    "why",
    "works_now",
]
