"""The algebra of visitors, from one resource to a walk that no failure stops. Nothing but functions."""

from returns.result import Failure, Success

from fkube.resource.errors import DecodeError
from fkube.resource.info import Info
from fkube.visitor import (
    broken,
    continue_on_error,
    decorated,
    each,
    eager_visitor_list,
    filtered,
    nothing,
    one,
    visitor_list,
)

web, db = (Info({"kind": "Pod", "metadata": {"name": name}}) for name in ("web", "db"))
bad = broken(DecodeError("not YAML"))
name = each(lambda info: Success(info.name))  # a visitor function: what to do with each resource

print("one:              ", one(web)(name))
print("nothing:          ", nothing(name))
print("visitor_list:     ", visitor_list(one(web), one(db))(name))

stops = visitor_list(one(web), bad, one(db))
print("stops:            ", stops(name).failure().visited, "then", stops(name).failure().errors)
goes_on = continue_on_error(stops)
print(
    "continue_on_error:", goes_on(name).failure().visited, "and", len(goes_on(name).failure().errors), "error"
)

print("filtered:         ", filtered(lambda info: info.name == "db")(visitor_list(one(web), one(db)))(name))
refuse = decorated(lambda info: Failure(DecodeError("no")) if info.name == "db" else Success(info))
print("decorated:        ", refuse(one(web))(name), refuse(one(db))(name).failure().errors[0])

# A law: to go on in a list is to visit its parts eagerly. Visitors are compared by what they leave behind.
parts = (one(web), bad, one(db))
print("the law holds:    ", continue_on_error(visitor_list(*parts))(name) == eager_visitor_list(*parts)(name))
