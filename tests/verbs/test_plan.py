"""A plan sends what reads, and tells what would write."""

from returns.result import Failure

from fkube.exchange import Call, Request, Response, done, failed
from fkube.report import Outcome
from fkube.resource.errors import UsageError
from fkube.resource.info import Info
from fkube.verbs.plan import planned


def test_a_plan_sends_reads_and_tells_writes():
    def verb(info):
        first, second = Request("PUT", "/a", (("x", "1"),), "secret"), Request("GET", "/b")
        read = Call(second, lambda response: done(Outcome("got", info.origin, info, response.body)))
        return Call(first, lambda _: read)

    exchange = planned(verb)(Info({"kind": "Secret"}))
    assert exchange.request == Request("GET", "/b")
    outcome = exchange.then(Response(200, {})).result.unwrap()
    assert outcome.object == {"requests": [{"method": "PUT", "path": "/a", "query": {"x": "1"}}]}
    assert planned(lambda _: failed(UsageError("no")))(Info({})).result == Failure(UsageError("no"))
