"""What may be sent at the same time: no more than nothing could tell apart from one at a time."""

from hypothesis import given
from hypothesis import strategies as st
from returns.result import Failure, Success

from fkube.pipeline.order import waves
from fkube.resource.errors import DecodeError
from fkube.resource.info import Info

KINDS = (
    ("v1", "ConfigMap"),
    ("v1", "Namespace"),
    ("rbac.authorization.k8s.io/v1", "Role"),
    ("apps/v1", "Deployment"),
)


def info(kind, name):
    metadata = {"name": name} if name else {"generateName": "x-"}
    return Success(Info({"apiVersion": kind[0], "kind": kind[1], "metadata": metadata}))


STEPS = st.lists(
    st.one_of(
        st.builds(info, st.sampled_from(KINDS), st.sampled_from(["a", "b", ""])),
        st.just(Failure(DecodeError("no"))),
    ),
    max_size=12,
)


def is_barrier(step):
    return isinstance(step, Success) and step.unwrap().kind in ("Namespace", "Role")


def key(step):
    return (step.unwrap().kind, step.unwrap().name)


@given(STEPS)
def test_waves_are_a_permutation_of_the_steps(steps):
    assert sorted(n for wave in waves(steps) for group in wave for n in group) == list(range(len(steps)))


@given(STEPS)
def test_nothing_passes_a_barrier_and_one_name_keeps_its_order(steps):
    place = {
        n: (w, g, i)
        for w, wave in enumerate(waves(steps))
        for g, group in enumerate(wave)
        for i, n in enumerate(group)
    }
    for later in range(len(steps)):
        for earlier in range(later):
            if is_barrier(steps[earlier]) or is_barrier(steps[later]):
                assert place[earlier][0] < place[later][0]
            elif all(
                isinstance(s, Success) and s.unwrap().name for s in (steps[earlier], steps[later])
            ) and key(steps[earlier]) == key(steps[later]):
                assert place[earlier] < place[later]


def test_what_is_independent_shares_a_wave():
    steps = [info(KINDS[0], name) for name in ("a", "b", "")]
    assert waves(steps) == (((0,), (1,), (2,)),)
    assert waves([]) == ()
