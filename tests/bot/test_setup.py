"""Setting a committee up as an admin does it in Slack, and keeping it in step with what happens there."""

from __future__ import annotations

from tests.world import World


def test_an_admin_saves_the_form_as_it_is_and_has_a_working_committee(world: World) -> None:
    ada = world.person("Ada")
    ada.command("/committee", "setup", "CIDEAS")
    form = ada.view
    ada.submit(form)
    world.settle()
    assert "is set up" in world.dms("Ada")[-1].text
    assert world.problems() == []
