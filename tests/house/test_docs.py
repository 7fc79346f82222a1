"""Documentation that cannot rot: links lead somewhere, commands and settings exist, tables say what the code says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
import typer.main
import yaml
from pydantic import SecretStr
from pydantic.fields import FieldInfo

from bot.cli import app
from bot.settings import Settings
from tests.house.tree import ROOT, files, name, texts

PAGES = [
    name(path)
    for path in files()
    if path.suffix == ".md" and not name(path).startswith(("tests/", "bot/", "playground/"))
]
DEPLOYMENT = ["compose.yaml", "Dockerfile", *(name(path) for path in files("docs/deploy"))]
LINK = re.compile(r"(?<!\!)\[[^\]]+\]\(([^)\s]+)\)|\!\[[^\]]*\]\(([^)\s]+)\)")
VARIABLE = re.compile(r"\b(?:TOUCHSTONE_[A-Z_]+|SLACK_[A-Z_]+|DATABASE_URL)\b")
FOR_TESTS = {"TOUCHSTONE_NIGHTLY": "the long profile of the tests of survival"}
COMMAND = re.compile(r"(?:`|^|\s)touchstone ([a-z]+)((?: +\S+)*)", re.MULTILINE)
MAKE = re.compile(r"\bmake ([a-z]+)\b(?=`| *$| +[A-Z]+=|  )", re.MULTILINE)


def read(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def code(page: str) -> str:
    """What a page sets as code: that is what people copy."""
    text = read(page)
    blocks = re.findall(r"```.*?\n(.*?)```", text, re.DOTALL)
    spans = re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))
    return "\n".join(blocks + spans)


@cache
def settings() -> dict[str, FieldInfo]:
    return {
        str(field.validation_alias or f"TOUCHSTONE_{key.upper()}"): field
        for key, field in Settings.model_fields.items()
    }


def default(field: FieldInfo) -> str:
    value: Any = field.default
    plain = value.get_secret_value() if isinstance(value, SecretStr) else value
    return str(plain).lower() if isinstance(plain, bool) else str(plain)


def anchors(page: str) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ +(.+?)\s*$", re.sub(r"```.*?```", "", read(page), flags=re.DOTALL), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def links(page: str) -> Iterator[str]:
    for found in LINK.finditer(re.sub(r"```.*?```", "", read(page), flags=re.DOTALL)):
        target = found[1] or found[2]
        if not re.match(r"[a-z]+:", target):
            yield target


@pytest.mark.parametrize("page", PAGES)
def test_every_link_of_a_page_leads_somewhere(page: str) -> None:
    for target in links(page):
        path, _, anchor = target.partition("#")
        there = (ROOT / page).parent / path if path else ROOT / page
        assert there.exists(), target
        if anchor:
            assert anchor in anchors(name(there.resolve())), target


@pytest.mark.parametrize("page", PAGES)
def test_every_command_that_a_page_names_exists(page: str) -> None:
    known = typer.main.get_command(app).commands  # type: ignore[attr-defined]  # it is a group
    for verb, rest in COMMAND.findall(code(page)):
        assert verb in known, verb
        below = getattr(known[verb], "commands", None)  # `touchstone person erase`
        command = below[rest.split()[0]] if below else known[verb]
        options = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
        assert {word.split("=")[0] for word in rest.split() if word.startswith("--")} <= {*options, "--help"}, rest


@pytest.mark.parametrize("page", PAGES)
def test_every_make_target_that_a_page_names_exists(page: str) -> None:
    targets = set(re.findall(r"^([a-z]+):", read("Makefile"), re.MULTILINE))
    assert set(MAKE.findall(code(page))) <= targets


@pytest.mark.parametrize("page", [*PAGES, *DEPLOYMENT])
def test_every_setting_that_a_page_names_exists(page: str) -> None:
    for named in set(VARIABLE.findall(read(page))) - set(FOR_TESTS):
        family = named.endswith("_")  # as in TOUCHSTONE_RETAIN_*
        assert any(key == named or (family and key.startswith(named)) for key in settings()), named


def test_the_example_environment_is_the_settings() -> None:
    ours, _, for_compose = read(".env.example").partition("# For compose.yaml only")
    assert re.findall(r"^# (.+)\n(\w+)=(.*)$", ours, re.MULTILINE) == [
        (field.description, key, default(field)) for key, field in settings().items()
    ]
    wanted = set(re.findall(r"\$\{(\w+):\?", read("compose.yaml")))
    assert set(re.findall(r"^(\w+)=", for_compose, re.MULTILINE)) == wanted


def test_the_table_of_settings_is_the_settings() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (.*?) \| (.+) \|$", read("docs/operating.md"), re.MULTILINE)
    assert rows == [
        (key, f"`{default(field)}`" if default(field) else "", field.description) for key, field in settings().items()
    ]


def test_compose_runs_one_migration_before_two_replicas() -> None:
    services = yaml.safe_load(read("compose.yaml"))["services"]
    assert services["serve"]["deploy"]["replicas"] == 2
    assert services["serve"]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
    assert services["migrate"]["depends_on"]["postgres"] == {"condition": "service_healthy"}
    assert services["proxy"]["depends_on"]["serve"] == {"condition": "service_healthy"}


def test_containers_get_more_time_to_stop_than_stopping_takes() -> None:
    services = yaml.safe_load(read("compose.yaml"))["services"]
    assert int(services["serve"]["stop_grace_period"].removesuffix("s")) > 10


def test_the_image_runs_without_root_and_hears_the_order_to_stop() -> None:
    image = read("Dockerfile")
    assert re.search(r"^USER 10001", image, re.MULTILINE)
    assert re.search(r'^ENTRYPOINT \["python", "-m", "bot"\]$', image, re.MULTILINE), "not through a shell"
    assert "--require-hashes" in image
    assert "HEALTHCHECK" in image


def test_the_changelog_has_a_place_for_what_comes_next() -> None:
    assert re.search(r"^## \[Unreleased\]$", read("CHANGELOG.md"), re.MULTILINE)


def test_no_page_is_written_in_trailing_spaces() -> None:
    assert [
        where for where, text in texts() if where.endswith(".md") and re.search(r"[ \t]+$", text, re.MULTILINE)
    ] == []
