"""botbuilder's echo on its older BotFrameworkAdapter, as its samples wrote it."""

from aiohttp import web
from botbuilder.core import ActivityHandler, BotFrameworkAdapter, BotFrameworkAdapterSettings, TurnContext
from botbuilder.schema import Activity
from botframework.connector.auth import MicrosoftAppCredentials

from benchmarks.teams_parts.serving import MESSAGES, Given, run


class Echo(ActivityHandler):
    async def on_message_activity(self, turn_context: TurnContext) -> None:
        await turn_context.send_activity(turn_context.activity.text)


async def make(app: web.Application, given: Given) -> None:
    credentials = MicrosoftAppCredentials(given.app_id, given.password)
    credentials.oauth_endpoint = given.authority
    settings = BotFrameworkAdapterSettings(
        given.app_id, given.password, open_id_metadata=given.metadata_url, app_credentials=credentials
    )
    adapter, echo = BotFrameworkAdapter(settings), Echo()

    async def messages(request: web.Request) -> web.Response:
        activity = Activity().deserialize(await request.json())
        answer = await adapter.process_activity(activity, request.headers.get("Authorization", ""), echo.on_turn)
        return web.json_response(answer.body, status=answer.status) if answer else web.Response(status=201)

    app.router.add_post(MESSAGES, messages)


if __name__ == "__main__":
    run(make)
