# The judge: fkube beside the real kubectl, its cluster beside a real kube-apiserver (tests/conformance/README.md).
# KUBEBUILDER_ASSETS may name a folder with kube-apiserver and etcd; else they are built with Go into .cache/.
CONFORMANCE_TIMES ?= 1
JUDGE = CONFORMANCE_TIMES=$(CONFORMANCE_TIMES) .venv/bin/python -m pytest -n 2 --dist loadfile tests/conformance

.PHONY: conformance conformance-long record-discovery record-messages record-answers

conformance: .venv/.dev ## compare with a real kubectl and kube-apiserver
	@.venv/bin/python tests/conformance/assets.py
	$(JUDGE) || { echo "conformance: what failed is compared once more: a difference is there each time"; $(JUDGE) --last-failed; }

conformance-long: CONFORMANCE_TIMES := $(if $(filter 1,$(CONFORMANCE_TIMES)),20,$(CONFORMANCE_TIMES))
conformance-long: conformance ## the same with 20 times as many examples

record-discovery: .venv/.dev ## rewrite the embedded cluster's kinds from a real kube-apiserver
	.venv/bin/python -m tests.conformance.recording fkube/cluster/facts.json.gz

record-messages: ## rewrite how kinds are written in protobuf, from the Go types of the Kubernetes API
	cd tests/conformance/server && go run ./messages > messages.json
	gzip -9n < tests/conformance/server/messages.json > fkube/cluster/messages.json.gz
	rm tests/conformance/server/messages.json

record-answers: .venv/.dev ## rewrite what a real kube-apiserver answers to tests/cluster/requests.py
	.venv/bin/python -m tests.conformance.recording
