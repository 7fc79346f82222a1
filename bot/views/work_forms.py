"""The forms about work: giving it to an owner, another date, updates, the claim that it is done."""

from __future__ import annotations

from datetime import date

from slack_sdk.models.views import View

from bot import forms, ids
from bot.views import blocks
from bot.views.text import day, idea_ref, short
from bot.views.work import HEALTHS, KINDS
from db.models import Health, Idea, Intervention, InterventionKind

LINE = 500


def assign(idea: Idea, due_on: date) -> View:
    """Approval asks the chair: what, who, by when, and the effect hoped for."""
    kinds = [blocks.option(text, kind.value) for kind, text in KINDS.items()]
    return blocks.modal(
        "Give it an owner",
        [
            blocks.section(f"*{idea_ref(idea)}*"),
            forms.input_text("title", "What is to be done", initial=idea.title, max_length=150),
            forms.input_user("owner", "Owner", hint="They are asked, and can propose another date or hand it back."),
            forms.input_date("due_on", "Due", initial=due_on),
            forms.input_select("kind", "Kind of work", kinds, initial=InterventionKind.PRODUCT.value),
            forms.input_text(
                "milestones", "Milestones", optional=True, multiline=True,
                hint="One a line, the day first: 2026-12-01 Leaflet drafted", max_length=2000,
            ),
            forms.input_text("kpi", "Which figure should move", optional=True, max_length=150,
                             placeholder="Complaints a week, NPS, time to answer …"),
            forms.input_text("promise", "By how much, or how one will see it", optional=True,
                             initial=idea.effect or None, max_length=LINE, multiline=True),
        ],
        callback_id=ids.WORK_ASSIGN_FORM, submit="Ask the owner", private_metadata=ids.pack(idea=idea.id),
    )  # fmt: skip


def reassign(work: Intervention) -> View:
    """Another owner, or another date."""
    return blocks.modal(
        "Choose another owner",
        [
            blocks.section(f"*{short(work.title, 150)}*"),
            forms.input_user("owner", "Owner"),
            forms.input_date("due_on", "Due", initial=work.due_on),
        ],
        callback_id=ids.WORK_REASSIGN_FORM, submit="Ask the owner", private_metadata=_about(work),
    )  # fmt: skip


def counter(work: Intervention) -> View:
    """The owner's date."""
    return blocks.modal(
        "Propose another date",
        [
            blocks.section(f"*{short(work.title, 150)}* is due {day(work.due_on)}."),
            forms.input_date("due_on", "I can do it by", initial=work.due_on),
        ],
        callback_id=ids.WORK_COUNTER_FORM, submit="Propose", private_metadata=_about(work),
    )  # fmt: skip


def hand_back(work: Intervention) -> View:
    """The owner's no, with a reason."""
    return _line_form(work, "Hand it back", "why", "Why can you not do it?", ids.WORK_HAND_BACK_FORM, "Hand back")


def send_back(work: Intervention) -> View:
    """What is missing."""
    return _line_form(work, "Not yet done", "why", "What is missing?", ids.WORK_SEND_BACK_FORM, "Send back")


def claim(work: Intervention) -> View:
    """It is done: anything to say?"""
    return _line_form(
        work, "It is done", "line", "Anything the committee should know", ids.WORK_CLAIM_FORM, "Say it is done",
        optional=True,
    )  # fmt: skip


def update(work: Intervention, health: Health) -> View:
    """How it goes, and a line."""
    choices = [blocks.option(text, choice.value) for choice, text in HEALTHS.items()]
    return blocks.modal(
        "How does it go?",
        [
            blocks.section(f"*{short(work.title, 150)}*, due {day(work.due_on)}"),
            forms.input_select("health", "It is", choices, initial=health.value, in_sight=True),
            forms.input_text("line", "In a line: what happened, what would help", optional=True, max_length=LINE),
        ],
        callback_id=ids.WORK_UPDATE_FORM, submit="Tell", private_metadata=_about(work),
    )  # fmt: skip


def _line_form(
    work: Intervention, title: str, field: str, label: str, callback_id: str, submit: str, *, optional: bool = False
) -> View:
    return blocks.modal(
        title,
        [
            blocks.section(f"*{short(work.title, 150)}*"),
            forms.input_text(field, label, multiline=True, optional=optional, max_length=LINE, focus=True),
        ],
        callback_id=callback_id, submit=submit, private_metadata=_about(work),
    )  # fmt: skip


def _about(work: Intervention) -> str:
    return ids.pack(work=work.id)
