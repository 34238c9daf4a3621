"""The laws, as plain functions: each takes values and returns whether both sides agree.

Each returns the first of its clauses that does not hold, with both sides, or else one that holds. A clause
is true if its sides are equal. `fkube.testing.check_law` asks a law with generated values.

A parameter without a default is what the law quantifies over: visitors, functions, infos. A keyword with
one is the implementation that the law is about, so a law can be asked of another than ours. Two visitors are
equal if no visitor function tells them apart; a law compares by the `fn` it is given.

>>> from returns.result import Success
>>> from fkube.resource.info import Info
>>> from fkube.visitor.combinators import each, eager_visitor_list, one, visitor_list
>>> pod, tell = one(Info({"kind": "Pod"})), each(lambda info: Success(info.kind))
>>> bool(list_associative(pod, pod, pod, tell))
True
>>> list_singleton(pod, tell, visitor_list=lambda *visitors: visitor_list(*visitors, *visitors))
Sides(clause='visitor_list(a) == a', left=<Success: ('Pod', 'Pod')>, right=<Success: ('Pod',)>)
"""

from fkube.laws.conditions import all_of_monoid as all_of_monoid
from fkube.laws.conditions import any_of_monoid as any_of_monoid
from fkube.laws.conditions import due_honest as due_honest
from fkube.laws.conditions import fail_if_any as fail_if_any
from fkube.laws.conditions import fail_if_ends as fail_if_ends
from fkube.laws.conditions import none_of_any as none_of_any
from fkube.laws.conditions import waits_distribute as waits_distribute
from fkube.laws.conditions import within_distributes as within_distributes
from fkube.laws.conditions import within_shortest as within_shortest
from fkube.laws.decorators import as_manifest_idempotent as as_manifest_idempotent
from fkube.laws.decorators import check_require_namespace as check_require_namespace
from fkube.laws.decorators import filter_namespace_idempotent as filter_namespace_idempotent
from fkube.laws.decorators import force_namespace_idempotent as force_namespace_idempotent
from fkube.laws.decorators import lens_get_put as lens_get_put
from fkube.laws.decorators import lens_put_get as lens_put_get
from fkube.laws.decorators import lens_put_put as lens_put_put
from fkube.laws.decorators import require_force_namespace as require_force_namespace
from fkube.laws.decorators import require_set_namespace as require_set_namespace
from fkube.laws.decorators import set_annotations_idempotent as set_annotations_idempotent
from fkube.laws.decorators import set_images_composition as set_images_composition
from fkube.laws.decorators import set_images_identity as set_images_identity
from fkube.laws.decorators import set_labels_idempotent as set_labels_idempotent
from fkube.laws.decorators import set_namespace_idempotent as set_namespace_idempotent
from fkube.laws.exchanges import exchange_associative as exchange_associative
from fkube.laws.exchanges import exchange_fold_identity as exchange_fold_identity
from fkube.laws.exchanges import exchange_fold_over_bind as exchange_fold_over_bind
from fkube.laws.exchanges import exchange_left_unit as exchange_left_unit
from fkube.laws.exchanges import exchange_right_unit as exchange_right_unit
from fkube.laws.exchanges import polling_by_retrying as polling_by_retrying
from fkube.laws.exchanges import retrying_never as retrying_never
from fkube.laws.exchanges import retrying_once_more as retrying_once_more
from fkube.laws.failures import conservation as conservation
from fkube.laws.failures import continue_on_error_commutes as continue_on_error_commutes
from fkube.laws.failures import continue_on_error_idempotent as continue_on_error_idempotent
from fkube.laws.failures import continue_on_error_over_list as continue_on_error_over_list
from fkube.laws.failures import eager_agrees as eager_agrees
from fkube.laws.failures import fail_fast_prefix as fail_fast_prefix
from fkube.laws.fields import compared_same as compared_same
from fkube.laws.fields import fields_of_merged as fields_of_merged
from fkube.laws.fields import fields_round_trip as fields_round_trip
from fkube.laws.fields import merged_idempotent as merged_idempotent
from fkube.laws.fields import reconciled_fields as reconciled_fields
from fkube.laws.fields import within_is_merged as within_is_merged
from fkube.laws.fields import without_fields as without_fields
from fkube.laws.monad import and_then_associative as and_then_associative
from fkube.laws.monad import and_then_over_list as and_then_over_list
from fkube.laws.monad import each_lifts as each_lifts
from fkube.laws.monad import eager_associative as eager_associative
from fkube.laws.monad import eager_singleton as eager_singleton
from fkube.laws.monad import failures_pass as failures_pass
from fkube.laws.monad import left_unit as left_unit
from fkube.laws.monad import list_associative as list_associative
from fkube.laws.monad import list_singleton as list_singleton
from fkube.laws.monad import list_unit as list_unit
from fkube.laws.monad import naturality as naturality
from fkube.laws.monad import right_unit as right_unit
from fkube.laws.monad import transform_over_list as transform_over_list
from fkube.laws.order import arranged_foundations as arranged_foundations
from fkube.laws.order import arranged_idempotent as arranged_idempotent
from fkube.laws.order import arranged_permutation as arranged_permutation
from fkube.laws.order import arranged_stable as arranged_stable
from fkube.laws.order import waves_order as waves_order
from fkube.laws.order import waves_permutation as waves_permutation
from fkube.laws.patches import difference_gives as difference_gives
from fkube.laws.patches import difference_of_same as difference_of_same
from fkube.laws.patches import losses_told as losses_told
from fkube.laws.patches import merge_difference_gives as merge_difference_gives
from fkube.laws.patches import merge_difference_of_same as merge_difference_of_same
from fkube.laws.patches import merging_twice as merging_twice
from fkube.laws.patches import sameness_is_no_patch as sameness_is_no_patch
from fkube.laws.patches import saved_keeps_the_configuration as saved_keeps_the_configuration
from fkube.laws.patches import strategic_merged_twice as strategic_merged_twice
from fkube.laws.patches import three_way_gives as three_way_gives
from fkube.laws.patches import three_way_merge_gives as three_way_merge_gives
from fkube.laws.patches import three_way_merge_twice as three_way_merge_twice
from fkube.laws.patches import three_way_of_same as three_way_of_same
from fkube.laws.patches import three_way_twice as three_way_twice
from fkube.laws.purity import decorator_pure as decorator_pure
from fkube.laws.purity import failures_stay as failures_stay
from fkube.laws.purity import function_pure as function_pure
from fkube.laws.purity import predicate_pure as predicate_pure
from fkube.laws.purity import visitor_pure as visitor_pure
from fkube.laws.stages import plan_then_run as plan_then_run
from fkube.laws.stages import report_monoid as report_monoid
from fkube.laws.stages import report_of_visit as report_of_visit
from fkube.laws.stages import run_is_equation as run_is_equation
from fkube.laws.stages import scan_pure as scan_pure
from fkube.laws.stages import stage_composition as stage_composition
from fkube.laws.stages import stage_identity as stage_identity
from fkube.laws.stages import stage_over_list as stage_over_list
from fkube.laws.stages import trace_is_visit as trace_is_visit
from fkube.laws.stages import whole_pure as whole_pure
from fkube.laws.transforms import decorated_by_and_then as decorated_by_and_then
from fkube.laws.transforms import decorated_composition as decorated_composition
from fkube.laws.transforms import decorated_identity as decorated_identity
from fkube.laws.transforms import decorated_over_list as decorated_over_list
from fkube.laws.transforms import filtered_by_and_then as filtered_by_and_then
from fkube.laws.transforms import filtered_commutes as filtered_commutes
from fkube.laws.transforms import filtered_composition as filtered_composition
from fkube.laws.transforms import filtered_identity as filtered_identity
from fkube.laws.transforms import filtered_over_list as filtered_over_list
from fkube.laws.transforms import flattened_by_and_then as flattened_by_and_then
from fkube.laws.transforms import flattened_idempotent as flattened_idempotent
from fkube.laws.transforms import flattened_list as flattened_list
from fkube.laws.transforms import flattened_nested as flattened_nested
from fkube.laws.transforms import flattened_over_list as flattened_over_list
from fkube.laws.verbs import dry_run_sends_no_write as dry_run_sends_no_write
from fkube.laws.verbs import planned_sends_no_write as planned_sends_no_write
from fkube.laws.verbs import verb_ends as verb_ends
from fkube.laws.verbs import verb_pure as verb_pure

# Every function that is imported here, sorted: a second list of them could be out of date.
__all__ = [name for name, value in sorted(vars().items()) if callable(value)]
