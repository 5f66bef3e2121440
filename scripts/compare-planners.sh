#!/usr/bin/env bash
# How much does a planner need? Every planner at several budgets on the same pairs. compare-planners.sh [TASK] [PROTOCOL] [EPISODES];
# results: runs/planners/TASK.jsonl, one line a run.
set -euo pipefail
cd "$(dirname "$0")/.."

task=${1:-pusht} protocol=${2:-clear-moderate} episodes=${3:-100}
node scripts/build.mjs --if-needed
mkdir -p runs/planners
for planner in ${PLANNERS:-cem icem mppi predictive gradient}; do
  for iterations in ${BUDGETS:-1 3 10}; do
    node dist/src/cli/main.js eval --task "$task" --protocol "$protocol" --episodes "$episodes" --seed 42 --mode plan \
      --planner "$planner" --iterations "$iterations" --json --quiet | tail -n 1 \
      | node -e 'const found = JSON.parse(require("fs").readFileSync(0, "utf8"));
        const [planner, iterations] = process.argv.slice(1);
        console.log(JSON.stringify({ planner, iterations: Number(iterations), ...found }));' "$planner" "$iterations" \
      | tee -a "runs/planners/$task.jsonl"
  done
done
