"""Files: the upload of today (ask for an address, post the bytes, complete)."""

from __future__ import annotations

import mimetypes
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from playground.errors import Impossible, SlackError
from playground.values import Json, secret

if TYPE_CHECKING:
    from playground.workspace import Workspace

MOST_IN_A_FORM = 10


@dataclass
class File:
    """A file. It exists for others once `complete`."""

    id: str
    name: str
    length: int
    user: str
    created: int
    ticket: str
    title: str = ""
    alt_txt: str = ""
    content: bytes = b""
    uploaded: bool = False
    complete: bool = False
    channels: list[str] = field(default_factory=list)

    def json(self, base_url: str, team_id: str) -> Json:
        """The file object of `files.info`."""
        extension = self.name.rpartition(".")[2].lower() if "." in self.name else "text"
        url = f"{base_url}/files-pri/{team_id}-{self.id}/{self.name}"
        return {
            "id": self.id,
            "created": self.created,
            "timestamp": self.created,
            "name": self.name,
            "title": self.title or self.name,
            "mimetype": mimetypes.guess_type(self.name)[0] or "application/octet-stream",
            "filetype": extension,
            "pretty_type": extension.upper(),
            "user": self.user,
            "user_team": team_id,
            "editable": False,
            "size": len(self.content),
            "mode": "hosted",
            "is_external": False,
            "external_type": "",
            "is_public": False,
            "public_url_shared": False,
            "display_as_bot": False,
            "username": "",
            "url_private": url,
            "url_private_download": url,
            "permalink": url,
            "permalink_public": url,
            "is_starred": False,
            "has_rich_preview": False,
            "channels": list(self.channels),
            "groups": [],
            "ims": [],
        }


class Files:
    """The files of one workspace."""

    def __init__(self, slack: Workspace) -> None:
        self._slack = slack
        self.all: dict[str, File] = {}

    def reserve(self, name: str, length: int, user: str) -> File:
        slack = self._slack
        file = File(slack.ids.next("F"), name, length, user, slack.unix(), secret(""))
        self.all[file.id] = file
        return file

    def upload_url(self, file: File) -> str:
        return f"{self._slack.base_url}/upload/v1/{file.ticket}"

    def receive(self, ticket: str, content: bytes) -> File:
        """Take the bytes. Raises `file_not_found` for an unknown address, `invalid_length` for a wrong size."""
        file = next((one for one in self.all.values() if one.ticket == ticket and not one.uploaded), None)
        if file is None:
            raise SlackError("file_not_found")
        if len(content) != file.length:
            raise SlackError("invalid_length")
        file.content, file.uploaded = content, True
        return file

    def complete(self, file_id: str, title: str) -> File:
        """Raises `file_not_found` unless the bytes have come."""
        file = self.all.get(file_id)
        if file is None or not file.uploaded:
            raise SlackError("file_not_found")
        file.title, file.complete = title, True
        return file

    def upload(self, name: str, content: bytes, user: str) -> File:
        """All three steps at once, as a person's client takes them."""
        file = self.reserve(name, len(content), user)
        self.receive(file.ticket, content)
        return self.complete(file.id, "")

    def for_form(self, element: Json, user: str, wanted: Sequence[str]) -> list[Json]:
        """The files that somebody puts into a `file_input`, by their ids. Raises `Impossible` if they do not fit."""
        most, kinds = element.get("max_files", MOST_IN_A_FORM), element.get("filetypes")
        if len(wanted) > most:
            raise Impossible(f"At most {most} files fit in here; {len(wanted)} were chosen.")
        files = [self.all.get(one) for one in wanted]
        if any(file is None or file.user != user for file in files):
            raise Impossible("One of the files is not there any more; choose it again.")
        described = [self.describe(file) for file in files if file is not None]
        for one in described:
            if kinds and one["filetype"] not in kinds:
                raise Impossible(f"“{one['name']}” is not of a kind that is asked for: {', '.join(kinds)}.")
        return described

    def get(self, file_id: str) -> File:
        file = self.all.get(file_id)
        if file is None or not file.complete:
            raise SlackError("file_not_found")
        return file

    def describe(self, file: File) -> Json:
        return file.json(self._slack.base_url, self._slack.team_id)
