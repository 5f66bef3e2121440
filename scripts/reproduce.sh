#!/usr/bin/env bash
# A task from nothing: collects, trains, writes the checkpoint that ships, evaluates. reproduce.sh TASK [OUT]; everything goes to
# runs/reproduce-TASK (or the folder given) and data/reproduce-TASK. An interrupted run goes on where it stopped.
set -euo pipefail
cd "$(dirname "$0")/.."

task=$1
out=${2:-runs/reproduce-$task}
data=data/reproduce-$task
seeds=${SEEDS:-42}

clips='--clip 6 --batch 48 --auxiliary inverse=1 --monitor-every 500 --save-every 500'
keypoints="--encoder keypoint --channels 64,64,64 --hidden 512 --latent-dim 192 --context 2 --predictor-hidden 512 --residual-blocks 2 $clips"
heads='--ensemble-steps 3000 --lexicon-steps 3000'
harden='--harden-steps 1500 --harden-colours 0.25'
# On latents that stay, from another data set too: of who knows the way, or of who errs.
shown() { echo "--demonstrations $data-${others[0]}"; }
critic='--critic-steps 8000 --critic-hidden 512 --critic-expectile 0.5 --critic-farthest 12 --critic-noise 0.1'
reflex='--reflex-steps 10000 --reflex-modes 5'
plans='--plan-cost critic=1,sum=0.03,effort=5 --plan-planner predictive --plan-steady 0.1 --plan-refinements 3 --plan-keep-in 0.04'
others=() # policy, episodes and seed of it
case $task in # stages, each begun with what the one before it made
  two-room) episodes=3000 stages=("--reflex-steps 6000 $heads --harden-steps 3000") ;;
  pusht)
    episodes=10000 others=(expert 8000 2)
    stages=(
      "$keypoints --steps 4500 --critic-steps 0"
      "$clips --steps 6000 --critic-steps 0 $heads $harden"
      "$(shown) --predictor-steps 12000 $critic $reflex $plans"
    )
    ;;
  reacher) episodes=4000 stages=("$keypoints --steps 2000 --critic-steps 3000 --reflex-steps 6000 $heads $harden --plan-refinements 4 --plan-near 0.01") ;;
  cube)
    episodes=4000 others=(fumble 4000 3)
    stages=(
      "$keypoints --steps 2500 --critic-steps 3000 --reflex-steps 6000 $heads"
      "$(shown) --predictor-steps 16000 --plan-cost arrival --plan-refinements 1 --harden-steps 1500 --harden-colours 0.1"
    )
    ;;
  *) echo "there is no recipe for '$task': two-room, pusht, reacher, cube" >&2 && exit 2 ;;
esac

node scripts/build.mjs --if-needed
premotor() { node dist/src/cli/main.js "$@"; }

premotor collect --task "$task" --policy explore --episodes "$episodes" --seed 1 --out "$data"
if [ ${#others[@]} -gt 0 ]; then
  premotor collect --task "$task" --policy "${others[0]}" --episodes "${others[1]}" --seed "${others[2]}" --out "$data-${others[0]}"
fi
from=()
for i in "${!stages[@]}"; do
  stage=$out
  [ "$i" -lt $((${#stages[@]} - 1)) ] && stage=$out-$i
  if [ -d "$stage/checkpoint" ]; then
    : # done
  elif [ -f "$stage/recipe.json" ]; then
    premotor train --out "$stage" --resume
  else
    # shellcheck disable=SC2086 # options, word by word
    premotor train "${from[@]}" --data "$data" --out "$stage" --seed 1 ${stages[$i]}
  fi
  from=(--from "$stage/checkpoint")
done
rm -rf "$out/ship"
premotor export --checkpoint "$out/checkpoint" --half "$out/ship"
premotor eval --task "$task" --all --episodes 100 --seeds "$seeds" --checkpoint "$out/ship" --table "$out/table.md"
