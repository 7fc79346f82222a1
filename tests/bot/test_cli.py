"""The command line says what it did, and what is wrong in one sentence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app
from db import migrate

CASES = Path(__file__).parents[1] / "workflows" / "cases" / "charter-cases.jsonl"


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # no .env of ours, no database left behind
    for name in ("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_APP_TOKEN", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)


def run(*words: str, stdin: str = "", **environment: str) -> Result:
    return CliRunner().invoke(app, list(words), input=stdin, env=environment)


def test_migrate_brings_a_new_database_to_head_and_leaves_it_there(empty_url: str) -> None:
    first, second = (run("migrate", DATABASE_URL=empty_url) for _ in range(2))
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert "Migrated from nothing" in first.output
    assert "stands at" in second.output
    assert migrate.current(empty_url) == migrate.head()


def test_migrate_without_a_database_says_what_to_check() -> None:
    result = run("migrate", DATABASE_URL="postgresql://nobody@127.0.0.1:9/none")
    assert result.exit_code == 1
    assert "DATABASE_URL" in result.output
    assert "Traceback" not in result.output


@pytest.mark.parametrize(("command", "name"), [("serve", "SLACK_BOT_TOKEN"), ("socket", "SLACK_BOT_TOKEN")])
def test_starting_without_a_token_says_where_to_find_it(command: str, name: str) -> None:
    result = run(command)
    assert result.exit_code == 1
    assert name in result.output


def test_serving_without_a_signing_secret_is_refused() -> None:
    assert "SLACK_SIGNING_SECRET" in run("serve", SLACK_BOT_TOKEN="xoxb-1").output


def test_the_manifest_for_http_names_the_one_path() -> None:
    assert "https://t.example/slack/events" in run("manifest", "--url", "https://t.example/").output
    refused = run("manifest", "--url", "http://t.example")
    assert refused.exit_code == 1


def test_the_manifest_can_be_written_to_a_file(tmp_path: Path) -> None:
    assert run("manifest", "-o", str(tmp_path / "m.yaml")).exit_code == 0
    assert (tmp_path / "m.yaml").read_text(encoding="utf-8").startswith("# Made by")


def test_the_doctor_exits_with_one_on_trouble() -> None:
    result = run("doctor", DATABASE_URL="sqlite:////nowhere/x.db", SLACK_API_URL="http://127.0.0.1:9/api/")
    assert result.exit_code == 1
    assert "TROUBLE database" in result.output


def test_a_rule_is_rehearsed_from_a_file_a_list_and_standard_input(tmp_path: Path) -> None:
    case = json.loads(CASES.read_text(encoding="utf-8").splitlines()[0])["case"]
    one, many = tmp_path / "case.json", tmp_path / "cases.jsonl"
    one.write_text(json.dumps(case, indent=1), encoding="utf-8")
    many.write_text(f"{json.dumps(case)}\n{{}}\n{json.dumps(case)}\n", encoding="utf-8")
    single, listed, piped = run("rehearse", str(one)), run("rehearse", str(many)), run("rehearse", "-", stdin="{}")
    assert "outcome" in json.loads(single.stdout), single.output
    assert len(listed.stdout.splitlines()) == 2
    assert "line 2" in listed.stderr
    assert (single.exit_code, listed.exit_code, piped.exit_code) == (0, 1, 1)


def test_a_case_that_is_not_there_gets_a_sentence() -> None:
    result = run("rehearse", "nowhere.json")
    assert result.exit_code == 1
    assert "cannot be read" in result.output
