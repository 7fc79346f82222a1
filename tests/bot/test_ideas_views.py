"""Whatever people write, no view of an idea or a question breaks Slack's contract or brings their text to life."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.models.views import View

from bot.views import idea_forms, ideas, questions
from bot.views.idea_forms import DEEDS, Sheet
from bot.views.ideas import IdeaCard
from bot.views.message import Message
from bot.views.mrkdwn import as_typed, mentioned
from bot.views.next_step import next_step
from db.models import Committee, Idea, IdeaState, Person, Question
from playground.contract import Problem, check_call, check_view
from tests.builders import NOW
from tests.nightly import examples
from workflows.catalogue import IdeaLine, Which
from workflows.errors import WorkflowError
from workflows.ideas import Proposal
from workflows.outlook import Next, Outlook
from workflows.pages import Page

LINKS = ["<!channel>", "<https://evil.example|refunds>", "@everyone", "#general", "&", "*", "`"]
NASTY = st.sampled_from([*LINKS, "\u202e", "\U0001f469\u200d\U0001f467", "نكتة", "\n\n"])
TEXT = st.lists(NASTY | st.text(st.characters(exclude_categories=["Cs"]), max_size=30), max_size=12).map("".join)
LONG = TEXT | st.builds(lambda text, n: (text or "&") * n, NASTY, st.integers(200, 3000))
COMMITTEE = Committee(id=1, name="Innovation <!here>", tz="Europe/Berlin", intake_channel="C1", committee_channel="C2")

OTHER = Committee(id=2, name="Greens", tz="UTC", intake_channel="C3", committee_channel="C4")


def person(number: int, name: str) -> Person:
    return Person(id=number, slack_id=f"U{number:06}", name=name, tz="Europe/Berlin")


@st.composite
def proposals(draw: st.DrawFn) -> Proposal:
    told = {name: draw(LONG)[:limit] for name, limit in (("title", 140), ("problem", 3000), ("proposal", 3000))}
    try:
        return Proposal(**told, effect=draw(LONG)[:3000])
    except WorkflowError:
        return Proposal(title="A title", problem=draw(LONG)[:2000] + "!")


@st.composite
def cards(draw: st.DrawFn) -> IdeaCard:
    state = draw(st.sampled_from(IdeaState))
    idea = Idea(
        id=1,
        number=2_000_000_000,
        state=state,
        submitted_at=NOW,
        answer_due=NOW,
        support_count=draw(st.integers(0, 9)),
        source_permalink="https://x.slack.com/archives/C1/p1",
        **draw(proposals()).model_dump(),
    )
    return IdeaCard(
        idea=idea,
        author=person(1, draw(TEXT)),
        committee=COMMITTEE,
        outlook=Outlook(draw(st.sampled_from(Next)), who=person(2, draw(TEXT)), by=NOW, why=draw(LONG)),
        supporters=[person(n, draw(TEXT)) for n in range(3, 3 + min(5, idea.support_count))],
        source_author=person(9, draw(TEXT)),
        inside=draw(st.booleans()),
        intake=draw(st.booleans()),
        full=draw(st.booleans()),
    )


def written(it: IdeaCard) -> list[str]:
    """What people wrote, long enough to tell apart."""
    texts = [it.idea.title, it.idea.problem, it.idea.proposal, it.idea.effect, it.outlook.why, it.author.name]
    return [text for text in texts if len(text) > 3]


def objections(message: Message, untrusted: list[str]) -> list[Problem]:
    """What Slack objects to when the message is posted and when it is edited in place."""
    shown = [block if isinstance(block, dict) else block.to_dict() for block in message.blocks]
    args: dict[str, Any] = {"channel": "C012345678", "text": message.text, "blocks": shown}
    found = check_call("chat.postMessage", {**args, "unfurl_links": False}, untrusted=untrusted)
    return found + check_call("chat.update", {**args, "ts": "1700000000.000100"}, untrusted=untrusted)


def view_objections(view: View, untrusted: list[str]) -> list[Problem]:
    return check_view(view.to_dict(), untrusted=untrusted)


@examples(15)
@given(cards())
def test_no_card_breaks(it: IdeaCard) -> None:
    texts = written(it)
    assert objections(ideas.card(it), texts) == []
    assert objections(ideas.received(it, again=True), texts) == []
    assert objections(ideas.promise_missed(it, own=it.full), texts) == []
    assert objections(ideas.answer_late(it), texts) == []
    assert objections(ideas.declined(it.idea, it.author, it.outlook.why or "No"), texts) == []
    assert view_objections(ideas.page(it), texts) == []


def test_a_card_says_in_a_few_lines_what_it_is_how_it_stands_and_who_has_it() -> None:
    long = "Refunds take three calls. " * 40
    idea = Idea(
        id=1, number=1, title="Refund button", state=IdeaState.SUBMITTED, support_count=0, problem=long, proposal=long,
        effect=long, answer_due=NOW,
    )  # fmt: skip
    brief = IdeaCard(idea, person(9, "Alice"), COMMITTEE, Outlook(Next.ANSWER, who=person(1, "Clara"), by=NOW))
    lines = ideas.card(brief).text.splitlines()
    assert [line.split()[0] for line in lines] == ["*Idea", ":inbox_tray:", "Refunds", "*Next:*"]
    assert "From Alice. No supporters." in lines[1]
    assert len(lines[2]) <= ideas.GIST
    assert "Clara answers by" in lines[3]
    assert long.strip() in str(ideas.page(replace(brief, full=True)).to_dict())


@examples(10)
@given(cards(), st.integers(1, 9))
def test_no_list_breaks(it: IdeaCard, pages: int) -> None:
    page = Page([IdeaLine(it.idea, it.author, COMMITTEE)] * 8, 1, pages, 8 * pages)
    for which in Which:
        assert objections(ideas.listing(which, page), written(it)) == []


@examples(23)
@given(cards(), LONG.map(lambda text: (text.strip() or "Why?")[:3000]), st.booleans(), st.booleans())
def test_no_question_breaks(it: IdeaCard, text: str, answered: bool, ended: bool) -> None:
    question = Question(id=1, text=text, answer=text if answered else None, asked_by=it.author)
    texts = [*written(it), *([text] if len(text) > 3 else [])]
    assert objections(questions.to_author(question, it.idea, ended=ended), texts) == []
    assert objections(questions.asked(question, it.idea, it.author), texts) == []
    assert objections(questions.answered(question, it.idea, it.author, COMMITTEE), texts) == []
    assert view_objections(questions.ask_form(it.idea, it.author, text), texts) == []
    assert view_objections(questions.answer_form(question, it.idea, text), texts) == []


@examples(10)
@given(cards(), st.booleans(), st.booleans())
def test_no_form_breaks(it: IdeaCard, several: bool, older: bool) -> None:
    words = {name: getattr(it.idea, name) for name in idea_forms.FIELDS}
    choices = [COMMITTEE, OTHER] if several else [COMMITTEE]
    sheet = Sheet("idea", words, choices=choices, saved_at=None if older else NOW, older=older)
    assert view_objections(idea_forms.new_idea(sheet), written(it)) == []
    assert view_objections(idea_forms.edit(it.idea, words), written(it)) == []
    assert view_objections(idea_forms.withdraw(it.idea, it.outlook.why), written(it)) == []
    assert view_objections(idea_forms.decline(it.idea, it.outlook.why), written(it)) == []
    assert view_objections(idea_forms.more(it.idea, ideas.stands(it), DEEDS), written(it)) == []


@pytest.mark.parametrize(
    ("count", "names", "said"),
    [
        (0, [], "No supporters"),
        (1, ["Ann Lee"], "1 supporter: Ann"),
        (3, ["Ann", "Ben", "Cy"], "3 supporters: Ann, Ben and Cy"),
        (7, ["Ann", "Ben", "Cy", "Di", "Ed"], "7 supporters: Ann, Ben, Cy, Di, Ed and 2 more"),
        (1, [""], "1 supporter: somebody"),
    ],
)
def test_supporters_are_counted_and_called_by_their_first_names(count: int, names: list[str], said: str) -> None:
    idea = Idea(id=1, number=1, title="T", support_count=count)
    people = [person(n, name) for n, name in enumerate(names, 1)]
    it = IdeaCard(idea, person(9, "Alice"), COMMITTEE, Outlook(Next.NOTHING), people)
    assert ideas.supporters(it) == said


@pytest.mark.parametrize("step", [step for step in Next if step is not Next.NOTHING])
def test_every_next_step_names_who_has_it_or_what_happens(step: Next) -> None:
    said = next_step(Outlook(step, who=person(1, "Clara"), by=NOW), "Europe/Berlin", IdeaState.SUBMITTED)
    assert said.startswith("*Next:* ")
    assert "Clara" in said or "the committee votes until" in said


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        ("Ask <@U1> or <@U2|ben>", "Ask @Ann or @ben"),
        ("Ask <@U404>", "Ask @somebody"),
        ("See <#C1|ideas> and <#C2|>", "See #ideas and #a private channel"),
        ("<!here> <!subteam^S1|@crew>", "@here @crew"),
        ("<https://a.example/x|our page> <https://a.example>", "our page (https://a.example/x) https://a.example"),
        ("<mailto:a@b.example|a@b.example>", "a@b.example"),
        ("R&amp;D &lt;3 &amp;lt;", "R&D <3 &lt;"),
        ("a < b > c", "a < b > c"),
    ],
)
def test_markup_becomes_the_words_people_typed(markup: str, words: str) -> None:
    assert as_typed(markup, {"U1": "Ann"}) == words


def test_mentioned_people_are_found_once_each() -> None:
    assert mentioned("<@U1> <@U2|ben> <@U1>") == ["U1", "U2"]
