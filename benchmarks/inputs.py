"""The files that every contender is given: made from numbers alone, so that they are the same anywhere."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web-{n:05}
  labels:
    app: web-{n:05}
    tier: frontend
    release: "1.{n}"
  annotations:
    example.com/owner: "team-{team} <team-{team}@example.com>"
spec:
  replicas: {replicas}
  selector:
    matchLabels:
      app: web-{n:05}
  template:
    metadata:
      labels:
        app: web-{n:05}
    spec:
      containers:
      - name: web
        image: registry.example.com/web:1.{n}
        args: ["--listen", ":8080", "--verbose=false"]
        ports:
        - name: http
          containerPort: 8080
        env:
        - name: NUMBER
          value: "{n}"
        resources:
          requests:
            cpu: 10m
            memory: 32Mi
"""
CONFIG_MAP = """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: settings-{n:06}
data:
  number: "{n}"
"""
Write = Callable[[int], str]


def deployment(n: int) -> str:
    """The manifest of the Deployment of a number, 700 characters or so."""
    return DEPLOYMENT.format(n=n, team=n % 7, replicas=n % 5)


def config_map(n: int) -> str:
    """The manifest of the ConfigMap of a number."""
    return CONFIG_MAP.format(n=n)


def manifests(write: Write, count: int) -> Iterator[str]:
    """So many documents, one after another."""
    for n in range(count):
        yield "---\n"
        yield write(n)


def bodies(write: Write, count: int) -> Iterator[str]:
    """The same as JSON, one line each: what a client would send, ready."""
    return (json.dumps(yaml.load(write(n), LOADER), separators=(",", ":")) + "\n" for n in range(count))


@dataclass(frozen=True, slots=True)
class Files:
    """A folder in which files are written when they are asked for first. `scale`: a share of their sizes."""

    folder: Path
    scale: float = 1.0

    def count(self, number: int) -> int:
        """How many objects stand for a number of them."""
        return max(1, round(number * self.scale))

    def deployments(self, number: int) -> Path:
        """A file of Deployments."""
        return self._kept(f"deployments-{self.count(number)}.yaml", manifests, deployment, number)

    def bodies(self, number: int) -> Path:
        """The same Deployments, as lines of JSON."""
        return self._kept(f"deployments-{self.count(number)}.jsonl", bodies, deployment, number)

    def config_maps(self, number: int) -> Path:
        """A file of small objects."""
        return self._kept(f"configmaps-{self.count(number)}.yaml", manifests, config_map, number)

    def config_map_bodies(self, number: int) -> Path:
        """The same small objects, as lines of JSON."""
        return self._kept(f"configmaps-{self.count(number)}.jsonl", bodies, config_map, number)

    def _kept(self, name: str, texts: Any, write: Write, number: int) -> Path:
        path = self.folder / name
        if not path.exists():
            self.folder.mkdir(parents=True, exist_ok=True)
            with path.open("w", encoding="utf-8") as file:
                file.writelines(texts(write, self.count(number)))
        return path
