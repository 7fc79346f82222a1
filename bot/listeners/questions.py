"""Questions to the author: the form to ask, and the one to answer."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot import forms, ids
from bot.house import House
from bot.keeping import keeping, kept
from bot.listeners.idea_deeds import pressed
from bot.replies import show
from bot.views import questions as views
from db.models import Person
from workflows import ideas, questions


def register(app: App, house: House) -> None:
    """Listen for questions and answers."""

    @app.action(ids.IDEA_ASK)
    def ask(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        with house.gesture(body) as g:
            idea = pressed(g, body)
            questions.check(g.session, g.actor, idea)
            author = g.session.get_one(Person, idea.author_id)
            view = views.ask_form(idea, author, kept(g, f"ask:{idea.id}").get("text"))
        show(client, body, view)

    @app.view(ids.IDEA_ASK_FORM)
    def asked(ack: Ack, body: dict[str, Any]) -> None:
        view = body["view"]
        idea_id, typed = ids.number(ids.unpack(view.get("private_metadata")), "idea"), forms.texts(view)
        with keeping(house, body, f"ask:{idea_id}", typed) as g:
            idea = ideas.get(g.session, idea_id)
            questions.ask(g.session, g.actor, idea, typed.get("text") or "", now=g.now, key=g.key)
        ack(response_action="clear")

    @app.action(ids.IDEA_ANSWER)
    def answer(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        with house.gesture(body) as g:
            question = questions.get(g.session, ids.number(ids.unpack(body["actions"][0].get("value")), "question"))
            idea = ideas.get(g.session, question.idea_id)
            questions.check_answer(g.session, g.actor, question, idea)
            view = views.answer_form(question, idea, kept(g, f"answer:{question.id}").get("text"))
        show(client, body, view)

    @app.view(ids.IDEA_ANSWER_FORM)
    def answered(ack: Ack, body: dict[str, Any]) -> None:
        view = body["view"]
        question_id, typed = ids.number(ids.unpack(view.get("private_metadata")), "question"), forms.texts(view)
        with keeping(house, body, f"answer:{question_id}", typed) as g:
            question = questions.get(g.session, question_id)
            questions.answer(g.session, g.actor, question, typed.get("text") or "", now=g.now)
        ack(response_action="clear")
