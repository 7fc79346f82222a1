"""Who comes and goes in the town of the state machine, and what people only look at."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.survival.machine import GUEST, Town
from tests.survival.model import ELECTORS, UNSETTLED
from tests.survival.people import fill, last_word, press, put_away

IDS = {"Mia": "UMEM1", "Max": "UMEM2", "Mona": "UMEM3", "Mei": "UMEM5", "Olga": "UOWNER"}
LISTS = (
    ("/idea", ""),
    ("/idea", "help"),
    ("/idea", "mine"),
    ("/idea", "show 1"),
    ("/idea", "search people"),
    ("/committee", ""),
    ("/committee", "backlog"),
    ("/committee", "digest"),
    ("/committee", "privacy"),
    ("/cx", ""),
    ("/cx", "mine"),
)


class Coming(Town):
    """Members who join and leave, people who leave the company and come back, one who wants to be forgotten."""

    @rule(who=st.sampled_from(["Mei", "Mona"]))
    def change_seats(self, who: str) -> None:
        """An admin seats somebody, or takes the seat away; votes that are on keep their electorate."""
        if self.gone & set(self.seated):
            return
        seated = {**self.seated, who: "member"} if who not in self.seated else dict(self.seated)
        if who in self.seated:
            del seated[who]
        self.world.person("UADMIN").command("/committee", "setup", channel="CCOMM")
        fill(self.world, "UADMIN", {"members": [IDS[one] for one, role in seated.items() if role == "member"]})
        self.seated = seated
        self.did("crew: seated" if who in seated else "crew: unseated")

    @rule(who=st.sampled_from(["Olga", "Mia", "Max"]))
    def leave_or_return(self, who: str) -> None:
        leaves = who not in self.gone
        self.world.slack.change_user(IDS[who], deleted=leaves)
        self.world.slack.settle()
        self.gone ^= {who}
        self.were_away.add(who)
        for it in self.matters:
            if leaves and it.work and it.work.owner == who and it.work.state in ("offered", "countered", "accepted"):
                it.work.handed_back()
                self.did("crew: an owner left")
        self.did("crew: left" if leaves else "crew: came back")

    @precondition(lambda self: not self.wants_out and not self.somebody_was_forgotten())
    @rule(agreed=st.booleans())
    def want_to_be_forgotten(self, agreed: bool) -> None:
        gus, ada = self.world.person(GUEST), self.world.person("UADMIN")
        gus.command("/committee", "privacy", channel="CIDEAS")
        shown = gus.ephemerals("CIDEAS")[-1]
        if not press(self.world, GUEST, shown, "Ask to be forgotten"):
            return
        self.settle()
        asked = next((one for one in reversed(ada.dms()) if "Forget them" in ada.buttons(one)), None)
        answer = "Forget them" if agreed else "Not now"
        if asked and press(self.world, "UADMIN", asked, answer):
            self.did(f"crew: {answer}")
            self.wants_out = agreed

    @rule(who=st.sampled_from(["Alice", *ELECTORS, "Olga", GUEST]), what=st.sampled_from(LISTS))
    def look(self, who: str, what: tuple[str, str]) -> None:
        """At a list, and at their Home; an admin asks whether the committee could be closed."""
        if who not in self.gone:
            self.world.person(who).command(*what, channel="CCOMM" if what[0] == "/committee" else "CIDEAS")
            put_away(self.world, who)
            self.world.person(who).open_home()
        busy = any(it.ballot or it.state in UNSETTLED for it in self.matters)
        ada = self.world.person("UADMIN")
        ada.command("/committee", "close", channel="CCOMM")
        offered = ada.buttons(ada.ephemerals("CCOMM")[-1])
        assert bool(offered) == (not busy), last_word(self.world, "UADMIN")
