"""The rules of the house that no tool checks: length, errors, time, sessions, and what may not be written down."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from statistics import median

import pytest

from tests.house.tree import PACKAGES, ROOT, files, modules, name, texts

LONGEST_FUNCTION = 40
LONGEST_FILE = 300
LONG_FILES = {
    "db/migrations/versions/0001_the_first_schema.py": "a list of tables, written once",
}
CATCH_ALL = {
    "bot/schedule.py": "a job that fails must not stop the scheduler",
    "bot/delivery": "a message that cannot be sent must not stop the others",
    "playground/http_delivery.py": "a server answers 500 whatever the application under it raises",
}
CLOCK = {
    "bot/main.py": "the composition root",
    "bot/log.py": "lines are stamped when they are written",
    "bot/doctor.py": "it compares this machine's clock with Slack's",
    "bot/schedule.py": "the scheduler's first run is now",
    "playground/clock.py": "the local Slack's own clock",
    "playground/http_delivery.py": "a signature carries the real time, by which the bot judges it",
}
ENVIRONMENT = {"bot/main.py": "the composition root"}
UNFINISHED = re.compile(r"\b(" + "|".join(["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"]) + r")\b")
RECORDED = re.compile(r"/(recorded|data|cases)/")  # what others wrote
NOT_FOR_PRINT = re.compile(
    "|".join([r"/wo" + "rk/", r"/op" + "t/(wheels|pypi)", "pypi" + r"\.org", "pythonhos" + "ted"])
)
LEAVES_THE_WORKSPACE = {"__table__", "bulk_save_objects", "bulk_insert_mappings", "bulk_update_mappings", "connection"}

Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions(*folders: str) -> Iterator[tuple[str, Function]]:
    for module, tree in modules(*folders).items():
        if "/versions/" in module:
            continue
        for node in ast.walk(tree):
            if isinstance(node, Function):
                yield f"{module}:{node.lineno} {node.name}", node


def length(function: Function) -> int:
    return (function.end_lineno or 0) - function.lineno + 1


def calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


def allowed(module: str, exceptions: dict[str, str]) -> bool:
    return any(module == place or module.startswith(f"{place}/") for place in exceptions)


def test_no_function_is_longer_than_a_screen() -> None:
    long = [f"{where} ({length(it)} lines)" for where, it in functions(*PACKAGES) if length(it) > LONGEST_FUNCTION]
    assert long == []


@pytest.mark.parametrize("package", PACKAGES)
def test_the_ordinary_function_is_short(package: str) -> None:
    assert median(length(it) for _, it in functions(package)) < 10


def test_no_file_grows_into_a_pile() -> None:
    long = {name(path) for path in files(*PACKAGES) if path.suffix == ".py" and _lines(path.read_text()) > LONGEST_FILE}
    assert long == set(LONG_FILES), "a file that is long, or an exception that is no longer one"


def _lines(text: str) -> int:
    return text.count("\n")


def test_every_module_says_what_belongs_there() -> None:
    silent = [
        module for module, tree in modules(*PACKAGES, "tests").items() if tree.body and not ast.get_docstring(tree)
    ]
    assert silent == []


def test_everything_is_caught_only_where_one_failure_must_not_stop_the_rest() -> None:
    found = {
        module
        for module, tree in modules(*PACKAGES).items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler) and _catches_all(node) and not allowed(module, CATCH_ALL)
    }
    assert found == set()


def _catches_all(handler: ast.ExceptHandler) -> bool:
    return handler.type is None or bool(
        {"Exception", "BaseException"} & set(re.findall(r"\w+", ast.unparse(handler.type)))
    )


def test_the_clock_is_read_in_one_place_and_never_without_a_zone() -> None:
    found = [
        f"{module}:{call.lineno} {called}"
        for module, tree in modules(*PACKAGES).items()
        for called, call in calls(tree)
        if re.search(r"(date\.today|datetime\.(now|today|utcnow)|(^|\.)time\.time)$", called)
        if not allowed(module, CLOCK) or not (call.args or call.keywords or called.endswith("time.time"))
    ]
    assert found == []


def test_the_environment_is_read_in_one_place() -> None:
    found = [
        module
        for module, tree in modules(*PACKAGES).items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and ast.unparse(node) in {"os.environ", "os.getenv"}
        if not allowed(module, ENVIRONMENT)
    ]
    assert found == []


def test_no_statement_is_written_so_that_it_could_leave_its_workspace() -> None:
    found = [
        f"{module}:{node.lineno} {node.attr}"
        for module, tree in modules("bot", "workflows").items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in LEAVES_THE_WORKSPACE
    ]
    assert found == []


def test_verbs_never_commit_or_open_a_session_of_their_own() -> None:
    found = [
        f"{module}:{call.lineno} {called}"
        for module, tree in modules("workflows").items()
        for called, call in calls(tree)
        if re.search(r"\b(commit|rollback|Session|sessionmaker|sessions\.\w+)$", called)
    ]
    assert found == []


def test_nothing_is_left_unfinished() -> None:
    assert [where for where, text in texts() if UNFINISHED.search(text) and not RECORDED.search(where)] == []


def test_nothing_tells_of_the_machine_it_was_written_on() -> None:
    assert [where for where, text in texts() if NOT_FOR_PRINT.search(text)] == []


def test_the_names_of_tests_are_sentences() -> None:
    curt = [where for where, it in functions("tests") if it.name.startswith("test_") and len(it.name.split("_")) < 4]
    assert curt == []


def test_every_exception_to_a_rule_still_exists() -> None:
    gone = [place for place in {**LONG_FILES, **CATCH_ALL, **CLOCK, **ENVIRONMENT} if not (ROOT / place).exists()]
    assert gone == []
