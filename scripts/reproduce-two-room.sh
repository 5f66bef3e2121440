#!/usr/bin/env bash
# TwoRoom from nothing: collects, trains, evaluates. Everything goes to runs/reproduce (or the folder given) and data/reproduce.
set -euo pipefail
cd "$(dirname "$0")/.."

out=${1:-runs/reproduce}
data=data/reproduce
node scripts/build.mjs --if-needed
premotor() { node dist/src/cli/main.js "$@"; }

premotor collect --task two-room --policy explore --episodes 3000 --seed 1 --out "$data"
premotor train --data "$data" --out "$out" --seed 1
for protocol in historical clear-moderate clear-strict; do
  premotor eval --task two-room --protocol "$protocol" --episodes 100 --seed 42 --checkpoint "$out/checkpoint" --json \
    | tail -n 1 | tee "$out/$protocol.json"
done
