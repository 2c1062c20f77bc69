"""What comes in from Teams: dispatched by botbuilder, heard by the bot, answered where an answer is waited for."""

import asyncio
import logging
from collections.abc import Coroutine
from dataclasses import replace
from datetime import datetime
from typing import Any

from botbuilder.core import ActivityHandler, CloudAdapterBase, InvokeResponse, TurnContext
from botbuilder.schema import Activity, ChannelAccount, ConversationAccount
from botframework.connector.auth import AuthenticateRequestResult, ClaimsIdentity

from adapters.teams import forms, inbound
from adapters.teams.connector import Connector
from adapters.teams.edge import Checked
from adapters.teams.inbound import SHEET, WRITTEN, Act, Left, Malformed, Met, Origin
from adapters.teams.people import People
from adapters.teams.places import Atlas
from adapters.teams.refused import Refused
from adapters.teams.render import activity as shown
from adapters.teams.render import card_of, twin
from bot.channel import Listener
from bot.forms import ShowForm
from bot.incoming import Address, Body, Picked, Submitted, User
from bot.messages import Buttons, Items, Message, Text

log = logging.getLogger(__name__)
PATIENCE, SHORTEST = 4.0, 0.5  # seconds: a message's command waits five in all; the act itself gets some of them
DONE, SENT = Message((Text(("✓",)),)), Message((Text(("✓ Sent.",), "small"),))
MESSAGE, CARD = "application/vnd.microsoft.activity.message", "application/vnd.microsoft.card.adaptive"
CHECKED, UNBOUND = "checked", "unbound"
MANY = 1000


class Front:
    def __init__(
        self, host: Listener, atlas: Atlas, people: People, connector: Connector, answers_strangers: bool
    ) -> None:
        self._answers_strangers = answers_strangers
        self._host, self._atlas, self._people, self._connector = host, atlas, people, connector
        self._adapter, self._handler = _Adapter(), _Handler(self)
        self._tasks: set[asyncio.Task[None]] = set()
        self.missed: dict[Address, datetime] = {}
        """Where somebody said something that was not kept, and when: Teams tells it once."""

    async def dispatch(self, checked: Checked) -> InvokeResponse | None:
        """None: heard, and nobody waits for an answer. Raises Refused, Busy."""
        try:
            return await self._dispatch(checked)
        except Refused:
            raise
        except Exception:
            self._miss(checked)
            raise

    async def _dispatch(self, checked: Checked) -> InvokeResponse | None:
        unbound = not await self._atlas.knows(checked.tenant)
        if unbound and not (self._answers_strangers and checked.activity["type"] == "message"):
            raise Refused(403, "This tenant belongs to no account of this desk.")
        activity = _activity(checked, unbound)
        try:
            answer: InvokeResponse | None = await self._adapter.process_activity(
                _TRUSTED, activity, self._handler.on_turn
            )
        except (Malformed, KeyError, TypeError, ValueError, AttributeError) as error:
            raise Refused(400, f"No activity of Teams' looks like this ({type(error).__name__}).") from None
        return answer

    async def close(self) -> None:
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def said(self, it: Origin) -> None:
        """No answer can show a form: it is sent, unless its question stands there as well."""
        act = inbound.message(it)
        heard = await self._hear(it, act)
        if isinstance(heard, ShowForm) and (heard.draft is None or any(field.mistake for field in heard.fields)):
            self._later(self._show(act, heard))

    async def edited(self, it: Origin) -> None:
        act = inbound.edited(it)
        if act is not None:
            await self._hear(it, act)

    async def deleted(self, it: Origin) -> None:
        act = inbound.deleted(it)
        if act is not None:
            await self._hear(it, act)

    async def met(self, it: Origin) -> None:
        """The place is kept before anything is said there."""
        match inbound.met(it):
            case Met(where, hello):
                await self._atlas.heard(where)
                if hello is not None:
                    await self._hear(it, Act(hello, where))
            case Left(where):
                await self._atlas.left(where)

    async def read(self, it: Origin) -> None:
        until = inbound.read_until(it)
        if until is not None:
            await self._host.seen(Address("teams", it.where.tenant, it.where.room), until)

    def _miss(self, checked: Checked) -> None:
        """Of anything else than what they write Teams shows them that it failed."""
        if checked.activity["type"] in WRITTEN and len(self.missed) < MANY:
            it = inbound.origin(checked.activity, checked.tenant, checked.at)
            self.missed.setdefault(Address("teams", it.where.tenant, it.where.room, it.thread), it.at)

    async def invoked(self, it: Origin) -> InvokeResponse:
        act = inbound.invoked(it)
        if act is None:
            return InvokeResponse(status=404)
        # In their own chat an answer is a message, unless it is another view of the card that was pressed; elsewhere
        # it is for who pressed, and a dialog waits for it.
        at_once = act.dialog or act.within or not act.incoming.personal
        waited = replace(act, incoming=replace(act.incoming, at_once=at_once))
        heard = await self._hear(it, waited)
        return InvokeResponse(status=200, body=_in_dialog(act, heard) if act.dialog else _on_card(act, heard))

    async def _hear(self, it: Origin, act: Act) -> ShowForm | Message | None:
        until = asyncio.get_running_loop().time() + PATIENCE
        by = await self._people.who(act.where, it.member, it.by)
        if by is None and act.dialog:  # what is offered on a message is offered everywhere
            act = await self._alone(it, act)
            by = await self._people.who(act.where, it.member, it.by)
        if by is None:
            return None
        await self._atlas.heard(act.where)
        home = by.homes[0]
        if home != act.where.tenant:
            self._atlas.at_home(by.id, home)
        private, body = Address("teams", home, by.id), await self._authored(act, by)
        incoming = replace(act.incoming, by=by, body=body, mixed=by.outsider, private=private)
        return await self._host.hear(incoming, within=max(until - asyncio.get_running_loop().time(), SHORTEST))

    async def _alone(self, it: Origin, act: Act) -> Act:
        """The same in their own chat, where there is one."""
        own = await self._atlas.find(it.where.tenant, it.by.id)
        if own is None or act.incoming.private is None:
            return act
        where = replace(act.where, room=it.by.id, conversation=own.conversation, kind=own.kind)
        return replace(act, where=where, incoming=replace(act.incoming, here=act.incoming.private, personal=True))

    async def _authored(self, act: Act, by: User) -> Body:
        """Of a message that was chosen, its author as the roster knows them."""
        body = act.incoming.body
        if not isinstance(body, Picked):
            return body
        author = by if body.author.id == by.id else await self._people.who(act.where, body.author.id, body.author)
        return replace(body, author=author or body.author)

    async def _show(self, act: Act, form: ShowForm) -> None:
        """A form stands for seconds: it is sent past the outbox, and can be asked for again."""
        where, thread = act.where, act.incoming.here.thread
        place = f"{where.conversation};messageid={thread}" if thread else where.conversation
        await self._connector.send(where.service_url, place, shown(forms.form_card(form, {SHEET: act.sheet})))

    def _later(self, what: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(what)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.warning("beside an answer: %s", type(error).__name__)


def _on_card(act: Act, heard: ShowForm | Message | None) -> dict[str, Any]:
    """What takes the pressed card's place, or is said over it. A form that was sent off stands there no longer."""
    match heard:
        case ShowForm():
            return {"statusCode": 200, "type": CARD, "value": forms.form_card(heard, {SHEET: act.sheet})}
        case None if isinstance(act.incoming.body, Submitted):
            return {"statusCode": 200, "type": CARD, "value": card_of(SENT, "")}
        case Message(parts) if any(isinstance(part, Buttons | Items) for part in parts):
            return {"statusCode": 200, "type": CARD, "value": card_of(heard, "help")}
        case Message():
            return {"statusCode": 200, "type": MESSAGE, "value": twin(heard)}
    return {"statusCode": 200, "type": MESSAGE, "value": twin(DONE)}


def _in_dialog(act: Act, heard: ShowForm | Message | None) -> dict[str, Any] | None:
    """What the dialog goes on with; None: it closes, as only one that stands open can."""
    match heard:
        case ShowForm():
            return forms.dialog(heard, {SHEET: act.sheet})
        case Message():
            return forms.done(heard)
    return None if isinstance(act.incoming.body, Submitted) else forms.done(DONE)


class _Handler(ActivityHandler):  # type: ignore[misc]
    """botbuilder's dispatch by type; what is said of each stands in Front."""

    def __init__(self, front: Front) -> None:
        super().__init__()
        self._front = front

    async def on_message_activity(self, turn_context: TurnContext) -> None:
        await self._front.said(_origin(turn_context))

    async def on_message_update_activity(self, turn_context: TurnContext) -> None:
        await self._front.edited(_origin(turn_context))

    async def on_message_delete_activity(self, turn_context: TurnContext) -> None:
        await self._front.deleted(_origin(turn_context))

    async def on_conversation_update_activity(self, turn_context: TurnContext) -> None:
        await self._front.met(_origin(turn_context))

    async def on_installation_update(self, turn_context: TurnContext) -> None:
        await self._front.met(_origin(turn_context))

    async def on_event_activity(self, turn_context: TurnContext) -> None:
        await self._front.read(_origin(turn_context))

    async def on_invoke_activity(self, turn_context: TurnContext) -> InvokeResponse:
        return await self._front.invoked(_origin(turn_context))


class _Connectors:
    """What botbuilder wants to hand to its own senders; ours send without it."""

    async def create(self, *_: object) -> object:
        return self

    async def create_user_token_client(self, *_: object) -> object:
        return self


class _Adapter(CloudAdapterBase):  # type: ignore[misc]
    def __init__(self) -> None:
        super().__init__(_Connectors())


_TRUSTED: Any = AuthenticateRequestResult()
_TRUSTED.connector_factory, _TRUSTED.claims_identity = _Connectors(), ClaimsIdentity({}, True)
_TRUSTED.audience = _TRUSTED.caller_id = None


def _origin(turn: TurnContext) -> Origin:
    checked: Checked = turn.activity.additional_properties[CHECKED]
    unbound = turn.activity.additional_properties[UNBOUND]
    return inbound.origin(checked.activity, checked.tenant, checked.at, unbound)


def _activity(checked: Checked, unbound: bool) -> Activity:
    """As much of it as dispatch reads: the SDK's own reading takes longer than all else."""
    raw = checked.activity
    activity = Activity(
        type=raw["type"],
        id=raw.get("id"),
        name=raw.get("name"),
        channel_id="msteams",
        service_url=raw["serviceUrl"],
        conversation=ConversationAccount(id=raw["conversation"]["id"]),
        from_property=ChannelAccount(id=raw["from"]["id"]),
        recipient=ChannelAccount(id=raw["recipient"]["id"]),
        value=raw.get("value"),
        action=raw.get("action"),
    )
    activity.additional_properties = {CHECKED: checked, UNBOUND: unbound}
    return activity
