"""The message in a call, in the answer to a slash command, or in a post to a `response_url`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from playground.contract.data import limit
from playground.contract.layout import characters, check_blocks, check_part
from playground.contract.problems import Path, Problem, pointer, warning
from playground.contract.text import check_markdown, check_text

Body = Mapping[str, Any]

CONTENT = ("text", "blocks", "attachments", "markdown_text")
KEPT_BY_UPDATE = ("blocks", "attachments", "metadata", "file_ids", "reply_broadcast", "unfurled_attachments")


def check_message(body: Body, *, method: str = "", at: str = "", untrusted: Sequence[str] = ()) -> list[Problem]:
    """Everything Slack would refuse about a message's content, then warnings.

    `method` is the Web API method that carries it, empty for an answer or a `response_url`.
    """
    found = list(_content(body, method, at))
    found += _text(body, method, at, untrusted)
    return found + message_parts(body, at=at, untrusted=untrusted)


def message_parts(body: Body, *, at: str = "", untrusted: Sequence[str] = ()) -> list[Problem]:
    """Problems of the structures among the arguments: blocks, attachments, stream chunks, unfurls, metadata."""
    found: list[Problem] = []
    for name in ("blocks", "user_auth_blocks"):
        if isinstance(body.get(name), list):
            found += check_blocks(body[name], "message", untrusted=untrusted, at=pointer(at, name))
    for where, part in _parts(body, "attachments", at):
        found += check_part(part, "Attachment", code="invalid_attachments", at=where, untrusted=untrusted)
        found += _attachment_texts(part, where, untrusted)
    for where, part in _parts(body, "chunks", at):
        found += check_part(part, "Chunk", code="invalid_chunks", at=where, untrusted=untrusted)
    for where, part in _unfurls(body, at):
        found += check_part(part, "Attachment", code="cannot_parse_attachment", at=where, untrusted=untrusted)
    found += _markdown(body, at, untrusted)
    return found + list(_metadata(body, at))


def _parts(body: Body, name: str, at: str) -> Iterator[tuple[str, Any]]:
    parts = body.get(name)
    for index, part in enumerate(parts if isinstance(parts, list) else []):
        yield pointer(at, name, index), part


def _unfurls(body: Body, at: str) -> Iterator[tuple[str, Any]]:
    unfurls = body.get("unfurls")
    for url, part in (unfurls if isinstance(unfurls, dict) else {}).items():
        own = {key: value for key, value in part.items() if key != "hide_color"} if isinstance(part, dict) else part
        yield pointer(at, "unfurls", url), own


def _content(body: Body, method: str, at: str) -> Iterator[Problem]:
    kept = method == "chat.update" and any(name in body for name in KEPT_BY_UPDATE)
    if not kept and not any(body.get(name) for name in CONTENT):
        yield Problem("no_text", at, "a message needs text, blocks, attachments or markdown_text")
    if body.get("markdown_text") and (body.get("text") or body.get("blocks")):
        yield Problem("markdown_text_conflict", pointer(at, "markdown_text"), "does not go with text or blocks")
    attachments = body.get("attachments")
    if isinstance(attachments, list) and len(attachments) > (most := limit("message", "attachments")):
        yield Problem("too_many_attachments", pointer(at, "attachments"), f"no more than {most} items allowed")
    yield from _total(body, at, limited=method.startswith("chat."))


def _total(body: Body, at: str, *, limited: bool) -> Iterator[Problem]:
    """By report, the answers to commands and `response_url` posts escape the limit."""
    total, where = characters(body.get("blocks")), pointer(at, "blocks")
    if limited and total > (most := limit("message", "all_blocks_reported")):
        yield Problem("msg_blocks_too_long", where, f"{total} characters in all; Slack was seen to refuse {most}")
    elif limited and total > (advised := limit("message", "all_blocks_advised")):
        yield warning("msg_blocks_too_long", where, f"{total} characters in all; stay below {advised}")


def _text(body: Body, method: str, at: str, untrusted: Sequence[str]) -> Iterator[Problem]:
    text, where = body.get("text"), pointer(at, "text")
    written = text if isinstance(text, str) else ""
    yield from _length(written, method, where)
    yield from _fallback(written, body, where)
    if str(body.get("mrkdwn", True)).lower() not in ("false", "0"):
        live = str(body.get("link_names")).lower() in ("true", "1") or body.get("parse") == "full"
        yield from check_text(written, untrusted, auto_parsed=live, at=where)


def _length(text: str, method: str, where: str) -> Iterator[Problem]:
    refusing = {"chat.update": "text_updated", "chat.scheduleMessage": "text_kept", "chat.postEphemeral": "text_kept"}
    if method in refusing and len(text) > (most := limit("message", refusing[method])):
        yield Problem("msg_too_long", where, f"{len(text)} characters; {most} are allowed")
    elif len(text) > (kept := limit("message", "text_kept")):
        yield warning("message_truncated", where, f"{len(text)} characters; Slack cuts it off at {kept}")
    elif len(text) > (advised := limit("message", "text_advised")):
        yield warning("text_long", where, f"{len(text)} characters; stay below {advised}")


def _fallback(text: str, body: Body, where: str) -> Iterator[Problem]:
    """Screen readers and phone notifications get `text` alone."""
    shown = characters(body.get("blocks"))
    if not text.strip() and (body.get("blocks") or body.get("attachments")):
        yield warning("missing_text_in_message", where, "phones and screen readers get text only: write it in full")
    elif text and shown > limit("message", "thin_text_from") and len(text) < shown / 10:
        yield warning("thin_text", where, f"{len(text)} characters stand for {shown}; screen readers get text only")


def _markdown(body: Body, at: str, untrusted: Sequence[str]) -> Iterator[Problem]:
    markdown, where = body.get("markdown_text"), pointer(at, "markdown_text")
    if isinstance(markdown, str):
        if len(markdown) > (most := limit("message", "markdown_text")):
            yield Problem("msg_too_long", where, f"{len(markdown)} characters; {most} are allowed")
        yield from check_markdown(markdown, untrusted, at=where)


def _attachment_texts(attachment: Any, where: str, untrusted: Sequence[str]) -> Iterator[Problem]:
    if not isinstance(attachment, dict):
        return
    fields = attachment.get("fields")
    places: list[tuple[Path, Any]] = [((name,), attachment.get(name)) for name in ("pretext", "text")]
    for index, field in enumerate(fields if isinstance(fields, list) else []):
        places.append((("fields", index, "value"), field.get("value") if isinstance(field, dict) else None))
    for path, text in places:
        if isinstance(text, str):
            yield from check_text(text, untrusted, at=pointer(where, *path))


def _metadata(body: Body, at: str) -> Iterator[Problem]:
    metadata, where = body.get("metadata"), pointer(at, "metadata")
    if not isinstance(metadata, dict) or not metadata:
        return
    if "event_type" in metadata or "entities" not in metadata:
        for key, kind in (("event_type", str), ("event_payload", dict)):
            if not isinstance(metadata.get(key), kind):
                yield Problem("invalid_metadata_format", pointer(where, key), f"metadata needs {key}")
    size = len(json.dumps(metadata, default=str))
    if size > (most := limit("message", "metadata_bytes")):
        yield Problem("metadata_too_large", where, f"{size} bytes; {most} are allowed")
