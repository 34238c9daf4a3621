"""The resources that the cluster serves: the recorded ones, and those that custom resources add."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Target:
    """What a path points to."""

    namespace: str = ""
    name: str = ""
    subresource: str = ""
