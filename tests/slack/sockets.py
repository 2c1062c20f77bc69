"""Socket Mode: the connections an app keeps open, the envelopes sent down them and what it says to each."""

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from aiohttp import WSMsgType, web

from tests.slack.places import Json


@dataclass
class Sockets:
    app: str
    wrong: list[str]
    """Gets a sentence for whatever an app should not say."""
    tickets: set[str] = field(default_factory=set)
    connections: list[web.WebSocketResponse] = field(default_factory=list)
    acks: dict[str, Any] = field(default_factory=dict)
    """What the app said to each envelope, by envelope id; None: nothing but that it has it."""
    connected: asyncio.Event = field(default_factory=asyncio.Event)
    _waiting: dict[str, "asyncio.Future[Any]"] = field(default_factory=dict)

    def ticket(self) -> str:
        ticket = uuid4().hex
        self.tickets.add(ticket)
        return ticket

    async def serve(self, request: web.Request) -> web.StreamResponse:
        if request.query.get("ticket", "") not in self.tickets:
            return web.Response(status=404)
        self.tickets.discard(request.query["ticket"])
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.connections.append(socket)
        await socket.send_json(self._hello())
        self.connected.set()
        async for message in socket:
            if message.type == WSMsgType.TEXT:
                self._hear(message.data)
        self._left(socket)
        return socket

    async def send(self, kind: str, payload: Json, answered: bool, attempt: int = 0, reason: str = "") -> str:
        """The id of the envelope; Slack sends it down any one of the connections."""
        envelope = str(uuid4())
        self._waiting[envelope] = asyncio.get_running_loop().create_future()
        more = {"retry_attempt": attempt, "retry_reason": reason} if kind == "events_api" else {}
        made = {"envelope_id": envelope, "type": kind, "payload": payload, "accepts_response_payload": answered, **more}
        await self.connections[-1].send_json(made)
        return envelope

    async def acked(self, envelope: str, patience: float = 3.0) -> Any:
        """Raises TimeoutError where the app does not say that it has it."""
        return await asyncio.wait_for(self._waiting[envelope], patience)

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Slack asks the app to connect anew, and then hangs up."""
        for socket in [*self.connections]:
            await socket.send_json({"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-1"}})
            self._left(socket)
            await socket.close()

    async def close(self) -> None:
        for socket in [*self.connections]:
            await socket.close()

    def _hear(self, raw: str) -> None:
        said = json.loads(raw)
        envelope = said.get("envelope_id", "")
        if envelope not in self._waiting:
            self.wrong.append(f"Socket Mode: says something about no envelope: {raw[:200]}")
        elif envelope in self.acks:
            self.wrong.append(f"Socket Mode: acknowledges {envelope} twice")
        else:
            self.acks[envelope] = said.get("payload")
            if not self._waiting[envelope].done():
                self._waiting[envelope].set_result(said.get("payload"))

    def _left(self, socket: web.WebSocketResponse) -> None:
        if socket in self.connections:
            self.connections.remove(socket)
        if not self.connections:
            self.connected.clear()

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self.connections),
            "debug_info": {"host": "applink-1", "build_number": 1, "approximate_connection_time": 18060},
            "connection_info": {"app_id": self.app},
        }
