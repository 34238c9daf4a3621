"""Every target: the public functions of fkube that take text, bytes or JSON."""

from __future__ import annotations

from tests.fuzz import answers, texts, values
from tests.fuzz.judging import Target

TARGETS: tuple[Target, ...] = (*texts.TARGETS, *values.TARGETS, *answers.TARGETS)
BY_NAME = {target.name: target for target in TARGETS}
