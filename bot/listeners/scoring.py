"""Scoring: the button Score, its form, and what is shown once one's own score is in."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot import forms, ids
from bot.house import Gesture, House
from bot.replies import show
from bot.views import scoring
from bot.views.scoring import Sheet
from db.models import Idea
from workflows import ideas, prioritization, ranking
from workflows.errors import WorkflowError


def register(app: App, house: House) -> None:
    """Listen for the button and its form."""

    @app.action(ids.SCORE_OPEN)
    def pressed(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        with house.gesture(body) as g:
            idea = ideas.get(g.session, ids.number(ids.unpack(body["actions"][0].get("value")), "idea"))
            prioritization.check_scorable(g.session, g.actor, idea)
            sheet = _sheet(g, idea)
        show(client, body, scoring.form(sheet))

    @app.view(ids.SCORE_FORM)
    def submitted(ack: Ack, body: dict[str, Any]) -> None:
        about, typed = ids.unpack(body["view"].get("private_metadata")), forms.texts(body["view"])
        with house.gesture(body) as g:
            idea = ideas.get(g.session, ids.number(about, "idea"))
            _take(g, idea, about.get("mark"), typed)
            sheet = _sheet(g, idea)
        ack(response_action="update", view=scoring.page(sheet))


def _take(g: Gesture, idea: Idea, mark: str | None, typed: dict[str, Any]) -> None:
    if mark != ranking.mark_of(idea.committee):
        raise WorkflowError(prioritization.CHANGED)
    values = prioritization.parsed(ranking.framework_of(idea.committee), typed)
    prioritization.score(g.session, g.actor, idea, values, now=g.now)


def _sheet(g: Gesture, idea: Idea) -> Sheet:
    return Sheet(
        idea=idea,
        framework=ranking.framework_of(idea.committee),
        mark=ranking.mark_of(idea.committee),
        own=prioritization.own(g.session, g.actor, idea),
        summary=prioritization.visible_scores(g.session, g.actor, idea),
    )
