"""The vault: tokens are sealed before they are written, with keys that only the environment knows."""

from __future__ import annotations

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from pydantic import SecretStr

from bot import log

MAKE_ONE = "Make a key with `touchstone newkey` and put it into TOUCHSTONE_TOKEN_KEYS."
LOG = log.get(__name__)


class NoKey(Exception):
    """There is no key to seal a token with."""


class UnreadableToken(OSError):
    """A token was sealed with a key that is not here. Whoever sends waits as if Slack could not be reached."""


class Vault:
    """Seals with the first of the keys and opens with any of them. Raises `ValueError` for what is no key."""

    def __init__(self, keys: SecretStr) -> None:
        made = [_key(one.strip()) for one in keys.get_secret_value().split(",") if one.strip()]
        self._newest = made[0] if made else None
        self._all = MultiFernet(made) if made else None

    @property
    def has_key(self) -> bool:
        """Whether anything can be sealed."""
        return self._newest is not None

    def seal(self, token: str) -> str:
        """A token as it is written down. Raises `NoKey`."""
        if self._newest is None:
            raise NoKey(f"There is no key to keep tokens with. {MAKE_ONE}")
        return self._newest.encrypt(token.encode()).decode()

    def open(self, sealed: str) -> str:
        """The token again. Raises `UnreadableToken`."""
        try:
            if self._all is not None:
                return self._all.decrypt(sealed.encode()).decode()
        except InvalidToken:
            pass
        LOG.error("token.unreadable", remedy="Put the key it was sealed with into TOUCHSTONE_TOKEN_KEYS again.")
        raise UnreadableToken("a token was sealed with a key that is not in TOUCHSTONE_TOKEN_KEYS")

    def is_newest(self, sealed: str) -> bool:
        """Whether a token is sealed with the first key."""
        try:
            return self._newest is not None and bool(self._newest.decrypt(sealed.encode()))
        except InvalidToken:
            return False


def new_key() -> str:
    """A key for `TOUCHSTONE_TOKEN_KEYS`."""
    return Fernet.generate_key().decode()


def _key(text: str) -> Fernet:
    try:
        return Fernet(text)
    except ValueError:
        raise ValueError(f"TOUCHSTONE_TOKEN_KEYS holds something that is no key. {MAKE_ONE}") from None
