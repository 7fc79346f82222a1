"""What a person hears when something cannot be done."""

from __future__ import annotations


class WorkflowError(Exception):
    """A refusal with a sentence a person can act on; `field` names the form field it is about."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class NotAllowed(WorkflowError):
    """The person may not do this; the sentence says who may."""


class Gone(WorkflowError):
    """What the person acted on has moved on meanwhile; the sentence says where it stands now."""
