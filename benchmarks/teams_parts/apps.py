"""microsoft-teams-apps' echo, as its documentation writes it, on the web server that it brings along."""

import asyncio
import json
import os
import sys

import uvicorn
from microsoft_teams.api import MessageActivity
from microsoft_teams.api.auth.cloud_environment import PUBLIC, with_overrides
from microsoft_teams.apps import ActivityContext, App, FastAPIAdapter

from benchmarks.teams_parts.serving import Given

ADFS = "adfs"  # a tenant's place in the address: the library that logs in takes AD FS from any host


async def serve(given: Given) -> None:
    os.environ |= {"CLIENT_ID": given.app_id, "CLIENT_SECRET": given.password, "TENANT_ID": ADFS}
    cloud = with_overrides(
        PUBLIC,
        login_endpoint=given.authority.removesuffix(f"/{ADFS}"),
        openid_metadata_url=given.metadata_url,
        token_issuer=given.issuer,
    )
    adapter = FastAPIAdapter()
    app = App(cloud=cloud, http_server_adapter=adapter)

    @app.on_message
    async def echo(context: ActivityContext[MessageActivity]) -> None:
        await context.send(context.activity.text)

    await app.initialize()
    server = uvicorn.Server(uvicorn.Config(adapter.app, host="127.0.0.1", port=0, log_level="warning"))
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    print(server.servers[0].sockets[0].getsockname()[1], flush=True)
    await serving


if __name__ == "__main__":
    asyncio.run(serve(Given(**json.loads(sys.argv[1]))))
