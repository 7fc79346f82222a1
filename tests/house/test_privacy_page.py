"""The page about what is stored names every table and every column, and every setting of retention."""

from __future__ import annotations

import re

from bot.settings import Settings
from db.models import Base
from tests.house.tree import ROOT

PAGE = (ROOT / "docs" / "privacy.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `(\w+)` \| (`.+`) \| (.+) \|$", re.MULTILINE)
EVERYWHERE = {"id", "workspace_id"}


def test_every_table_and_every_column_is_told_with_its_reason() -> None:
    told = {table: set(re.findall(r"`(\w+)`", columns)) for table, columns, _ in ROW.findall(PAGE)}
    stored = {
        table.name: {column.name for column in table.columns} - EVERYWHERE for table in Base.metadata.sorted_tables
    }
    assert told == stored
    assert all(len(why) > 10 for _, _, why in ROW.findall(PAGE))


def test_every_setting_of_retention_is_told() -> None:
    settings = {f"TOUCHSTONE_{name.upper()}" for name in Settings.model_fields if name.startswith("retain_")}
    assert set(re.findall(r"^\| `(TOUCHSTONE_RETAIN_\w+)` \|", PAGE, re.MULTILINE)) == settings


def test_the_number_of_tables_without_a_workspace_is_told() -> None:
    without = [
        table.name
        for table in Base.metadata.sorted_tables
        if "workspace_id" not in table.c and table.name != "workspace"
    ]
    assert "but for three tables" in PAGE
    assert len(without) == 3
