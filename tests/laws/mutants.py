"""Wrong implementations, each of them plausible, and the laws that have to catch them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import count
from random import random
from typing import Any

from returns.result import Failure, Success
from toolz import unique

from fkube.exchange import Call, Done, Request, Response, bind, call, done, fmap, fold, lash
from fkube.exchange.repeating import delayed, polling, retrying
from fkube.merging.fields import Comparison, Type, fields_of, fields_v1, from_fields_v1, without
from fkube.merging.lastapplied import LAST_APPLIED, saved
from fkube.merging.patches import difference, merge_difference, three_way_difference
from fkube.merging.patches.difference import Part
from fkube.merging.patches.losses import missing_fields, repeated_items
from fkube.merging.values import deep_equal
from fkube.pipeline.ways import trace_stages
from fkube.report import Outcome, Report, report
from fkube.resource.errors import failures
from fkube.resource.info import NOWHERE, with_metadata
from fkube.resource.podtemplate import pod_template
from fkube.syntax.gotext import json_line
from fkube.verbs import create
from fkube.verbs.conditions import Met, Never, NotYet, all_of, any_of, fail_if, none_of, within
from fkube.visitor import (
    and_then,
    broken,
    continue_on_error,
    decorated,
    each,
    eager_visitor_list,
    filtered,
    flattened,
    infos,
    nothing,
    one,
    visitor_list,
)
from fkube.visitor.algebra import One
from fkube.visitor.arranging import arranged
from fkube.visitor.changing import as_manifest, set_images
from fkube.visitor.decorators import set_namespace
from fkube.visitor.lists import items
from fkube.visitor.stages import advance, over, scanned, through, whole
from fkube.visitor.visits import append_visits, reached, steps_of, visited_of


def rebuilt(function: Callable[[tuple], Any]) -> Callable:
    """A transform made of a function over all results at once, which no lawful transform needs."""
    return lambda visitor: visitor_list(*map(One, function(reached(visitor))))


def forgetful_list(*visitors):
    """Keeps what whole visitors left, and forgets what the one that failed had left."""

    def visit(fn):
        kept = []
        for visitor in visitors:
            found = visitor(fn)
            if isinstance(found, Failure):
                return visited_of((*kept, Failure(found.failure().errors[0])))
            kept.extend(steps_of(found))
        return visited_of(kept)

    return visit


def list_until_empty(*visitors):
    """Takes a visit that left nothing for the end."""

    def visit(fn):
        kept = []
        for visitor in visitors:
            found = visitor(fn)
            kept.extend(steps_of(found))
            if isinstance(found, Failure) or not found.unwrap():
                break
        return visited_of(kept)

    return visit


def last_error_list(*visitors):
    """Goes on after a failure and tells of the last."""

    def visit(fn):
        steps = steps_of(eager_visitor_list(*visitors)(fn))
        failed = [step for step in steps if isinstance(step, Failure)]
        return visited_of((*(step for step in steps if isinstance(step, Success)), *failed[-1:]))

    return visit


def errors_last(*visitors):
    """Goes on after failures, and puts them behind everything else: what once was ours."""
    return lambda fn: visited_of(
        sorted(steps_of(eager_visitor_list(*visitors)(fn)), key=lambda step: isinstance(step, Failure))
    )


def one_error_each(*visitors):
    """An eager list that keeps one error of each visitor."""

    def one_error(visit):
        failed = [step for step in steps_of(visit) if isinstance(step, Failure)]
        return visited_of(step for step in steps_of(visit) if step in failed[:1] or isinstance(step, Success))

    return lambda fn: append_visits(one_error(continue_on_error(visitor)(fn)) for visitor in visitors)


def eager_backwards(*visitors):
    return eager_visitor_list(*reversed(visitors))


def visits_twice(function):
    return and_then(lambda info: visitor_list(function(info), one(info)))


def binds_twice(function):
    return and_then(lambda info: and_then(function)(function(info)))


def first_only(*_arguments):
    return rebuilt(lambda found: found[:1])


def without_failures(*_arguments):
    return rebuilt(lambda found: [result for result in found if isinstance(result, Success)])


def distinct(visitor):
    """Leaves each value once."""
    return lambda fn: visited_of(unique(steps_of(visitor(fn)), key=repr))


def distinct_results(visitor):
    return rebuilt(lambda found: unique(found, key=repr))(visitor)


def deaf_continue(visitor):
    """Go's: keeps failures without telling the visitor function of them."""
    return lambda fn: append_visits(
        result.alt(failures) if isinstance(result, Failure) else fn(result) for result in reached(visitor)
    )


def last_first(visitor):
    """Goes on, but from a stack."""
    return continue_on_error(rebuilt(lambda found: found[::-1])(visitor))


def all_or_nothing(visitor):
    """Goes on, and forgets what succeeded if anything failed."""
    return lambda fn: continue_on_error(visitor)(fn).alt(lambda left: failures(*left.errors))


def forgiving_each(step):
    return lambda result: result.map(lambda info: each(step)(Success(info))).value_or(Success(()))


def each_twice(step):
    """Takes the step twice."""
    return each(lambda info: step(info).bind(step))


def bare_each(step):
    return lambda result: result.bind(step).alt(failures)


def decorated_backwards(*decorators):
    return decorated(*reversed(decorators))


def decorated_without_identity(*decorators):
    return decorated(*decorators) if decorators else lambda _visitor: nothing


def decorates_first(*decorators):
    def decorate(found):
        return [result.bind(decorators[0]) if n == 0 else result for n, result in enumerate(found)]

    return rebuilt(decorate)


def decorated_or_as_it_was(decorate):
    return lambda visitor: lambda fn: visitor(lambda result: fn(result.bind(decorate).lash(lambda _: result)))


def filtered_by_any(*predicates):
    return filtered(lambda info: any(holds(info) for holds in predicates))


def filtered_while(holds):
    def begin(found):
        kept = [result.map(holds).value_or(True) for result in found]
        return found[: kept.index(False)] if False in kept else found

    return rebuilt(begin)


def filtered_out(*predicates):
    return filtered(*(lambda info, holds=holds: not holds(info) for holds in predicates))


def opened(info):
    """The items of one list, one level deep."""
    contents = info.object.get("items")
    if not isinstance(contents, list):
        return one(info)
    if any(not isinstance(item, dict) or not item.get("kind") for item in contents):
        return items(info)
    return infos(*(replace(info, object=item, mapping=None) for item in contents))


def breadth_first(info):
    """Go's order: what a nested list holds comes behind what stands beside the list."""
    found, queue = [], [info]
    while queue:
        head = queue.pop(0)
        contents = head.object.get("items")
        if isinstance(contents, list) and all(isinstance(item, dict) for item in contents):
            queue.extend(replace(info, object=item, mapping=None) for item in contents)
        else:
            found.append(head)
    return infos(*found)


def nowhere(info):
    return and_then(lambda item: one(replace(item, origin=NOWHERE)))(items(info))


def lists_last(visitor):
    """Opens lists behind everything else."""
    return flattened(
        rebuilt(lambda found: sorted(found, key=lambda r: "List" in str(r.map(lambda i: i.kind))))(visitor)
    )


def swallows(_function):
    """Takes a failure for nothing."""
    return lambda visitor: and_then(_function)(without_failures()(visitor))


def arranged_backwards(visitor):
    """Puts the last of each kind first."""
    return arranged(rebuilt(lambda found: found[::-1])(visitor))


def arranged_by_turning(visitor):
    """Puts the last first, so that each time makes another order."""
    return rebuilt(lambda found: found[-1:] + found[:-1])(visitor)


def mutating(info):
    info.object["metadata"]["labels"] = {"a": "changed"}
    return Success(info)


def counting():
    numbers = count()
    return lambda info: Success(replace(info, object=with_metadata(info.object, number=next(numbers))))


def raising_inside(_info):
    return Failure(ValueError("an exception in a Failure"))


def emptying(info):
    """Empties what it was given once what it made of it is visited."""
    return lambda fn: (fn(Success(replace(info))), info.object.clear())[0]


def numbered(numbers):
    """Counts what it is asked."""
    return lambda info: infos(replace(info, list_version=str(next(numbers))))


def appends_to_its_memory(seen, result):
    """Remembers in the list that it was given."""
    seen.append(result)
    return seen, One(result) if len(seen) % 2 else nothing


def asks_something_else():
    """A verb that asks for another path each time."""
    numbers = count()
    return lambda info: fmap(
        call(Request("GET", f"/{next(numbers)}")), lambda _: Outcome("got", info.origin, info)
    )


def counts_its_answers():
    """A conversation whose functions count how often they were called."""
    numbers = count()
    return lambda info: Call(
        Request("GET", "/"), lambda _: done(Outcome(str(next(numbers)), info.origin, info))
    )


def asks_for_ever(info):
    return Call(Request("GET", "/"), lambda _: asks_for_ever(info))


def answers_with_the_body(info):
    """Comes to what was answered, as if it were an outcome."""
    return fmap(call(Request("GET", "/")), lambda response: response.body["metadata"])


def loses_its_origin(info):
    return done(Outcome("created", NOWHERE, info))


def clears_on_the_way(info):
    """Empties the object before it sends it."""
    body = dict(info.object)
    info.object.clear()
    return fmap(call(Request("POST", "/", body=body)), lambda _: Outcome("created", info.origin, info))


def writes_without_a_word(info):
    """Takes a patch for a read."""
    return fmap(call(Request("PATCH", "/")), lambda _: Outcome("patched", info.origin, info))


def popping(info):
    info.object["metadata"].pop("labels", None)
    return True


def once(visitor):
    """A stream that is read up by its first visit."""
    found = iter(reached(visitor))
    return lambda fn: visitor_list(*map(One, found))(fn)


def appends_namespace(namespace):
    return lambda info: Success(
        replace(info, object=with_metadata(info.object, namespace=f"{info.namespace}{namespace}"))
    )


def overwrites_namespace(namespace):
    return lambda info: Success(replace(info, object=with_metadata(info.object, namespace=namespace)))


def toggles_namespace(info):
    toggled = None if info.namespace else "default"
    return Success(replace(info, object=with_metadata(info.object, namespace=toggled)))


def forgets_between_chunks(stage, visitor):
    return over(stage, visitor)[0], stage


def whole_in_chunks(stage, visitor):
    """Sorts each chunk by itself."""
    return rebuilt(lambda found: found[::-1])(visitor), stage


def advances_the_last_only(stages, visitor):
    visitor, after = advance(stages, visitor)
    return visitor, (*stages[:-1], *after[-1:])


def one_wave(steps):
    return (tuple((position,) for position in range(len(steps))),)


def waves_of_successes(steps):
    return tuple(((position,),) for position, step in enumerate(steps) if isinstance(step, Success))


def bind_or_done(exchange, function):
    return exchange if isinstance(exchange, Done) else bind(exchange, function)


def bind_at_once(exchange, function):
    return (
        bind(exchange, function)
        if isinstance(exchange, Done)
        else Call(exchange.request, lambda r: function(r.body))
    )


def bind_without_delay(exchange, function):
    bound = bind(exchange, function)
    return bound if isinstance(bound, Done) else replace(bound, delay=0.0)


def bind_without_lost(exchange, function):
    """Forgets how a conversation goes on where no answer came."""
    bound = bind(exchange, function)
    return Call(bound.request, bound.then, bound.delay) if isinstance(bound, Call) else bound


def fold_the_first(exchange, over, called, heard):
    """Makes something of the first request, and leaves what comes after it as it is."""
    if isinstance(exchange, Call):
        return called(exchange.request, exchange.then, exchange.delay, exchange.lost)
    return fold(exchange, over, called, heard)


def fold_at_once(exchange, over, called, heard):
    """Listens for ever, and calls without a delay."""
    return fold(
        exchange,
        over,
        lambda request, then, _, lost: called(request, then, 0.0, lost),
        lambda request, then, _, delay: heard(request, then, math.inf, delay),
    )


def polling_once_more(look, enough, patience, pause, late):
    """Looks once more when the time is over."""
    return polling(look, enough, patience + pause, pause, late)


def polling_to_no_end(look, enough, patience, pause, late):
    """Takes what was seen last for enough."""
    return lash(polling(look, enough, patience, pause, late), lambda error: done(error))


def planned_but_for_deletes(verb):
    """Takes every request that carries no body for one that reads."""

    def read(exchange):
        if isinstance(exchange, Done):
            return exchange
        if exchange.request.method in ("GET", "DELETE"):
            return Call(exchange.request, lambda response: read(exchange.then(response)))
        return read(exchange.then(Response(200)))

    return lambda info: read(verb(info))


def last_reason(several):
    """Keeps one reason of many."""

    def judged(snapshot, verdict):
        return Never(verdict.reasons[-1:]) if isinstance(verdict, Never) else verdict

    return lambda *conditions: lambda snapshot: judged(snapshot, several(*conditions)(snapshot))


def without_due(several):
    def timeless(verdict):
        return NotYet() if isinstance(verdict, NotYet) else verdict

    return lambda *arguments: lambda snapshot: timeless(several(*arguments)(snapshot))


def any_unless_failed(*conditions):
    """Gives up with the first that never will be."""

    def judged(snapshot):
        verdicts = [condition(snapshot) for condition in conditions]
        return next((v for v in verdicts if isinstance(v, Never)), any_of(*conditions)(snapshot))

    return judged


def none_of_alive(*conditions):
    """Takes what never will be for what still may be."""
    return lambda snapshot: Met() if all(c(snapshot) == NotYet() for c in conditions) else NotYet()


def fail_until(condition):
    """Not yet, instead of met, until it fails: never done beside what is met."""
    return lambda snapshot: (
        NotYet() if fail_if(condition)(snapshot) == Met() else fail_if(condition)(snapshot)
    )


def fail_if_decided(condition):
    """Takes what never will be for met."""
    return lambda snapshot: fail_if(condition)(snapshot) if condition(snapshot) == NotYet() else Never(())


def fail_once(condition):
    """Looks at time where it should look at the object."""
    return lambda snapshot: fail_if(condition)(replace(snapshot, object={"kind": "Pod"}))


def within_of_the_outer(seconds, condition):
    """Ends what is met too late as well."""
    return lambda snapshot: Never(()) if snapshot.elapsed >= seconds else within(seconds, condition)(snapshot)


def within_the_met(seconds, condition):
    """Ends what is met too late, and lets the rest go on."""

    def judged(snapshot):
        verdict = condition(snapshot)
        return Never(()) if verdict == Met() and snapshot.elapsed >= seconds else verdict

    return judged


def within_and_a_bit(seconds, condition):
    """Says that it is due a moment after it is."""

    def judged(snapshot):
        verdict = within(seconds, condition)(snapshot)
        return NotYet(verdict.due + 1) if isinstance(verdict, NotYet) else verdict

    return judged


def within_all(seconds, condition):
    """Ends at once what is not met at once."""
    return lambda snapshot: Never(()) if condition(snapshot) == NotYet() else condition(snapshot)


def ways_of_fields(fields):
    """Takes a field that is above another for a mere way to it."""
    return fields_v1(path for path in fields if not any(o != path and o[: len(path)] == path for o in fields))


def with_all_ways(written):
    """Takes every way to a field for a field."""
    return frozenset(p[:end] for p in from_fields_v1(written) for end in range(1, len(p) + 1))


def appending(_type, live, config):
    """Merges lists by putting one behind the other."""
    if isinstance(live, dict) and isinstance(config, dict):
        return {k: appending(None, live.get(k), config.get(k)) for k in {**live, **config}}
    if isinstance(live, list) and isinstance(config, list):
        return [*live, *config]
    return live if config is None else config


def merged_by_appending(object, patch):
    """Appends what a patch has for a list."""
    both = {key: [*object.get(key, ()), *new] if isinstance(new, list) else new for key, new in patch.items()}
    return {**object, **both}


def three_way_reversing(schema, before, wanted, live):
    """Takes the live list for the wanted one, and turns it round each time."""
    turned = {**wanted, "plain": live.get("plain", [])[::-1]}
    return three_way_difference(schema, before, turned, live)


TEMPLATE = pod_template("spec.podTemplate")


def put_alone(object, template):
    """Drops what stands beside the template, or what it is in."""
    return {key: value for key, value in TEMPLATE.set(object, template).items() if key != "more"}


def put_over(object, template):
    """Merges the template into the one that is there."""
    return TEMPLATE.set(object, {**(TEMPLATE.get(object) or {}), **template})


def put_anyway(object, template):
    """Makes a template where there is none."""
    return object if TEMPLATE.get(object) == template else {**object, "spec": {"template": template}}


def put_if_none(object, template):
    """Leaves a template with a spec as it is."""
    return object if "spec" in (TEMPLATE.get(object) or {}) else TEMPLATE.set(object, template)


def appends_texts(field):
    """Puts a text behind the one that is there."""

    def set_texts(given):
        def decorate(info):
            there = info.metadata.get(field)
            texts = there if isinstance(there, dict) else {}
            longer = {key: texts.get(key, "") + value for key, value in given.items()}
            return Success(replace(info, object=with_metadata(info.object, **{field: {**texts, **longer}})))

        return decorate

    return set_texts


def sets_images_in_a_copy(change):
    """Makes another info where nothing changes."""
    return lambda info: set_images(change)(info).map(lambda changed: replace(changed))


def sets_images_everywhere(change):
    """Gives containers an image that have none."""

    def with_images(template):
        containers = (template.get("spec") or {}).get("containers")
        if not isinstance(containers, list):
            return template
        images = [
            {**one, "image": change(one.get("image", ""))} for one in containers if isinstance(one, dict)
        ]
        return {**template, "spec": {**template["spec"], "containers": images}}

    def decorate(info):
        changed = TEMPLATE.over(info.object, with_images)
        return Success(info if changed == info.object else replace(info, object=changed))

    return decorate


def sets_images_twice(change):
    """Reaches a template by two ways."""
    return lambda info: set_images(change)(info).bind(set_images(change))


def sets_short_images(change):
    """Leaves an image alone that names a registry."""
    return set_images(lambda image: image if "/" in image else change(image))


def takes_one_off(info):
    """Takes off one of a server's fields only."""
    first = next((key for key in ("uid", "managedFields") if key in info.metadata), "")
    return Success(
        replace(info, object=with_metadata(info.object, **{first: None}) if first else info.object)
    )


def turns_live(info):
    return as_manifest(info).map(lambda manifest: replace(manifest, live=not info.live))


def traces_without_memory(stages, visitor):
    """Traces each resource as if it were the first."""
    ways = [way for result in reached(visitor) for way in trace_stages(stages, One(result))[0]]
    return tuple(ways), trace_stages(stages, visitor)[1]


def traces_and_keeps_what_is_dropped(stages, visitor):
    """Takes what a stage dropped for what passed it."""
    ways, after = trace_stages(stages, visitor)
    kept = (replace(way.steps[-1], became="passed") for way in ways)
    return tuple(
        replace(way, steps=(*way.steps[:-1], step)) for way, step in zip(ways, kept, strict=True)
    ), after


def traces_backwards(stages, visitor):
    """Traces the last resource first."""
    ways, after = trace_stages(stages, visitor)
    return ways[::-1], after


MUTANTS: Mapping[str, tuple[Mapping[str, Any], ...]] = {
    "difference_gives": (
        {"difference": lambda s, x, y: difference(s, x, y, Part(order=False))},
        {"difference": lambda s, x, y: difference(s, x, y, Part(deletions=False))},
    ),
    "difference_of_same": ({"difference": lambda s, x, y: Success(dict(y))},),
    "losses_told": (
        {"merge_losses": lambda schema, sides, wanted, after: tuple(missing_fields(schema, after, wanted))},
        {"merge_losses": lambda schema, sides, wanted, after: (*repeated_items(schema, sides["y"]),)},
        {"merge_losses": lambda schema, sides, wanted, after: ("it may get lost",)},
    ),
    "merge_difference_gives": ({"merge_difference": lambda x, y: dict(y)},),
    "merge_difference_of_same": ({"merge_difference": lambda x, y: dict(y)},),
    "merging_twice": ({"merged": merged_by_appending},),
    "saved_keeps_the_configuration": (
        {"saved": lambda x: with_metadata(x, annotations={LAST_APPLIED: json_line(x)})},
        {"saved": lambda x: saved(saved(with_metadata(x, labels=None)))},
    ),
    "sameness_is_no_patch": (
        {"changes_nothing": lambda schema, wanted, live: wanted.keys() <= live.keys()},
        {"changes_nothing": lambda schema, wanted, live: deep_equal(wanted, live)},
        {"changes_nothing": lambda schema, wanted, live: not [*missing_fields(schema, live, wanted)]},
    ),
    "strategic_merged_twice": ({"strategic_merged": lambda _, x, p: Success(merged_by_appending(x, p))},),
    "three_way_gives": (
        {"three_way_difference": lambda s, x, y, z: difference(s, z, y, Part(deletions=False))},
        {"three_way_difference": lambda s, x, y, z: difference(s, x, y)},
    ),
    "three_way_merge_gives": (
        {"three_way_merge": lambda x, y, z: merge_difference(x, y)},
        {"three_way_merge": lambda x, y, z: dict(y)},
    ),
    "three_way_merge_twice": ({"three_way_merge": lambda x, y, z: dict(y)},),
    "three_way_of_same": ({"three_way_difference": lambda s, x, y, z: Success(dict(y))},),
    "three_way_twice": ({"three_way_difference": three_way_reversing},),
    "all_of_monoid": ({"all_of": any_of}, {"all_of": last_reason(all_of)}, {"all_of": without_due(all_of)}),
    "and_then_associative": ({"and_then": binds_twice},),
    "and_then_over_list": ({"and_then": first_only},),
    "any_of_monoid": ({"any_of": all_of}, {"any_of": any_unless_failed}, {"any_of": last_reason(any_of)}),
    "compared_same": (
        {
            "compared": lambda _, old, new: Comparison(
                removed=fields_of(Type({}), old) - fields_of(Type({}), new)
            )
        },
        {"merged": lambda _, live, config: config},
    ),
    "as_manifest_idempotent": ({"as_manifest": takes_one_off}, {"as_manifest": turns_live}),
    "arranged_foundations": ({"arranged": lambda visitor: visitor}, {"arranged": lists_last}),
    "arranged_idempotent": ({"arranged": arranged_by_turning},),
    "arranged_permutation": ({"arranged": first_only()}, {"arranged": without_failures()}),
    "arranged_stable": ({"arranged": arranged_backwards},),
    "conservation": ({"continue_on_error": all_or_nothing}, {"continue_on_error": lambda visitor: visitor}),
    "continue_on_error_commutes": ({"continue_on_error": deaf_continue},),
    "continue_on_error_idempotent": ({"continue_on_error": last_first},),
    "continue_on_error_over_list": (
        {"continue_on_error": lambda visitor: visitor},
        {"continue_on_error": deaf_continue},
        {"eager_visitor_list": one_error_each},
    ),
    "decorated_by_and_then": ({"decorated": decorated_or_as_it_was}, {"decorated": decorates_first}),
    "decorated_composition": ({"decorated": decorated_backwards},),
    "decorated_identity": ({"decorated": decorated_without_identity},),
    "decorated_over_list": ({"decorated": decorates_first},),
    "decorator_pure": (
        {"decorate": mutating},
        {"decorate": counting()},
        {"decorate": raising_inside},
        {"decorate": lambda info: info},
    ),
    "dry_run_sends_no_write": ({"dry_run": create()}, {"dry_run": writes_without_a_word}),
    "due_honest": (
        {"all_of": without_due(all_of)},
        {"any_of": without_due(any_of)},
        {"within": within_and_a_bit},
    ),
    "each_lifts": ({"each": forgiving_each}, {"each": bare_each}),
    "eager_agrees": ({"eager_visitor_list": eager_backwards},),
    "eager_associative": ({"eager_visitor_list": one_error_each},),
    "eager_singleton": ({"eager_visitor_list": visitor_list}, {"continue_on_error": lambda visitor: visitor}),
    "exchange_associative": ({"bind": bind_at_once},),
    "exchange_fold_identity": ({"fold": fold_at_once},),
    "exchange_fold_over_bind": ({"fold": fold_the_first}, {"bind": bind_at_once}),
    "exchange_left_unit": ({"bind": bind_or_done},),
    "exchange_right_unit": ({"bind": bind_without_delay}, {"bind": bind_without_lost}),
    "fail_fast_prefix": (
        {"eager_visitor_list": eager_backwards},
        {"eager_visitor_list": errors_last},
        {"visitor_list": last_error_list},
    ),
    "fail_if_any": ({"fail_if": fail_if_decided}, {"fail_if": lambda condition: condition}),
    "fail_if_ends": ({"fail_if": fail_until}, {"fail_if": fail_once}, {"fail_if": none_of}),
    "failures_pass": (
        {"and_then": swallows},
        {"decorated": without_failures},
        {"filtered": without_failures},
        {"flattened": without_failures()},
    ),
    "failures_stay": ({"transform": without_failures()},),
    "fields_of_merged": ({"merged": lambda _, live, config: live},),
    "within_is_merged": (
        {"is_within": lambda _, live, config: True},
        {"is_within": lambda _, live, config: config.keys() <= live.keys()},
    ),
    "fields_round_trip": ({"fields_v1": ways_of_fields}, {"from_fields_v1": with_all_ways}),
    "filter_namespace_idempotent": ({"filter_namespace": toggles_namespace},),
    "filtered_by_and_then": ({"filtered": filtered_out}, {"filtered": filtered_while}),
    "filtered_commutes": ({"decorated": decorates_first},),
    "filtered_composition": ({"filtered": filtered_by_any},),
    "filtered_identity": ({"filtered": filtered_by_any},),
    "filtered_over_list": ({"filtered": filtered_while},),
    "flattened_by_and_then": ({"flattened": and_then(opened)},),
    "flattened_idempotent": ({"flattened": and_then(opened)},),
    "flattened_list": (
        {"flattened": and_then(nowhere)},
        {"flattened": lambda visitor: eager_visitor_list(flattened(visitor))},
    ),
    "flattened_nested": ({"flattened": and_then(breadth_first)},),
    "flattened_over_list": ({"flattened": lists_last},),
    "force_namespace_idempotent": ({"force_namespace": appends_namespace},),
    "function_pure": (
        {"becomes": emptying},
        {"becomes": numbered(count())},
        {"becomes": lambda info: [info]},
        {"becomes": lambda info: and_then(lambda made: made.object["spec"])(infos(info))},
        {"becomes": lambda info: infos(info.object["spec"])},
        {"becomes": lambda info: popping(info) and infos(info)},
        {"becomes": lambda info: once(infos(info))},
    ),
    "left_unit": ({"and_then": visits_twice}, {"one": lambda info: infos(info, info)}),
    "lens_get_put": ({"lens": replace(TEMPLATE, set=put_alone)},),
    "lens_put_get": (
        {"lens": replace(TEMPLATE, set=lambda object, _: object)},
        {"lens": replace(TEMPLATE, set=put_over)},
        {"lens": replace(TEMPLATE, set=put_anyway)},
    ),
    "lens_put_put": ({"lens": replace(TEMPLATE, set=put_over)}, {"lens": replace(TEMPLATE, set=put_if_none)}),
    "list_associative": ({"visitor_list": forgetful_list},),
    "list_singleton": ({"visitor_list": forgetful_list},),
    "list_unit": ({"visitor_list": list_until_empty}, {"nothing": broken(None)}),
    "merged_idempotent": ({"merged": appending},),
    "naturality": ({"transform": distinct},),
    "none_of_any": ({"none_of": none_of_alive}, {"none_of": lambda first, *_: none_of(first)}),
    "plan_then_run": ({"continue_on_error": lambda visitor: visitor}, {"each": each_twice}),
    "planned_sends_no_write": ({"planned": lambda verb: verb}, {"planned": planned_but_for_deletes}),
    "predicate_pure": ({"holds": popping}, {"holds": lambda info: info.labels.get("a")}),
    "polling_by_retrying": (
        {"polling": polling_once_more},
        {"polling": polling_to_no_end},
        {"polling": lambda e, p, n, s, late: polling(e, lambda x: not p(x), n, s, late)},
    ),
    "retrying_never": (
        {"retrying": lambda e, p, n, s: retrying(e, p, n + 1, s)},
        {"retrying": lambda e, p, n, s: delayed(retrying(e, p, n, s), s)},
    ),
    "retrying_once_more": (
        {"retrying": lambda e, p, n, s: retrying(e, p, n, 0.0)},
        {"retrying": lambda e, p, n, s: retrying(e, p, min(n, 1), s)},
        {"retrying": lambda e, p, n, s: retrying(e, lambda x: not p(x), n, s)},
    ),
    "report_monoid": (
        {"add": lambda one, other: Report((*other.outcomes, *one.outcomes[:1]))},
        {"add": lambda one, other: Report((*one.outcomes[:1], *other.outcomes))},
    ),
    "report_of_visit": (
        {"report": lambda visit: Report(tuple(visit.value_or(())))},
        {"report": lambda visit: Report(report(visit).outcomes[::-1])},
    ),
    "require_set_namespace": ({"set_namespace": overwrites_namespace},),
    "right_unit": ({"and_then": visits_twice},),
    "run_is_equation": (
        {"advance": lambda stages, visitor: (advance(stages, visitor)[0], stages)},
        {"advance": advances_the_last_only},
    ),
    "check_require_namespace": ({"check_namespace": set_namespace},),
    "require_force_namespace": ({"force_namespace": set_namespace},),
    "scan_pure": (
        {"stage": scanned(appends_to_its_memory, [])},
        {"stage": through(flattened, scanned(lambda s, r: (s, r), 0))},
        {"stage": scanned(lambda numbers, r: (numbers, one(r) if next(numbers) else nothing), count())},
    ),
    "set_annotations_idempotent": ({"set_annotations": appends_texts("annotations")},),
    "set_images_composition": ({"set_images": sets_images_twice}, {"set_images": sets_short_images}),
    "set_images_identity": (
        {"set_images": sets_images_in_a_copy},
        {"set_images": sets_images_everywhere},
    ),
    "set_labels_idempotent": ({"set_labels": appends_texts("labels")},),
    "set_namespace_idempotent": ({"set_namespace": appends_namespace},),
    "stage_composition": (
        {"through": lambda *stages: through(*reversed(stages))},
        {"through": lambda *stages: through(*stages[:1])},
    ),
    "stage_identity": ({"through": lambda *stages: through(*(stages or (without_failures(),)))},),
    "stage_over_list": ({"over": forgets_between_chunks}, {"over": whole_in_chunks}),
    "trace_is_visit": (
        {"trace_stages": traces_without_memory},
        {"trace_stages": traces_and_keeps_what_is_dropped},
        {"trace_stages": traces_backwards},
        {"trace_stages": lambda stages, visitor: (trace_stages(stages, visitor)[0], stages)},
    ),
    "transform_over_list": (
        {"transform": distinct_results},
        {"transform": rebuilt(lambda found: found[::-1])},
    ),
    "verb_ends": (
        {"verb": asks_for_ever},
        {"verb": answers_with_the_body},
        {"verb": loses_its_origin},
        {"verb": lambda info: done(None)},
    ),
    "verb_pure": (
        {"verb": asks_something_else()},
        {"verb": counts_its_answers()},
        {"verb": clears_on_the_way},
        {"verb": lambda info: Outcome("created", info.origin, info)},
        {"verb": lambda info: Call(Request("GET", "/"), lambda response: response.body["spec"])},
    ),
    "visitor_pure": (
        {"transform": once},
        {"transform": decorated(mutating)},
        {"transform": decorated(lambda info: Success(info.object["spec"]))},
    ),
    "waits_distribute": ({"all_of": any_unless_failed}, {"any_of": none_of}),
    "waves_order": ({"waves": one_wave},),
    "waves_permutation": ({"waves": waves_of_successes},),
    "whole_pure": (
        {"stage": whole(lambda results: [result.unwrap() for result in results])},
        {"stage": whole(lambda results: map(mutating, (r.unwrap() for r in results)))},
        {"stage": whole(lambda results: sorted(results, key=lambda result: random()))},
    ),
    "within_distributes": ({"within": within_the_met},),
    "within_shortest": (
        {"within": within_of_the_outer},
        {"within": within_and_a_bit},
        {"within": within_all},
        {"within": lambda seconds, condition: condition},
    ),
    "reconciled_fields": (
        {"reconciled": lambda _type, fields: frozenset(path[:1] for path in fields)},
        {"reconciled": lambda _type, fields: frozenset(path[:-1] or path for path in fields)},
    ),
    "without_fields": (
        {"without": lambda _type, value, _fields: value},
        {"without": lambda type, value, fields: without(type, value, [p for p in fields if len(p) < 3])},
    ),
}
