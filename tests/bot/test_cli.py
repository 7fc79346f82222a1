"""The command line says what it did, and what is wrong in one sentence."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
import typer.main
from pydantic import SecretStr
from slack_sdk.oauth.installation_store import Installation
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.oauth.store import Installed
from bot.oauth.vault import Vault, new_key
from db import migrate
from tests.databases import open_engine

CASES = Path(__file__).parents[1] / "workflows" / "cases" / "charter-cases.jsonl"
NOWHERE = "http://127.0.0.1:9/api/"
COMMANDS = [
    ("migrate",), ("doctor",), ("serve",), ("socket",), ("rekey",), ("backup", "x"), ("restore", "x"),
    ("retention", "--dry-run"), ("person", "export", "U1"), ("export",), ("import", "x.csv", "--map", "title=t"),
]  # fmt: skip
NEWCOMER = Installation(
    app_id="A1",
    user_id="U1",
    team_id="T1",
    bot_token="xoxb-1",
    bot_id="B1",
    bot_user_id="U0",
    bot_scopes=["chat:write"],
)


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # no .env of ours, no database left behind
    for name in [one for one in os.environ if one.startswith(("SLACK_", "TOUCHSTONE_", "DATABASE_URL"))]:
        monkeypatch.delenv(name)


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


def test_tables_of_a_newer_version_are_left_alone_and_stop_no_start(tmp_path: Path) -> None:
    """An image that is rolled back runs its migration again, and what serves waits for that to end well."""
    url = f"sqlite:///{tmp_path / 'newer.db'}"
    run("migrate", DATABASE_URL=url)
    with open_engine(url) as engine, engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    again, seen = run("migrate", DATABASE_URL=url), run("doctor", DATABASE_URL=url, SLACK_API_URL=NOWHERE)
    assert again.exit_code == 0, again.output
    assert "newer version of Touchstone brought" in again.output
    assert migrate.current(url) == "9999"
    assert "ok      migrations: at 9999, which a newer version brought" in seen.output


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_wrong_setting_gets_a_sentence_from_every_command(command: tuple[str, ...]) -> None:
    wrong = run(*command, TOUCHSTONE_PORT="tcp://10.0.0.1:80", TOUCHSTONE_METRICS_BIND="9464")
    url = run(*command, DATABASE_URL="mysql://root:hunter2@there/x", SLACK_BOT_TOKEN="xoxb-1")
    for result, said in ((wrong, "TOUCHSTONE_PORT: "), (wrong, "TOUCHSTONE_METRICS_BIND: "), (url, "DATABASE_URL: ")):
        assert result.exit_code == 1
        assert isinstance(result.exception, SystemExit), "not a traceback"
        assert said in result.stderr
    assert "hunter2" not in url.output


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


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--oauth",), "with --url"),
        (("--org",), "only make sense with --oauth"),
        (("--url", "https://t.example", "--rotation"), "only make sense with --oauth"),
    ],
)
def test_a_manifest_that_cannot_be_is_refused(words: tuple[str, ...], said: str) -> None:
    refused = run("manifest", *words)
    assert refused.exit_code == 1
    assert said in refused.stderr


def test_the_manifest_for_many_workspaces_names_where_people_come_back() -> None:
    made = run("manifest", "--url", "https://t.example", "--oauth", "--org", "--rotation").output
    assert "https://t.example/slack/oauth_redirect" in made


def test_a_new_key_is_one_that_tokens_can_be_sealed_with() -> None:
    first, second = (run("newkey").output.strip() for _ in range(2))
    assert first != second
    assert Vault(SecretStr(first)).open(Vault(SecretStr(f"{first},{second}")).seal("xoxb-1")) == "xoxb-1"


def test_keys_are_changed_while_both_are_there_and_not_otherwise(tmp_path: Path) -> None:
    url, old, new = f"sqlite:///{tmp_path / 'x.db'}", new_key(), new_key()
    run("migrate", DATABASE_URL=url)
    with open_engine(url) as engine:
        Installed("1.2", engine, Vault(SecretStr(old))).save(NEWCOMER)

    def rekey(keys: str) -> Result:
        return run("rekey", DATABASE_URL=url, TOUCHSTONE_TOKEN_KEYS=keys, SLACK_CLIENT_ID="1.2")

    for keys, said in (("", "Add it"), ("abc", "touchstone newkey"), (new, "Add it")):
        refused = rekey(keys)
        assert refused.exit_code == 1
        assert said in refused.stderr
    assert "1 sealed anew" in rekey(f"{new},{old}").output
    assert rekey(new).output.startswith("0 sealed anew. Keys after the first are not needed")


def test_help_says_all_that_was_written() -> None:
    """Square brackets are marks of style to what prints the help: it leaves out what stands in them."""
    group = typer.main.get_command(app)
    below = [*group.commands.values(), *group.commands["person"].commands.values()]  # type: ignore[attr-defined]
    for command in below:
        said = [command.help, *(getattr(parameter, "help", "") for parameter in command.params)]
        assert [one for one in said if not one or "[" in one] == [], command.name


def test_the_manifest_can_be_written_to_a_file(tmp_path: Path) -> None:
    assert run("manifest", "-o", str(tmp_path / "m.yaml")).exit_code == 0
    assert (tmp_path / "m.yaml").read_text(encoding="utf-8").startswith("# Made by")


def test_the_doctor_exits_with_one_on_trouble() -> None:
    result = run("doctor", DATABASE_URL="sqlite:////nowhere/x.db", SLACK_API_URL=NOWHERE)
    assert result.exit_code == 1
    assert "TROUBLE database" in result.output
    assert "slack_sdk" not in result.stderr, "what is wrong is told once, in a sentence"


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
