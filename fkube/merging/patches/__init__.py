"""Patches as pure functions: made of objects, and applied to them. What may live here knows no server.

JSON merge patches: `merge_difference` and `three_way_merge` make them, `merged` applies them. Strategic merge
patches, by a `Schema`: `difference`, `three_way_difference`, `strategic_merged`. JSON patch: `json_patched`.
"""

from fkube.merging.patches.difference import difference, three_way_difference
from fkube.merging.patches.jsonpatch import json_patched
from fkube.merging.patches.losses import merge_losses
from fkube.merging.patches.mergepatch import merge_difference, merged, three_way_merge
from fkube.merging.patches.sameness import changes_nothing
from fkube.merging.patches.schema import Schema, patch_schema
from fkube.merging.patches.strategic import strategic_merged

__all__ = [
    "Schema",
    "changes_nothing",
    "difference",
    "json_patched",
    "merge_difference",
    "merge_losses",
    "merged",
    "patch_schema",
    "strategic_merged",
    "three_way_difference",
    "three_way_merge",
]
