"""botbuilder's echo on its CloudAdapter, as its samples write it."""

from aiohttp import web
from botbuilder.core import ActivityHandler, TurnContext
from botbuilder.integration.aiohttp import CloudAdapter, ConfigurationBotFrameworkAuthentication

from benchmarks.teams_parts.serving import MESSAGES, Given, run


class Settings:
    APP_TYPE = "SingleTenant"
    TO_CHANNEL_FROM_BOT_OAUTH_SCOPE = "https://api.botframework.com"

    def __init__(self, given: Given) -> None:
        self.APP_ID, self.APP_PASSWORD, self.APP_TENANTID = given.app_id, given.password, given.tenant
        self.TO_BOT_FROM_CHANNEL_TOKEN_ISSUER = given.issuer
        self.TO_BOT_FROM_CHANNEL_OPENID_METADATA_URL = given.metadata_url
        self.TO_CHANNEL_FROM_BOT_LOGIN_URL = given.authority


class Echo(ActivityHandler):
    async def on_message_activity(self, turn_context: TurnContext) -> None:
        await turn_context.send_activity(turn_context.activity.text)


async def make(app: web.Application, given: Given) -> None:
    adapter, echo = CloudAdapter(ConfigurationBotFrameworkAuthentication(Settings(given))), Echo()

    async def messages(request: web.Request) -> web.Response:
        return await adapter.process(request, echo)

    app.router.add_post(MESSAGES, messages)


if __name__ == "__main__":
    run(make)
