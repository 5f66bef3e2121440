#!/usr/bin/env bash
# Which objective earns its place? The same data, seed and steps with each, then the same pairs. Needs data/reproduce-two-room
# (npm run reproduce:two-room). Results: runs/compare/<name>/*.json and metrics.jsonl.
set -euo pipefail
cd "$(dirname "$0")/.."

node scripts/build.mjs --if-needed
premotor() { node dist/src/cli/main.js "$@"; }

for name in ${@:-sigreg vicreg contrastive teacher autoencoder pixels none}; do
  out=runs/compare/$name
  premotor train --data data/reproduce-two-room --out "$out" --seed 1 --objective "$name"
  for protocol in historical clear-moderate clear-strict; do
    premotor eval --protocol "$protocol" --episodes 100 --seed 42 --checkpoint "$out/checkpoint" --json | tail -n 1 | tee "$out/$protocol.json"
  done
done
