"""`fkube trace`: the way of each resource through the pipeline of create or apply."""

from __future__ import annotations

import json
import sys
from functools import partial

from returns.result import Result

from fkube.cli import apply, create
from fkube.cli.apply import ApplyOptions, Merging
from fkube.cli.batch import Batch
from fkube.cli.checks import Checked, first_broken, validation_step
from fkube.cli.command import Command, output_flag
from fkube.cli.console import Console, takes_colours
from fkube.cli.create import CreateOptions
from fkube.cli.flags import flag, flags_of, group
from fkube.cli.objectprinter import read_format
from fkube.cli.session import Session, Task, perform_or_report, run_pipeline
from fkube.edge.localfiles import write_text
from fkube.edge.running import Verb
from fkube.edge.traces import trace
from fkube.pipeline.tracetext import paint_nothing, trace_text
from fkube.pipeline.tracing import Trace, trace_data
from fkube.resource.dataclasses import dataclass, replace
from fkube.resource.errors import SourceError, UsageError
from fkube.resource.info import Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceOptions:
    """What to trace: a create, or with some flags an apply; and how it is shown."""

    create: CreateOptions = group(
        CreateOptions, "call", "selection", "validate", "field_manager", "save_config"
    )
    apply: bool = flag("Trace apply: objects that are there are changed.", False)
    merging: Merging = group(Merging)
    batch: Batch = group(Batch, "arrange")
    run: bool = flag("Send what would be sent, all of it, and show the answers.", False)
    html: str = flag("A file to which the trace is written, as a page for a browser.", "")
    output: str = output_flag("json")

    @property
    def is_apply(self) -> bool:
        """Whether it is apply that is traced."""
        return self.apply or self.merging.server_side


def run(console: Console, options: TraceOptions) -> None:
    """Trace each resource, and print its way; only with `--run` anything is changed on the server."""
    console.doing = apply.COMMAND.doing if options.is_apply else create.COMMAND.doing
    task: Checked[Task] = Result.do(
        partial(_trace_all, options, verb, format)
        for format in read_format(options.output, "json")
        for verb in (_read_apply if options.is_apply else _read_create)(console, options)
    )
    steps = (validation_step(options.create.validate), options.batch.step)
    return run_pipeline(console, options.create, task, *steps)


def _read_create(console: Console, options: TraceOptions) -> Checked[Verb]:
    """Check the flags of create, and make its verb."""
    of_apply = {flag.name for flag in flags_of(Merging)}
    stray = next((name for name in options.create.call.given if name in of_apply), "")
    whole = replace(options.create, call=replace(options.create.call, arguments=()))
    return Result.do(
        verbs.verb
        for _ in first_broken((stray, f"--{stray} can only be used with --apply or --server-side"))
        for verbs, _ in create.check(console, whole, "trace", read_format("", ""))
    )


def _read_apply(console: Console, options: TraceOptions) -> Checked[Verb]:
    """Check the flags of apply, and make its verb."""
    ours = options.create
    whole = ApplyOptions(
        call=replace(ours.call, arguments=()),
        selection=ours.selection,
        validate=ours.validate,
        field_manager=ours.field_manager if "field-manager" in ours.call.given else "",
        merging=options.merging,
    )
    beside = (ours.save_config, "--save-config can't be used with --apply or --server-side")
    asked = first_broken(beside).bind(lambda _: apply.check(console, whole))
    return asked.map(lambda request: request.verbs.verb)


def _trace_all(options: TraceOptions, verb: Verb, format: str, session: Session) -> None:
    """Trace all resources, and print those that are named, or all."""
    console, names = session.console, options.create.call.arguments
    traced = perform_or_report(console, trace(session.client, verb, options.run)(session.pipeline))
    if traced is None:
        return
    # The verb of a command is made of several, none of which has its name.
    traced = replace(traced, verb="apply" if options.is_apply else "create")
    shown = traced.only(*names) if names else traced
    absent = [name for name in names if not traced.only(name).ways]
    if not traced.ways:
        console.refuse(f"no objects passed to {traced.verb}")
    elif shown.ways:
        _show(options, format, console, shown)
    console.fail(*(UsageError(f'no resource of the manifests is named "{name}"') for name in absent))
    # What was run is told whole, whatever is shown of it.
    _tell_failures(console, traced if options.run else shown)


def _show(options: TraceOptions, format: str, console: Console, shown: Trace) -> None:
    """Print a trace as text or JSON; where a page is wanted, write that, and print no text."""
    if options.html:
        _write_page(options.html, console, shown)
    if format == "json":
        console.say(json.dumps(trace_data(shown), indent=4, ensure_ascii=False))
    elif not options.html:
        paint = _paint if takes_colours(sys.stdout) else paint_nothing
        console.say(trace_text(trace_data(shown), paint))


def _write_page(path: str, console: Console, shown: Trace) -> None:
    """Write a trace as a page for a browser."""
    # Imported here: who prints a trace needs no page.
    from fkube.pipeline.tracepage import page

    written = write_text(path, page(shown))
    written.alt(lambda why: console.fail(SourceError(f"{path} can't be written: {why}", Origin(path))))


def _tell_failures(console: Console, traced: Trace) -> None:
    """Print the failures and warnings of a trace as those of any command."""
    for way in traced.ways:
        console.warn(way.outcome.warnings if way.outcome else ())
    skipped = (way.outcome and way.outcome.action == "skipped" for way in traced.ways)
    console.fail(
        *(way.error for way, left in zip(traced.ways, skipped, strict=True) if way.error and not left)
    )


def _paint(colour: str, text: str) -> str:
    """A text in a colour of the terminal."""
    code = _COLOURS.get(colour)
    return f"\x1b[{code}m{text}\x1b[0m" if code and text else text


_COLOURS = {"head": "1", "passed": "2", "opened": "36", "dropped": "33", "failed": "31", "done": "32"}
"""The colours of what is said, as terminals know them."""

COMMAND = Command(
    "trace -f FILENAME [NAME ...]",
    """Show the way of each resource: where it was read, what each stage made of it, what would be sent.

    The stages and the requests are those of `fkube create` with the same flags, with --apply or --server-side
    those of `fkube apply`. Nothing is changed on the server, unless --run is given. With NAMEs, as web or
    deployment/web, only the ways of those resources are shown; --run sends all there is. Of many resources
    each has a line. What Secrets keep is not shown. The exit status is 1 if anything failed.""",
    """
    # Show what becomes of each resource, and which requests would be sent
    fkube trace -f manifests/ -R -n shop

    # Show the way of one
    fkube trace -f manifests/ -n shop deployment/web

    # Show it as apply would have it, with what is there
    fkube trace --apply -f manifests/ -n shop

    # Do it, and show the answers too
    fkube trace -f manifests/ -n shop --run

    # Write a page to step through, in a browser
    fkube trace -f manifests/ -n shop --html trace.html

    # List what was dropped, and why
    fkube trace -f manifests/ -l app=web -o json | jq '.ways[].steps[-1].why'""",
    TraceOptions,
    run,
    "creating",
)
