"""The least that an echo can be: JSON read, and the reply posted on one shared session. Nobody is asked for a token."""

from urllib.parse import quote

from aiohttp import ClientSession, web

from benchmarks.teams_parts.serving import MESSAGES, Given, run


async def make(app: web.Application, _: Given) -> None:
    session = ClientSession()

    async def messages(request: web.Request) -> web.Response:
        said = await request.json()
        url = f"{said['serviceUrl']}v3/conversations/{quote(said['conversation']['id'], safe='')}/activities"
        async with session.post(url, json={"type": "message", "text": said["text"]}) as response:
            await response.read()
        return web.Response()

    app.router.add_post(MESSAGES, messages)


if __name__ == "__main__":
    run(make)
