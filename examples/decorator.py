"""A decorator of one's own, a label for every resource: its laws checked, then put before a visitor."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from returns.result import Result, Success

from fkube.documents.manifest import documents
from fkube.resource.errors import VisitError
from fkube.resource.info import Info, with_metadata
from fkube.testing import check_decorator
from fkube.visitor import Decorator, decorated, each
from fkube.visitor.decorators import set_namespace

WEB = Path(__file__).parent / "manifests" / "20-web.yaml"


def labelled(key: str, value: str) -> Decorator:
    def decorate(info: Info) -> Result[Info, VisitError]:
        labels = {**info.labels, key: value}
        return Success(replace(info, object=with_metadata(info.object, labels=labels)))

    return decorate


def careless(info: Any) -> Any:
    """What a decorator must not do: it changes the object that it was given."""
    info.object["metadata"] = {"labels": {"team": "web"}}
    return Success(info)


check_decorator(labelled("team", "web"), examples=30)
try:
    check_decorator(careless, examples=30)
except AssertionError as found:
    print(str(found).splitlines()[0])

visitor = decorated(set_namespace("shop"), labelled("team", "web"))(documents(WEB.read_text(), "20-web.yaml"))
print(*visitor(each(lambda info: Success((info, info.labels)))).unwrap(), sep="\n")
