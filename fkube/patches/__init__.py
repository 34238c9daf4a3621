"""Patches as pure functions: made of objects, and applied to them. What may live here knows no server.

`merge_difference` and `three_way_merge` make JSON merge patches, `merged` applies them.
"""

from fkube.patches.jsonpatch import json_patched
from fkube.patches.mergepatch import merge_difference, merged, three_way_merge

__all__ = ["json_patched", "merge_difference", "merged", "three_way_merge"]
