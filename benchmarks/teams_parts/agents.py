"""microsoft-agents' echo with the least of it: its ActivityHandler, without its application's state."""

from aiohttp import web
from microsoft_agents.authentication.msal import MsalConnectionManager
from microsoft_agents.hosting.aiohttp import CloudAdapter, jwt_authorization_middleware
from microsoft_agents.hosting.core import ActivityHandler, AgentAuthConfiguration, TurnContext
from microsoft_agents.hosting.core.authorization import _entra_issuers as issuers

from benchmarks.teams_parts.serving import MESSAGES, Given, run


class Echo(ActivityHandler):
    async def on_message_activity(self, turn_context: TurnContext) -> None:
        await turn_context.send_activity(turn_context.activity.text)


async def make(app: web.Application, given: Given) -> None:
    issuers.BOTFRAMEWORK_JWKS_URIS[given.issuer] = given.keys_url  # no setting says so
    settings = AgentAuthConfiguration(
        client_id=given.app_id,
        tenant_id=given.tenant,
        client_secret=given.password,
        authority=given.authority,
        validate_issuer=True,
    )
    connections = MsalConnectionManager({"SERVICE_CONNECTION": settings})
    adapter, echo = CloudAdapter(connection_manager=connections), Echo()

    async def messages(request: web.Request) -> web.Response:
        return await adapter.process(request, echo)

    app["agent_configuration"] = settings
    app.middlewares.append(jwt_authorization_middleware)
    app.router.add_post(MESSAGES, messages)


if __name__ == "__main__":
    run(make)
