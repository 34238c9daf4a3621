"""The invariant: what a report says is what the server has, whatever befell the requests.

* Each object of the input is in the report once, in its place; rows that were told agree with it.
* A POST is sent again only after an answer that proves that the one before was not carried out: a refusal, a
  redirect, a status below 500, or a 5xx with a legal `Retry-After`. A read that does not find the object
  proves nothing, as the write may land later. A PATCH and a DELETE of the same content may be sent again,
  as they count once; that a POST with a server-made name counted twice is seen by counting.
* What is reported as done is there by this run's doing, what is reported as not done was not done; the object
  of an outcome has the kind and the name that were asked for, of a read too.
* `unknown` is said only where a write had an answer that proved nothing, and reading did not tell either; and
  never of a read.
* No exception leaves; none is caught by the last net of the runner, either, as it is a mistake in fkube.
* The run ends, and no pause is longer than `LONGEST` seconds.
* A server that gives no answers any more is asked about a few objects only, whatever the input holds.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from fkube.edge.limits import ENOUGH, UNANSWERED
from fkube.report.outcomes import Outcome
from fkube.resource.errors import FunctionError
from tests.faults.driving import REPORTED, Run
from tests.faults.faults import proves_undone
from tests.faults.objects import holds
from tests.faults.schedules import WRITERS, Item, Schedule
from tests.faults.upstream import Seen

LONGEST = 300.0
DEAD = ("refuse", "close", "reset-before", "silence")
"""The faults that look like a server that is not there."""
DONE = ("created", "configured", "serverside-applied", "unchanged", "deleted", "got", "met")
NOT_DONE = ("failed", "skipped")


def violations(schedule: Schedule, run: Run) -> list[str]:
    """What is wrong with a run; nothing, if all is well. Each sentence begins with its kind and a colon."""
    if not run.ended:
        return ["the run did not end: " + (str(run.seen[-1]) if run.seen else "nothing was sent")]
    return [*_of_the_run(schedule, run), *_of_the_report(schedule, run)]


def _of_the_run(schedule: Schedule, run: Run) -> Iterator[str]:
    if run.raised:
        yield f"an exception left: {run.raised}"
    yield from (f"an exception left the client: {place}" for place in sorted(set(run.left)))
    yield from (f"the proxy broke: {problem}" for problem in run.problems)
    if long := [pause for pause in run.pauses if pause > LONGEST]:
        yield f"a pause is too long: {max(long)} seconds, {len(long)} times"
    if len(asked := max(_unanswered_streaks(run.seen), key=len, default=set())) > enough(schedule):
        yield f"a dead server was asked on and on ({schedule.rest.kind}): about {len(asked)} objects"
    for label in sorted({seen.about for seen in run.seen if seen.method == "POST"}):
        yield from _of_posts(
            label, [seen for seen in run.seen if (seen.about, seen.method) == (label, "POST")]
        )


def enough(schedule: Schedule) -> int:
    """How many objects may be asked for of a dead server: those under way, and as many behind them."""
    return ENOUGH + 2 * schedule.concurrency_of_run


def _unanswered_streaks(seen: tuple[Seen, ...]) -> Iterator[set[str]]:
    """The objects of the requests in a row that had no answer."""
    for unanswered, row in groupby(
        seen, lambda one: one.fault.kind in DEAD or one.fault.status in UNANSWERED
    ):
        if unanswered:
            yield {one.about for one in row if re.fullmatch(r"o\d+", one.about)}


def _of_posts(label: str, posts: list[Seen]) -> Iterator[str]:
    for before in posts[:-1]:
        if not (proves_undone(before.fault) or (before.fault.kind == "ok" and before.carried >= 400)):
            yield f"a POST was sent again: {label}, after {before.fault}"
            break
    if (count := sum(200 <= post.carried < 300 for post in posts)) > 1:
        yield f"a POST was carried out more than once: {label}, {count} times"


def _of_the_report(schedule: Schedule, run: Run) -> Iterator[str]:
    if run.raised:
        return
    if schedule.command:
        yield from _of_a_command(schedule, run)
        return
    if run.refused or schedule.verb == "watch":
        writes = [seen for seen in run.seen if seen.method != "GET"]
        if writes:
            yield f"there is no report, and something was sent: {writes[0]}"
        if schedule.verb == "watch":
            yield from _of_a_watch(run)
        return
    yield from _of_the_net(run)
    if schedule.verb == "list":
        yield from _of_a_list(schedule, run)
        return
    yield from _of_places(schedule, run)
    yield from _of_a_calm_run(schedule, run)


CALM = {
    "create": {"none": "created"},
    "apply": {"none": "created", **dict.fromkeys(("same", "other", "applied", "going"), "configured")},
    "delete": dict.fromkeys(("same", "other", "applied", "going"), "deleted"),
    "get": dict.fromkeys(("same", "other", "applied", "going"), "got"),
}
"""The outcomes where nothing befell any request; all others fail."""


def _of_a_calm_run(schedule: Schedule, run: Run) -> Iterator[str]:
    """Where no fault was, what can succeed does: else failing throughout would be enough."""
    expected = CALM.get(schedule.verb)
    if (
        expected is None
        or not schedule.eager
        or any(seen.fault.kind not in ("ok", "drip") for seen in run.seen)
    ):
        return
    wanted = [expected.get(item.before, "failed") for item in schedule.items]
    came = [outcome.action for outcome in run.outcomes or ()]
    if schedule.timeout == "0" and schedule.time == math.inf and came != wanted:
        yield f"a calm run did not do its work: {came}, not {wanted}"


def _of_the_net(run: Run) -> Iterator[str]:
    for outcome in run.outcomes or ():
        if (
            outcome.error is not None
            and outcome.action != "skipped"
            and _is_of_the_net(outcome)
            and not run.left
        ):
            yield f"the last net caught: {_mistake(outcome.error.message)}"


def _is_of_the_net(outcome: Outcome) -> bool:
    return isinstance(outcome.error, FunctionError)


def _of_places(schedule: Schedule, run: Run) -> Iterator[str]:
    outcomes = run.outcomes or ()
    places = [outcome.origin.document for outcome in outcomes]
    if places != list(range(1, len(schedule.items) + 1)):
        yield f"not each object is once in its place: {places} of {len(schedule.items)}"
        return
    told = sorted((found["document"], found["action"]) for found in run.rows)
    if told != sorted((outcome.origin.document, outcome.action) for outcome in outcomes):
        yield f"rows do not agree with the report: {told}"
    if any(_unwritable(found) for found in run.rows):
        yield "a row is no JSON: of its report"
    for n, (item, outcome) in enumerate(zip(schedule.items, outcomes, strict=True)):
        about = outcome.info.labels.get("n") if outcome.info and hasattr(outcome.info, "labels") else f"o{n}"
        if about != f"o{n}":
            yield f"an outcome is about another object: {about} for o{n}"
        if outcome.action in (*KEPT, "got") and not _is_about(item, n, outcome):
            yield f"{outcome.action} with another object ({schedule.verb}): o{n}, {item}"
        if _is_of_the_net(outcome) and outcome.action == "unknown":
            continue  # It is a failure already; what the server did, nobody looked.
        why = outcome.error.message if outcome.error else ""
        yield from (
            f"{outcome.action} {wrong} ({schedule.verb}): o{n}, {item}, {why[:90]}"
            for wrong in _of_one(schedule, n, outcome.action, run)
        )


def _of_a_command(schedule: Schedule, run: Run) -> Iterator[str]:
    """What a command wrote into its report, and whether its exit status agrees with that."""
    if "mistake in fkube" in run.refused:
        yield f"the last net caught: {_mistake(run.refused)}"
    if schedule.verb not in REPORTED:
        return
    places = sorted(found["document"] for found in run.rows)
    begun = run.rows or any(seen.method != "GET" for seen in run.seen)
    if begun and places != list(range(1, len(schedule.items) + 1)):
        yield f"not each object is once in a report: {places} of {len(schedule.items)}, {run.refused[-90:]}"
        return
    if (run.code == 0) != bool(run.rows and all(found["action"] in DONE for found in run.rows)):
        yield f"an exit status does not agree with a report: {run.code}"
    for found in run.rows:
        n, action = found["document"] - 1, found["action"]
        if action == "unknown" and re.search(r" raised \w+: ", found["error"]):
            continue
        for wrong in _of_one(schedule, n, action, run):
            yield f"{action} {wrong} ({schedule.verb}): o{n}, {schedule.items[n]}, {found['error'][:90]}"


def _mistake(said: str) -> str:
    """The class and place of an exception, out of what was said of it."""
    found = re.search(r"(\([\w.]+, line \d+\)) raised (\w+)", said)
    return f"{found[2]} in {found[1]}" if found else "an exception"


def _is_about(item: Item, n: int, outcome: Outcome) -> bool:
    """Whether the object of an outcome is of the kind and the name that were asked for."""
    found = outcome.object if isinstance(outcome.object, dict) else {}
    metadata = found.get("metadata") if isinstance(found.get("metadata"), dict) else {}
    name = str(metadata.get("name"))
    named = name == f"o{n}" if item.named else name.startswith(f"o{n}-")
    return found.get("kind") == item.kind and named


def _unwritable(found: object) -> bool:
    try:
        json.dumps(found)
    except (TypeError, ValueError):
        return True
    return False


@dataclass(frozen=True, slots=True)
class Facts:
    """What is true of one object: the writes about it, which of them were carried out, and what is there.

    `looks`: the reads of it, and its dry runs. `hurried`: a busy machine may time out what nothing befell.
    `limited`: the run had so little time that it may have been over before the last look.
    """

    verb: str
    item: Item
    writes: tuple[Seen, ...]
    carried: tuple[Seen, ...]
    there: tuple[Mapping[str, Any], ...]
    as_wanted: bool
    looks: tuple[Seen, ...]
    hurried: bool
    limited: bool

    @property
    def created(self) -> bool:
        """Whether this run made it."""
        return any(one.method == "POST" or one.carried == 201 for one in self.carried)

    @property
    def leaving(self) -> bool:
        """Whether it is gone, or going."""
        return all(one["metadata"].get("deletionTimestamp") for one in self.there)

    @property
    def left_open(self) -> bool:
        """Whether an answer has left open what became of a write: whoever deleted the object, it is gone."""
        return any(self.hurried or _leaves_doubt(one) for one in self.writes)

    @property
    def seen_well(self) -> bool:
        """Whether each look at the object was answered, so that reading tells what became of a write."""
        return (
            self.item.named
            and not (self.hurried or self.limited)
            and all(one.fault.kind in ("ok", "drip") for one in self.looks)
        )

    @property
    def met_wrongly(self) -> bool:
        """Whether what was waited for is not so."""
        return bool(self.there) == (self.verb == "wait-deleted")

    @property
    def deceived(self) -> bool:
        """Whether a read had an answer that differs from a right one only in what it says: no items."""
        return any(one.fault.kind == "deform" for one in self.looks)

    @property
    def in_steps(self) -> bool:
        """Whether the verb has several steps, so that one may be done where another failed."""
        return self.verb == "server-side" and self.item.before == "applied"


KEPT = ("created", "configured", "serverside-applied", "unchanged")

CLAIMS: tuple[tuple[tuple[str, ...], str, Callable[[Facts], bool]], ...] = (
    (("unknown",), "of a read", lambda is_: is_.verb not in WRITERS),
    (("unknown",), "without a doubtful answer", lambda is_: not is_.left_open),
    (("unknown",), "though a look would tell", lambda is_: is_.seen_well),
    (NOT_DONE, "though it was done", lambda is_: bool(is_.carried) and not is_.in_steps),
    (("skipped",), "though it was sent", lambda is_: bool(is_.writes)),
    (KEPT, "and not there", lambda is_: not is_.there),
    (KEPT, "and there in other words", lambda is_: bool(is_.there) and not is_.as_wanted),
    (("created",), "though it was there before", lambda is_: bool(is_.there) and not is_.created),
    (("configured", "serverside-applied"), "though nothing was done", lambda is_: not is_.carried),
    (("unchanged",), "though it was changed", lambda is_: bool(is_.carried)),
    (("deleted",), "though nothing was deleted", lambda is_: not (is_.carried or is_.left_open)),
    (("deleted",), "and there", lambda is_: not is_.leaving),
    (("got",), "and not there", lambda is_: not is_.there),
    (("met",), "though it is not so", lambda is_: is_.met_wrongly and not is_.deceived),
)
"""What is wrong with an action where this holds."""


def _facts(schedule: Schedule, n: int, run: Run) -> Facts:
    # A time limit may end a request that is carried out, or the looks after it.
    item, hurried = schedule.items[n], schedule.timeout != "0" or schedule.time < math.inf
    writes = tuple(one for one in run.seen if one.about == f"o{n}" and one.method != "GET")
    carried = tuple(one for one in writes if 200 <= one.carried < 300)
    there = run.there.get(f"o{n}", ())
    looks = tuple(one for one in run.seen if one.about == f"o{n}" and one.method == "GET")
    as_wanted = any(holds(n, item, one) for one in there)
    limited = schedule.time != math.inf
    return Facts(schedule.verb, item, writes, carried, there, as_wanted, looks, hurried, limited)


def _of_one(schedule: Schedule, n: int, action: str, run: Run) -> Iterator[str]:
    """What is wrong with what is said of one object."""
    facts = _facts(schedule, n, run)
    if action not in (*DONE, *NOT_DONE, "unknown"):
        yield "is no word for it"
    wrong = [sentence for actions, sentence, broken in CLAIMS if action in actions and broken(facts)]
    yield from wrong[:1]


def _leaves_doubt(write: Seen) -> bool:
    """Whether the answer to a write leaves open what became of it."""
    return write.fault.kind != "ok" and not proves_undone(write.fault)


def _names(run: Run) -> list[str]:
    return sorted(
        one["metadata"]["name"] for found in run.there.values() for one in found if one["kind"] == "ConfigMap"
    )  # A namespace of a server with controllers has a ConfigMap of its own; ours has none.


LIES = ("deform", "wrong-kind", "other-object", "nonsense")
"""The faults after which a read can't know better: what it was told looks like an answer."""


def _was_lied_to(run: Run) -> bool:
    return any(seen.fault.kind in LIES for seen in run.seen)


def _of_a_list(schedule: Schedule, run: Run) -> Iterator[str]:
    """A list that succeeds has every object once."""
    outcomes = run.outcomes or ()
    if any(outcome.action == "unknown" for outcome in outcomes):
        yield "unknown of a read (list): " + str(outcomes)[:90]
    names = sorted(outcome.info.name for outcome in outcomes if outcome.info and outcome.action == "got")
    if not _was_lied_to(run) and all(o.error is None for o in outcomes) and names != _names(run):
        yield f"a list is not what is there: {names}"


def _of_a_watch(run: Run) -> Iterator[str]:
    """A watch that succeeds has told of every object."""
    told = sorted({name for type, name in run.told if type == "ADDED"})
    if not run.told_end and not run.refused and not _was_lied_to(run) and not set(told) <= set(_names(run)):
        yield f"a watch told what is not there: {told}"
