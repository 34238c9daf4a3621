#!/bin/sh
# The main job, end to end: real manifests visited, and created on an API server that lives as long as this script.
# Needs `fkube` on the PATH, and nothing else.
set -eu
cd "$(dirname "$0")"

folder=$(mktemp -d)
mkfifo "$folder/says"
fkube cluster --write-kubeconfig "$folder/kubeconfig" >"$folder/says" &
cluster=$!
trap 'kill "$cluster" 2>/dev/null || true; wait "$cluster" || true; rm -rf "$folder"' EXIT
trap 'exit 1' INT TERM

# The cluster says where it is as soon as it serves; if it can't, there is nothing to read, and we end here.
exec 3<"$folder/says"
read -r where <&3
echo "# $where"
export KUBECONFIG="$folder/kubeconfig"

show() {
    printf '\n$ %s\n' "$*"
    "$@"
}

show fkube plan -f manifests -n shop
show fkube create -f manifests -n shop
show fkube create -f manifests/10-settings.yaml -n shop || echo "# exit status $?: what is there is not created again"
show fkube get -f manifests/20-web.yaml -n shop
show fkube get coupons,secrets -n shop
show fkube get configmap web -n shop -o yaml
show fkube delete -f manifests/20-web.yaml -n shop
show fkube delete -f manifests -n shop --ignore-not-found
show fkube get all,configmaps,secrets -n shop
