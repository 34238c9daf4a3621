"""Hypothesis strategies for both ends of a run: sources, and what became of each resource."""

from __future__ import annotations

from operator import itemgetter

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from returns.result import Failure, Success

from fkube.documents.source import Kustomization, Named, Path, Selected, Source, Stdin, Text, Url
from fkube.report.outcomes import Outcome, Report, report
from fkube.testing.resources import errors, infos
from fkube.visitor.algebra import Visited, visited_of


def visits() -> SearchStrategy[Visited[Outcome]]:
    """What visits leave that end in outcomes, some of them failed."""
    done = st.builds(lambda info: Success(Outcome("created", info.origin, info)), infos())
    return st.lists(done | st.builds(Failure, errors()), max_size=4).map(visited_of)


def reports() -> SearchStrategy[Report]:
    """Reports of visits."""
    return visits().map(report)


def outcomes() -> SearchStrategy[Outcome]:
    """What became of resources, some of which failed."""
    return visits().map(lambda visit: report(visit).outcomes).filter(bool).map(itemgetter(0))


def sources() -> SearchStrategy[Source]:
    """Where manifests may come from: sources of every kind. None of them need be there."""
    names = st.sampled_from(("a", "b"))
    return st.one_of(
        st.builds(Text, st.sampled_from(("", "kind: Pod", "{"))),
        st.builds(Path, names, st.booleans()),
        st.builds(Url, names.map("https://{}.example".format)),
        st.just(Stdin()),
        st.builds(Kustomization, names),
        st.builds(Named, st.just("pods"), names),
        st.builds(Selected, st.just("pods")),
    )
