"""One step from an answered case to the draft of an article."""

import re
from collections.abc import Sequence

from bot.desk.doors import CaseRef, find, record
from bot.turn import Turn
from rules.lifecycle import Verb
from store.tables import Case, StoredArticle

_HEADING = re.compile(r"^(\s{0,3})(#+\s|[=-]+\s*$)", re.M)
ANSWERS = frozenset({Verb.REPLY, Verb.CALL, Verb.RESOLVE})


def draft_article(turn: Turn, ref: CaseRef) -> tuple[Case, StoredArticle]:
    """Question and answers as they were written, for the case's own company until somebody edits it. Once a case."""
    case = find(turn, Verb.DRAFT_ARTICLE, ref)
    before = turn.work.article_from(case.id)
    if before is not None:
        return case, before
    events = turn.work.events(case.id, internal=False)
    now = turn.work.words_now(case.id)
    answers = [now.get(event.id, event.words) for event in events if event.verb in ANSWERS and event.moved_to is None]
    answers = [words for words in answers if words]
    draft = turn.work.keep_article(
        f"case-{case.id}",
        turn.time.machine,
        {
            "title": case.subject,
            "body": _body(case.details or case.subject, answers),
            "account": turn.work.account(case.account_id).slug,
            "audience": "everybody",
            "case_id": case.id,
            "draft": True,
        },
    )
    record(turn, case, Verb.DRAFT_ARTICLE, draft.slug, quiet=True)
    return case, draft


def _body(question: str, answers: Sequence[str]) -> str:
    parts = "\n\n".join(map(_plain, answers))
    return f"{_plain(question)}\n\n## Answer\n\n{parts or 'Nothing was written: say here what helped.'}"


def _plain(words: str) -> str:
    """What looks like a heading in people's words is none."""
    return _HEADING.sub(r"\1\\\2", words.strip())
