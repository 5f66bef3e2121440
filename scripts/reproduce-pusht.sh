#!/usr/bin/env bash
# PushT from nothing: collects, trains, evaluates. Everything goes to runs/reproduce-pusht (or the folder given) and
# data/reproduce-pusht.
set -euo pipefail
cd "$(dirname "$0")/.."

out=${1:-runs/reproduce-pusht}
data=data/reproduce-pusht
node scripts/build.mjs --if-needed
premotor() { node dist/src/cli/main.js "$@"; }

premotor collect --task pusht --policy explore --episodes 10000 --seed 1 --out "$data"
premotor train --data "$data" --out "$out" --seed 1 --steps 4500 --encoder keypoint --channels 64,64,64 --hidden 512 \
  --latent-dim 192 --context 2 --predictor-hidden 512 --residual-blocks 2 --clip 6 --batch 48 --auxiliary inverse=1 \
  --monitor-every 500 --save-every 500 --critic-steps 5000 --reflex-steps 8000
premotor eval --task pusht --all --episodes 100 --seed 42 --checkpoint "$out/checkpoint" --table "$out/table.md"
