#!/usr/bin/env bash
# How much does a planner need? Every planner at several budgets on the same pairs; `auto` searches as the checkpoint says from what its reflex
# proposes, `reflex` not at all. compare-planners.sh [TASK] [PROTOCOL] [EPISODES]; results: runs/planners/TASK-PROTOCOL-EPISODES.jsonl, one line a run. Goes on where
# it stopped.
set -euo pipefail
cd "$(dirname "$0")/.."

task=${1:-pusht} protocol=${2:-clear-moderate} episodes=${3:-100}
results=runs/planners/$task-$protocol-$episodes.jsonl
node scripts/build.mjs --if-needed
mkdir -p runs/planners
touch "$results"

run() { # name, refinements if counted, how it is asked for
  local told="{\"planner\":\"$1\"${2:+,\"iterations\":$2}"
  grep -qF "$told," "$results" && return
  local found
  found=$(node dist/src/cli/main.js eval --task "$task" --protocol "$protocol" --episodes "$episodes" --seed 42 "${@:3}" ${2:+--iterations "$2"} --json --quiet | tail -n 1)
  echo "$told,${found#\{}" | tee -a "$results"
}

for planner in ${PLANNERS:-reflex auto cem icem mppi predictive gradient}; do
  case $planner in
    reflex) run reflex '' --mode reflex ;;
    auto) for budget in ${BUDGETS:-1 3 10}; do run auto "$budget" --mode auto; done ;;
    *) for budget in ${BUDGETS:-1 3 10}; do run "$planner" "$budget" --mode plan --planner "$planner"; done ;;
  esac
done
