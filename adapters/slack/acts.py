"""From an act to what the bot hears: its person by Slack's own word, its words made plain, the chosen message."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.api import Api
from adapters.slack.files import files
from adapters.slack.inbound import Act, Chosen, moment
from adapters.slack.people import People
from adapters.slack.words import mentioned, plain
from bot.channel import Busy, NotSent, Undeliverable
from bot.incoming import Address, Edited, File, Incoming, Picked, Said, SentOn, User

MOST_NAMES = 5  # mentions that are shown by name


class Acts:
    def __init__(self, api: Api, people: People, now: Callable[[], datetime]) -> None:
        self._api, self._people, self._now = api, people, now

    async def incoming(self, act: Act, bot: str) -> Incoming | None:
        """None: nobody whom the bot talks to. Raises Busy while Slack does not tell what is needed."""
        by = await self._people.who(act.tenant, act.user, act.team, act.enterprise)
        if by is None:
            return None
        thread, body, mentions, begins = act.thread, act.body, dict[str, str](), act.begins
        came = act.files
        match body:
            case Said(text):
                words, mentions = await self._words(act, text, bot)
                body = Said(words)
            case Edited(text, of):
                body = Edited((await self._words(act, text, bot))[0], of)
            case Chosen() as chosen:
                picked = await self._picked(act, chosen, by, bot)
                if picked is None:
                    return None
                body, thread, came = picked
                begins = thread == chosen.ts  # perhaps nothing stands in it yet
        return Incoming(
            key=act.key,
            by=by,
            here=Address("slack", act.tenant, act.room, thread),
            body=body,
            at=act.at or self._now(),
            quotes=act.quotes,
            visible=act.visible,
            personal=act.room == act.user,
            at_once=act.at_once,
            forms=bool(act.trigger),
            private=None if (stranger := _stranger(act, by)) else Address("slack", act.tenant, act.user),
            cut_off=stranger,
            addressed=act.addressed,
            begins=begins,
            mixed=act.mixed,
            mentions=mentions,
            files=came,
        )

    async def _words(self, act: Act, text: str, bot: str) -> tuple[str, dict[str, str]]:
        users = [user for user in mentioned(text) if user != bot][:MOST_NAMES]
        names: Mapping[str, str] = {user: await self._people.name(act.tenant, user) for user in users}
        return plain(text, bot, names)

    async def _picked(
        self, act: Act, chosen: Chosen, by: User, bot: str
    ) -> tuple[Picked | SentOn, str, tuple[File, ...]] | None:
        """The message, the thread that it stands in or begins, and what came with it."""
        text, thread, author, came = chosen.text, act.thread, chosen.author, act.files
        if text is None:
            found = await self._message(act.tenant, chosen)
            if found is None:
                return None
            text, came = found.get("text") or "", files(found.get("files") or ())
            thread, author = str(found.get("thread_ts") or found["ts"]), str(found.get("user") or "")
        name, own = f"slack:{chosen.channel}:{chosen.ts}", author == act.user
        if chosen.on:
            return SentOn(by if own else User(author or "-"), name), thread, came if own else ()
        if author == bot or not (text.strip() or came):
            return None  # what the bot says itself is no report
        wrote = by if own else await self._author(act, chosen, author)
        words, _ = await self._words(act, text, bot)
        return Picked(words, wrote, moment(chosen.ts), name), thread, came

    async def _author(self, act: Act, chosen: Chosen, author: str) -> User:
        """An application's message belongs to nobody: it counts from now on, and as whoever chose it."""
        found = await self._people.who(act.tenant, author, chosen.team, act.enterprise) if author else None
        return found or User(author or "-", ("-",), outsider=True)

    async def _message(self, tenant: str, chosen: Chosen) -> Any:
        def look(client: AsyncWebClient) -> Any:
            return client.conversations_replies(
                channel=chosen.channel, ts=chosen.ts, oldest=chosen.ts, latest=chosen.ts, inclusive=True, limit=2
            )

        try:
            page = await self._api.call(tenant, look)
        except Undeliverable:
            return None
        except NotSent as error:
            raise Busy("Slack does not show the message") from error
        return next((each for each in page["messages"] if each["ts"] == chosen.ts), None)


def _stranger(act: Act, by: User) -> bool:
    """An app cannot write first to people of other companies."""
    return by.outsider and act.tenant not in by.homes and act.room != act.user
