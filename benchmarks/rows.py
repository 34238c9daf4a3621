"""The rows: what each does, who does it, and the bar it has to meet. Data; nothing runs here.

In a command, `{files}` and the like are filled in by `world.py`; what those names are stands there.
"""

from __future__ import annotations

from fnmatch import fnmatchcase

from benchmarks.row import OURS, Bar, Contender, Row, both, peers, script, started

SLOW = 2
"""The rounds of kubectl where it takes more than a minute."""
COMMANDS = (
    *("create", "apply", "get", "delete", "diff", "replace", "patch", "scale", "label", "annotate", "wait"),
    *("api-resources", "version", "completion"),
)
START = (
    started("version", "version --client", 2.0),
    started("get-one", "get ns default", 2.0, offline=False),
    started("dry-run-one", "create --dry-run=client -f {one}", 2.0, offline=False),
    started("help", "--help", 1.2),
    *(started(f"help-{command}", f"{command} --help", rounds=1) for command in COMMANDS),
)
WRITES = (
    Row(
        "create",
        "create 1,000 Deployments",
        both("create -f {files} -n {namespace}")
        | script("library", "create {files} {namespace}", python="python")
        | script("floor", "create {bodies} {namespace}")
        | peers("create {files} {namespace}"),
        (
            Bar("kubectl", 0.7),
            Bar("floor", 1.25),
            *(Bar(peer, 0.5) for peer in ("kubernetes", "lightkube", "kr8s")),
        ),
        reset="clear",
        number=1_000,
        lines=True,
    ),
    Row(
        "apply-new",
        "apply 1,000 Deployments that are not there",
        both("apply -f {files} -n {namespace}"),
        (Bar("kubectl", 0.7),),
        reset="clear",
        number=1_000,
        lines=True,
    ),
    Row(
        "apply-again",
        "apply 1,000 Deployments that are as they are applied",
        both("apply -f {files} -n {namespace}", most=SLOW),
        (Bar("kubectl", 0.03),),
        given="applied",
        number=1_000,
        lines=True,
    ),
    Row(
        "server-side-new",
        "apply --server-side 1,000 Deployments that are not there",
        both("apply --server-side -f {files} -n {namespace}"),
        (Bar("kubectl", 0.65),),
        reset="clear",
        number=1_000,
        lines=True,
    ),
    Row(
        "server-side-again",
        "apply --server-side 1,000 Deployments that are as they are applied",
        both("apply --server-side -f {files} -n {namespace}"),
        (Bar("kubectl", 0.3),),
        given="server-applied",
        number=1_000,
        lines=True,
    ),
    Row(
        "delete",
        "delete 1,000 Deployments",
        both("delete -f {files} -n {namespace}", most=1),
        (Bar("kubectl", 0.3),),
        reset="fill",
        number=1_000,
        lines=True,
    ),
    Row(
        "batch",
        "create the 131 objects of kube-prometheus, definitions first",
        {
            "kubectl": Contender(
                "sh -c '{kubectl} create -f {corpus}/setup"
                " && {kubectl} wait --for=condition=Established crd --all && {kubectl} create -f {corpus}'"
            ),
            OURS: Contender("{fkube} create -f {corpus}/setup -f {corpus}"),
        },
        reset="new-server",
        number=131,
    ),
)
READS = (
    Row(
        "get-files",
        "get -f of 1,000 Deployments, -o name",
        both("get -f {files} -n {namespace} -o name"),
        (Bar("kubectl", 0.5),),
        given="filled",
        number=1_000,
        lines=True,
    ),
    Row(
        "list-name",
        "list 1,000 Deployments, -o name",
        both("get deployments -n {namespace} -o name")
        | script("library", "list {namespace}", python="python")
        | script("floor", "list {namespace}")
        | peers("list {namespace}", most=0),
        (Bar("kubectl", 0.8),),
        given="filled",
        number=1_000,
        rounds=2,
        lines=True,
    ),
    Row(
        "list-table",
        "list 1,000 Deployments, as a table",
        both("get deployments --no-headers -n {namespace}"),
        (Bar("kubectl", 1.2),),
        given="filled",
        number=1_000,
        rounds=2,
        lines=True,
    ),
    Row(
        "list-json",
        "list 1,000 Deployments, -o json",
        both("get deployments -n {namespace} -o json"),
        (Bar("kubectl", 1.0),),
        given="filled",
        number=1_000,
        rounds=2,
    ),
    Row(
        "list-10000",
        "list 10,000 ConfigMaps, -o name",
        both("get configmaps -n {namespace} -o name"),
        (),
        given="filled-configmaps",
        number=10_000,
        lines=True,
    ),
)
SIZES = (1_000, 3_000, 10_000, 30_000, 100_000)
GROWTH = (
    *(Bar(f"{size:,}", 1.1, "cpu each", f"{SIZES[-1]:,}") for size in SIZES[:-1]),
    Bar(f"{SIZES[0]:,}", 1.1, "peak", f"{SIZES[-1]:,}"),
)
"""The last one costs no more an object than any before it, and takes no more memory."""
CONNECTIONS = (1, 2, 4, 8, 16, 32, 64)
INSIDE = (
    Row(
        "dry-run-many",
        "create --dry-run=client of 10,000 Deployments",
        both("create --dry-run=client -f {files}"),
        (Bar("kubectl", 0.9),),
        number=10_000,
        lines=True,
    ),
    Row(
        "decode",
        "decode a Deployment, beside PyYAML's C loader, in one process",
        bars=(Bar("C loader", 0.35, "cpu"),),
        number=200,
        offline=True,
        inside="{python} {contenders}/decode.py {files}",
    ),
    Row(
        "decode-events",
        "the same of texts that only libyaml's events can read",
        bars=(Bar("C loader", 0.7, "cpu"),),
        number=200,
        offline=True,
        inside="{python} {contenders}/decode.py {files} events",
    ),
    Row(
        "stages",
        "five stages over a resource, beside a loop written by hand, in one process",
        bars=(Bar("loop", 1.5, "cpu"),),
        number=2_000,
        offline=True,
        inside="{python} {contenders}/stages.py {number}",
    ),
    Row(
        "stream-100000",
        "100,000 documents streamed through a visit",
        script("library", "visit {configmaps_100000}", most=1, python="python"),
        number=100_000,
        offline=True,
    ),
    Row(
        "growth",
        "a visit of 1,000 to 100,000 documents: the CPU for each of them, and memory",
        {
            f"{size:,}": Contender(
                f"{{python}} {{contenders}}/library.py visit {{configmaps_{size}}}", most=3
            )
            for size in SIZES
        },
        GROWTH,
        told=True,
        offline=True,
    ),
    Row(
        "connections",
        "create 1,000 Deployments over 1 to 64 connections",
        {
            str(count): Contender(
                f"{{python}} {{contenders}}/library.py create {{files}} {{namespace}} {count}", most=2
            )
            for count in CONNECTIONS
        },
        reset="clear",
        number=1_000,
    ),
)
ROWS = {row.name: row for row in (*START, *WRITES, *READS, *INSIDE)}


def chosen(names: str) -> tuple[Row, ...]:
    """The rows that names or globs choose, divided by commas, in the order of the table; else all.

    Errors: `SystemExit` for a name that chooses none.

    >>> [row.name for row in chosen("list-[nt]*,create")]
    ['create', 'list-name', 'list-table']
    """
    globs = [name.strip() for name in names.split(",") if name.strip()] or ["*"]
    for glob in globs:
        if not any(fnmatchcase(name, glob) for name in ROWS):
            raise SystemExit(f"no row is called {glob!r}; there are: {', '.join(ROWS)}")
    return tuple(row for name, row in ROWS.items() if any(fnmatchcase(name, glob) for glob in globs))
