#!/usr/bin/env bash
# Which objective earns its place? The same data, seed and steps with each, then the same pairs by search alone toward the goal's latent.
# compare-objectives.sh TASK [OBJECTIVE ...]; two-room or pusht. STEPS, THREADS, EPISODES, PROTOCOLS as told; VARY="--vary distractors=4" trains and
# evaluates on pictures so varied. Results: runs/compare/TASK[-varied]/OBJECTIVE, and a table of all that are there.
set -euo pipefail
cd "$(dirname "$0")/.."

task=$1 && shift
case $task in
  two-room) episodes=3000 recipe=(--steps "${STEPS:-2400}") ;;
  pusht) episodes=2000 recipe=(--steps "${STEPS:-800}" --encoder keypoint --channels 32,32,32 --hidden 256 --latent-dim 128 --context 2
    --predictor-hidden 256 --clip 5 --batch 32) ;; # smaller than what ships, so that all can be tried in an hour
  *) echo "there is no comparison for '$task': two-room, pusht" >&2 && exit 2 ;;
esac
read -ra vary <<<"${VARY:-}"
kind=$task${VARY:+-varied}
data=${DATA:-data/reproduce-$kind}
out=runs/compare/$kind

node scripts/build.mjs --if-needed
premotor() { node dist/src/cli/main.js "$@"; }

premotor collect --task "$task" --policy explore --episodes "$episodes" --seed 1 "${vary[@]}" --out "$data"
for name in ${@:-sigreg vicreg contrastive teacher autoencoder pixels none}; do
  if [ ! -f "$out/$name/checkpoint/manifest.json" ]; then
    premotor train --data "$data" --out "$out/$name" --seed 1 --objective "$name" --threads "${THREADS:-2}" --critic-steps 0 "${recipe[@]}"
  fi
  for protocol in ${PROTOCOLS:-historical clear-moderate clear-strict}; do
    premotor eval --task "$task" --protocol "$protocol" --episodes "${EPISODES:-100}" --seed 42 --mode plan --cost sum "${vary[@]}" \
      --checkpoint "$out/$name/checkpoint" --json --quiet | tail -n 1 >"$out/$name/$protocol.json"
  done
done

node --input-type=module - "$out" <<'TABLE'
import { existsSync, readdirSync, readFileSync } from 'node:fs';
const out = process.argv[2];
console.log('| objective | historical | clear-moderate | clear-strict |\n|---|---|---|---|');
for (const name of readdirSync(out)) {
  const cells = ['historical', 'clear-moderate', 'clear-strict'].map((protocol) => {
    const file = `${out}/${name}/${protocol}.json`;
    if (!existsSync(file)) return '';
    const { success, interval } = JSON.parse(readFileSync(file, 'utf8'));
    return `${success.toFixed(0)}% (${interval.map((bound) => bound.toFixed(0)).join('-')})`;
  });
  console.log(`| ${name} | ${cells.join(' | ')} |`);
}
TABLE
