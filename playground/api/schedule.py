"""`chat.scheduleMessage` and its kin."""

from datetime import UTC, datetime, timedelta

from playground.api.chat import compose, destination, may_post
from playground.api.registry import Call, method
from playground.channels import Channel
from playground.errors import SlackError
from playground.schedule import Scheduled
from playground.values import Json

FURTHEST = timedelta(days=120)
CROWD = 30
CROWD_SECONDS = 300


@method("chat.scheduleMessage")
def schedule_message(call: Call) -> Json:
    slack, channel = call.slack, destination(call)
    may_post(call, channel)
    due = _due(call)
    _not_crowded(call, channel, int(due.timestamp()))
    message = compose(call, channel)
    scheduled = Scheduled(slack.ids.next("Q"), int(due.timestamp()), slack.unix(), message)
    slack.schedule(scheduled)
    shown = slack.messages.describe(message)
    del shown["ts"]
    about: Json = {"channel": channel.id, "scheduled_message_id": scheduled.id, "post_at": scheduled.post_at}
    return about | {"message": shown}


@method("chat.scheduledMessages.list")
def list_scheduled(call: Call) -> Json:
    wanted = call.text("channel")
    waiting = [one for one in call.slack.scheduled.values() if wanted in ("", one.message.channel)]
    page, cursor = call.page(sorted(waiting, key=lambda one: one.post_at))
    return {"scheduled_messages": [_described(one) for one in page]} | cursor


@method("chat.deleteScheduledMessage")
def delete_scheduled(call: Call) -> Json:
    scheduled = call.slack.scheduled.get(call.text("scheduled_message_id"))
    if scheduled is None or scheduled.message.channel != call.text("channel"):
        raise SlackError("invalid_scheduled_message_id")
    del call.slack.scheduled[scheduled.id]
    return {}


def _due(call: Call) -> datetime:
    due = datetime.fromtimestamp(int(call.text("post_at")), UTC)
    if due <= call.slack.now():
        raise SlackError("time_in_past")
    if due > call.slack.now() + FURTHEST:
        raise SlackError("time_too_far")
    return due


def _not_crowded(call: Call, channel: Channel, due: int) -> None:
    near = [
        one
        for one in call.slack.scheduled.values()
        if one.message.channel == channel.id and one.post_at // CROWD_SECONDS == due // CROWD_SECONDS
    ]
    if len(near) >= CROWD:
        raise SlackError("restricted_too_many")


def _described(scheduled: Scheduled) -> Json:
    message = scheduled.message
    about: Json = {"id": scheduled.id, "channel_id": message.channel, "post_at": scheduled.post_at}
    return about | {"date_created": scheduled.created, "text": message.text}
