"""Files are fetched from the vendor and nowhere else, within bounds."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from app.fetching import Fetcher, allowed
from app.shelf import Folder
from bot.channel import Source
from bot.keeping import NoFile, NotNow, TooLarge
from tests.app.files.vendor import LARGEST, PNG, vendor


def fetcher(folder: Folder, **how: Any) -> Fetcher:
    return Fetcher(folder, LARGEST, how.pop("near", True), **how)


# Where it is fetched --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "http://files.slack.com/F1",
        "https://evil.example/F1",
        "https://files.slack.com.evil.example/F1",
        "https://evilfiles.slack.com/F1",
        "https://files.slack.com@evil.example/F1",
        "https://evil.example\\@files.slack.com/F1",
        "https://user:pass@files.slack.com/F1",
        "https://files.slack.com:8443/F1",
        "https://127.0.0.1/F1",
        "https://[::1]/F1",
        "https://169.254.169.254/latest/meta-data",
        "https://2130706433/F1",
        "https://sharepoint.com/F1",
        "https://evilsharepoint.com/F1",
        "file:///etc/passwd",
        "gopher://files.slack.com/",
        "https://files.slack.com/F1#x",
        "https://files.slack.com/\r\nHost: x",
        "https://files\u3002slack.com/F1",
        f"https://{'a' * 64}.sharepoint.com/F1",  # no name that can be looked up
        f"https://{'a.' * 130}sharepoint.com/F1",
        "https://a..sharepoint.com/F1",
        "https://-.sharepoint.com/F1",
        "",
    ],
)
def test_only_the_vendor_s_own_hosts_are_ever_called(url: str) -> None:
    with pytest.raises(NoFile):
        allowed(Source(url, ("files.slack.com", "*.sharepoint.com"), "t"))
    assert allowed(Source("https://files.slack.com/F1?t=1", ("files.slack.com",)))
    assert allowed(Source("https://a.sharepoint.com/F1", ("*.sharepoint.com",)))


async def test_a_vendor_s_name_that_leads_into_a_private_network_is_not_called(folder: Folder) -> None:
    """What a name resolves to is what is connected to, and checked there (DNS rebinding)."""
    async with vendor() as there:
        named = there.origin.replace("127.0.0.1", "files.vendor.example")

        class Slack:
            async def source(self, _tenant: str, _kept: Mapping[str, str]) -> Source:
                return Source(f"{named}/png", (named,), "secret")

        for address in ("127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "fd00::1"):

            async def look(_host: str, _port: int, found: str = address) -> Sequence[str]:
                return [found]

            one = fetcher(folder, near=False, look=look)
            with pytest.raises(NotNow):
                await one.fetch(Slack(), "", {})
            await one.close()
        assert there.asked == []

        async def here(_host: str, _port: int) -> Sequence[str]:
            return ["127.0.0.1"]

        one = fetcher(folder, near=True, look=here)  # a peer in development
        await one.fetch(Slack(), "", {})
        await one.close()
        assert len(there.asked) == 1


async def test_no_redirect_is_followed_and_no_length_is_believed(folder: Folder) -> None:
    async with vendor() as there:
        one = fetcher(folder, patience=0.4)
        ends: dict[str, type[Exception]] = {
            "elsewhere": NoFile,
            "missing": NoFile,
            "packed": NoFile,
            "failing": NotNow,
            "drip": NotNow,
            "endless": TooLarge,
        }
        for path, end in ends.items():
            with pytest.raises(end):
                await one.fetch(there, "", {"path": path})
        with pytest.raises(NoFile):
            await one.fetch(there, "", {"path": "http://127.0.0.1:1/other"})
        assert [path for path, _ in there.asked] == [f"/{path}" for path in ends]
        assert {token for _, token in there.asked} == {"Bearer xoxb-secret"}
        await one.close()
    assert [each.name for each in folder._root.iterdir()] == ["arriving"]
    assert list((folder._root / "arriving").iterdir()) == []


async def test_where_only_pictures_are_anything_else_is_none_and_nothing_of_it_is_kept(folder: Folder) -> None:
    class Pictures:
        async def source(self, tenant: str, kept: Mapping[str, str]) -> Source:
            return replace(await there.source(tenant, kept), picture=True)

    async with vendor() as there:
        one = fetcher(folder)
        for path in ("sign-in", "endless", "packed"):
            with pytest.raises(NoFile):
                await one.fetch(Pictures(), "", {"path": path})
        assert folder.older(timedelta(0)) == set()
        assert folder.path(await one.fetch(Pictures(), "", {"path": "png"})).read_bytes() == PNG
        await one.close()
