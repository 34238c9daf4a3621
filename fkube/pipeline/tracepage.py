"""The page of a trace, which needs nothing beside itself, and its short form for notebooks. Pure text.

Both are made of the data of a trace alone (`trace_data`), in which secrets are hidden already.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from html import escape
from itertools import islice
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fkube.pipeline.tracing import Trace

MOST = 200
"""How many resources the short form shows; a last line counts the others."""


def page(trace: Trace) -> str:
    """Write a trace as one HTML page, through which a reader can step.

    Equation: page(t) = page_of_data(trace_data(t))
    """
    from fkube.pipeline.tracing import trace_data

    return page_of_data(trace_data(trace))


def repr_html(trace: Trace) -> str:
    """Write a trace as HTML without scripts, for notebooks and pages.

    Equation: repr_html(t) = repr_html_of_data(trace_data(t))
    """
    from fkube.pipeline.tracing import trace_data

    return repr_html_of_data(trace_data(trace))


def page_of_data(data: Mapping[str, Any]) -> str:
    """Write the data of a trace as one HTML page.

    The page asks for nothing: style, script and data stand in it, and its policy forbids all else.

    >>> data = {"sources": ["a.yaml"], "stages": [], "verb": "create", "equation": "", "ways": []}
    >>> "default-src 'none'" in page_of_data(data), "<title>a.yaml → create" in page_of_data(data)
    (True, True)
    """
    sources, verb = escape(", ".join(data["sources"])), escape(data["verb"])
    # Within a script only `<` could end it, or begin a comment.
    text = json.dumps(share_objects(data), separators=(",", ":")).replace("<", "\\u003c")
    style, script = _assets("shapes.css", "page.css"), _assets(*_SCRIPTS)
    body = _BODY.format(sources=sources, verb=verb, chips=_CHIPS, keys=_KEYS)
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{sources} → {verb} · fkube trace</title>\n<style>\n{style}</style>\n{body}"
        f'<script type="application/json" id="trace-data">{text}</script>\n'
        f'<script>\n"use strict";\n{{\n{script}}}\n</script>\n</html>\n'
    )


def share_objects(data: Mapping[str, Any]) -> dict[str, Any]:
    """Keep each object of a trace once, and its number wherever it stands.

    Equation: restore_objects(share_objects(data)) = data
    The items of a list share the list, and most stages change nothing: a trace has far fewer objects than
    steps.

    >>> step = {"stage": -1, "object": {"kind": "Pod"}}
    >>> way = {"steps": [step, {**step, "stage": 0}], "requests": [], "answers": []}
    >>> [step["object"] for step in share_objects({"ways": [way]})["ways"][0]["steps"]]
    [0, 0]
    """
    # By identity first: a list of many items is the object of a step of each, and is written only once.
    objects = {id(one): one for way in data["ways"] for one in _objects(way) if one is not None}
    texts = {identity: json.dumps(one) for identity, one in objects.items()}
    numbers = {text: number for number, text in enumerate(dict.fromkeys(texts.values()))}
    ways = [
        _with_objects(way, lambda one: None if one is None else numbers[texts[id(one)]])
        for way in data["ways"]
    ]
    return {**data, "ways": ways, "objects": [json.loads(text) for text in numbers]}


def restore_objects(data: Mapping[str, Any]) -> dict[str, Any]:
    """Put each object of a trace where its number stands.

    Equation: restore_objects(share_objects(data)) = data
    """
    objects = data["objects"]
    ways = [_with_objects(way, lambda at: None if at is None else objects[at]) for way in data["ways"]]
    return {key: ways if key == "ways" else value for key, value in data.items() if key != "objects"}


_HOLDERS = (("steps", "object"), ("requests", "body"), ("answers", "body"))


def _objects(way: Mapping[str, Any]) -> Iterator[Any]:
    """The objects and bodies of a way."""
    return (one[field] for part, field in _HOLDERS for one in way[part])


def _with_objects(way: Mapping[str, Any], change: Callable[[Any], Any]) -> dict[str, Any]:
    """The way of a resource with each object and body changed by a function."""
    changed = {part: [{**one, field: change(one[field])} for one in way[part]] for part, field in _HOLDERS}
    return {**way, **changed}


def _assets(*names: str) -> str:
    """The styles or scripts of these names, one after the other."""
    # Imported here: few commands write a page.
    from importlib.resources import files

    folder = files("fkube.pipeline") / "assets"
    return "".join((folder / name).read_text(encoding="utf-8") for name in names)


_SCRIPTS = ("data.js", "yaml.js", "details.js", "page.js")
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"
_CHIPS = "".join(
    f'<button type="button" aria-pressed="false" data-became="{word}">{word}</button>\n'
    for word in ("changed", "dropped", "failed")
)
_KEYS = "".join(
    f"<dt>{' '.join(f'<kbd>{key}</kbd>' for key in keys.split())}</dt><dd>{what}</dd>\n"
    for keys, what in (
        ("n p", "a step forward, a step back: along the way of a resource, then on to the next"),
        ("← ↑ ↓ →", "to the cell beside, above, below"),
        ("Home End", "to the first, the last cell of the row; with Ctrl, of all rows"),
        ("PgUp PgDn", "ten rows up, down"),
        ("Enter Space", "show the details of a cell"),
        ("Esc", "close the details"),
        ("/", "filter by name"),
        ("?", "these keys"),
    )
)
_BODY = """<body>
<header>
<div class="bar">
<h1><span title="{sources}">{sources}</span> → {verb} <small>· fkube trace</small></h1>
<span id="status" role="status"></span>
<input id="name" type="search" placeholder="filter by name" aria-label="filter by name">
{chips}<button type="button" id="back">◂ Back</button>
<button type="button" id="step">Step ▸</button>
<button type="button" id="help" aria-label="keys">?</button>
</div>
<p class="equation" id="equation" role="region" aria-label="the equation" tabindex="0"></p>
</header>
<noscript><p class="nothing">This page is drawn by a script that stands in it: allow it to run.</p></noscript>
<main id="grid" role="grid" aria-label="stages as columns, resources as rows">
<div role="rowgroup" class="top"><div role="row" class="row head" id="head" aria-rowindex="1">
<div role="columnheader" class="corner" aria-colindex="1">resource</div></div></div>
<div role="rowgroup" class="body" id="body"></div>
<p class="nothing" id="nothing" hidden>No resource is named like this and became that.</p>
</main>
<aside id="details" aria-label="details of the cell" hidden></aside>
<dialog id="keys" aria-labelledby="keys-title">
<h2 id="keys-title">Keys</h2>
<dl>
{keys}</dl>
<button type="button" id="close">Close</button>
</dialog>
</body>
"""


def repr_html_of_data(data: Mapping[str, Any]) -> str:
    """Write the data of a trace as HTML without scripts: a line for each resource, which can be opened.

    It takes the colours of the page around it, light or dark.

    >>> data = {"sources": [], "stages": [], "verb": "create", "equation": "v < w", "ways": []}
    >>> repr_html_of_data(data).endswith('<p><code>v &lt; w</code></p></div>')
    True
    """
    names = ["read", *(stage["name"] for stage in data["stages"]), data["verb"]]
    ways = iter(data["ways"])
    rows = [_row(way, names) for way in islice(ways, MOST)]
    more = sum(1 for _ in ways)
    last = [f"<p>… and {more:,} more</p>"] if more else []
    # In one piece, without an empty line: Markdown would take what follows one for its own.
    style = " ".join(f".fkube-trace {{ {_assets('shapes.css', 'short.css')} }}".split())
    head = f'<div class="fkube-trace"><style>{style}</style><p><code>{escape(data["equation"])}</code></p>'
    return "".join((head, *rows, *last, "</div>"))


def _row(way: Mapping[str, Any], names: list[str]) -> str:
    """One resource: its name and what became of it in each stage; opened, the same with what changed."""
    ended = ((names[-1], mark, word) for mark, word in _describe_end(way))
    words = [(names[step["stage"] + 1], step["became"], step["became"]) for step in way["steps"]]
    marks = "".join(_mark(*one) for one in (*words, *ended))
    steps = (
        _step(step, names[step["stage"] + 1])
        for step in way["steps"]
        if step["became"] not in ("read", "passed")
    )
    told = (f"<li>{escape(fact)}</li>" for fact in _facts(way))
    summary = f"<summary><b>{escape(way['resource'] or 'not readable')}</b> {marks}</summary>"
    return f"<details>{summary}<ul>{''.join((*steps, *told))}</ul></details>"


def _describe_end(way: Mapping[str, Any]) -> list[tuple[str, str]]:
    """How the way of a resource ended at the verb: the mark, and what is said of it."""
    if any(step["became"] in ("dropped", "failed") for step in way["steps"]):
        return []
    outcome = way["outcome"]
    if not outcome:
        return [("planned", "planned")] if way["requests"] else []
    mark = "dropped" if outcome["action"] == "skipped" else "failed" if outcome["error"] else "done"
    return [(mark, outcome["action"])]


def _mark(name: str, mark: str, word: str) -> str:
    """What became of a resource in the stage of a name: a shape and a word."""
    return f'<span class="way {mark}" title="{escape(name)}">{escape(word)}</span>'


def _step(step: Mapping[str, Any], name: str) -> str:
    """A stage, what became of a resource in it, why, and what it changed."""
    why = f": {escape(step['why'])}" if step["why"] else ""
    changes = "".join(f"<li>{_change(change)}</li>" for change in step["changes"])
    said = f"<code>{escape(name)}</code> {_mark(name, step['became'], step['became'])}{why}"
    return f"<li>{said}{f'<ul>{changes}</ul>' if changes else ''}</li>"


def _change(change: Mapping[str, Any]) -> str:
    """A path, and what stood there before and after."""
    sides = (change[side] for side in ("before", "after"))
    before, after = ("—" if side is None else escape(json.dumps(side, ensure_ascii=False)) for side in sides)
    return f"<code>{escape(change['path'])}</code>: <del>{before}</del> → <ins>{after}</ins>"


def _facts(way: Mapping[str, Any]) -> Iterator[str]:
    """What else is known of a resource, a sentence each."""
    origin = way["origin"]
    place = (origin["source"], *(f"{key} {origin[key]}" for key in ("document", "line") if origin[key]))
    yield f"read from {', '.join(filter(None, place))}" + (f" in a {way['list']}" if way["list"] else "")
    yield from _write_facts(("namespace", way["namespace"]), ("mapping", way["mapping"]))
    yield from (f"{request['method']} {request['path']}" for request in way["requests"])
    yield from (f"answered {answer['status']}" for answer in way["answers"])
    outcome = way["outcome"] or {"error": "", "warnings": ()}
    yield from _write_facts(("error", outcome["error"]), *(("warning", text) for text in outcome["warnings"]))


def _write_facts(*facts: tuple[str, str]) -> Iterable[str]:
    """The facts that are known, with their names."""
    return (f"{name}: {value}" for name, value in facts if value)
