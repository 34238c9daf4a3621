"""What `fkube label` and `fkube annotate` share: pairs of keys and values set on objects, or taken away."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from itertools import dropwhile, takewhile

from returns.result import Result

from fkube import builder as b
from fkube.cli.checks import LOCAL_SERVER, Checked, first_broken, read_dry_run
from fkube.cli.command import Call, Selection, field_manager_flag
from fkube.cli.console import Console
from fkube.cli.flags import flag, group
from fkube.cli.outcomeprinter import Print, Printing, read_printer
from fkube.cli.recording import Recording
from fkube.cli.session import Session, Task, run_pipeline, visit_each
from fkube.edge.result import single_item_implied
from fkube.edge.running import Verb
from fkube.report.outcomes import Outcome
from fkube.resource.dataclasses import dataclass, replace
from fkube.resource.info import Object
from fkube.resource.names import label_value_problems, quote_text
from fkube.verbs.keychanges import Changes
from fkube.verbs.paths import DryRun


@dataclass(frozen=True, slots=True, kw_only=True)
class PairOptions:
    """The flags of both commands; `noun` is what is changed: `labels`."""

    call: Call = group(Call)
    selection: Selection = group(Selection, usage=" with the objects to change", do="Change")
    overwrite: bool = flag("Let {noun} that have another value be overwritten.", False)
    list: bool = flag("Print the {noun} of objects.", False)
    local: bool = flag("Ask no server: change what the manifests say, and print it.", False)
    resource_version: str = flag("Change only this version of a single object.", "")
    field_manager: str = field_manager_flag("")
    recording: Recording = group(Recording)
    printing: Printing = group(Printing)


@dataclass(frozen=True, slots=True)
class PairKind:
    """What differs between the two commands.

    `command` is its name; `pair` is what messages call a pair: `label`. `field` is its field of metadata,
    `sample` the file name in kubectl's messages. `read` makes changes of words, `verb` the verb that makes
    them. `unchanged` is printed where nothing changes.
    """

    command: str
    pair: str
    field: str
    sample: str
    read: Callable[[tuple[str, ...]], Checked[Changes]]
    verb: Callable[..., Verb]
    unchanged: str


@dataclass(frozen=True, slots=True)
class PairRequest:
    """What a command line asks for: the changes, the dry run, and what prints the outcomes."""

    changes: Changes
    strategy: DryRun
    print_outcome: Print


def run_pairs(kind: PairKind, console: Console, options: PairOptions) -> None:
    """Change objects, and print each. Follows `RunLabel` and `RunAnnotate` of kubectl."""
    resources = takewhile(lambda word: not _is_change(word), options.call.arguments)
    named = b.resource_type_or_name_args(*resources, allow_empty_selector=options.selection.all)
    steps = (b.local, named) if options.local else (named, b.latest)
    given = _without_server(options) if options.local else options
    run_pipeline(console, given, _check(kind, console, options), *steps)


def _without_server(options: PairOptions) -> PairOptions:
    """The options of a change without a server: an embedded cluster, and no selectors.

    kubectl does not select among manifests then.
    """
    selection = replace(options.selection, selector="", field_selector="")
    return replace(options, call=replace(options.call, embedded=True), selection=selection)


def _check(kind: PairKind, console: Console, options: PairOptions) -> Checked[Task]:
    """Check words and flags, and make the task that changes objects or lists their pairs."""
    return Result.do(
        partial(_change_all, kind, options, PairRequest(changes, strategy, print_outcome))
        for strategy in read_dry_run(console, options.printing.dry_run)
        for resources, pairs in split_words(options.call.arguments, kind.pair)
        for changes in kind.read(pairs)
        for _ in _check_together(kind, options, strategy, resources, changes)
        for print_outcome in read_printer(console, options.printing, kind.unchanged)
    )


def _check_together(
    kind: PairKind, options: PairOptions, strategy: DryRun, resources: tuple[str, ...], changes: Changes
) -> Checked[None]:
    """Refuse flags that do not go together; `resources` are the words before the changes.

    Follows `LabelOptions.Validate` and `AnnotateFlags.ToOptions`.
    """
    selection, local, listing = options.selection, options.local, options.list
    sample = f"-f {kind.sample}.yaml or --filename={kind.sample}.json"
    nothing = not resources and not selection.has_manifests
    return first_broken(
        (listing and options.printing.output, "--list and --output may not be specified together"),
        (selection.all and selection.selector, _BOTH.format("selector")),
        (selection.all and selection.field_selector, _BOTH.format("field-selector")),
        (local and strategy == "server", LOCAL_SERVER),
        (local and resources, f"can only use local files by {sample} when --local=true is set"),
        (local and not selection.has_manifests, f"one or more files must be specified as {sample}"),
        (not local and nothing, _NO_RESOURCES),
        (not changes and not listing, f"at least one {kind.pair} update is required"),
    )


def _change_all(kind: PairKind, options: PairOptions, request: PairRequest, session: Session) -> None:
    """Change every object and print it; with `--list`, print its labels or annotations instead."""
    version, single = options.resource_version, single_item_implied(session.pipeline)
    if version and not single:
        return session.console.refuse("--resource-version may only be used with a single resource")
    strategy: DryRun = "client" if options.list else request.strategy
    how = (options.overwrite, version, strategy, options.field_manager, options.local)

    def tell(before: int, outcome: Outcome) -> None:
        if options.list:
            return _print_pairs(kind, session.console, outcome.object, single)
        if kind.pair == "label" and outcome.dry_run != "client" and not options.local:
            _tell_missing(session.console, request.changes, outcome)
        # kubectl puts no marker between labeled documents.
        return request.print_outcome(0 if kind.pair == "label" else before, outcome)

    verb = kind.verb(request.changes, *how)
    if not options.list and not options.local:
        verb = options.recording.after(kind.command, options.call, verb, options.field_manager)
    visit_each(session, verb, tell)
    return None


def _print_pairs(kind: PairKind, console: Console, object: Object, single: bool) -> None:
    """Print the labels or annotations of an object, below a line that names it unless `single`."""
    metadata = object.get("metadata") or {}
    if not single:
        group = str(object.get("apiVersion") or "").rpartition("/")[0]
        console.say(f"Listing {kind.field} for {object.get('kind')}.{group}/{metadata.get('name')}:")
    for key, value in sorted((metadata.get(kind.field) or {}).items()):
        console.say(f"{'' if single else ' '}{key}={value}")


def _tell_missing(console: Console, changes: Changes, outcome: Outcome) -> None:
    """Print which labels were to be removed and are not on the object."""
    for key, value in changes.items():
        if value is None and outcome.info is not None and key not in outcome.info.labels:
            console.say(f'label "{key}" not found.')


def split_words(words: tuple[str, ...], pair: str) -> Checked[tuple[tuple[str, ...], tuple[str, ...]]]:
    """The words that name resources, and those behind them that are changes; `pair` says of what.

    Follows `GetResourcesAndPairs` of kubectl.

    >>> split_words(("pod", "web", "app=a", "tier-"), "label").unwrap()
    (('pod', 'web'), ('app=a', 'tier-'))
    """
    changes = tuple(dropwhile(lambda word: not _is_change(word), words))
    late = next((word for word in changes if not _is_change(word)), None)
    message = f"all resources must be specified before {pair} changes: {late}"
    resources = words[: len(words) - len(changes)]
    return first_broken((late is not None, message)).map(lambda _: (resources, changes))


def _is_change(word: str) -> bool:
    """Whether a word is a change, `KEY=VALUE` or `KEY-`, and names no resource."""
    return word.find("=") > 0 or (word.endswith("-") and word != "-")


def read_label_changes(words: Iterable[str]) -> Checked[Changes]:
    """What becomes of each label: its value, or None where it is removed. Follows `parseLabels` of kubectl.

    >>> read_label_changes(("app=a", "tier-")).unwrap()
    {'app': 'a', 'tier': None}
    """
    pairs = [word.split("=") for word in words if "=" in word]
    removed = [word[:-1] for word in words if "=" not in word]
    problem = next(filter(None, map(_label_problem, pairs)), "")
    found: dict[str, str | None] = {} if problem else {key: value for key, value, *_ in pairs}
    both = not found.keys().isdisjoint(removed)
    checked = first_broken((problem, problem), (both, f"{_BOTH_WAYS} a label in the same command"))
    return checked.map(lambda _: {**found, **dict.fromkeys(removed)})


def _label_problem(parts: list[str]) -> str:
    """Say what is wrong with a label, split at each `=`; empty if nothing is."""
    word = "=".join(parts)
    if len(parts) != 2:
        return f"invalid label spec: {word}"
    reasons = label_value_problems(parts[1])
    return f"invalid label value: {quote_text(word)}: {';'.join(reasons)}" if reasons else ""


def read_annotation_changes(words: Iterable[str]) -> Checked[Changes]:
    """What becomes of each annotation: its value, or None where it is removed.

    Follows `ParsePairs` and `validateAnnotations` of kubectl.

    >>> read_annotation_changes(("note=a=b", "old-")).unwrap()
    {'note': 'a=b', 'old': None}
    """
    pairs = [word.partition("=") for word in words if word.find("=") > 0]
    removed = [word[:-1] for word in words if word.find("=") <= 0]
    found: Changes = {key: value for key, _, value in pairs}
    both = [key for key in removed if key in found]
    why = f"{_BOTH_WAYS} the following annotation(s) in the same command: {', '.join(both)}"
    return first_broken((both, why)).map(lambda _: {**found, **dict.fromkeys(removed)})


_BOTH = "cannot set --all and --{} at the same time"
_BOTH_WAYS = "can not both modify and remove"
_NO_RESOURCES = "one or more resources must be specified as <resource> <name> or <resource>/<name>"
