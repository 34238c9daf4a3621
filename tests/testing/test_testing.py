"""What extension authors call: good things pass, wrong ones are caught, and what is said helps."""

from __future__ import annotations

import subprocess
import sys
from base64 import b64decode
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis.strategies import SearchStrategy
from returns.result import Failure, Success

from fkube import testing, verbs
from fkube.documents.manifest import documents
from fkube.documents.source import Text
from fkube.exchange import Call, Request, call, done, fmap
from fkube.laws.compare import Sides
from fkube.report import Outcome
from fkube.resource.errors import UsageError
from fkube.resource.info import NOWHERE, Info, Origin, with_metadata
from fkube.testing.messages import law_message
from fkube.verbs.recreate import Recreation
from fkube.visitor import (
    and_then,
    broken,
    continue_on_error,
    decorated,
    eager_visitor_list,
    filtered,
    flattened,
    infos,
    nothing,
    one,
    visitor_list,
)
from fkube.visitor.algebra import One
from fkube.visitor.stages import scanned, sorted_by, take, through, unique, whole
from fkube.visitor.visits import reached

ROOT = Path(__file__).parents[2]
SECRET = "c2VjcmV0LXZhbHVl"
POD = Info({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web"}}, Origin("a.yaml"))


def told(check, *arguments, **options) -> str:
    """What a check says of what does not pass."""
    with pytest.raises(AssertionError) as caught:
        check(*arguments, **options)
    return str(caught.value)


def broken_error(origin):
    return UsageError("no", origin)


def ticking(answer):
    """A function that is given, as its last argument, how often it was called."""
    calls = count()
    return lambda given: answer(given, next(calls))


def labelled(info):
    labels = {**info.labels, "team": "web"}
    return Success(replace(info, object=with_metadata(info.object, labels=labels)))


def clearing(info):
    """Empties what it was given."""
    info.object.clear()
    return one(info)


def clearing_later(info):
    """Empties what it was given, once its visitor is visited."""
    return lambda fn: (fn(Success(replace(info))), info.object.clear())[0]


def numbered():
    numbers = count()
    return lambda info: one(replace(info, list_version=str(next(numbers))))


def sorting(visitor):
    return visitor_list(*map(One, sorted(reached(visitor), key=str)))


def swallowing(visitor):
    return visitor_list(*(One(result) for result in reached(visitor) if isinstance(result, Success)))


def labelling(visitor):
    """A plain stage that is no value of ours."""
    return decorated(labelled)(flattened(visitor))


def recalls(seen, result):
    """Remembers in the list that it was given."""
    seen.append(result)
    return seen, One(result)


def forgets():
    """Remembers what it was not given."""
    calls = count()
    return lambda _, result: (next(calls), One(result))


def numbers(number, result):
    return number + 1, One(result) if number % 2 else nothing


def stops(fn):
    """Takes a failure for the end."""
    return Success(fn(Success(POD)).value_or(()))


def seen_once():
    found = iter([Success(POD)])
    return lambda fn: visitor_list(*map(One, found))(fn)


def created(info):
    """A verb of one's own."""
    request = Request("POST", f"/{info.mapping.resource}", body=info.object)
    return fmap(call(request), lambda response: Outcome("created", info.origin, info, response.body))


def asks_something_else():
    numbers = count()
    return lambda info: fmap(call(Request("GET", f"/{next(numbers)}")), lambda _: Outcome("got", info.origin))


def asks_for_ever(info):
    return Call(Request("GET", "/"), lambda _: asks_for_ever(info))


def clears_and_sends(info):
    body = dict(info.object)
    info.object.clear()
    return fmap(call(Request("POST", "/", body=body)), lambda _: Outcome("created", info.origin, info))


@pytest.mark.parametrize("decorate", [labelled, Success, lambda info: Failure(broken_error(info.origin))])
def test_a_lawful_decorator_passes(decorate) -> None:
    testing.check_decorator(decorate, examples=20)


@pytest.mark.parametrize(
    ("decorate", "clause", "side"),
    [
        (lambda info: Success(info.object.pop("kind")), "d(i) is an info or an error", "Success of str"),
        (lambda info: info, "d(i) is an info or an error", "left: Info"),
        (lambda info: Failure(ValueError()), "d(i) is an info or an error", "left: Failure"),
        (lambda info: None, "d(i) is an info or an error", "left: NoneType"),
        (lambda info: Success(info.object["spec"]), "d(i) is an info or an error", "raised KeyError"),
        (lambda info: clearing(info) and Success(info), "i is what it was", "object: {}"),
        (
            ticking(lambda info, n: Success(replace(info, list_version=str(n)))),
            "d(i) == d(i)",
            "Success",
        ),
    ],
)
def test_a_wrong_decorator_is_caught_with_the_clause(decorate, clause, side) -> None:
    message = told(testing.check_decorator, decorate)
    assert message.startswith(f"decorator_pure does not hold: {clause}")
    assert side in message


def test_what_a_decorator_raises_is_a_clause_with_the_place_and_the_whole_input() -> None:
    def careless(info: Info) -> Success:
        return Success(info.object["spec"])

    place = f"careless (test_testing.py, line {careless.__code__.co_firstlineno + 1})"
    assert told(testing.check_decorator, careless).splitlines() == [
        "decorator_pure does not hold: d(i) is an info or an error of fkube's",
        f"  left: '{place} raised KeyError: mend it, or let it return a Failure that says why'",
        "  right: Success of an info, or Failure",
        "  info:",
        "    object:",
        "      apiVersion: v1",
        "      kind: ConfigMap",
        "      metadata: {name: a}",
    ]


def test_the_input_is_shown_as_it_was_before_it_was_changed() -> None:
    message = told(testing.check_decorator, lambda info: clearing(info) and Success(info))
    left, _, rest = message.partition("right:")
    assert "object: {}" in left
    assert rest.count("kind: ConfigMap") == 2


@pytest.mark.parametrize("holds", [lambda info: "b" in info.labels, lambda info: info.namespaced])
def test_a_lawful_predicate_passes(holds) -> None:
    testing.check_predicate(holds, examples=20)


@pytest.mark.parametrize(
    ("holds", "clause", "side"),
    [
        (lambda info: info.labels.get("a"), "p(i) is a bool", "NoneType"),
        (lambda info: info.object["spec"] is None, "p(i) is a bool", "raised KeyError"),
        (lambda info: info.object["metadata"].pop("name", "") == "", "i is what it was", "metadata: {}"),
        (ticking(lambda info, n: n % 2 == 0), "p(i) == p(i)", "left: false"),
    ],
)
def test_a_wrong_predicate_is_caught(holds, clause, side) -> None:
    message = told(testing.check_predicate, holds)
    assert message.startswith(f"predicate_pure does not hold: {clause}")
    assert side in message


@pytest.mark.parametrize(
    "function",
    [
        one,
        lambda info: nothing,
        lambda info: infos(info, info),
        lambda info: broken(broken_error(info.origin)),
        lambda info: eager_visitor_list(broken(broken_error(info.origin)), one(info)),
    ],
)
def test_a_lawful_function_passes(function) -> None:
    testing.check_function(function, examples=20)


@pytest.mark.parametrize(
    ("function", "clause", "side"),
    [
        (clearing, "i is what it was", "object: {}"),
        (clearing_later, "i is what it was, once f(i) was visited", "object: {}"),
        (numbered(), "f(i) == f(i)", "left"),
        (lambda info: seen_once(), "f(i)", "right"),
        (lambda info: [info], "f(i) is a visitor", "left: list"),
        (lambda info: infos(info.object["spec"]), "f(i) is a visitor", "raised KeyError"),
        (lambda info: lambda fn: None, "f(i)(fn) is what a visit leaves", "NoneType"),
        (
            lambda info: lambda fn: fn(Success(info.object["x"])),
            "f(i)(fn) is what a visit",
            "raised KeyError",
        ),
        (
            lambda info: decorated(lambda i: i.object["x"])(one(info)),
            "no function in f(i) raises",
            "KeyError",
        ),
    ],
)
def test_a_wrong_function_is_caught(function, clause, side) -> None:
    message = told(testing.check_function, function)
    assert "function_pure does not hold" in message
    assert clause in message.splitlines()[0]
    assert side in message


@pytest.mark.parametrize(
    "visitor",
    [
        nothing,
        one(POD),
        lambda fn: fn(Success(POD)),
        visitor_list(broken(broken_error(NOWHERE)), one(POD)),
        eager_visitor_list(broken(broken_error(NOWHERE)), one(POD)),
        and_then(lambda info: infos(info, info))(infos(POD, POD)),
    ],
)
def test_a_lawful_visitor_passes(visitor) -> None:
    testing.check_visitor(visitor, examples=10)


@pytest.mark.parametrize(
    ("visitor", "law"),
    [
        (seen_once(), "visitor_pure does not hold: v has the same each time"),
        (stops, "conservation does not hold: v(fn) succeeds if fn does for each"),
        (lambda fn: [fn(Success(POD))], "visitor_pure does not hold: v is a visitor"),
        (lambda fn: fn(POD), "visitor_pure does not hold: v is a visitor"),
        (3, "visitor_pure does not hold: v is a visitor"),
        (filtered(lambda info: info.object["x"])(one(POD)), "no function in v raises"),
        (lambda fn: Success(fn(Success(POD)).value_or(())[:1]), "does not hold"),
    ],
)
def test_a_wrong_visitor_is_caught(visitor, law) -> None:
    assert law in told(testing.check_visitor, visitor)


@pytest.mark.parametrize(
    ("stage", "kind"),
    [
        (flattened, "plain"),
        (decorated(labelled), "plain"),
        (filtered(bool), "plain"),
        (and_then(lambda info: infos(info, info)), "plain"),
        (labelling, "plain"),
        (through(), "plain"),
        (through(flattened, labelling), "plain"),
        (take(2), "scanned"),
        (unique(lambda info: info.kind), "scanned"),
        (scanned(numbers, 0), "scanned"),
        (through(flattened, take(2), labelling), "scanned"),
        (sorted_by(lambda info: info.kind), "whole"),
        (whole(lambda results: results[::-1]), "whole"),
        (through(take(2), whole(lambda results: results[:1])), "whole"),
    ],
)
def test_the_kind_of_a_lawful_stage_is_told(stage, kind) -> None:
    assert testing.check_stage(stage, examples=15) == kind
    assert testing.check_stage(stage, kind, examples=5) == kind


@pytest.mark.parametrize(
    ("stage", "kind", "says"),
    [
        (take(2), "plain", "take(2) is scanned, and not plain: transform_over_list does not hold"),
        (take(2), "whole", "take(2) is scanned, and not whole"),
        (flattened, "scanned", "flattened is plain, and not scanned"),
        (
            whole(lambda results: results[::-1]),
            "plain",
            "is whole, and not plain: transform_over_list does not",
        ),
        (whole(lambda results: results[::-1]), "scanned", "is whole, and not scanned"),
        (
            sorting,
            "whole",
            "sorting is plain, and not whole: scanned(...) makes one that remembers, whole(...)",
        ),
        (flattened, "odd", "flattened is plain, and not odd"),
    ],
)
def test_a_wrong_claim_of_a_kind_is_refused(stage, kind, says) -> None:
    assert says in told(testing.check_stage, stage, kind)


@pytest.mark.parametrize(
    ("stage", "says"),
    [
        (sorting, "sorting is no plain stage: transform_over_list does not hold: t(visitor_list(a, b)) =="),
        (sorting, "  or else: scanned(...) makes one that remembers, whole(...) one that sees everything"),
        (continue_on_error, "continue_on_error is no plain stage: transform_over_list does not hold"),
        (through(flattened, continue_on_error), "continue_on_error is no plain stage"),
        (through(take(2), sorting), "sorting is no plain stage"),
        (swallowing, "swallowing is no plain stage: failures_stay does not hold: t(broken(e)) has a failure"),
        (lambda visitor: 3, "visitor_pure does not hold: v is a visitor"),
        (3, "a stage is a function from visitor to visitor, and 3 is none"),
        (and_then(clearing), "visitor_pure does not hold: what v is made of is what it was"),
        (decorated(lambda info: info.object["x"]), "no function in v raises"),
        (
            scanned(recalls, []),
            "scanned(recalls) is no scanned stage: scan_pure does not hold: s is what it was",
        ),
        (through(flattened, scanned(recalls, [])), "scan_pure does not hold: s is what it was"),
        (scanned(lambda s, r: One(r), 0), "scan_pure does not hold: f(s, r) is a memory and a visitor"),
        (scanned(lambda s, r: (s, One(r[0])), 0), "raised TypeError"),
        (scanned(lambda s, r: (s, clearing(r.unwrap())), 0), "scan_pure does not hold"),
        (scanned(forgets(), 0), "f(s, r) == f(s, r): its memory"),
        (scanned(numbers, (n for n in ())), "s is a value: a copy of it is equal to it"),
        (whole(lambda results: [r.value_or(0) for r in results]), "f(rs) is Success or Failure of each"),
        (whole(ticking(lambda results, n: results if n % 2 else ())), "f(rs) == f(rs)"),
        (sorted_by(lambda info: info.object["x"]), "no function in v raises"),
    ],
)
def test_a_wrong_stage_is_caught(stage, says) -> None:
    assert says in told(testing.check_stage, stage)


FORCE = Recreation()


@pytest.mark.parametrize(
    ("verb", "dry_run"),
    [
        (verbs.create(), verbs.create(dry_run="server")),
        (verbs.create(save_config=True), verbs.create(dry_run="client")),
        (verbs.delete(), verbs.delete(dry_run="server")),
        (verbs.get(), verbs.get()),
        (verbs.label({"a": "z"}), verbs.label({"a": "z"}, dry_run="server")),
        (verbs.annotate({"a": "z"}, overwrite=True), verbs.annotate({"a": "z"}, dry_run="client")),
        (verbs.replace(force=FORCE), verbs.replace(dry_run="server")),
        (verbs.apply(force=FORCE), verbs.apply(dry_run="server")),
        (verbs.server_side(), verbs.server_side(dry_run="server")),
        (created, None),
    ],
)
def test_a_lawful_verb_passes(verb, dry_run) -> None:
    testing.check_verb(verb, dry_run, examples=50)


@pytest.mark.parametrize(
    ("verb", "says"),
    [
        (lambda info: 3, "verb_pure does not hold: verb(i) is an exchange\n  left: int"),
        (lambda info: info.object["x"], "verb(i) is an exchange"),
        (asks_something_else(), "verb_pure does not hold: verb(i) == verb(i)"),
        (clears_and_sends, "verb_pure does not hold: i is what it was"),
        (
            lambda info: Call(Request("GET", "/"), lambda r: r.body["x"]),
            "verb(i) raises nothing, whatever is",
        ),
        (asks_for_ever, "verb_ends does not hold: verb(i) ends within 1000 answers"),
        (lambda info: done(None), "verb_ends does not hold: verb(i) ends with one outcome"),
        (
            lambda info: done([Outcome("a", info.origin)] * 2),
            "verb_ends does not hold: verb(i) ends with one",
        ),
        (lambda info: done(Outcome("created", NOWHERE)), "the outcome of verb(i) is from where i is"),
    ],
)
def test_a_wrong_verb_is_caught(verb, says) -> None:
    message = told(testing.check_verb, verb)
    assert says in message
    assert "mapped_info:\n    object:\n" in message


@pytest.mark.parametrize("dry_run", [created, verbs.create(), verbs.delete()])
def test_a_dry_run_that_writes_is_caught_and_its_writes_are_shown(dry_run) -> None:
    message = told(testing.check_verb, verbs.create(), dry_run)
    assert "dry_run_sends_no_write does not hold: the writes of dry_run(i) without dryRun=All" in message
    assert "request: " in message


def test_no_value_of_a_secret_is_shown_wherever_it_was_put() -> None:
    def copies(info: Info, calls: int) -> Success:
        if info.kind != "Secret" or calls % 2:
            return Success(info)
        kept = info.object["data"]["password"]
        password = f"the password is {b64decode(kept).decode() if calls % 4 else kept}"
        return Success(replace(info, object={"kind": "ConfigMap", "data": {"a": password}}))

    def unnamed(info: Info) -> Success:
        if info.kind == "Secret":
            info.object.pop("kind")
        return Success(info)

    for message in (told(testing.check_decorator, ticking(copies)), told(testing.check_decorator, unnamed)):
        assert "kind: Secret" in message
        assert SECRET not in message
        assert "secret-value" not in message
        assert "data: {password: '***'}" in message


def test_sides_that_differ_in_what_is_hidden_say_so() -> None:
    one_side, other = ({"apiVersion": "v1", "kind": "Secret", "data": {"a": a}} for a in ("MTIz", "NDU2"))
    message = law_message("law", Sides("a == b", Info(one_side), Info(other)), {})
    assert "they differ in: what is not shown" in message
    assert "MTIz" not in message
    assert "NDU2" not in message


def test_requests_and_answers_are_shown_with_their_bodies() -> None:
    message = law_message("law", Sides("a", Request("PUT", "/a", body={"kind": "Pod"}), None), {})
    assert "request: PUT /a" in message
    assert "kind: Pod" in message


@dataclass(frozen=True)
class Bucket:
    name: str


@dataclass
class Loose:
    name: str
    __hash__ = object.__hash__


@dataclass(frozen=True)
class Counted:
    name: str
    number: int = field(default_factory=count().__next__)

    def __reduce__(self):
        return Counted, (self.name,)


@dataclass(frozen=True)
class Unprintable:
    name: str

    def __repr__(self):
        raise ValueError


class Named:
    __slots__ = ("name",)

    def __init__(self, name):
        self.name = name

    def __eq__(self, other):
        return self.name == other.name

    def __hash__(self):
        return 0


def read_bucket(bucket):
    yield documents("{kind: Pod, apiVersion: v1}", bucket.name)
    yield broken(broken_error(Origin(bucket.name)))


def test_a_source_that_is_a_value_and_its_reader_pass() -> None:
    testing.check_source(Bucket("a"), read_bucket)
    testing.check_source(Text("kind: Pod"), lambda text: [documents(text.text, text.name)])
    testing.check_source(Bucket("a"), lambda bucket: [])


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ([1], "list is no source: it has no hash, so make it a frozen dataclass"),
        (Bucket([]), "Bucket is no source: it has no hash"),
        (Bucket(lambda: 1), "Bucket is no source: it can't be pickled"),
        (Counted("a"), "Counted is no source: a copy of it is another, so compare it by what it holds"),
        (Unprintable("a"), "Unprintable is no source: it can't be printed"),
        (Loose("a"), "Loose is no source: a copy of it is another"),
        (Named("a"), "Named is no source: its name can be set, so make it a frozen dataclass"),
    ],
)
def test_a_source_that_is_no_value_is_refused(source, says) -> None:
    assert told(testing.check_source, source, read_bucket).startswith(says)


def raising(bucket):
    yield one(POD)
    raise OSError(SECRET)


@pytest.mark.parametrize(
    ("reader", "says"),
    [
        (raising, "raising can't read the source: raising (test_testing.py, line "),
        (lambda bucket: 3, "a lambda can't read the source: "),
        (lambda bucket: [POD], "a lambda yields Info, and should yield visitors, like one(info)"),
        (
            lambda bucket: [lambda fn: bucket.x],
            "a lambda yields a visitor that raises: a lambda (test_testing.py",
        ),
        (lambda bucket: [infos(Info({"kind": "Pod"}))], "a lambda yields Info( Pod ) without an origin: say"),
        (lambda bucket: [decorated(lambda i: i.x)(one(POD))], "a lambda yields a visitor that raises"),
        (
            ticking(lambda _, n: [one(replace(POD, list_version=str(n)))]),
            "a lambda reads something else the second time\n  left:\n",
        ),
    ],
)
def test_a_wrong_reader_is_caught(reader, says) -> None:
    message = told(testing.check_source, Bucket("a"), reader)
    assert message.startswith(says)
    assert SECRET not in message


def test_without_hypothesis_it_says_what_to_install() -> None:
    code = "import sys; sys.modules['hypothesis'] = None; import fkube, fkube.laws; import fkube.testing"
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert run.stderr.splitlines()[-1] == "ImportError: fkube.testing needs hypothesis: install fkube[laws]"


STRATEGIES = [n for n in testing.__all__ if not n.startswith(("check_", "counterexample", "laws_about"))]


@pytest.mark.parametrize("name", STRATEGIES)
def test_a_strategy_has_a_plural_name_and_makes_values_that_print(name) -> None:
    strategy = getattr(testing, name)()
    assert isinstance(strategy, SearchStrategy)
    assert name.endswith("s")

    @settings(max_examples=5, database=None, deadline=None)
    @given(strategy)
    def prints(value) -> None:
        assert repr(value)

    prints()
