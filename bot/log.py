"""The log: one line a thing that happened, one id from a request to what is delivered because of it, no secrets."""

from __future__ import annotations

import logging
import re
import secrets
import sys
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any

import structlog

Line = MutableMapping[str, Any]

_SECRETS = re.compile(
    r"xox[a-z](?:\.xox[a-z])?-[\w.-]+|xapp-[\w-]+|v0=[0-9a-f]{64}|https://hooks\.slack\.com/\S+|(?<=[?&]ticket=)[\w.-]+"
)
_DATABASE = re.compile(r"(\w+://[^:/@\s]+):[^@\s]+@")
HIDDEN = "[hidden]"
NOISY = ("apscheduler", "slack_sdk.web.base_client", "slack_sdk.webhook.client", "alembic", "db.patience.Pool")
"""Loggers that tell of every call, headers and bodies too; their warnings are enough at any level."""


def hush(text: str) -> str:
    """Text without tokens, signatures, response URLs and database passwords."""
    return _DATABASE.sub(rf"\1:{HIDDEN}@", _SECRETS.sub(HIDDEN, text))


def _redact(_logger: object, _method: str, line: Line) -> Line:
    for key, value in line.items():
        line[key] = _hushed(value)
    return line


def _hushed(value: Any) -> Any:
    if isinstance(value, str):
        return hush(value)
    if isinstance(value, dict):
        return {key: _hushed(inside) for key, inside in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_hushed(inside) for inside in value)
    return value


def _writable(_logger: object, _method: str, text: Any) -> str:
    """A line that can be written: half a surrogate pair, which a payload may hold, is no UTF-8."""
    return str(text).encode("utf-8", errors="backslashreplace").decode()


def get(name: str) -> structlog.stdlib.BoundLogger:
    """A logger; its lines carry the trace of the request or the notice at hand."""
    logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return logger


def new_trace() -> str:
    """An id for one request, or for one round of a job."""
    return secrets.token_hex(4)


@contextmanager
def trace(known: str | None = None, **bound: Any) -> Iterator[str]:
    """Bind a trace id (a new one unless known) and more to every line logged inside the block."""
    found = known or new_trace()
    with structlog.contextvars.bound_contextvars(trace=found, **bound):
        yield found


def current_trace() -> str | None:
    """The trace id of the request or the notice at hand."""
    found: str | None = structlog.contextvars.get_contextvars().get("trace")
    return found


def configure(level: str, *, as_json: bool) -> None:
    """Send our lines and those of the libraries to stderr: JSON, or coloured text for people."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.PositionalArgumentsFormatter(),
            *_shared(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
    )
    handler = logging.StreamHandler()
    handler.setFormatter(formatter(as_json=as_json))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for noisy in NOISY:
        logging.getLogger(noisy).setLevel(max(logging.WARNING, logging.getLevelNamesMapping()[level]))


def formatter(*, as_json: bool) -> logging.Formatter:
    """How every line is written, ours and those of the libraries."""
    last: structlog.types.Processor = (
        structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[structlog.stdlib.ExtraAdder(), *_shared()],
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last, _writable],
    )


def _shared() -> list[structlog.types.Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _redact,
    ]
