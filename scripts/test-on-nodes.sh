#!/usr/bin/env bash
# Runs the suite on every supported Node version: scripts/test-on-nodes.sh [20 22 24]. npm's `node` package brings them.
set -euo pipefail
cd "$(dirname "$0")/.."

versions=("$@")
[ ${#versions[@]} -gt 0 ] || versions=(20 22 24)
npm run build

status=0

for version in "${versions[@]}"; do
  folder=$(mktemp -d)
  npm install --prefix "$folder" --no-save --silent "node@$version"
  echo "== Node $("$folder/node_modules/.bin/node" --version)"
  PATH="$folder/node_modules/.bin:$PATH" node node_modules/vitest/vitest.mjs run || status=$?
  rm -rf "$folder"
done
exit "$status"
