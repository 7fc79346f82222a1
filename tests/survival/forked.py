"""A server that has everything imported, to fork processes from: each costs hundredths of a second, not seconds."""

from __future__ import annotations

import multiprocessing
from importlib import import_module

import bot.cli
import bot.running  # a replica's worker needs it
from bot.app import FEATURES, RENDERINGS

CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload([__name__])

for feature in FEATURES:
    import_module(f"bot.listeners.{feature}")
for rendering in RENDERINGS:
    import_module(f"bot.rendering.{rendering}")

touchstone = bot.cli.app
