"""Questions, in chat and as a form: labels, choices, and what is wrong with an answer."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.forms import SKIP, FormField, Mistake, Question, ShowForm
from bot.messages import ENGLISH, CaseNumber, Code, Count, Duration, Message
from bot.text.values import PRIORITIES, no_time, past_time, times, which_time
from bot.wording import Choice, Sentence, label, message, say, several
from rules.lifecycle import STARS
from rules.people import Actor

_TITLES = {
    "open_case": "Open a case",
    "which_case": "Where does this belong?",
    "words": "One more thing",
    "how_do_i": "Did this help?",
    "unsure": "What shall I do with it?",
}
_LABELS = {
    ("open_case", "problem"): "What is going wrong?",
    ("open_case", "details"): "What exactly happens, and where do you see it?",
    ("open_case", "scope"): "Is it about something that you have already, or something new?",
    ("open_case", "effort"): "About how long would it take, do you think?",
    ("open_case", "priority"): "How bad is it? You propose, the desk agrees it with you.",
    ("open_case", "changed"): "Did anything change just before, such as an update, a workflow or a setting?",
    **{
        ("words", line): words
        for line, words in {
            "words": "What do you want to say?",
            "ask": "What would you like to do? Ask in your own words.",
            "reply": "What do you want to write?",
            "note": "What should the desk know? The customer never sees it.",
            "call": "What was said on the telephone? The customer sees it.",
            "close": "What was done? The customer reads it and is asked to confirm.",
            "wait": "What do you need from the customer?",
            "assign": "Who shall have it?",
            "priority": "Which priority, and why?",
            "cover": "Which verdict, and why?",
            "client-caused": "What did the customer change? They read it.",
            "ineligible": "Why is it not eligible? The customer reads it.",
            "quote": "How many minutes of work, and for what?",
            "force-close": "Why is it closed without the customer's word? They read it.",
            "merge": "With which case?",
            "split": "What is the second matter?",
            "transfer": "To which queue?",
            "schedule": "When?",
            "link-cases": "With which case has it to do?",
            "unlink-cases": "With which case has it nothing to do?",
            "comment": "What would you like to add?",
            "add": "What would you like to add?",
            "move": "To which case?",
            "code-delivered": "Was the code delivered? Say yes, no or none.",
            "upgrade": "From which day on? Begin with the word from.",
            "rate": "How was it, from {worst} (poor) to {best} (very good)?",
        }.items()
    },
    ("how_do_i", "helped"): "Did this help?",
    ("unsure", "wish"): "I am not sure that I understood. What shall I do with it?",
    ("which_case", "case"): "You have an open case. Where does this belong?",
    ("which_case", "again"): "That case is over. Is it the same again, or something new?",
}


_HELPED = {"yes": "Yes, thanks", "none": "None of these", "case": "None of these: open a case"}

_CHANGES = {
    "existing": "Something that we have",
    "new": "Something new",
    "more": "More than that",
    "unknown": "I don't know",
}

_WISHES = {
    "open": "Open a case",
    "ask": "Look it up",
    "status": "Show my cases",
    "plan": "Show our plan",
}


def question(
    dialog: str, draft: int, asked: Question, reader: Actor, mistake: Mistake | None = None, case: int | None = None
) -> Message:
    """``case``: which of theirs it is about, where they have several."""
    options = tuple(
        Choice(_option(dialog, value, asked.label), f"answer {draft} {asked.name} {value}")
        for value in (*asked.choices, *(() if asked.required else (SKIP,)))
    )
    if mistake and mistake.wrong == "which_time":
        return message(reader, which_time(), _which(draft, asked, mistake))
    wrong = _mistake(dialog, mistake, asked) if mistake else None
    way_out = _way_out() if mistake and asked.choices else None
    words = _label(dialog, asked)
    named = say("{case}: {asked}", case=CaseNumber(case), asked=words) if case else words
    return message(reader, wrong, way_out, named, options)


def _way_out() -> Sentence:
    told = "For anything else, begin with {slash} or {bang}; {cancel} ends the questions."
    return say(told, style="small", slash=Code("/"), bang=Code("!"), cancel=Code("cancel"))


def _which(draft: int, asked: Question, mistake: Mistake) -> tuple[Choice, ...]:
    limits: Mapping[str, Any] = mistake.limits
    return times([(slot, f"answer {draft} {asked.name} {slot}") for slot in limits["slots"]], limits["zone"])


def form(
    dialog: str,
    questions: Sequence[Question],
    answers: Mapping[str, Any],
    mistakes: Mapping[str, Mistake] | None = None,
    draft: int | None = None,
    language: str = ENGLISH,
) -> ShowForm:
    wrong = {
        asked.name: label(_mistake(dialog, mistakes[asked.name], asked), language)
        for asked in questions
        if mistakes and asked.name in mistakes
    }
    fields = tuple(
        FormField(
            asked.name,
            label(_label(dialog, asked), language),
            tuple((value, label(_option(dialog, value, asked.label), language)) for value in asked.choices),
            asked.required,
            asked.longest,
            str(answers.get(asked.name) or ""),
            wrong.get(asked.name, ""),
        )
        for asked in questions
    )
    title, send = label(say(_TITLES[dialog]), language), label(say("Send"), language)
    return ShowForm(dialog, title, send, fields, draft, language=language)


def _label(dialog: str, asked: Question) -> Sentence:
    return say(_LABELS[dialog, asked.label or asked.name], worst=Count(STARS[0]), best=Count(STARS[-1]))


def _option(dialog: str, value: str, about: str = "") -> Sentence:
    if value == SKIP:
        return say("Skip")
    if dialog == "how_do_i":
        return say(_HELPED[value]) if value in _HELPED else say("Show answer {n}", n=Count(int(value)))
    if dialog == "unsure":
        return say(_WISHES[value])
    if about == "again" and value.isdigit():
        return say("Reopen {case}", case=CaseNumber(int(value)))
    if dialog == "which_case":
        return say("New case") if value == "new" else say("Add to {case}", case=CaseNumber(int(value)))
    if value in _CHANGES:
        return say(_CHANGES[value])
    if value.isdigit():
        return say("Up to {time}", time=Duration(int(value)))
    return say(PRIORITIES[value])


def _mistake(dialog: str, mistake: Mistake, asked: Question) -> Sentence:
    match mistake.wrong:
        case "string_too_short":
            return say("Please write a little more.")
        case "string_too_long":
            longest = int(str(mistake.limits["max_length"]))
            one, many = "That is too long: at most {n} character.", "That is too long: at most {n} characters."
            return several(one, many, longest)
        case "missing" | "enum" | "which_case":
            return say("Please choose one of the answers.")
        case "no_time":
            return no_time("tomorrow 10am")
        case "past_time":
            return past_time()
        case "which_time":
            exactly = "That can be several times. Say it exactly, like this: {example}"
            return say(exactly, example=Code("26 January 10am"))
    return say("I can't take that as an answer here.")
