"""`views.*`: modals and App Home."""

from playground.api.registry import Call, method
from playground.errors import SlackError
from playground.values import Json
from playground.views import View


@method("views.open")
def open_view(call: Call) -> Json:
    trigger = call.slack.triggers.exchange(call.text("trigger_id") or call.text("interactivity_pointer"))
    if trigger.view:
        call.slack.wire.warn(
            "use_views_push", "Opened from inside a modal: views.push says what happens.", name=call.method
        )
        return _shown(call, call.slack.views.push(trigger.user, call.args["view"]))
    return _shown(call, call.slack.views.open(trigger.user, call.args["view"]))


@method("views.push")
def push_view(call: Call) -> Json:
    trigger = call.slack.triggers.exchange(call.text("trigger_id") or call.text("interactivity_pointer"))
    if not trigger.view or not call.slack.views.stack(trigger.user):
        raise SlackError("invalid_trigger_id")
    return _shown(call, call.slack.views.push(trigger.user, call.args["view"]))


@method("views.update")
def update_view(call: Call) -> Json:
    views = call.slack.views
    view = views.get(call.text("view_id"), call.text("external_id"))
    return _shown(call, views.update(view, call.args["view"], call.text("hash")))


@method("views.publish")
def publish_view(call: Call) -> Json:
    slack = call.slack
    if not slack.app.manifest.home_tab:
        raise SlackError("not_enabled")
    user = slack.people.users.get(call.text("user_id"))
    if user is None or user.is_bot or slack.people.is_stranger(user):
        raise SlackError("user_not_found")
    return _shown(call, slack.views.publish(user.id, call.args["view"], call.text("hash")))


def _shown(call: Call, view: View) -> Json:
    return {"view": call.slack.views.describe(view)}
