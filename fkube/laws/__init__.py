"""The laws, as plain functions: each takes values and returns whether both sides agree. Nothing else.

A parameter without a default is what the law quantifies over: visitors, functions, infos. A keyword with
one is the implementation that the law is about, so a law can be asked of another than ours. Two visitors are
equal if no visitor function tells them apart; a law compares by the `fn` it is given.

>>> from returns.result import Success
>>> from fkube.info import Info
>>> from fkube.visitor import each, eager_visitor_list, one, visitor_list
>>> pod, tell = one(Info({"kind": "Pod"})), each(lambda info: Success(info.kind))
>>> list_associative(pod, pod, pod, tell)
True
>>> list_singleton(pod, tell, visitor_list=lambda *visitors: visitor_list(*visitors, *visitors))
False

`fkube.testing.check_law` asks a law with generated values.
"""

from fkube.laws.exchanges import (
    exchange_associative,
    exchange_left_unit,
    exchange_right_unit,
    planned_sends_no_write,
)
from fkube.laws.failing import (
    conservation,
    continue_on_error_commutes,
    continue_on_error_idempotent,
    continue_on_error_over_list,
    eager_agrees,
    fail_fast_prefix,
)
from fkube.laws.monad import (
    and_then_associative,
    and_then_over_list,
    each_lifts,
    eager_associative,
    eager_singleton,
    failures_pass,
    left_unit,
    list_associative,
    list_singleton,
    list_unit,
    naturality,
    right_unit,
    transform_over_list,
)
from fkube.laws.owning import (
    compared_same,
    fields_of_merged,
    fields_round_trip,
    merged_idempotent,
    without_fields,
)
from fkube.laws.patching import (
    difference_gives,
    difference_of_same,
    merge_difference_gives,
    merge_difference_of_same,
    merging_twice,
    saved_keeps_the_configuration,
    strategic_merged_twice,
    three_way_gives,
    three_way_merge_gives,
    three_way_merge_twice,
    three_way_of_same,
    three_way_twice,
)
from fkube.laws.purity import (
    decorator_pure,
    filter_namespace_idempotent,
    predicate_pure,
    require_set_namespace,
    set_namespace_idempotent,
    visitor_pure,
)
from fkube.laws.running import (
    arranged_foundations,
    arranged_idempotent,
    arranged_permutation,
    arranged_stable,
    waves_order,
    waves_permutation,
)
from fkube.laws.scanning import (
    plan_then_run,
    report_monoid,
    report_of_visit,
    run_is_equation,
    stage_composition,
    stage_identity,
    stage_over_list,
)
from fkube.laws.stages import (
    decorated_by_and_then,
    decorated_composition,
    decorated_identity,
    decorated_over_list,
    filtered_by_and_then,
    filtered_commutes,
    filtered_composition,
    filtered_identity,
    filtered_over_list,
    flattened_by_and_then,
    flattened_idempotent,
    flattened_list,
    flattened_nested,
    flattened_over_list,
)
from fkube.laws.waiting import (
    all_of_monoid,
    any_of_monoid,
    due_honest,
    fail_if_any,
    fail_if_ends,
    none_of_any,
    waits_distribute,
    within_distributes,
    within_shortest,
)

__all__ = [
    "all_of_monoid",
    "and_then_associative",
    "and_then_over_list",
    "any_of_monoid",
    "arranged_foundations",
    "arranged_idempotent",
    "arranged_permutation",
    "arranged_stable",
    "compared_same",
    "conservation",
    "continue_on_error_commutes",
    "continue_on_error_idempotent",
    "continue_on_error_over_list",
    "decorated_by_and_then",
    "decorated_composition",
    "decorated_identity",
    "decorated_over_list",
    "decorator_pure",
    "difference_gives",
    "difference_of_same",
    "due_honest",
    "each_lifts",
    "eager_agrees",
    "eager_associative",
    "eager_singleton",
    "exchange_associative",
    "exchange_left_unit",
    "exchange_right_unit",
    "fail_fast_prefix",
    "fail_if_any",
    "fail_if_ends",
    "failures_pass",
    "fields_of_merged",
    "fields_round_trip",
    "filter_namespace_idempotent",
    "filtered_by_and_then",
    "filtered_commutes",
    "filtered_composition",
    "filtered_identity",
    "filtered_over_list",
    "flattened_by_and_then",
    "flattened_idempotent",
    "flattened_list",
    "flattened_nested",
    "flattened_over_list",
    "left_unit",
    "list_associative",
    "list_singleton",
    "list_unit",
    "merge_difference_gives",
    "merge_difference_of_same",
    "merged_idempotent",
    "merging_twice",
    "naturality",
    "none_of_any",
    "plan_then_run",
    "planned_sends_no_write",
    "predicate_pure",
    "report_monoid",
    "report_of_visit",
    "require_set_namespace",
    "right_unit",
    "run_is_equation",
    "saved_keeps_the_configuration",
    "set_namespace_idempotent",
    "stage_composition",
    "stage_identity",
    "stage_over_list",
    "strategic_merged_twice",
    "three_way_gives",
    "three_way_merge_gives",
    "three_way_merge_twice",
    "three_way_of_same",
    "three_way_twice",
    "transform_over_list",
    "visitor_pure",
    "waits_distribute",
    "waves_order",
    "waves_permutation",
    "within_distributes",
    "within_shortest",
    "without_fields",
]
