"""Every sentence that the bot says on its own account. It decides nothing."""

from bot.text.answers import broke, greeting, help_, refused, stranger, undeliverable, welcome
from bot.text.cards import card, cases, history, queue
from bot.text.questions import form, question
from bot.text.telling import (
    added,
    asked_person,
    completed,
    critical,
    done,
    dropped,
    escalated,
    news,
    opened,
    questions_dropped,
    thanks,
    warned,
    works_now,
)

__all__ = [
    "added",
    "asked_person",
    "broke",
    "card",
    "cases",
    "completed",
    "critical",
    "done",
    "dropped",
    "escalated",
    "form",
    "greeting",
    "help_",
    "history",
    "news",
    "opened",
    "question",
    "questions_dropped",
    "queue",
    "refused",
    "stranger",
    "thanks",
    "undeliverable",
    "warned",
    "welcome",
    "works_now",
]
