"""`fkube diff`: show what apply would change."""

from __future__ import annotations

import sys
from functools import partial

from returns.result import Result
from toolz import identity, juxt

from fkube.cli.apply import CLIENT_SIDE, choose_manager
from fkube.cli.checks import Checked, first_broken, require_manifests, require_no_arguments
from fkube.cli.command import MANIFESTS, Call, Command, Selection, field_manager_flag
from fkube.cli.console import Console, takes_colours
from fkube.cli.flags import flag, group
from fkube.cli.objectprinter import without_managed_fields
from fkube.cli.pruner import ALLOWED, KeptObjects, Pruner, Pruning, prune_after
from fkube.cli.session import Session, Task, run_pipeline, visit_each
from fkube.cli.yamlprinter import yaml_text
from fkube.edge.diffprogram import Comparison, Versions, compare_versions, version_folders, write_version
from fkube.exchange.conversation import Exchange, done
from fkube.report.outcomes import Outcome
from fkube.resource.dataclasses import dataclass
from fkube.resource.info import Info
from fkube.resource.results import collect_results
from fkube.showing.masking import masked
from fkube.verbs.diff import diff


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffOptions:
    """What to compare, and how."""

    call: Call = group(Call)
    selection: Selection = group(Selection, *MANIFESTS, "selector", usage=" with the objects to compare")
    server_side: bool = flag("Show what server-side apply would change.", False)
    force_conflicts: bool = flag("Take over the fields of other managers.", False)
    field_manager: str = field_manager_flag(CLIENT_SIDE, "; kubectl with --server-side")
    concurrency: int = flag("How many objects to ask for at the same time.", 1)
    prune: bool = flag("Show what apply --prune would delete too, of what has the labels of -l.", False)
    prune_allowlist: tuple[str, ...] = flag(ALLOWED, (), commas=False)
    show_secrets: bool = flag("Show what Secrets keep.", False)
    show_managed_fields: bool = flag("Compare managedFields too.", False)


def run(console: Console, options: DiffOptions) -> None:
    """Write both versions of every object, and compare them. Follows `DiffOptions.Run` of kubectl."""
    useless = options.force_conflicts and not options.server_side
    task: Checked[Task] = Result.do(
        partial(_compare_all, options)
        for _ in require_no_arguments(options.call, "diff")
        for _ in require_manifests(options.selection)
        for _ in first_broken((useless, "--force-conflicts only works with --server-side"))
    )
    run_pipeline(console, options, task)


def _compare_all(options: DiffOptions, session: Session) -> None:
    """Write the live and the applied version of all objects, and print how they differ.

    Nothing is printed after a failure.
    """
    manager = choose_manager(options.call, options.field_manager, options.server_side)
    verb, console = diff(options.server_side, manager, options.force_conflicts), session.console
    kept = KeptObjects()
    with version_folders() as both:
        tell = juxt(lambda _, outcome: kept.add(outcome), partial(_write_versions, options, both, console))
        show = partial(_write_pruned, options, both, console)
        pruner = Pruner(session, options.selection.selector, _leave, show, kept)
        visit = partial(visit_each, verb=verb, tell=tell, concurrency=max(options.concurrency, 1))
        prune_after(pruner, Pruning(prune=options.prune, prune_allowlist=options.prune_allowlist), visit)
        # What is not whole would show differences that are none.
        if not console.failures:
            compare_versions(both).map(partial(_print_difference, console)).alt(console.fail)


def _write_versions(options: DiffOptions, both: Versions, console: Console, _: int, outcome: Outcome) -> None:
    """Write an object as it is and as apply would make it, each to its folder; print why not.

    A version that does not exist is an empty file, which every program can compare; what Secrets keep is
    masked unless it is asked for. Follows `Differ.Diff` of kubectl.
    """
    info = outcome.info
    if info is None:
        return
    select = identity if options.show_managed_fields else without_managed_fields
    sides = (select(info.object if info.live else {}), select(outcome.object))
    shown = sides if options.show_secrets else masked(*sides)
    texts = (yaml_text(side) if side else "" for side in shown)
    pairs = zip((both.live, both.merged), texts, strict=True)
    collect_results(write_version(folder, _file_name(info), text) for folder, text in pairs).alt(console.fail)


def _leave(info: Info) -> Exchange[Outcome]:
    """Leave an object that would be pruned as it is."""
    return done(Outcome("pruned", info.origin, info, info.object, dry_run="server"))


def _write_pruned(options: DiffOptions, both: Versions, console: Console, _: int, outcome: Outcome) -> None:
    """Write an object that would be pruned as it is; of a Secret only which keys it has.

    Follows `DiffOptions.Run` of kubectl, which shows the managedFields of these, and of Secrets everything.
    """
    if outcome.info is not None:
        live = outcome.object
        shown = live if options.show_secrets else masked(live, live)[0]
        write_version(both.live, _file_name(outcome.info), yaml_text(shown)).alt(console.fail)


def _file_name(info: Info) -> str:
    """The name of the file for an object in both folders. Follows `InfoObject.Name` of kubectl."""
    version, kind = (info.mapping.api_version, info.mapping.kind) if info.mapping else ("", "")
    return ".".join((*version.split("/"), kind, info.namespace, info.name))


def _print_difference(console: Console, found: Comparison) -> None:
    """Print what the program that compares has found, and take its exit status over."""
    console.status = found.status
    lines = found.text.splitlines(keepends=True)
    text = "".join(map(_colour_line, lines)) if takes_colours(sys.stdout) else found.text
    console.say(text, end="")


def _colour_line(line: str) -> str:
    """A line of a unified diff in its terminal colour: removed, added, a header, or as it is."""
    colour = next((code for start, code in _COLOURS if line.startswith(start)), "")
    return f"\x1b[{colour}m{line.rstrip(chr(10))}\x1b[0m\n" if colour else line


_COLOURS = (("diff ", "1"), ("--- ", "1"), ("+++ ", "1"), ("@@", "36"), ("-", "31"), ("+", "32"))
"""What lines begin with, and their colours as terminals know them."""

COMMAND = Command(
    "diff -f FILENAME",
    """Show what apply would change, by a dry run on the server.

    The exit status is 0 if nothing differs, 1 if something does, and 2 if anything failed. The program of
    KUBECTL_EXTERNAL_DIFF shows the differences, or else diff -u -N. What Secrets keep is not shown.""",
    """
    # Show what would change
    fkube diff -f web.yaml

    # Show what server-side apply would change, by force
    fkube diff --server-side --force-conflicts -R -f manifests/

    # Compare what standard input describes, with a program of your own
    cat web.yaml | KUBECTL_EXTERNAL_DIFF="colordiff -N -u" fkube diff -f -""",
    DiffOptions,
    run,
    wrong=2,
)
