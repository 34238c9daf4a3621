"""Tell of a write that it has left its object as it was: `unchanged`."""

from __future__ import annotations

from functools import partial

from fkube.exchange.conversation import Done, Exchange, Response, bind, done, fmap, lash, succeeded
from fkube.merging.values import deep_equal
from fkube.report.outcomes import Outcome
from fkube.resource.dataclasses import replace
from fkube.resource.info import Info, Object
from fkube.verbs.evidence import comparable, version_of
from fkube.verbs.naming import Verb
from fkube.verbs.paths import get_at_path


def mark_unchanged(before: Object, came: Outcome) -> Outcome:
    """Make an outcome `unchanged` if its write has left the object as it was `before`.

    A server leaves the resourceVersion of an object that a write does not change. In a dry run it does so
    always: then the object has to be equal, but for version and times.
    Equation: mark_unchanged(b, mark_unchanged(b, o)) = mark_unchanged(b, o)

    >>> from fkube.resource.info import Origin
    >>> live = {"metadata": {"name": "a", "resourceVersion": "7"}}
    >>> mark_unchanged(live, Outcome("configured", Origin(), object=live)).action
    'unchanged'
    """
    if came.dry_run == "none":
        same = version_of(before) == version_of(came.object) != ""
    else:
        same = bool(before) and deep_equal(comparable(before), comparable(came.object))
    return replace(came, action="unchanged") if same else came


def object_before(read: Exchange[Response]) -> Exchange[Object]:
    """The object that is read before a write; an empty one where it is not there or can't be read."""
    found = fmap(bind(read, lambda response: Done(succeeded(response))), lambda response: response.body)
    return lash(found, lambda _: done({}))


def reading_before(verb: Verb) -> Verb:
    """Give a verb the live object that it is about to write; one that can't be read stays as given."""

    def take_over(info: Info, live: Object) -> Exchange[Outcome]:
        return verb(replace(info, object=live, live=True, absent=False) if live else info)

    def read_live(info: Info) -> Exchange[Outcome]:
        return bind(object_before(get_at_path(info, info.subresource)), partial(take_over, info))

    return lambda info: verb(info) if info.live or info.absent else read_live(info)


def telling_unchanged(verb: Verb) -> Verb:
    """Make the outcome of a verb `unchanged` where it leaves the object as it was, which is read before."""

    def tell(info: Info, live: Object) -> Exchange[Outcome]:
        return fmap(verb(info), partial(mark_unchanged, live))

    return lambda info: bind(object_before(get_at_path(info)), partial(tell, info))
