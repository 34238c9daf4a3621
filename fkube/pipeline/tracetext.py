"""Traces as text for a terminal of 100 columns, made of their JSON data. Pure."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from fkube.resource.info import Object, Origin

WIDTH = 100
"""Columns of the terminal."""
MOST = 12
"""How many ways are shown step by step; more of them have a line each."""
LONGEST = 48
"""Characters of a value that are shown."""


def trace_text(data: Object) -> str:
    """Write a trace: its equation, and the way of each resource; of many resources a line for each.

    >>> print(trace_text({"equation": "report = …", "ways": []}))
    report = …
    <BLANKLINE>
    no resources
    """
    equation = textwrap.fill(data["equation"], WIDTH, subsequent_indent=" " * 9)
    ways = data["ways"]
    if len(ways) > MOST:
        found = "\n".join((*_list_ways(data), "", _HINT))
    else:
        found = "\n\n".join("\n".join(_write_way(data, way)) for way in ways) or "no resources"
    return f"{equation}\n\n{found}"


_HINT = 'name some of them to see what each stage did: only("NAME"), or `fkube trace … NAME`'


def origin_text(origin: Object) -> str:
    """An origin as errors print it."""
    return str(Origin(**origin))


def way_words(way: Object) -> list[str]:
    """A way in words: what its steps did, but for those that changed nothing; its requests and its end."""
    steps = [_step_word(step) for step in way["steps"] if step["became"] not in ("read", "passed")]
    requests = [_request_text(request) for request in way["requests"]]
    outcome = [way["outcome"]["action"]] if way["outcome"] else []
    return [*steps, *requests, *outcome] or ["passed"]


def _step_word(step: Object) -> str:
    """A step in a word, with its reason where it dropped a resource or failed."""
    if step["became"] == "changed":
        return ", ".join(change["path"] for change in step["changes"]) or step["why"] or "changed"
    return f"{step['became']}: {step['why']}" if step["why"] else step["became"]


def _list_ways(data: Object) -> Iterator[str]:
    """A line for each way: the resource, where it is from, and its words."""
    rows = [(_name(way), _short_origin(way["origin"]), " → ".join(way_words(way))) for way in data["ways"]]
    names, origins = (min(max(len(row[place]) for row in rows), LONGEST) for place in (0, 1))
    for name, origin, words in rows:
        yield textwrap.shorten(f"{name:<{names}}  {origin:<{origins}}  {words}", 10_000)


def _short_origin(origin: Object) -> str:
    return f"{origin['source']}:{origin['line']}" if origin["line"] else origin["source"]


def _name(way: Object) -> str:
    """The name of a resource; of what could not be read, that it is none."""
    return way["resource"] or "(no resource)"


def _write_way(data: Object, way: Object) -> Iterator[str]:
    """The lines of one way: a head, a line for each step, its requests, and what came of it."""
    origin = origin_text(way["origin"])
    yield f"{_name(way)}{f' from {origin}' if origin else ''}"
    rows = [*_step_rows(data, way), *_sent_rows(data, way), *_outcome_rows(way)]
    width = min(max((len(name) for name, _ in rows), default=0), 30)
    for name, text in rows:
        lines = textwrap.wrap(text, WIDTH - width - 4, break_on_hyphens=False) or [""]
        if len(name) > width:
            yield f"  {name}"
            name = ""
        yield f"  {name:<{width}}  {lines[0]}".rstrip()
        yield from (f"  {'':<{width}}  {line}" for line in lines[1:])


Rows = Iterator[tuple[str, str]]


def _step_rows(data: Object, way: Object) -> Rows:
    """The steps of a way, by the names of their stages; those that changed nothing share a row."""
    for became, steps in groupby(way["steps"], lambda step: step["became"]):
        group = [*steps]
        if became == "passed":
            names = (_stage_name(data, step) for step in group if not _is_about_visits(data, step))
            yield from (("passed", text) for text in filter(None, (", ".join(names),)))
        else:
            for step in group:
                yield from _rows_of_step(data, way, step)


def _stage_name(data: Object, step: Object) -> str:
    """The name of the stage of a step."""
    return str(data["stages"][step["stage"]]["name"]) if step["stage"] >= 0 else "read"


def _is_about_visits(data: Object, step: Object) -> bool:
    """Whether a step is through a stage that says how to visit, and so changes nothing."""
    return bool(step["stage"] >= 0 and data["stages"][step["stage"]]["kind"] == "visit")


def _rows_of_step(data: Object, way: Object, step: Object) -> Rows:
    """The rows of a step that did something: one, and one more for each change beyond the first."""
    name, texts = _stage_name(data, step), [*_step_texts(way, step)]
    yield from ((name if not n else "", text) for n, text in enumerate(texts))


def _step_texts(way: Object, step: Object) -> Iterator[str]:
    """What a step did, in words."""
    if step["became"] == "changed":
        yield from filter(None, (step["why"],))
        yield from (
            f"{change['path']}: {_value_text(change['before'])} → {_value_text(change['after'])}"
            for change in step["changes"]
        )
        if not step["why"] and not step["changes"]:
            yield "changed, but not in the object"
    elif step["became"] == "opened" and way["list"]:
        yield f"opened from {way['list']}"
    elif step["became"] != "read":
        yield f"{step['became']}: {step['why']}" if step["why"] else step["became"]


def _value_text(value: Any) -> str:
    """A value as JSON, cut if it is long; nothing where there is none."""
    if value is None:
        return "nothing"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _sent_rows(data: Object, way: Object) -> Rows:
    """The requests of a way, each with the status of its answer."""
    answers: Sequence[Object] = way["answers"]
    for number, request in enumerate(way["requests"]):
        status = f" → {answers[number]['status']}" if number < len(answers) else ""
        yield data["verb"] if not number else "", f"{_request_text(request)}{status}"


def _request_text(request: Object) -> str:
    """A request in a line: its method, path and query."""
    query = f"?{urlencode(request['query'])}" if request["query"] else ""
    return f"{request['method']} {request['path']}{query}"


def _outcome_rows(way: Object) -> Rows:
    """What the report says of a resource, and the warnings."""
    outcome = way["outcome"]
    if outcome:
        said = outcome["action"]
        yield "report", f"{said}: {outcome['error']}" if outcome["error"] else said
        yield from (("warning", warning) for warning in outcome["warnings"])
