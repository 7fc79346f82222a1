"""Behind the scenes: what went over the wire, faults on request, and the clock in one's hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from playground.errors import Impossible
from playground.face.asking import Ask
from playground.face.steps import Jump
from playground.faults import Fault
from playground.values import Json
from playground.wire import Record
from playground.workspace import Workspace

LISTED = 200


def wire(slack: Workspace, after: int) -> Json:
    """The latest records after this number, without what they carried; and the faults that wait."""
    fresh = [one for one in list(slack.wire.records) if one.seq > after]
    return {
        "records": [_line(one) for one in fresh[-LISTED:]],
        "faults": [_fault(one) for one in list(slack.faults.waiting)],
    }


def record(slack: Workspace, seq: int) -> Json:
    """One record in full. Raises `LookupError`."""
    for one in reversed(slack.wire.records):
        if one.seq == seq:
            return _line(one) | {"request": one.request, "response": one.response}
    raise LookupError("That record is no longer kept.")


def _line(one: Record) -> Json:
    return {
        "seq": one.seq,
        "kind": one.kind,
        "name": one.name,
        "t": one.t,
        "status": one.status,
        "elapsed": one.elapsed,
        "note": one.note,
        "error": one.response.get("error", "") if isinstance(one.response, dict) else "",
        "verdicts": [
            {"code": it.code, "pointer": it.pointer, "message": it.message, "severity": it.severity}
            for it in one.verdicts
        ],
    }


def _fault(one: Fault) -> Json:
    return {"kind": one.kind, "method": one.method, "times": one.times}


def cause(ask: Ask) -> Json:
    """Ask for a fault, or clear those that wait."""
    kind, method = ask.text("kind"), ask.text("method") or "*"
    faults = ask.slack.faults
    causes: dict[str, Callable[[], object]] = {
        "rate_limit": lambda: faults.rate_limit(method, retry_after=3),
        "server_error": lambda: faults.server_error(method),
        "time_out": lambda: faults.time_out(method),
        "duplicate": faults.duplicate_events,
        "drop_sockets": faults.drop_sockets,
        "clear_faults": faults.clear,
        "clear_wire": ask.slack.wire.clear,
    }
    if kind not in causes:
        raise Impossible(f"There is no fault called “{kind}”.")
    done = causes[kind]()
    ask.slack.feed.publish("fault", viewers=())
    return {"count": done if isinstance(done, int) else 1}


def move(ask: Ask, jumps: Sequence[Jump]) -> Json:
    """Move the clock: by one of the jumps, or to a moment of the person's own zone. It only goes forward."""
    zone = ZoneInfo(ask.me.user.tz)
    now = ask.slack.now()
    to = _target(ask, jumps, now.astimezone(zone), zone).astimezone(UTC)
    if to <= now:
        raise Impossible("The clock only moves forward; choose a later time.")
    ask.slack.clock.set(to)
    return {"now": ask.slack.now().timestamp()}


def _target(ask: Ask, jumps: Sequence[Jump], now: datetime, zone: ZoneInfo) -> datetime:
    jump = ask.given("jump")
    if isinstance(jump, int) and 0 <= jump < len(jumps):
        return jumps[jump].to(now)
    try:
        return datetime.fromisoformat(ask.text("to")).replace(tzinfo=zone)
    except ValueError:
        raise Impossible("Give a date and a time, such as 2026-05-04T09:00.") from None
