"""How fast fkube is, beside kubectl, other clients and the floor: `make bench`, `make profile ROW=…`.

Each row (`rows.py`) is a piece of work that several contenders do, whole processes in turn, on the same files
and the same real kube-apiserver. What was measured is kept in docs/benchmarks/results.json; the page beside
it is made of that.
"""
