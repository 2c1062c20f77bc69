"""What became of what Teams sent."""

from collections.abc import Awaitable, Callable
from copy import deepcopy

from store.tables import Case, Conversation, Inbox, Outbox
from tests.asked import PROBLEM
from tests.teams import envelopes
from tests.teams.delivery import Delivered
from tests.teams.places import Json
from tests.teams.stage import ANN, Stage
from tests.world import BROKEN

REPORT = "The report is blank"


async def kept(stage: Stage) -> tuple[int, ...]:
    """How much there is of all that an act leaves behind."""
    return tuple([len(await stage.rows(kind)) for kind in (Case, Inbox, Outbox, Conversation)])


Does = Callable[[Stage], Awaitable[Delivered]]


async def _edit(stage: Stage) -> Delivered:
    done = await stage.teams.message(ANN, ANN, "hello")
    assert done.posted
    return await stage.teams.edit(ANN, done.posted, BROKEN)


async def _delete(stage: Stage) -> Delivered:
    done = await stage.teams.message(ANN, ANN, "hello")
    assert done.posted
    return await stage.teams.delete(ANN, done.posted)


async def _react(stage: Stage) -> Delivered:
    await stage.writes("ann", "hello")
    return await stage.teams.react(ANN, stage.far.said(ANN)[-1], "like")


async def _press(stage: Stage) -> Delivered:
    await stage.writes("ann", "hello")
    return await stage.teams.press(ANN, stage.with_button("Help", ANN), "Help")


async def _submit(stage: Stage) -> Delivered:
    await stage.writes("ann", "hello")
    return await stage.teams.press(ANN, stage.with_button("Help", ANN), "Help", submit=True)


async def _fetch(stage: Stage) -> Delivered:
    await stage.writes("ann", "hello")
    return await stage.teams._fetched(ANN, stage.far.said(ANN)[-1], {"msteams": {"type": "task/fetch"}, "say": "open"})


async def _dialog(stage: Stage) -> Delivered:
    await _fetch(stage)
    return await stage.teams.submit(ANN, {PROBLEM: REPORT})


async def _choose(stage: Stage) -> Delivered:
    done = await stage.teams.message(ANN, ANN, "thanks")
    assert done.posted
    return await stage.teams.extension(ANN, done.posted, "open_from_message")


async def _install(stage: Stage) -> Delivered:
    return (await stage.teams.install(ANN))[-1]


async def _members(stage: Stage) -> Delivered:
    return (await stage.teams.install(ANN))[0]


async def _event(stage: Stage) -> Delivered:
    written = await _message(stage)
    assert written.posted
    return await stage.teams.read(ANN, written.posted)


async def _typing(stage: Stage) -> Delivered:
    activity = envelopes.envelope(stage.far, "typing", stage.far.users[ANN], stage.far.place(ANN))
    return await stage.teams.send(activity | {"id": envelopes.invoke_id()})


async def _message(stage: Stage) -> Delivered:
    return await stage.teams.message(ANN, ANN, BROKEN)


ACTS: dict[str, Does] = {
    "message": _message,
    "a press of an old client": _submit,
    "messageUpdate": _edit,
    "messageDelete": _delete,
    "messageReaction": _react,
    "adaptiveCard/action": _press,
    "task/fetch": _fetch,
    "task/submit": _dialog,
    "composeExtension/fetchTask": _choose,
    "installationUpdate": _install,
    "conversationUpdate": _members,
    "event": _event,
    "typing": _typing,
}


def of(activity: Json, tenant: str, fresh: str, everywhere: bool = True) -> Json:
    """The same from another tenant, or saying so in one of the two places."""
    made = deepcopy(activity) | {"id": fresh if activity["type"] != "messageUpdate" else activity["id"]}
    made["channelData"]["tenant"] = {"id": tenant}
    if everywhere:
        made["conversation"]["tenantId"] = tenant
    return made
