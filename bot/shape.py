"""The shape of what Slack sends, as far as we read it. What has another shape is nonsense and goes no further.

Lenient where Slack is: what we do not read may be anything, and what may be absent may be null.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

Id = Annotated[str, StringConstraints(pattern=r"^[\x21-\x7e]{0,64}$")]
"""A workspace, a person, a channel."""
Key = Annotated[str, StringConstraints(pattern=r"^[\x21-\x7e]{0,255}$")]
"""What we find things again by: timestamps, triggers, views, addresses."""


class Shape(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)


class Team(Shape):
    id: Id | None = None


class Thing(Shape):
    """A person, a channel: an object with an id."""

    id: Id
    team_id: Id | None = None


class Chosen(Shape):
    value: Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]{0,255}$")]


class Action(Shape):
    action_id: Key
    type: Key
    value: str | None = None
    selected_option: Chosen | None = None
    action_ts: Key | None = None


class Entered(Shape):
    """One element of a form and what it holds."""

    type: str
    value: str | None = None
    selected_option: Chosen | None = None
    selected_options: list[Chosen] | None = None
    selected_user: Id | None = None
    selected_users: list[Id] | None = None
    selected_conversation: Id | None = None
    selected_conversations: list[Id] | None = None
    selected_channel: Id | None = None
    selected_channels: list[Id] | None = None
    selected_date: str | None = None
    selected_time: str | None = None
    selected_date_time: int | None = None


class State(Shape):
    values: dict[str, dict[str, Entered]] = {}


class Block(Shape):
    type: str
    block_id: str | None = None


class View(Shape):
    id: Key
    type: Key
    callback_id: Key | None = None
    private_metadata: str | None = None
    state: State | None = None
    blocks: list[Block]


class Message(Shape):
    ts: Key
    thread_ts: Key | None = None
    text: str | None = None
    user: Id | None = None
    bot_id: str | None = None


class Container(Shape):
    channel_id: Id | None = None
    message_ts: Key | None = None
    is_ephemeral: bool | None = None


class Profile(Shape):
    display_name: str | None = None
    real_name: str | None = None


class Teams(Shape):
    teams: list[Id] | None = None


class Place(Thing):
    name: str | None = None


class User(Place):
    real_name: str | None = None
    tz: str | None = None
    locale: str | None = None
    profile: Profile | None = None
    enterprise_user: Teams | None = None


class Address(Shape):
    response_url: Key


class Known(Shape):
    """What Bolt looks for in anything it is handed, wherever it stands: whose it is, and where it happened."""

    type: Key | None = None
    team: Id | Team | None = None
    team_id: Id | None = None
    enterprise: Id | Team | None = None
    enterprise_id: Id | None = None
    user: Id | User | None = None
    user_id: Id | None = None
    channel: Id | Place | None = None
    channel_id: Id | None = None
    ts: Key | None = None
    thread_ts: Key | None = None
    item: Known | None = None
    assistant_thread: Known | None = None
    message: Known | None = None
    previous_message: Known | None = None
    authorizations: list[Known] | None = None
    response_urls: list[Address] | None = None
    response_url: Key | None = None
    callback_id: Key | None = None
    actions: list[dict[str, Any]] | None = None
    view: View | None = None
    event: Known | None = None


class Interaction(Shape):
    """A press, a form, a shortcut, a search."""

    user: Thing
    team: Team | None = None
    container: Container | None = None
    view: View | None = None
    callback_id: Key | None = None
    channel: Thing | None = None
    trigger_id: Key | None = None
    action_id: Key | None = None
    block_id: str | None = None
    value: str | None = None


class Shortcut(Interaction):
    callback_id: Key
    trigger_id: Key


class Pressed(Interaction):
    trigger_id: Key
    actions: Annotated[list[Action], Field(min_length=1)]


class PressedOfOld(Interaction):
    """A press on an attachment: we send none, and Bolt trips over one without actions."""

    actions: Annotated[list[dict[str, Any]], Field(min_length=1)]


class Submitted(Interaction):
    view: View


class FromMessage(Shortcut):
    channel: Thing
    message: Message


class Command(Shape):
    command: str
    team_id: Id
    user_id: Id
    channel_id: Id
    channel_name: str | None = None
    text: str | None = None
    trigger_id: Key
    response_url: Key


class Event(Shape):
    """Any event; of a person or a place it has the id or the whole object."""

    type: str
    user: Id | User | None = None
    channel: Id | Place | None = None
    event_ts: Key | None = None
    ts: Key | None = None
    thread_ts: Key | None = None
    text: str | None = None
    tab: str | None = None
    bot_id: str | None = None
    subtype: str | None = None
    channel_type: str | None = None
    tokens: dict[str, list[str] | None] | None = None


class Changed(Event):
    user: User


class Opened(Event):
    user: Id


class InPlace(Event):
    channel: Id


class Said(InPlace):
    ts: Key


class ByPerson(InPlace):
    user: Id


class Renamed(Event):
    channel: Place


class Renumbered(Event):
    old_channel_id: Id
    new_channel_id: Id


class GroupChanged(Event):
    subteam_id: Id
    added_users: list[Id] | None = None


EVENTS: dict[str, type[Event]] = {
    "user_change": Changed,
    "app_home_opened": Opened,
    **dict.fromkeys(("app_mention", "message"), Said),
    **dict.fromkeys(("channel_archive", "group_archive", "channel_deleted", "group_deleted"), InPlace),
    **dict.fromkeys(("channel_left", "group_left", "channel_shared", "channel_unshared"), InPlace),
    **dict.fromkeys(("channel_unarchive", "group_unarchive"), InPlace),
    **dict.fromkeys(("member_left_channel", "member_joined_channel"), ByPerson),
    **dict.fromkeys(("channel_rename", "group_rename"), Renamed),
    "channel_id_changed": Renumbered,
    "subteam_members_changed": GroupChanged,
}
"""The events we listen to, each with what its listener reads."""


class Callback(Shape):
    event_id: Key | None = None
    event: Event


INTERACTIONS: dict[str, type[Interaction]] = {
    "block_actions": Pressed,
    "interactive_message": PressedOfOld,
    "view_submission": Submitted,
    "view_closed": Submitted,
    "shortcut": Shortcut,
    "message_action": FromMessage,
}


def check(payload: Mapping[str, Any]) -> tuple[Shape, Shape]:
    """What we read of a payload: where it comes from, and what it asks for.

    Raises `ValueError`, naming what is wrong and never what was sent, unless Slack could have sent this.
    """
    try:
        model, part = _expected(payload)
        return Known.model_validate(payload), model.model_validate(part)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        raise ValueError(f"{'.'.join(map(str, first['loc']))[:80]}: {first['type']}") from None


def _expected(payload: Mapping[str, Any]) -> tuple[type[Shape], Mapping[str, Any]]:
    kind = str(payload.get("type"))
    if "command" in payload:
        return Command, payload
    if kind == "event_callback":
        event = Callback.model_validate(payload).event
        return EVENTS.get(event.type, Event), payload["event"]
    return INTERACTIONS.get(kind, Interaction if "user" in payload else Known), payload
