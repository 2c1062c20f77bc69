"""What every answer carries, whoever made it: those that no page of ours drew, too."""

from aiohttp import web

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
"""Where a page says otherwise, the page counts."""


def register(app: web.Application) -> None:
    app.on_response_prepare.append(_guard)


async def _guard(_request: web.Request, response: web.StreamResponse) -> None:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers["Server"] = "supporthub"  # whose version is nobody's business
