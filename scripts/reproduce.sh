#!/usr/bin/env bash
# A task from nothing: collects, trains, writes the checkpoint that ships, evaluates. reproduce.sh TASK [OUT]; everything goes to
# runs/reproduce-TASK (or the folder given) and data/reproduce-TASK. An interrupted run goes on where it stopped.
set -euo pipefail
cd "$(dirname "$0")/.."

task=$1
out=${2:-runs/reproduce-$task}
data=data/reproduce-$task
seeds=${SEEDS:-42}

keypoints=(--encoder keypoint --channels 64,64,64 --hidden 512 --latent-dim 192 --context 2 --predictor-hidden 512
  --residual-blocks 2 --clip 6 --batch 48 --auxiliary inverse=1 --monitor-every 500 --save-every 500)
harden=(--harden-steps 1500 --harden-colours 0.25)
case $task in
  two-room) episodes=3000 recipe=(--reflex-steps 6000 --harden-steps 3000) ;;
  pusht) episodes=10000 recipe=("${keypoints[@]}" --steps 4500 --critic-steps 5000 --reflex-steps 8000 --plan-cost sum "${harden[@]}") ;;
  reacher) episodes=4000 recipe=("${keypoints[@]}" --steps 2000 --critic-steps 3000 --reflex-steps 6000 "${harden[@]}") ;;
  cube) episodes=4000 recipe=("${keypoints[@]}" --steps 2500 --critic-steps 3000 --reflex-steps 6000) ;;
  *) echo "there is no recipe for '$task': two-room, pusht, reacher, cube" >&2 && exit 2 ;;
esac

node scripts/build.mjs --if-needed
premotor() { node dist/src/cli/main.js "$@"; }

premotor collect --task "$task" --policy explore --episodes "$episodes" --seed 1 --out "$data"
if [ -f "$out/recipe.json" ]; then
  premotor train --out "$out" --resume
else
  premotor train --data "$data" --out "$out" --seed 1 "${recipe[@]}" --ensemble-steps 3000
fi
rm -rf "$out/ship"
premotor export --checkpoint "$out/checkpoint" --half "$out/ship"
premotor eval --task "$task" --all --episodes 100 --seeds "$seeds" --checkpoint "$out/ship" --table "$out/table.md"
