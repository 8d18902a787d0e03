#!/usr/bin/env bash
# Measures how long the compiler takes for a small job against the public headers alone: no precompiled header, no
# compiler cache, no other include folder of ours, so it also fails if a public header needs more than it may.
# Usage: compile_time.sh COMPILER. Prints the processor's time; adds it to $STREAMWORK_MEASUREMENTS if that is set.
set -euo pipefail
compiler=$1
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source=$here/consumer/main.cpp
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# Far above what it should take (a few seconds), so that a slow machine does not fail and a heavy header does.
readonly limit_seconds=30

TIMEFORMAT='%U %S'  # the processor's time: a busy machine must not make it look worse
spent=$({ time "$compiler" -std=c++20 -O2 -I "$here/../../include" -MMD -MF "$work/includes" -c "$source" \
  -o "$work/job.o" >"$work/said" 2>&1; } 2>&1) || { cat "$work/said" >&2; exit 1; }
took=$(awk '{ printf "%d", ($1 + $2) * 100 }' <<<"${spent##*$'\n'}")
line=$(printf 'a job of %d lines against the public headers: compiled in %d.%02d s of processor time' \
  "$(grep -c . "$source")" $((took / 100)) $((took % 100)))
echo "$line"
[[ -z ${STREAMWORK_MEASUREMENTS:-} ]] || echo "$line" >>"$STREAMWORK_MEASUREMENTS"

if tr ' ' '\n' <"$work/includes" | grep -E '/(boost/asio|spdlog|fmt|CLI|nlohmann|toml\+\+)/|simdjson|httplib|xxhash'; then
  echo "the public headers pull in the heavy headers above" >&2
  exit 1
fi
[[ $took -lt $((limit_seconds * 100)) ]]
