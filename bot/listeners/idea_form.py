"""A new idea: `/idea`, the shortcuts and the buttons that open its form, and the form itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot import commands, errors, forms, ids, payload
from bot.commands import Call
from bot.house import Gesture, House
from bot.keeping import keeping, kept
from bot.replies import show
from bot.views import idea_forms
from bot.views.idea_forms import FIELDS, Sheet
from bot.views.mrkdwn import as_typed, mentioned
from db.models import Committee, Draft
from workflows import committees, drafts, ideas, people
from workflows.errors import WorkflowError
from workflows.writing import LONG, says_something, tidy

NEW = "idea"
SET_ASIDE = "idea.set_aside"
DOOR = "idea.door"
MOST_NAMES = 5
NOWHERE = "No committee takes ideas here yet. An admin can set one up with `/committee setup`."


def register(app: App, house: House) -> None:
    """Listen for everything that leads to a new idea."""
    commands.otherwise("/idea", command, "opens the form, with your words in it", usage="some words")

    @app.global_shortcut(ids.IDEA_SHORTCUT)
    def shortcut(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        open_form(house, body, client)

    @app.message_shortcut(ids.IDEA_FROM_MESSAGE)
    def from_message(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        open_from_message(house, body, client)

    @app.action(ids.IDEA_OPEN)
    def reopened(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        open_form(house, body, client, draft=ids.text(_pressed(body), "draft", NEW))

    @app.action(ids.IDEA_DRAFT)
    def older(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        open_form(house, body, client)

    @app.action(ids.IDEA_FRESH)
    def fresh(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        draft = ids.text(_pressed(body), "draft", NEW)
        with house.gesture(body) as g:
            drafts.forget(g.session, g.actor, draft)
        open_form(house, body, client)

    @app.view(ids.IDEA_FORM)
    def submitted(ack: Ack, body: dict[str, Any]) -> None:
        submit(house, body)
        ack(response_action="clear")


def command(call: Call) -> None:
    """`/idea`, alone or with words."""
    open_form(call.house, call.body, call.client, text=call.body.get("text") or "")


def spread(text: str) -> dict[str, str]:
    """Loose words over the form: a short line is the title, anything longer the hassle; nothing is cut off."""
    text = tidy(text)
    if len(text) <= ideas.TITLE_MAX and "\n" not in text:
        return {"title": text} if text else {}
    return _over_fields(text)


def words_of(g: Gesture, text: str) -> dict[str, str]:
    """What somebody typed into Slack, over the fields of the form; nothing if there is nothing to see in it."""
    typed = as_typed(text, _names(g, text))
    return spread(typed) if says_something(typed) else {}


def _over_fields(text: str) -> dict[str, str]:
    parts = [text[start : start + LONG] for start in range(0, len(text), LONG)]
    return dict(zip(("problem", "proposal", "effect"), parts, strict=False))


def open_form(house: House, body: Mapping[str, Any], client: WebClient, *, text: str = "", draft: str = NEW) -> None:
    """Open the form with the words of `text`, or else with the draft of that name."""
    house.know(body, mentioned(text)[:MOST_NAMES])
    with house.gesture(body) as g:
        sheet = _sheet(g, body, draft, words_of(g, text))
    _open(house, body, client, sheet)


def _sheet(g: Gesture, body: Mapping[str, Any], draft: str, words: Mapping[str, Any]) -> Sheet:
    old = _unfinished(g, draft) or (_unfinished(g, SET_ASIDE) if draft == NEW else None)
    own = old if not words else None
    return Sheet(
        draft=own.form if own else draft,
        words=own.content if own else words,
        saved_at=own.saved_at if own else None,
        older=bool(old and words),
        tz=g.actor.tz,
        **_goes_to(g, body),
    )


def _unfinished(g: Gesture, draft: str) -> Draft | None:
    found = drafts.peek(g.session, g.actor, draft)
    return found if found is not None and any(found.content.get(name) for name in FIELDS) else None


def _names(g: Gesture, text: str) -> dict[str, str]:
    found = {slack_id: people.of(g.session, slack_id) for slack_id in mentioned(text)}
    return {slack_id: person.name for slack_id, person in found.items() if person is not None}


def _goes_to(g: Gesture, body: Mapping[str, Any]) -> dict[str, Any]:
    """The committee chosen before or that of the channel at hand; elsewhere the committees to choose from."""
    before = _known(g, ids.optional_number(_pressed(body), "committee"))
    here = before or committees.of_channel(g.session, payload.channel_of(body) or "")
    if here is not None:
        _let_in(g, here)
        return {"committee": here}
    choices = committees.known_to(g.session, g.actor)
    if not choices:
        raise WorkflowError(NOWHERE)
    return {"choices": choices}


def _let_in(g: Gesture, committee: Committee) -> None:
    """Remember who has been in a private committee's channel: the form they send does not say where it was opened."""
    if not committees.visible_to(g.session, committee, g.actor):
        drafts.keep(g.session, g.actor, f"{DOOR}:{committee.id}", {}, g.now)


def _known(g: Gesture, committee_id: int | None) -> Committee | None:
    """The committee, if this person may put ideas before it: data on buttons and behind forms is not proof."""
    committee = g.session.get(Committee, committee_id) if committee_id else None
    if committee is None or committees.visible_to(g.session, committee, g.actor):
        return committee
    return committee if drafts.peek(g.session, g.actor, f"{DOOR}:{committee.id}") else None


def _pressed(body: Mapping[str, Any]) -> dict[str, Any]:
    actions = body.get("actions")
    return ids.unpack(actions[0]["value"]) if actions and actions[0].get("value") else {}


def open_from_message(house: House, body: Mapping[str, Any], client: WebClient) -> None:
    """Open the form with the words of a message; its author and its link are kept with them."""
    message, channel = body["message"], body["channel"]["id"]
    written, author = message.get("text") or "", message.get("user")
    house.know(body, [who for who in [author, *mentioned(written)[:MOST_NAMES]] if who])
    link = _permalink(client, channel, message["ts"])
    draft = f"idea.message:{channel}:{message['ts']}"
    with house.gesture(body) as g:
        text = tidy(as_typed(written, _names(g, written)))
        source = {"author": author, "link": link, "text": text}
        words = {**_over_fields(text), **kept(g, draft), "source": source}
        drafts.keep(g.session, g.actor, draft, words, g.now)
        sheet = Sheet(draft=draft, words=words, tz=g.actor.tz, **_goes_to(g, body))
    _open(house, body, client, sheet)


def _permalink(client: WebClient, channel: str, ts: str) -> str | None:
    try:
        found: str = client.chat_getPermalink(channel=channel, message_ts=ts)["permalink"]
    except SlackApiError:  # the bot is not where the message is; the idea does without the link
        return None
    return found


def _open(house: House, body: Mapping[str, Any], client: WebClient, sheet: Sheet) -> None:
    try:
        show(client, body, idea_forms.new_idea(sheet))
    except SlackApiError as error:
        if error.response.get("error") not in errors.TOO_LATE:
            raise
        _hold(house, body, client, sheet)


def _hold(house: House, body: Mapping[str, Any], client: WebClient, sheet: Sheet) -> None:
    """The form could not be opened any more: keep the words, and offer a button that opens it with them."""
    draft = SET_ASIDE if sheet.older else sheet.draft
    with house.gesture(body) as g:
        if sheet.words:
            drafts.keep(g.session, g.actor, draft, dict(sheet.words), g.now)
    house.tell(client, body, idea_forms.held_up(draft, sheet.committee))


def submit(house: House, body: Mapping[str, Any]) -> None:
    """Take the form. If it cannot be taken, what was typed is kept and offered again."""
    view = body["view"]
    about, typed = ids.unpack(view.get("private_metadata")), forms.texts(view)
    draft = ids.text(about, "draft", NEW)
    with keeping(house, body, draft, typed) as g:
        source = _source(g, kept(g, draft).get("source"))
        committee = _chosen(g, ids.optional_number(about, "committee"), typed.get("committee"))
        proposal = ideas.Proposal.model_validate({name: typed.get(name) for name in FIELDS})
        ideas.submit(g.session, g.actor, committee, proposal, now=g.now, key=g.key, source=source)


def _chosen(g: Gesture, given: int | None, chosen: str | None) -> Committee:
    found = given or (int(chosen[:9]) if chosen and chosen.isdecimal() else None)
    committee = _known(g, found)
    if committee is None:
        raise WorkflowError("Choose the committee it is for.", "committee")
    return committee


def _source(g: Gesture, kept: Mapping[str, Any] | None) -> ideas.Source | None:
    if not kept:
        return None
    author = people.of(g.session, kept["author"]) if kept["author"] else None
    return ideas.Source(author=author, permalink=kept["link"], text=kept["text"])
