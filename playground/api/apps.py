"""`auth.*`, `apps.*`, `oauth.*`, `functions.*`, `api.test`: the app itself."""

from datetime import timedelta

from playground import organisation
from playground.api.registry import Call, method
from playground.errors import SlackError
from playground.values import Json

TOKEN_LIFE = timedelta(hours=12)


@method("api.test")
def api_test(call: Call) -> Json:
    if call.text("error"):
        raise SlackError(call.text("error"), args=call.args)
    return {"args": call.args}


@method("auth.test")
def auth_test(call: Call) -> Json:
    slack, bot = call.slack, call.bot
    return {
        "url": f"https://{slack.domain}.slack.com/",
        "team": slack.name,
        "user": slack.people.users[bot.user_id].name,
        "team_id": slack.team_id,
        "user_id": bot.user_id,
        "bot_id": bot.bot_id,
        "is_enterprise_install": organisation.is_whole(slack),
        **({"enterprise_id": slack.enterprise} if slack.enterprise else {}),
    }


@method("auth.revoke")
def auth_revoke(call: Call) -> Json:
    if not call.flag("test"):
        call.bot.revoked.add(call.token)
        tokens = {"oauth": [], "bot": [call.bot.user_id]}
        call.slack.events.emit("tokens_revoked", {"tokens": tokens})
    return {"revoked": not call.flag("test")}


@method("apps.connections.open")
def connections_open(call: Call) -> Json:
    slack = call.slack
    if slack.app.transport is None:
        slack.connect_sockets()
    ticket = slack.sockets.ticket()
    address = slack.base_url.replace("http", "ws", 1)
    return {"url": f"{address}/link/?ticket={ticket}&app_id={slack.app.id}"}


@method("apps.event.authorizations.list")
def authorizations_list(call: Call) -> Json:
    bot = call.bot
    about = {"enterprise_id": None, "team_id": call.slack.team_id, "user_id": bot.user_id}
    return {"authorizations": [about | {"is_bot": True, "is_enterprise_install": False}]}


@method("auth.teams.list")
def teams_list(call: Call) -> Json:
    return {"teams": [{"id": call.slack.team_id, "name": call.slack.name}]}


@method("blocks.validate")
def blocks_validate(_: Call) -> Json:
    """The contract has had its say before this is called."""
    return {}


@method("apps.uninstall")
def uninstall(call: Call) -> Json:
    _check_client(call)
    call.slack.uninstall()
    return {}


@method("oauth.v2.access")
def oauth_access(call: Call) -> Json:
    _check_client(call)
    if call.text("grant_type") == "refresh_token":
        return _refreshed(call)
    slack = call.slack
    grant = slack.grants.pop(call.text("code"), None)
    if grant is None:
        raise SlackError("invalid_code")
    if grant.redirect_uri and grant.redirect_uri != call.text("redirect_uri"):
        raise SlackError("bad_redirect_uri")
    if slack.now() > grant.expires:
        raise SlackError("code_expired")
    for one in organisation.sharing(slack):
        one.bot.installed = True
    return _renewed(call) | {"authed_user": {"id": grant.user}}


@method("functions.completeSuccess")
def complete_success(call: Call) -> Json:
    call.slack.steps.finish(call.text("function_execution_id"), "success", call.args.get("outputs") or {}, "")
    return {}


@method("functions.completeError")
def complete_error(call: Call) -> Json:
    call.slack.steps.finish(call.text("function_execution_id"), "error", {}, call.text("error"))
    return {}


def _refreshed(call: Call) -> Json:
    """A new token for a refresh token, which serves once."""
    if not call.bot.refresh or call.text("refresh_token") != call.bot.refresh:
        raise SlackError("invalid_refresh_token")
    return _renewed(call)


def _renewed(call: Call) -> Json:
    """Give the installation a new token and describe it."""
    slack, bot = call.slack, call.bot
    rotates = slack.app.manifest.rotates
    bot.renew(slack.now() + TOKEN_LIFE if rotates else None)
    for one in organisation.sharing(slack):
        one.bot.token, one.bot.refresh, one.bot.expires, one.bot.previous = (
            bot.token,
            bot.refresh,
            bot.expires,
            bot.previous,
        )
    lifetime: Json = {"expires_in": int(TOKEN_LIFE.total_seconds()), "refresh_token": bot.refresh}
    return {
        "access_token": bot.token,
        "token_type": "bot",
        "scope": ",".join(sorted(bot.scopes or ())),
        "bot_user_id": bot.user_id,
        "app_id": slack.app.id,
        "team": None if organisation.is_whole(slack) else {"name": slack.name, "id": slack.team_id},
        "enterprise": organisation.describe(slack),
        "is_enterprise_install": organisation.is_whole(slack),
    } | (lifetime if rotates else {})


def _check_client(call: Call) -> None:
    app = call.slack.app
    if call.text("client_id") != app.client_id:
        raise SlackError("invalid_client_id")
    if call.text("client_secret") != app.client_secret:
        raise SlackError("bad_client_secret")
