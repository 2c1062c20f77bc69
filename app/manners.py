"""How Slack and Teams would show what the playground shows: written by the writers that serve them."""

from collections.abc import Mapping, Sequence

from adapters.slack import modal
from adapters.slack import render as slack
from adapters.teams import forms
from adapters.teams import render as teams
from adapters.web.manners import Json, Writer
from bot.channel import Outgoing
from bot.forms import ShowForm


class Slack:
    """chat.postMessage, and the view of a modal."""

    def said(self, out: Outgoing) -> Sequence[Json]:
        one = out.root or out.edits or out.only_for
        pieces = [slack.render_one(out.message, slack.rest(out))] if one else slack.render(out.message)
        return [{"text": piece.text, "blocks": piece.blocks} for piece in pieces]

    def asked(self, form: ShowForm) -> Json:
        return modal.view(form, {})


class Teams:
    """Activities, and the answer that opens a dialog."""

    def said(self, out: Outgoing) -> Sequence[Json]:
        one = out.root or out.edits
        return [teams.render_one(out.message, teams.rest(out))] if one else teams.render(out.message)

    def asked(self, form: ShowForm) -> Json:
        return forms.dialog(form, {})


WRITERS: Mapping[str, Writer] = {"slack": Slack(), "teams": Teams()}
