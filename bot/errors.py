"""Errors speak: a refusal becomes a field error, an ephemeral line or a small page; anything else an apology."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from slack_bolt import App, BoltContext, BoltResponse
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot import log, payload, replies
from bot.house import Replayed, Unheard
from bot.payload import Kind
from bot.views import blocks
from bot.views.text import clean, clip, esc
from db.engine import why_away
from workflows.errors import WorkflowError

TOO_LATE = frozenset({"expired_trigger_id", "trigger_expired", "invalid_trigger_id", "invalid_trigger"})
TWICE = frozenset({"exchanged_trigger_id", "trigger_exchanged"})
NO_DATABASE = (
    "Sorry, my database does not answer just now. Please try again in a minute or two; doing it twice does no harm."
)
SORRY = "Sorry, something went wrong here, and nothing was changed."
NO_SLACK = "Sorry, Slack did not answer me just now. Please try again in a minute; doing it twice does no harm."
FIELD_ERROR = 300
LOG = log.get(__name__)


@dataclass(frozen=True)
class Plight:
    """A request that could not be done, and the ways to say so to whoever made it."""

    body: Mapping[str, Any]
    context: BoltContext
    client: WebClient

    @property
    def kind(self) -> Kind:
        return payload.kind(self.body)


def install(app: App) -> None:
    """Answer every error of every listener."""

    @app.error
    def speak(error: Exception, body: dict[str, Any], context: BoltContext, client: WebClient) -> BoltResponse:
        return answer(error, Plight(body, context, client))


def answer(error: Exception, plight: Plight) -> BoltResponse:
    """Tell the person, and return what Slack gets to hear."""
    slack_says = error.response.get("error") if isinstance(error, SlackApiError) else None
    if isinstance(error, Unheard) or slack_says in TWICE:
        return _unheard(error, slack_says or str(error))
    if isinstance(error, WorkflowError):
        LOG.info("request.refused", why=error.message, field=error.field)
        return _say(plight, error.message, error.field)
    if slack_says in TOO_LATE:
        LOG.warning("request.too_late", kind=plight.kind)
        return _say(plight, "That took a moment too long, and Slack closed the door. Please try again.", again=True)
    if plight.kind is Kind.EVENT and isinstance(error, SlackApiError) and error.response.status_code == HTTPStatus.OK:
        LOG.warning("request.refused_by_slack", error=slack_says)
        return BoltResponse(status=200)  # to hear of the event again would mend nothing
    if _no_answer(error):
        LOG.warning("request.unanswered", kind=plight.kind, error=replies.why(error))
        return BoltResponse(status=500) if plight.kind is Kind.EVENT else _say(plight, NO_SLACK)
    return _apologise(error, plight)


def _unheard(error: Exception, why: str) -> BoltResponse:
    if isinstance(error, Replayed):
        return BoltResponse(status=HTTPStatus.UNAUTHORIZED)  # the door says the rest
    LOG.info("request.unheard", why=why)
    return BoltResponse(status=200)


def _no_answer(error: Exception) -> bool:
    """Whether Slack could not be reached or was not well, which is nobody's mistake here."""
    if isinstance(error, SlackApiError):
        status = int(error.response.status_code)
        return status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR
    return isinstance(error, replies.UNANSWERED)


def _apologise(error: Exception, plight: Plight) -> BoltResponse:
    reference = log.current_trace()
    away = why_away(error)
    LOG.error("request.failed", kind=plight.kind, reference=reference, database=away, exc_info=None if away else error)
    if plight.kind is Kind.EVENT:
        return BoltResponse(status=500)  # Slack delivers it again
    return _say(plight, f"{NO_DATABASE if away else SORRY} Reference: {reference}.")


def _say(plight: Plight, text: str, field: str | None = None, *, again: bool = False) -> BoltResponse:
    if plight.kind is Kind.SUBMISSION:
        return _in_the_form(plight, text, field)
    if plight.kind is Kind.COMMAND:
        return BoltResponse(status=200, body={"response_type": "ephemeral", **_line(text)})
    if plight.kind is Kind.OPTIONS:
        return BoltResponse(status=200, body={"options": []})
    if plight.kind is Kind.CLOSED or not _spoken_to(plight):
        return BoltResponse(status=200)
    for way in _ways(plight, text, again=again):
        try:
            way()
        except replies.UNANSWERED as error:
            LOG.warning("request.unanswered", error=replies.why(error))
        else:
            break
    return BoltResponse(status=200)


def _spoken_to(plight: Plight) -> bool:
    """Whether somebody waits for an answer: of the events, only words said to Touchstone ask for one."""
    return plight.kind is not Kind.EVENT or plight.body["event"]["type"] in ("app_mention", "message")


def _in_the_form(plight: Plight, text: str, field: str | None) -> BoltResponse:
    done = plight.context.ack.response
    if done is not None:
        return done  # the form's work was committed and acknowledged; what failed came after
    inputs = [block["block_id"] for block in plight.body["view"]["blocks"] if block["type"] == "input"]
    if not inputs:
        shown = blocks.note(esc(text)).to_dict()
        return BoltResponse(status=200, body={"response_action": "update", "view": shown})
    where = field if field in inputs else inputs[0]
    said = clip(clean(text), FIELD_ERROR)
    return BoltResponse(status=200, body={"response_action": "errors", "errors": {where: said}})


def _line(text: str, *more: dict[str, Any]) -> dict[str, Any]:
    said = esc(text)
    return {"text": said, "blocks": [blocks.section(said).to_dict(), *more]}


def _ways(plight: Plight, text: str, *, again: bool) -> Iterator[Callable[[], object]]:
    """The ways to say it, the nearest to what the person did first, a direct message last."""
    body, client = plight.body, plight.client
    channel, user, thread = payload.channel_of(body), payload.user_of(body), _thread(body)
    line = _line(text, *(_same_button(body) if again else ()))
    if channel and user and (thread or plight.kind is Kind.EVENT):
        yield lambda: client.chat_postEphemeral(channel=channel, user=user, thread_ts=thread, **line)
    if url := body.get("response_url"):
        yield lambda: replies.post(client, url, **line)
    elif trigger := body.get("trigger_id"):
        modal = (body.get("view") or {}).get("type") == "modal"
        show = client.views_push if modal else client.views_open
        yield lambda: show(trigger_id=trigger, view=blocks.note(esc(text)))
    if user:
        yield lambda: client.chat_postMessage(channel=user, **line)


def _thread(body: Mapping[str, Any]) -> str | None:
    """The thread to answer in; a card pressed in its channel is answered there, though it has a thread."""
    thread = payload.thread_of(body)
    return None if thread == (body.get("message") or {}).get("ts") else thread


def _same_button(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    pressed = (body.get("actions") or [{}])[0]
    if pressed.get("type") != "button":
        return []
    return [blocks.buttons(blocks.button("Try again", pressed["action_id"], pressed.get("value"))).to_dict()]
