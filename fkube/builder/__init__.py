"""A builder gathers the user's request step by step: each step is a function from builder to builder.

Follows `k8s.io/cli-runtime/pkg/resource/builder.go`; its usage errors are its own words.
"""

from fkube.builder.choosing import (
    all_namespaces,
    default_namespace,
    field_selector,
    label_selector,
    namespace,
    one_kind_of_source,
    require_namespace,
    resource_names,
    resource_type_or_name_args,
    resource_types,
    select_all,
    single_resource_type,
    subresource,
)
from fkube.builder.doing import do
from fkube.builder.functions import and_then, decorated, filtered, through
from fkube.builder.reading import (
    filenames,
    objects,
    schema,
    sources,
    stdin,
    stdin_in_use,
    strict,
    text,
    validated,
)
from fkube.builder.request import Builder, Step, add_error, builder
from fkube.builder.visiting import (
    arranged,
    continue_on_error,
    flatten,
    latest,
    local,
    request_chunks_of,
    require_object,
    transform_requests,
)

__all__ = [
    "Builder",
    "Step",
    "add_error",
    "all_namespaces",
    "and_then",
    "arranged",
    "builder",
    "continue_on_error",
    "decorated",
    "default_namespace",
    "do",
    "field_selector",
    "filenames",
    "filtered",
    "flatten",
    "label_selector",
    "latest",
    "local",
    "namespace",
    "objects",
    "one_kind_of_source",
    "request_chunks_of",
    "require_namespace",
    "require_object",
    "resource_names",
    "resource_type_or_name_args",
    "resource_types",
    "schema",
    "select_all",
    "single_resource_type",
    "sources",
    "stdin",
    "stdin_in_use",
    "strict",
    "subresource",
    "text",
    "through",
    "transform_requests",
    "validated",
]
