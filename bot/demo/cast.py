"""Who takes part in the demo, where, and what they say. The people are made up; the ideas are not."""

from __future__ import annotations

from playground.workspace import Workspace

LONDON, BERLIN, NEW_YORK, KOLKATA = "Europe/London", "Europe/Berlin", "America/New_York", "Asia/Kolkata"

ADMIN, CHAIR, DEPUTY = "UADA", "UCLARA", "UDEV"
MEMBERS = ("UMIA", "UMAX", "UMONA", "UMEHMET", "UINES")
COMMITTEE = (CHAIR, DEPUTY, *MEMBERS)
AGENTS = ("UALICE", "UBOB", "UCHEN", "UDANA")
OWNERS = ("UOLGA", "UOMAR", "UPRIYA")

MARKS = ((KOLKATA, 9), (BERLIN, 9), (LONDON, 9), (NEW_YORK, 9), (LONDON, 15), (LONDON, 17))
"""The hours at which things fall due: people's mornings, the digest, the end of a vote."""

PEOPLE: tuple[tuple[str, str, str], ...] = (
    (ADMIN, "Ada Abara", LONDON),
    (CHAIR, "Clara Weiss", LONDON),
    (DEPUTY, "Dev Rao", KOLKATA),
    ("UMIA", "Mia Brandt", BERLIN),
    ("UMAX", "Max Doyle", LONDON),
    ("UMONA", "Mona Reyes", NEW_YORK),
    ("UMEHMET", "Mehmet Kaya", BERLIN),
    ("UINES", "Ines Duarte", LONDON),
    ("UALICE", "Alice Grant", LONDON),
    ("UBOB", "Bob Silva", NEW_YORK),
    ("UCHEN", "Chen Li", BERLIN),
    ("UDANA", "Dana Novak", BERLIN),
    ("UOLGA", "Olga Petrenko", BERLIN),
    ("UOMAR", "Omar Haddad", LONDON),
    ("UPRIYA", "Priya Nair", KOLKATA),
)

NAME = "Better Service"
INTAKE, TABLE, DIGEST = "CIDEAS", "CTABLE", "CDIGEST"
CHANNELS = ((INTAKE, "ideas"), (TABLE, "committee"), (DIGEST, "digest"))

CONDITIONS = (
    "a pilot in one region first, and a number before we roll it out",
    "the contact centre hears of it two weeks ahead",
    "we look at the cost again after three months",
)
DECLINES = (
    "the saving does not cover the first year's cost",
    "we have three things half done, and this would be the fourth",
    "the people who write to us have trouble elsewhere",
    "it takes a partner we do not have",
    "I would rather fix what we already promised",
    "we tried something close two years ago, and it was dropped within a month",
    "it helps a few people a lot, and I cannot see who pays for it",
)
APPROVALS = (
    "customers ask for this every week",
    "it is cheap to try and easy to undo",
    "the stores have wanted it for years",
)
QUESTION = "Who would notice first if we did this, and about how many people is that in a month?"
ANSWER = "Mostly people who write in about it: some forty a month, going by the inbox."
NOT_OURS = "We cannot do this on our own: it takes a change in the law. Public Affairs has it now."
TAKEN_BACK = "Somebody put in the same one last week; mine adds nothing."
PROMISES = (
    ("Complaints a week", "A third fewer within a quarter"),
    ("Calls a week", "Half as many by the spring"),
    ("Found it unaided", "Four people in five, when asked on the way out"),
)
NO_ROOM = "I am on the move to the new system until the end of the month."
AT_RISK = "The supplier answers slowly; a call is set for Thursday."
LATE = "Legal came back with two more questions. I need another week."
NEARLY = "Live in eleven of twelve places."
MISSING = "The twelfth place is the busiest one; let us wait for it."
DONE = "Live everywhere since this morning."


def populate(slack: Workspace) -> None:
    """Put the cast and their channels into a workspace; Ada is its admin."""
    for slack_id, name, tz in PEOPLE:
        slack.add_user(name.split()[0], id=slack_id, real_name=name, tz=tz, is_admin=slack_id == ADMIN)
    for slack_id, name in CHANNELS:
        slack.add_channel(name, [person for person, _, _ in PEOPLE], id=slack_id)
