"""Files that people put into forms: whole, their own, as many and of such kinds as the form asks for."""

from __future__ import annotations

import pytest

from playground.errors import Impossible
from playground.workspace import Workspace

ELEMENT = {"type": "file_input", "action_id": "it", "max_files": 1, "filetypes": ["txt"]}


def test_a_file_goes_into_a_form_as_slack_describes_it(slack: Workspace) -> None:
    ann = slack.add_user("ann")
    file = slack.files.upload("notes.txt", b"words", ann.id)
    (described,) = slack.files.for_form(ELEMENT, ann.id, [file.id])
    assert (described["name"], described["size"], described["mimetype"]) == ("notes.txt", 5, "text/plain")
    assert slack.files.get(file.id).content == b"words"


def test_what_does_not_fit_is_refused_in_a_sentence(slack: Workspace) -> None:
    ann, ben = slack.add_user("ann"), slack.add_user("ben")
    notes, picture = (slack.files.upload(name, b"it", ann.id).id for name in ("notes.txt", "tree.png"))
    for who, wanted, says in (
        (ann, [notes, notes], "At most 1 files"),
        (ann, [picture], "“tree.png” is not of a kind"),
        (ann, ["F404"], "not there any more"),
        (ben, [notes], "not there any more"),
    ):
        with pytest.raises(Impossible, match=says):
            slack.files.for_form(ELEMENT, who.id, wanted)
