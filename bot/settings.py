"""Settings, read from the environment by `bot.main` alone. Slack's own names keep Slack's own spelling."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

SLACK_API = "https://slack.com/api/"


def _long_enough(days: int) -> int:
    if 0 < days < SHORTEST:
        raise ValueError(f"0 keeps it for good; otherwise {SHORTEST} days or more, while things are still under way")
    return days


SHORTEST = 30
Days = Annotated[int, Field(ge=0), AfterValidator(_long_enough)]


class Settings(BaseSettings):
    """What differs from one installation to another. Secrets never appear in a repr or a log."""

    model_config = SettingsConfigDict(
        env_prefix="TOUCHSTONE_", env_file=".env", extra="ignore", frozen=True, populate_by_name=True
    )

    bot_token: SecretStr = Field(SecretStr(""), validation_alias="SLACK_BOT_TOKEN", description="Bot token, xoxb-…")
    signing_secret: SecretStr = Field(
        SecretStr(""), validation_alias="SLACK_SIGNING_SECRET", description="Signing secret; `serve` needs it"
    )
    app_token: SecretStr = Field(
        SecretStr(""), validation_alias="SLACK_APP_TOKEN", description="App-level token, xapp-…; `socket` needs it"
    )
    client_id: str = Field(
        "", validation_alias="SLACK_CLIENT_ID", description="For many workspaces, without SLACK_BOT_TOKEN: client id"
    )
    client_secret: SecretStr = Field(
        SecretStr(""), validation_alias="SLACK_CLIENT_SECRET", description="For many workspaces: client secret"
    )
    slack_api_url: str = Field(SLACK_API, validation_alias="SLACK_API_URL", description="Where Slack's Web API is")
    database_url: str = Field(
        "sqlite:///touchstone.db", validation_alias="DATABASE_URL", description="SQLite file or PostgreSQL"
    )
    token_keys: SecretStr = Field(
        SecretStr(""), description="For many workspaces: keys that seal tokens, newest first, with commas between"
    )
    url: str = Field("", description="For many workspaces: public address of `serve`, https://…")
    host: str = Field("0.0.0.0", description="Address `serve` listens on")  # noqa: S104 # a container's only address
    port: int = Field(3000, ge=1, le=65535, description="Port `serve` listens on")
    threads: int = Field(32, ge=2, le=256, description="Requests from Slack handled at the same time")
    senders: int = Field(4, ge=1, le=32, description="Messages to Slack on their way at the same time")
    metrics: bool = Field(True, description="Figures for Prometheus at `GET /metrics`")
    metrics_bind: str = Field(
        "",
        pattern=r"^(\S+:\d{1,5})?$",
        description="host:port for `/metrics` alone, also under `socket`; empty: beside `/healthz`",
    )
    retain_receipts: int = Field(3, ge=2, description="Days to know a delivery again, so that a repeated one is none")
    retain_drafts: int = Field(90, ge=0, description="Days to keep what was typed and not sent; 0: for good")
    retain_messages: Days = Field(0, description="Days to remember what was said to one person; 0: for good, or 30 up")
    retain_idea_texts: Days = Field(0, description="Days to keep texts of declined and withdrawn ideas; 0, or 30 up")
    retain_vote_reasons: Days = Field(0, description="Days to keep reasons of votes after the close; 0, or 30 up")
    retain_event_reasons: Days = Field(0, description="Days to keep reasons in the history of past ideas; 0, or 30 up")
    retain_stopped_workspaces: int = Field(
        0, ge=0, description="Days to keep a workspace that removed the app; 0: for good"
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", description="The least that is logged")
    log_json: bool = Field(True, description="JSON lines; false for text to read")

    @property
    def many(self) -> bool:
        """Whether workspaces install the app themselves. A bot token in the environment means one workspace."""
        return bool(self.client_id and self.client_secret.get_secret_value() and not self.bot_token.get_secret_value())

    @property
    def authorize_url(self) -> str:
        """Where somebody who installs the app is sent, beside Slack's Web API."""
        return self.slack_api_url.rstrip("/").removesuffix("/api") + "/oauth/v2/authorize"

    @property
    def api_url(self) -> str:
        """Slack's Web API, with the slash that slack_sdk wants at the end."""
        return self.slack_api_url.rstrip("/") + "/"
