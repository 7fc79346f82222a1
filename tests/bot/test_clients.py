"""Clients of the Web API, of which every call makes one."""

from __future__ import annotations

import ssl

from bot.installation import new_client
from bot.settings import Settings


def test_the_certificates_of_the_system_are_read_once_for_all_clients() -> None:
    settings = Settings(slack_api_url="https://slack.com/api/", _env_file=None)
    trusts = {id(new_client(settings).ssl) for _ in range(3)}
    assert len(trusts) == 1
    assert isinstance(new_client(settings).ssl, ssl.SSLContext)
