"""Traces as text for a terminal of 100 columns, made of their JSON data. Pure."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable, Iterator
from functools import partial
from itertools import groupby
from typing import Any, TypeAlias
from urllib.parse import urlencode

from fkube.resource.dataclasses import dataclass, field
from fkube.resource.info import Object, Origin

WIDTH, NAME, VALUE = 100, 30, 48
"""Columns of the terminal, of the names of stages, and of a value."""
MOST = 12
"""How many ways are shown step by step; more of them have a line each."""

Paint: TypeAlias = Callable[[str, str], str]
"""What colours a text: given `head`, `passed`, `changed`, `dropped`, `failed` or `done`, and the text."""


@dataclass(frozen=True, slots=True)
class Row:
    """What is said of a step: what it is called, the text beside that, and of which colour.

    A text that is `whole` has its own lines: where one is too long, all stand below the name.
    """

    name: str
    text: str = field(repr=False)
    colour: str = ""
    whole: bool = False


def paint_nothing(colour: str, text: str) -> str:  # noqa: ARG001
    """The text without colours."""
    return text


def trace_text(data: Object, paint: Paint = paint_nothing) -> str:
    """Write a trace: its equation, and the way of each resource; of many resources a line for each.

    >>> print(trace_text({"equation": "report = …", "ways": []}))
    report = …
    <BLANKLINE>
    no resources
    """
    paint = partial(_paint_safely, paint)
    equation = textwrap.fill(data["equation"], WIDTH, subsequent_indent=" " * 10)
    if len(data["ways"]) > MOST:
        found = "\n".join((*_list_ways(data, paint), "", _HINT))
    else:
        ways = ("\n".join(_write_way(data, way, paint)) for way in data["ways"])
        found = "\n\n".join(ways) or "no resources"
    return "\n".join((*(paint("", line) for line in equation.splitlines()), "", found))


def _paint_safely(paint: Paint, colour: str, text: str) -> str:
    """Colour a text in which no control character of a manifest can do so."""
    return paint(colour, "".join(one if one.isprintable() else ascii(one)[1:-1] for one in text))


_HINT = "Name some of them to see what each stage did."


def origin_text(origin: Object) -> str:
    """An origin as errors print it."""
    return str(Origin(**origin))


def way_words(way: Object) -> list[str]:
    """A way in words: what its steps did, but for those that changed nothing; its requests and its end."""
    steps = [word for step in way["steps"] if (word := _step_word(step))]
    requests = [f"{request['method']} {request['path']}" for request in way["requests"]]
    failed = way["steps"][-1]["became"] == "failed"
    return [*steps, *requests, *([] if failed else filter(None, (_outcome_text(way),)))] or ["passed"]


def _step_word(step: Object) -> str:
    """A step in a word, with its reason where it dropped a resource or failed; empty if it did nothing."""
    match step["became"]:
        case "read" | "passed":
            return ""
        case "changed":
            return ", ".join(change["path"] for change in step["changes"])
    return ": ".join(filter(None, (step["became"], step["why"])))


def _list_ways(data: Object, paint: Paint) -> Iterator[str]:
    """A line for each way: the resource, where it is from, and its words."""
    rows = [(_name(way), _place(way["origin"]), " → ".join(way_words(way))) for way in data["ways"]]
    names, places = (min(max(len(row[column]) for row in rows), VALUE) for column in (0, 1))
    for way, (name, place, words) in zip(data["ways"], rows, strict=True):
        start = f"{paint('head', f'{name:<{names}}')}  {paint('', f'{place:<{places}}')}"
        yield f"{start}  {paint(_way_colour(way), words)}"


def _way_colour(way: Object) -> str:
    """The colour of a way: that of what it came to."""
    became, outcome = way["steps"][-1]["became"], way["outcome"]
    if became == "failed" or (outcome and outcome["error"]):
        return "failed"
    return "dropped" if became == "dropped" else "done" if outcome else ""


def _place(origin: Object) -> str:
    """An origin in short: `web.yaml:14`."""
    return f"{origin['source']}:{origin['line']}" if origin["line"] else str(origin["source"])


def _name(way: Object) -> str:
    """The name of a resource; of what could not be read, that it is none."""
    return way["resource"] or "(no resource)"


def _write_way(data: Object, way: Object, paint: Paint) -> Iterator[str]:
    """The lines of one way: a head, a line for each step, its requests, and what came of it."""
    origin = origin_text(way["origin"])
    yield f"{paint('head', _name(way))}{paint('', f' from {origin}' if origin else '')}"
    rows = [*_step_rows(data, way), *_request_rows(data, way), *_outcome_rows(data, way)]
    width = max((min(len(row.name), NAME) for row in rows), default=0)
    for row in rows:
        yield from _write_row(row, width, paint)


def _write_row(row: Row, width: int, paint: Paint) -> Iterator[str]:
    """The lines of a row, the text beside a name in a column of this width."""
    name = row.name if len(row.name) <= NAME else f"{row.name[: NAME - 1]}…"
    room = WIDTH - width - 4
    lines = row.text.split("\n") if row.whole else textwrap.wrap(row.text, room, break_on_hyphens=False)
    if row.whole and max(map(len, lines)) > room:
        yield f"  {paint('', name)}"
        yield from (f"    {paint(row.colour, line)}" for line in lines)
        return
    for number, line in enumerate(lines):
        beside = "" if number else name
        yield f"  {paint('', f'{beside:<{width}}')}  {paint(row.colour, line)}".rstrip()


def _step_rows(data: Object, way: Object) -> Iterator[Row]:
    """The steps of a way, by the names of their stages; those in a row that changed nothing share a row."""
    for passed, steps in groupby(way["steps"], lambda step: step["became"] == "passed"):
        if not passed:
            for step in steps:
                texts = enumerate(_step_texts(way, step))
                yield from (
                    Row("" if n else _stage_name(data, step), text, step["became"]) for n, text in texts
                )
        elif names := ", ".join(_stage_name(data, step) for step in steps if not _is_of_visits(data, step)):
            yield Row("passed", names, "passed")


def _stage_name(data: Object, step: Object) -> str:
    """The name of the stage of a step."""
    return str(data["stages"][step["stage"]]["name"]) if step["stage"] >= 0 else "read"


def _is_of_visits(data: Object, step: Object) -> bool:
    """Whether a step is through a stage that says how to visit, and so changes nothing."""
    return bool(data["stages"][step["stage"]]["kind"] == "visit")


def _step_texts(way: Object, step: Object) -> Iterator[str]:
    """What a step did, in words."""
    became, why, changes = step["became"], step["why"], step["changes"]
    if became == "changed":
        differ = (f"{one['path']}: {_value(one['before'])} → {_value(one['after'])}" for one in changes)
        yield from [*filter(None, (why,)), *differ] or ["changed, but not its object"]
    elif became == "opened" and way["list"]:
        yield f"opened from {way['list']}"
    elif became != "read":
        yield ": ".join(filter(None, (became, why)))


def _value(value: Any) -> str:
    """A value as JSON, cut if it is long; nothing where there is none."""
    if value is None:
        return "nothing"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= VALUE else f"{text[: VALUE - 1]}…"


def _request_rows(data: Object, way: Object) -> Iterator[Row]:
    """A row with the requests of a way, each with the status of its answer, its query below it."""
    requests, answers = way["requests"], way["answers"]
    lines: list[str] = []
    for number, request in enumerate(requests):
        status = "".join(f" → {answer['status']}" for answer in answers[number : number + 1])
        lines += [f"{request['method']} {request['path']}{status}"]
        lines += [f"  ?{urlencode(request['query'])}"] if request["query"] else []
    yield from (Row(data["verb"], "\n".join(lines), whole=True),) if lines else ()


def _outcome_rows(data: Object, way: Object) -> Iterator[Row]:
    """What the report says of a resource, or why nothing was planned; and the warnings."""
    if outcome := way["outcome"]:
        name = "report" if data["ran"] else "" if way["requests"] else data["verb"]
        said = _outcome_text(way)
        # Of a plan, what failed in a stage has been said.
        if data["ran"] or said != outcome["action"]:
            yield Row(name, said, "failed" if outcome["error"] else "done")
        yield from (Row("warning", warning, "dropped") for warning in outcome["warnings"])


def _outcome_text(way: Object) -> str:
    """What the report says of a resource: the action, and the error if no stage has said it."""
    outcome = way["outcome"] or {"action": "", "error": ""}
    error = "" if outcome["error"] == way["steps"][-1]["why"] else outcome["error"]
    return ": ".join(filter(None, (outcome["action"], error)))
