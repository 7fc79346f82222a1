"""`files.*`: the upload in three steps, and reading."""

from playground.api.registry import Call, method
from playground.channels import Channel
from playground.errors import SlackError
from playground.files import File
from playground.messages import Message
from playground.values import Json


@method("files.getUploadURLExternal")
def get_upload_url(call: Call) -> Json:
    files = call.slack.files
    file = files.reserve(call.text("filename"), int(call.text("length")), call.bot.user_id)
    file.alt_txt = call.text("alt_txt")
    return {"upload_url": files.upload_url(file), "file_id": file.id}


@method("files.completeUploadExternal")
def complete_upload(call: Call) -> Json:
    targets = [call.text("channel_id")] if call.text("channel_id") else call.names("channels")
    channels = [_postable(call, one) for one in targets]
    files = [call.slack.files.complete(one["id"], one.get("title", "")) for one in call.args["files"]]
    for channel in channels:
        _share(call, channel, files)
    return {"files": [call.slack.files.describe(one) for one in files]}


@method("files.info")
def info(call: Call) -> Json:
    file = call.slack.files.get(call.text("file"))
    return {"file": call.slack.files.describe(file), "comments": [], "response_metadata": {"next_cursor": ""}}


@method("files.list")
def list_files(call: Call) -> Json:
    files = [one for one in call.slack.files.all.values() if one.complete]
    paging = {"count": len(files), "total": len(files), "page": 1, "pages": 1}
    return {"files": [call.slack.files.describe(one) for one in files], "paging": paging}


@method("files.delete")
def delete(call: Call) -> Json:
    file = call.slack.files.get(call.text("file"))
    if file.user != call.bot.user_id:
        raise SlackError("cant_delete_file")
    del call.slack.files.all[file.id]
    return {}


def _postable(call: Call, channel_id: str) -> Channel:
    channel = call.slack.channels.visible(channel_id, call.bot.user_id)
    if channel.archived:
        raise SlackError("is_archived")
    if call.bot.user_id not in channel.members:
        raise SlackError("not_in_channel")
    return channel


def _share(call: Call, channel: Channel, files: list[File]) -> None:
    slack, bot = call.slack, call.bot
    for file in files:
        file.channels.append(channel.id)
    message = Message(
        channel.id, slack.next_ts(), call.text("initial_comment"), bot.user_id, slack.team_id, "file_share",
        bot.bot_id, slack.app.id, thread_ts=call.text("thread_ts"),
        files=[slack.files.describe(one) for one in files],
    )  # fmt: skip
    slack.messages.post(channel, message)
