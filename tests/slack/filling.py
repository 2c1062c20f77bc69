"""People fill in the modals that the app shows them, and open its home."""

from collections.abc import Mapping
from typing import Literal

from tests.slack import payloads
from tests.slack.answers import Given, state_of
from tests.slack.blocks import Invalid, check_answer
from tests.slack.delivery import Delivered, Request
from tests.slack.grants import Install
from tests.slack.places import Json, View
from tests.slack.sending import Sending


class Filling(Sending):
    def modal(self, user: str) -> View:
        """The one in front of them, topmost."""
        stack = self.far.stack(user)
        assert stack, f"there is no modal in front of {user}"
        return stack[-1]

    async def submit(self, user: str, view: View, values: Mapping[str, Given] | None = None) -> Delivered:
        """Answers by label, block id or action id. Raises NotSent where Slack's client would not let them through."""
        assert view.open and view.user == user, "they have no such modal open"  # noqa: PT018
        assert "submit" in view.shape, "it has nothing to submit it with"
        install, given = self._install_for(self.far.users[user]), state_of(view, values or {})
        trigger = self.far.trigger(user, install)
        payload = payloads.submission(self.far, install, view, "view_submission", given, trigger)
        done = await self._sent(Request("interactive", payload), trigger)
        if done.kept:
            self._answered(view, done, install)
        return done

    async def close_view(self, user: str, view: View) -> Delivered:
        stands = self.far.views[view.id]
        stands.open = False
        install = self._install_for(self.far.users[user])
        if not stands.shape.get("notify_on_close"):
            return Delivered((), ())
        payload = payloads.submission(self.far, install, view, "view_closed", {})
        return await self._sent(Request("interactive", payload))

    async def open_home(self, user: str, tab: Literal["home", "messages"] = "home") -> Delivered:
        channel = self.far.direct(user, self._install_for(self.far.users[user]))
        event: Json = {"type": "app_home_opened", "user": user, "channel": channel.id, "tab": tab}
        event["event_ts"] = self.far.stamp(channel.id)
        if tab == "home" and (home := self.far.home(user)):
            event["view"] = home.json()
        return await self._events(channel, user, [("app_home_opened", event)])

    def _answered(self, view: View, done: Delivered, install: Install) -> None:
        stands = self.far.views[view.id]
        try:
            if done.text and done.json is None:
                raise Invalid("", f"is answered with no JSON: {done.text[:100]}")
            check_answer(done.json, stands.shape)
        except Invalid as wrong:
            self.far.violations.append(f"view_submission: {wrong}")
            return
        match (done.json or {}).get("response_action"):
            case "errors":
                return
            case "update":
                self.far.change_view(stands, done.json["view"])
            case "push":
                self.far.open_view(done.json["view"], view.user, install, stands)
            case "clear":
                for each in self.far.stack(view.user):
                    each.open = False
            case _:
                stands.open = False
