"""How work looks: the offer to its owner, the card in the thread, and what passes between owner and sponsor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from slack_sdk.models.blocks import Block, ButtonElement

from bot import ids
from bot.views import blocks
from bot.views.message import Message
from bot.views.text import day, esc, idea_ref, mention, person_name, plural, short
from db.models import Health, Idea, Intervention, InterventionKind, InterventionState, Milestone, Person, Progress
from workflows.interventions import LEFT

S = InterventionState
KINDS = {
    InterventionKind.PRODUCT: "Product & technology",
    InterventionKind.MARKETING: "Marketing",
    InterventionKind.CRM: "CRM",
    InterventionKind.COMMUNICATIONS: "Communications",
    InterventionKind.TRAINING: "Training",
    InterventionKind.AUDIT: "Audit",
    InterventionKind.BRANDING: "Branding",
    InterventionKind.DATA: "Data & analytics",
}
HEALTHS = {Health.ON_TRACK: "On track", Health.AT_RISK: "At risk", Health.LATE: "Late"}
SIGNS = {
    Health.ON_TRACK: ":large_green_circle:",
    Health.AT_RISK: ":large_yellow_circle:",
    Health.LATE: ":red_circle:",
}

NOBODY_PRESIDES = "Nobody presides over the committee just now. An admin names a chair with `/committee setup`."


@dataclass(frozen=True)
class WorkCard:
    """A piece of work with what its card shows."""

    work: Intervention
    milestones: Sequence[Milestone]
    latest: Progress | None = None

    @property
    def idea(self) -> Idea:
        return self.work.idea


def standing(work: Intervention) -> str:
    """How it stands, in words."""
    says = {
        S.OFFERED: f"waits for {person_name(work.owner)} to accept",
        S.COUNTERED: f"{person_name(work.owner)} proposes {day(work.proposed_due_on or work.due_on)} instead",
        S.HANDED_BACK: _without_owner(work),
        S.ACCEPTED: f"{SIGNS[work.health or Health.ON_TRACK]} {HEALTHS[work.health or Health.ON_TRACK].lower()}",
        S.CLAIMED: "said to be done; a second person has to confirm it",
        S.DONE: ":white_check_mark: done and confirmed",
        S.CANCELLED: "cancelled",
    }
    return says[work.state]


def _without_owner(work: Intervention) -> str:
    if work.handed_back_why == LEFT:
        return f"needs a new owner: {person_name(work.owner)} has left"
    return f"handed back: {short(work.handed_back_why or '', 300)}"


def summary(work: Intervention) -> str:
    """What it is, who has it and by when: safe mrkdwn on one line."""
    return f"*{short(work.title, 150)}* – {person_name(work.owner)}, due {day(work.due_on)}"


def card(it: WorkCard) -> Message:
    """The card in the idea's thread, for everybody there."""
    lines = [summary(it.work), f"{esc(KINDS[it.work.kind])} – {standing(it.work)}", *_effect(it.work), *_latest(it)]
    text = "\n".join([*lines, *_steps(it)])
    row = side_buttons(it.work) if it.work.state in (S.COUNTERED, S.HANDED_BACK) else _progress_buttons(it.work)
    return Message(text, [blocks.section(text), *([blocks.buttons(*row)] if row else [])])


def _effect(work: Intervention) -> list[str]:
    if not (work.promise or work.kpi):
        return []
    on = f" on {short(work.kpi, 100)}" if work.kpi else ""
    return [f"Hoped for{on}: {short(work.promise or 'an improvement', 300)}"]


def _latest(it: WorkCard) -> list[str]:
    if it.latest is None or not it.latest.line or it.work.state is not S.ACCEPTED:
        return []
    return [f"Last update, {day(it.latest.at.date())}: {short(it.latest.line, 300)}"]


def _steps(it: WorkCard) -> list[str]:
    return [
        f"{':white_check_mark:' if step.done_at else ':white_circle:'} {short(step.title, 100)} – {day(step.due_on)}"
        for step in it.milestones
    ]


def _value(work: Intervention, **more: object) -> str:
    return ids.pack(work=work.id, **more)


def _progress_buttons(work: Intervention) -> list[ButtonElement]:
    if work.state is S.ACCEPTED:
        return [*update_buttons(work), blocks.button("Done", ids.WORK_CLAIM, _value(work))]
    return claim_buttons(work) if work.state is S.CLAIMED else []


def update_buttons(work: Intervention) -> list[ButtonElement]:
    """On track, at risk, late: one tap each."""
    return [
        blocks.button(text, f"{ids.WORK_UPDATE}.{health.value}", _value(work, health=health.value))
        for health, text in HEALTHS.items()
    ]


def claim_buttons(work: Intervention) -> list[ButtonElement]:
    """Confirm that it is done, or say what is missing."""
    return [
        blocks.button("Confirm it is done", ids.WORK_CONFIRM, _value(work), style="primary"),
        blocks.button("Not yet", ids.WORK_SEND_BACK, _value(work)),
    ]


def side_buttons(work: Intervention) -> list[ButtonElement]:
    """What whoever gave the work out does about a hand-back or another date."""
    if work.state is S.HANDED_BACK:
        return [blocks.button("Choose another owner", ids.WORK_REASSIGN, _value(work), style="primary")]
    to = work.proposed_due_on or work.due_on
    return [
        blocks.button(f"Agree to {day(to)}", ids.WORK_COUNTER_AGREE, _value(work, to=to.isoformat())),
        blocks.button(f"Keep {day(work.due_on)}", ids.WORK_INSIST, _value(work)),
    ]


def owner_buttons(work: Intervention) -> list[ButtonElement]:
    """What the owner can do with it now."""
    if work.state is S.OFFERED:
        return [
            blocks.button("Accept", ids.WORK_ACCEPT, _value(work), style="primary"),
            blocks.button("Another date", ids.WORK_COUNTER, _value(work)),
            blocks.button("Hand back", ids.WORK_HAND_BACK, _value(work)),
        ]
    if work.state is S.ACCEPTED:
        return [*_progress_buttons(work), blocks.button("Another date", ids.WORK_COUNTER, _value(work))]
    return []


def assign_prompt(idea: Idea, conditions: Sequence[str]) -> Message:
    """The chair is asked for an owner."""
    text = f"*{idea_ref(idea)}* was approved. Who takes it on, and by when?"
    said = ["Conditions that were set:", *(f"• {short(it, 300)}" for it in conditions)] if conditions else []
    shown: list[Block] = [blocks.section("\n".join([text, *said]))]
    shown.append(
        blocks.buttons(blocks.button("Choose an owner", ids.WORK_ASSIGN, ids.pack(idea=idea.id), style="primary"))
    )
    return Message("\n".join([text, *said]), shown)


def offer(it: WorkCard, sponsor: Person) -> Message:
    """The owner is asked; the message stays and shows how it stands."""
    work = it.work
    heads = {
        S.OFFERED: f"{person_name(sponsor)} asks you to take this on, for idea {idea_ref(it.idea)}:",
        S.COUNTERED: f"You proposed {day(work.proposed_due_on or work.due_on)}; {person_name(sponsor)} has been asked.",
        S.HANDED_BACK: "You handed this back. Thank you for saying so.",
        S.ACCEPTED: f"You have this, for idea {idea_ref(it.idea)}:",
        S.CLAIMED: "You said this is done; a second person is looking at it.",
        S.DONE: ":tada: Done and confirmed. Thank you!",
        S.CANCELLED: "This is no longer needed.",
    }
    lines = [heads[work.state], f"*{short(work.title, 150)}*, due *{day(work.due_on)}*", *_effect(work), *_steps(it)]
    row = owner_buttons(work)
    shown: list[Block] = [blocks.section("\n".join(lines)), *([blocks.buttons(*row)] if row else [])]
    if it.milestones and work.state is S.ACCEPTED:
        shown += _open_steps(it)
    return Message("\n".join(lines), shown)


def _open_steps(it: WorkCard) -> list[Block]:
    return [
        blocks.section(
            f"{short(step.title, 100)} – {day(step.due_on)}",
            accessory=blocks.button("Tick off", ids.WORK_MILESTONE_DONE, _value(it.work, milestone=step.id)),
        )
        for step in it.milestones
        if step.done_at is None
    ]


def moved_on(work: Intervention) -> Message:
    """An offer that was made to somebody else meanwhile."""
    text = f"*{short(work.title, 150)}* has gone to somebody else, or has another date. Nothing is left to do here."
    return Message(text, [blocks.section(text)])


def countered(work: Intervention, proposed: date) -> Message:
    """The sponsor is asked about the owner's date."""
    text = (
        f"{person_name(work.owner)} can do *{short(work.title, 150)}* by *{day(proposed)}* "
        f"instead of {day(work.due_on)} (idea {idea_ref(work.idea)})."
    )
    row = side_buttons(work) if work.state is S.COUNTERED else []
    return Message(text, [blocks.section(text), *([blocks.buttons(*row)] if row else [])])


def handed_back(work: Intervention, *, to_all: bool = False) -> Message:
    """The sponsor needs another owner; said `to_all` of the committee where nobody presides who could choose one."""
    what = f"*{short(work.title, 150)}* (idea {idea_ref(work.idea)})"
    if work.handed_back_why == LEFT:
        text = f"{person_name(work.owner)} has left, so {what} needs a new owner. It is due {day(work.due_on)}."
    else:
        text = f"{person_name(work.owner)} has handed back {what}: {short(work.handed_back_why or '', 500)}"
    if to_all:
        text += f"\n{NOBODY_PRESIDES}"
    return Message(text, [blocks.section(text), blocks.buttons(*side_buttons(work))])


def claimed(work: Intervention, claimer: Person) -> Message:
    """Somebody else is asked to confirm that it is done."""
    line = f"\n“{short(work.claim_line, 300)}”" if work.claim_line else ""
    text = (
        f"{person_name(claimer)} says *{short(work.title, 150)}* is done (idea {idea_ref(work.idea)}).{line}\n"
        "Is it? A second person has to confirm it."
    )
    return Message(text, [blocks.section(text), blocks.buttons(*claim_buttons(work))])


def confirmed(work: Intervention, confirmer: Person) -> Message:
    """The thread hears that it is done."""
    text = (
        f":tada: *{short(work.title, 150)}* is done. Thank you, {mention(work.owner.slack_id)}! "
        f"Confirmed by {person_name(confirmer)}."
    )
    return Message("\n".join([text, *_effect(work)]), [blocks.section("\n".join([text, *_effect(work)]))])


def sent_back(work: Intervention, by: Person, why: str) -> Message:
    """The owner hears what is missing."""
    text = f"{person_name(by)} says *{short(work.title, 150)}* is not quite done: {esc(why)}"
    row = owner_buttons(work)
    return Message(text, [blocks.section(text), *([blocks.buttons(*row)] if row else [])])


def listing(works: Sequence[Intervention], title: str, today: date) -> Message:
    """`/cx`: the work that came out of ideas."""
    if not works:
        text = f"{title}: nothing yet. Approved ideas become work here."
        return Message(text, [blocks.section(text)])
    lines = [f"• {summary(work)} – {_plight(work, today)} ({idea_ref(work.idea, 60)})" for work in works]
    head = f"{title} ({len(works)})"
    paragraphs = ["\n".join(lines[i : i + 8]) for i in range(0, len(lines), 8)]
    return Message("\n".join([f"*{head}*", *lines]), [blocks.header(head), *map(blocks.section, paragraphs)])


def _plight(work: Intervention, today: date) -> str:
    late = (today - work.due_on).days
    if late > 0 and work.state in (S.OFFERED, S.COUNTERED, S.ACCEPTED):
        return f":red_circle: {plural(late, 'day')} late"
    return standing(work)
