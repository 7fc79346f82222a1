"""The set-up form of a committee, and what those who set it up are told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from slack_sdk.models.blocks import (
    Block,
    ButtonElement,
    ExternalDataSelectElement,
    InputBlock,
    Option,
    UserMultiSelectElement,
)
from slack_sdk.models.views import View

from bot import forms, ids
from bot.views import blocks
from bot.views.message import Message
from bot.views.text import clean, clip, esc, short, when
from db.models import Channel, Committee
from workflows.charter import PRESETS, describe
from workflows.committees import Blueprint, Status, choices
from workflows.committees.blueprint import DAYS_MAX, OWN, REMINDER_HOURS
from workflows.frameworks import FRAMEWORKS

NONE = "none"
SECRET = "secret"  # noqa: S105  # the ballots are, not this word
GROUPS_SHOWN = 98
PICKED = 25
TROUBLES = {
    "is_archived": "{channel} is archived. Unarchive it or choose another channel.",
    "not_in_channel": "I was removed from {channel}. Type `/invite @Touchstone` there, or choose another channel.",
    "channel_not_found": "{channel} is gone, or I was removed from it. Invite me again, or choose another channel.",
    "is_ext_shared": "{channel} is shared with another organisation now, whose people can read ideas and votes there. "
    "Choose another channel.",
    "open_to_all": "Everybody can read {channel}, but ideas come in by a private channel. Digests, and new votes and "
    "questions, wait until you choose a private one.",
}
"""By Slack's own word for it, which is what `Channel.trouble` keeps."""
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
HOURS = [blocks.option(f"{hour:02}:00", str(hour)) for hour in range(24)]
INTRO = (
    "Saving this as it is gives you a working committee. Everything can be changed later, here or with "
    "`/committee setup`."
)


def form(it: Blueprint, groups: Sequence[Option], committee_id: int | None = None) -> View:
    """The form as filled in by `it`; `groups` are the user groups on offer."""
    shown: list[Block] = [
        blocks.section(INTRO),
        forms.input_text("name", "Name", initial=it.name, max_length=60),
        *_channels(it),
        *_people(it, groups),
        *_rule(it),
        *_scoring(it),
        *_promises(it),
        *_week(it),
    ]
    return blocks.modal(
        "Change the committee" if committee_id else "Set up a committee",
        shown,
        callback_id=ids.SETUP_FORM,
        submit="Save",
        private_metadata=ids.pack(committee=committee_id) if committee_id else ids.pack(),
    )


def _channels(it: Blueprint) -> list[Block]:
    return [
        forms.input_channel(
            "intake_channel",
            "Where ideas come in",
            hint="Best a channel everybody can read. I join public channels myself; invite me to private ones.",
            initial=it.intake_channel or None,
        ),
        forms.input_channel(
            "committee_channel",
            "Where the committee talks and votes",
            hint="May be the same channel, or a private one.",
            initial=it.committee_channel or None,
        ),
        forms.input_channel("digest_channel", "Where the weekly digest goes", initial=it.digest_channel or None),
    ]


def _people(it: Blueprint, groups: Sequence[Option]) -> list[Block]:
    # A single picker cannot be emptied again in Slack, one for several people can.
    deputy = UserMultiSelectElement(
        action_id="deputy", initial_users=[it.deputy] if it.deputy else None, max_selected_items=1
    )
    shown: list[Block] = [
        forms.input_user("chair", "Chair", initial=it.chair or None),
        forms.wrap("deputy", "Deputy", deputy, hint="Stands in when the chair cannot.", optional=True),
        forms.input_users("members", "Members", hint="Besides chair and deputy.", optional=True, initial=it.members),
    ]
    if groups:
        shown.append(
            forms.input_select(
                "usergroup",
                "And everybody in this user group",
                groups,
                hint="Whoever joins or leaves the group joins or leaves the committee.",
                optional=True,
                initial=it.usergroup or NONE,
            )
        )
    return shown


def group_options(groups: Sequence[tuple[str, str]], current: str | None = None) -> list[Option]:
    """The menu of user groups, the one followed now always among them; empty if there are none."""
    named = [blocks.option(name, group) for group, name in groups[:GROUPS_SHOWN]]
    if current and current not in [group for group, _ in groups[:GROUPS_SHOWN]]:
        named.append(blocks.option("The user group followed now", current))
    return [blocks.option("No user group", NONE), *named] if named else []


def options_in(view: Mapping[str, Any], field: str) -> list[Option]:
    """The options that a menu of this open form offers."""
    elements = [block["element"] for block in view["blocks"] if block.get("block_id") == field]
    found = [option for element in elements for option in element.get("options", ())]
    return [blocks.option(option["text"]["text"], option["value"]) for option in found]


def _rule(it: Blueprint) -> list[Block]:
    presets = [blocks.option(preset.name, key) for key, preset in PRESETS.items()]
    said = [blocks.context(esc(describe(PRESETS[it.preset].charter)))] if it.preset in PRESETS else []
    secret = blocks.option("Secret ballots", SECRET, "Nobody sees who voted how, also afterwards")
    return [
        forms.input_select(
            "preset", "How the committee decides", presets, initial=it.preset, dispatch=True, in_sight=True
        ),
        *said,
        forms.input_checkboxes("secret", "Secrecy", [secret], initial=[SECRET] if it.secret else []),
    ]


def _scoring(it: Blueprint) -> list[Block]:
    known = [blocks.option(one.name, key) for key, one in FRAMEWORKS.items()]
    offered = [*known, blocks.option("Our own criteria, with weights", OWN)]
    shown: list[Block] = [
        forms.input_select(
            "framework", "How ideas are scored", offered, initial=it.framework, dispatch=True, in_sight=True
        )
    ]
    if it.framework in FRAMEWORKS:
        named = (f"*{one.label}* ({one.hint[:1].lower()}{one.hint[1:]})" for one in FRAMEWORKS[it.framework].criteria)
        shown.append(blocks.context(", ".join(named)))
    else:
        hint = "One a line with its weight; add “lower is better” where it is. Members score each from 1 to 5."
        example = "Customer value: 60%\nCost: 40% (lower is better)"
        shown.append(
            forms.input_text(
                "criteria", "Criteria", hint=hint, multiline=True, initial=it.criteria or None, placeholder=example
            )
        )
    return shown


def _promises(it: Blueprint) -> list[Block]:
    return [
        _days("answer_days", "Every idea gets an answer within (working days)", it.answer_days),
        _days(
            "review_days",
            "A vote stays open for (working days)",
            it.review_days,
            hint="Whoever opens a vote can choose otherwise.",
        ),
        forms.input_select(
            "review_hour",
            "and closes at",
            HOURS,
            hint="In the committee's time zone. Promised answers are due by that hour, too.",
            initial=str(it.review_hour),
        ),
        forms.input_select(
            "reminder_hour",
            "Reminders come at",
            [HOURS[hour] for hour in REMINDER_HOURS],
            hint="In the time zone of whoever is reminded, on working days.",
            initial=str(it.reminder_hour),
        ),
    ]


def _days(field: str, label: str, days: int, hint: str | None = None) -> InputBlock:
    initial = str(days) if days > 0 else None
    return forms.input_number(field, label, hint=hint, initial=initial, least="1", most=str(DAYS_MAX))


def _week(it: Blueprint) -> list[Block]:
    days = [blocks.option(day, str(number)) for number, day in enumerate(DAYS, 1)]
    return [
        _searched("tz", "Time zone", _zone(it.tz) if it.tz else None),
        forms.input_checkboxes("week_days", "Working days", days, optional=False, initial=list(it.week_days)),
        _searched(
            "holidays_country",
            "Public holidays of",
            _country(it.holidays_country or NONE),
            hint="Type a country, and a region after it if it has holidays of its own: Germany Berlin.",
        ),
        forms.input_select("digest_weekday", "Digest day", days, initial=str(it.digest_weekday)),
        forms.input_select("digest_hour", "Digest hour", HOURS, initial=str(it.digest_hour)),
    ]


def _searched(field: str, label: str, initial: Option | None, hint: str | None = None) -> InputBlock:
    element = ExternalDataSelectElement(
        action_id=field, min_query_length=0, initial_option=initial, placeholder=blocks.words("Type to search", 150)
    )
    return forms.wrap(field, label, element, hint=hint)


def _zone(name: str) -> Option:
    return blocks.option(name.replace("_", " "), name)


def _country(code: str) -> Option:
    return blocks.option(choices.holidays_of(code) or "No public holidays", code)


def zone_options(typed: str) -> list[Option]:
    """Time zones that fit what was typed."""
    return [_zone(name) for name in choices.zones_like(typed)]


def country_options(typed: str) -> list[Option]:
    """Countries that fit what was typed; none at all is always on offer."""
    return [_country(code) for code in (NONE, *choices.countries_like(typed))][: choices.SHOWN]


def pick(committees: Sequence[Committee]) -> Message:
    """Which committee to change, for somebody who may change several."""
    text = "Which committee do you want to change?"
    row = [change_button(it, clip(clean(it.name), 60)) for it in committees[:PICKED]]
    return Message(text, [blocks.section(text), blocks.buttons(*row)])


def change_button(committee: Committee, text: str) -> ButtonElement:
    """Opens the form of a committee; several may stand in one row."""
    return blocks.button(text, f"{ids.SETUP_OPEN}.{committee.id}", ids.pack(committee=committee.id))


def welcome(status: Status) -> Message:
    """What whoever set a committee up is told: it works, and what to do first."""
    it = status.committee
    text = (
        f"*{short(it.name, 60)}* is set up.\n"
        f"• Ideas come in with `/idea` and appear in <#{it.intake_channel}>.\n"
        f"• The committee talks and votes in <#{it.committee_channel}>: {esc(status.rule)}\n"
        f"• The digest goes to <#{it.digest_channel}>, first on {when(status.next_digest, it.tz)}.\n"
        "• `/committee` shows how it stands, `/committee setup` changes it."
    )
    return Message(text, [blocks.section(text), blocks.buttons(change_button(it, "Change it"))])


def trouble(channel: Channel, committee: Committee) -> Message:
    """A channel of the committee cannot be used any more, and what to do."""
    text = trouble_line(channel, committee)
    return Message(text, [blocks.section(text), blocks.buttons(change_button(committee, "Choose another channel"))])


def trouble_line(channel: Channel, committee: Committee) -> str:
    """What is wrong with a channel in a sentence of mrkdwn."""
    what = TROUBLES.get(channel.trouble or "", "I cannot post in {channel}. Check that I am in it.")
    return what.format(channel=f"<#{channel.slack_id}>") + f" ({short(committee.name, 60)})"


def converted(channel: Channel, committee: Committee, *, private: bool) -> Message:
    """Slack says that a channel of the committee was made private, or public: what follows for what is said there."""
    text = f"<#{channel.slack_id}> {_consequence(channel, committee, private)} ({short(committee.name, 60)})"
    return Message(text, [blocks.section(text), blocks.buttons(change_button(committee, "Look at the set-up"))])


def _consequence(channel: Channel, committee: Committee, private: bool) -> str:
    if not private:
        return (
            "was made public, so everybody can join it and read what was said there. I still treat what it is told as "
            "private, until the set-up is saved again."
        )
    if channel.slack_id == committee.intake_channel:
        return (
            "was made private. From now on I show the ideas that come in there to its members, to the committee and to "
            "their authors only."
        )
    return "was made private, so only its members see what I say there. Who sees ideas elsewhere stays as it is."
