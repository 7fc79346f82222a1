"""How a question to an author looks: to the author, and in the committee's thread."""

from __future__ import annotations

from slack_sdk.models.blocks import Block, ButtonElement
from slack_sdk.models.views import View

from bot import forms, ids
from bot.views import blocks
from bot.views.message import Message
from bot.views.text import clip, clip_mrkdwn, esc, idea_ref, mention, person_name, short, when
from db.models import Committee, Idea, Person, Question

QUOTED = 900
MESSAGE = 3900


def to_author(question: Question, idea: Idea, *, ended: bool) -> Message:
    """The question as its author-to-answer sees it, with the answer once it is given."""
    head = f"{person_name(question.asked_by)} has a question about your idea *{idea_ref(idea)}*:"
    tail = _tail(question, idea, ended=ended)
    shown: list[Block] = [blocks.section(head), blocks.plain(question.text)]
    if question.answer is not None:
        shown += [blocks.section("*Your answer*"), blocks.plain(question.answer)]
    elif ended:
        shown.append(blocks.context(tail))
    else:
        shown += [blocks.buttons(answer_button(question)), blocks.context(tail)]
    return Message(clip_mrkdwn(f"{head}\n{esc(clip(question.text, QUOTED))}\n{tail}", MESSAGE), shown)


def _tail(question: Question, idea: Idea, *, ended: bool) -> str:
    if question.answer is not None:
        return f"Your answer: {esc(clip(question.answer, QUOTED))}"
    if ended:
        return "No answer is needed any more."
    if idea.clock_stopped_at is None:
        return "The committee may go on without it, but your answer is still welcome."
    return "The committee goes on once you have answered; until then the promised answer waits."


def missing(question: Question, idea: Idea) -> str:
    """Reminds the author of a question."""
    return (
        f"{person_name(question.asked_by)} asked about your idea *{idea_ref(idea, 60)}*: "
        f"{short(question.text, 300)}\nOne line is enough."
    )


def answer_button(question: Question) -> ButtonElement:
    """Opens the form for the answer."""
    return blocks.button("Answer", ids.IDEA_ANSWER, ids.pack(question=question.id), style="primary")


def unanswered(question: Question, idea: Idea, author: Person, committee: Committee) -> Message:
    """Whoever asked hears that there is no answer, and that the promise waits no longer."""
    text = f"{person_name(author)} has not answered your question about *{idea_ref(idea)}*: {short(question.text, 200)}"
    if idea.answered_at is None and idea.clock_stopped_at is None:
        due = when(idea.answer_due, committee.tz)
        text += f"\nThe promised answer waits no longer: the author is to have one by {due}."
    text += "\nGo on without it, or ask in another way."
    more = blocks.button("More", ids.IDEA_MORE, ids.pack(idea=idea.id))
    return Message(text, [blocks.section(text), blocks.buttons(more)])


def asked(question: Question, idea: Idea, author: Person) -> Message:
    """The committee's thread hears what was asked."""
    head = f"{person_name(question.asked_by)} asked {person_name(author)} about {idea_ref(idea)}:"
    foot = "The promised answer waits until the author has replied."
    text = f"{head}\n{esc(clip(question.text, QUOTED))}\n{foot}"
    return Message(
        clip_mrkdwn(text, MESSAGE), [blocks.section(head), blocks.plain(question.text), blocks.context(foot)]
    )


def answered(question: Question, idea: Idea, author: Person, committee: Committee) -> Message:
    """The committee's thread hears the answer; whoever asked is called."""
    head = f"{mention(question.asked_by.slack_id)}, {person_name(author)} answers:"
    said = question.answer or ""
    waits = idea.clock_stopped_at is not None or idea.answered_at is not None
    foot = "" if waits else f"The idea's answer is promised by {when(idea.answer_due, committee.tz)}."
    quoted = f"> {esc(clip(question.text, 200))}".replace("\n", " ")
    text = "\n".join(part for part in (head, quoted, esc(clip(said, QUOTED)), foot) if part)
    shown: list[Block] = [blocks.section(f"{head}\n{quoted}"), blocks.plain(said)]
    return Message(clip_mrkdwn(text, MESSAGE), [*shown, blocks.context(foot)] if foot else shown)


def ask_form(idea: Idea, author: Person, initial: str | None) -> View:
    """The form in which a member asks."""
    return blocks.modal(
        "Ask the author",
        [
            blocks.section(f"*{idea_ref(idea)}*, from {person_name(author)}"),
            forms.input_text(
                "text", "Your question", multiline=True, initial=initial, focus=True,
                hint="It goes to the author as a direct message; the answer comes back into the idea's thread.",
            ),
        ],
        callback_id=ids.IDEA_ASK_FORM,
        submit="Ask",
        private_metadata=ids.pack(idea=idea.id),
    )  # fmt: skip


def answer_form(question: Question, idea: Idea, initial: str | None) -> View:
    """The form in which the author answers."""
    return blocks.modal(
        "Your answer",
        [
            blocks.section(f"*{idea_ref(idea)}*\n{person_name(question.asked_by)} asks:"),
            blocks.plain(question.text),
            forms.input_text("text", "Your answer", multiline=True, initial=initial, focus=True),
        ],
        callback_id=ids.IDEA_ANSWER_FORM,
        submit="Answer",
        private_metadata=ids.pack(question=question.id),
    )
