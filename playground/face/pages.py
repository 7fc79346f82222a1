"""The routes of the page: the page itself, what it reads, what it does."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from playground.errors import Impossible, SlackError
from playground.face import behind, scene, stream
from playground.face.asking import Ask, Options
from playground.face.guard import Endpoint, Guard
from playground.face.marks import Marks
from playground.face.steps import JUMPS, Guide, Jump, no_guide
from playground.face.verbs import VERBS, Unfit
from playground.person import Person
from playground.values import Json
from playground.workspace import Workspace

STATIC = Path(__file__).parent.parent / "static"
KEY = "{{key}}"
NOT_FOUND = 404


def routes(
    workspace: Workspace, *, guide: Guide = no_guide, notice: str = "", jumps: Sequence[Jump] = JUMPS
) -> list[BaseRoute]:
    """The page's routes, for `playground.serve(workspace, routes=...)`.

    `guide` gives the checklist of the first minute, asked anew whenever something happens; `notice` is a line shown
    below it, such as where sample data comes from; `jumps` are the moves of the clock on offer.
    """
    return _Face(workspace, guide, notice, jumps).routes()


class _Face:
    def __init__(self, slack: Workspace, guide: Guide, notice: str, jumps: Sequence[Jump]) -> None:
        self._slack, self._guide, self._notice, self._jumps = slack, guide, notice, jumps
        self._guard, self._marks = Guard(), Marks()
        self._offered: dict[tuple[str, ...], Options] = {}
        self._files = {one.name: one for one in STATIC.iterdir() if one.is_file()}
        slack.clock.on_move(lambda: slack.feed.publish("clock", viewers=()))

    def routes(self) -> list[BaseRoute]:
        page, inside = self._guard.page, self._guard.inside
        reads = {"scene": self._scene, "place": self._place, "thread": self._thread, "wire": self._wire,
                 "record": self._record}  # fmt: skip
        does = {"act": self._act, "clock": self._clock, "fault": self._fault}
        return [
            Route("/", page(self._index)),
            Route("/static/{name}", page(self._static)),
            Route("/face/stream", inside(self._stream)),
            *(Route(f"/face/{name}", inside(self._reading(read))) for name, read in reads.items()),
            *(Route(f"/face/{name}", inside(self._doing(do)), methods=["POST"]) for name, do in does.items()),
        ]

    # The page

    async def _index(self, request: Request) -> Response:
        return HTMLResponse(self._files["index.html"].read_text(encoding="utf-8").replace(KEY, self._guard.key))

    async def _static(self, request: Request) -> Response:
        file = self._files.get(request.path_params["name"])
        return FileResponse(file) if file else PlainTextResponse("not found", NOT_FOUND)

    async def _stream(self, request: Request) -> Response:
        try:
            me = self._person(request.query_params.get("as", ""))
        except LookupError as nobody:
            return PlainTextResponse(str(nobody), NOT_FOUND)
        return StreamingResponse(stream.changes(self._slack, me), media_type="text/event-stream")

    # Reading and doing: both may wait for a lock or for the app, so never in the event loop

    def _reading(self, read: Callable[[Request], Json]) -> Endpoint:
        async def answer(request: Request) -> Response:
            return JSONResponse(await run_in_threadpool(_sentence, lambda: read(request)))

        return answer

    def _doing(self, do: Callable[[Ask], Json]) -> Endpoint:
        async def answer(request: Request) -> Response:
            try:
                body = json.loads(await request.body())
            except ValueError:
                body = None
            if not isinstance(body, dict):
                return JSONResponse({"ok": False, "error": "The request is not a JSON object."})
            return JSONResponse(await run_in_threadpool(_sentence, lambda: do(Ask(self._slack, body, self._offered))))

        return answer

    def _scene(self, request: Request) -> Json:
        asked = request.query_params.get("as", "")
        self._marks.begin(self._slack)
        seen = scene.scene(self._slack, self._person(asked), self._marks)
        steps = [{"title": one.title, "hint": one.hint, "done": one.done} for one in self._guide()]
        return seen | {"guide": steps, "notice": self._notice, "jumps": [one.title for one in self._jumps]}

    def _place(self, request: Request) -> Json:
        me = self._person(request.query_params.get("as", ""))
        seen = scene.place(self._slack, me, request.query_params.get("channel", ""))
        if request.query_params.get("reading") == "true":
            self._marks.read(self._slack, me, seen["channel"])
        return seen

    def _thread(self, request: Request) -> Json:
        asked = request.query_params
        return scene.thread(
            self._slack, self._person(asked.get("as", "")), asked.get("channel", ""), asked.get("ts", "")
        )

    def _wire(self, request: Request) -> Json:
        return behind.wire(self._slack, _number(request, "after"))

    def _record(self, request: Request) -> Json:
        return behind.record(self._slack, _number(request, "seq"))

    def _act(self, ask: Ask) -> Json:
        verb = VERBS.get(ask.text("verb"))
        if verb is None:
            raise Impossible("Nobody can do that here.")
        return verb(ask)

    def _clock(self, ask: Ask) -> Json:
        return behind.move(ask, self._jumps)

    def _fault(self, ask: Ask) -> Json:
        return behind.cause(ask)

    def _person(self, wanted: str) -> Person:
        """Who acts in this tab; the first person there is if nobody is named. Raises `LookupError`."""
        if wanted:
            return Person(self._slack, self._slack.people.find(wanted).id)
        people = (one for one in self._slack.people.users.values() if not one.is_bot and one.id != "USLACKBOT")
        first = next(people, None)
        if first is None:
            raise LookupError("Nobody is in this workspace yet.")
        return Person(self._slack, first.id)


def _number(request: Request, name: str) -> int:
    given = request.query_params.get(name, "0")
    return int(given) if given.isdecimal() else 0


def _sentence(do: Callable[[], Json]) -> Json:
    """What came of it, or in a sentence why not."""
    try:
        return {"ok": True} | do()
    except Unfit as refusal:
        return {"ok": False, "error": str(refusal), "fields": refusal.fields}
    except SlackError as refusal:
        return {"ok": False, "error": f"Slack refuses: {refusal.code.replace('_', ' ')}."}
    except (Impossible, LookupError) as refusal:
        return {"ok": False, "error": str(refusal.args[0]) if refusal.args else "That is not there."}
