#!/usr/bin/env bash
# Configures (once) and builds a preset of CMakePresets.json: tools/build.sh release|debug|asan|tsan|fuzz
set -euo pipefail
cd "$(dirname "$0")/.."

preset=$1
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# A compile step takes up to 1 GB: on a machine with many cores and little memory, memory is the limit.
jobs=$(nproc)
memory_gb=$(awk '/MemAvailable/ { print int($2 / 1048576) }' /proc/meminfo)
[ "$memory_gb" -ge "$jobs" ] || jobs=$((memory_gb > 0 ? memory_gb : 1))

[ -f "build/$preset/build.ninja" ] || cmake --preset "$preset" >"$log" 2>&1 || { cat "$log"; exit 1; }
printf 'building %s with %s jobs\n' "$preset" "$jobs"
cmake --build "build/$preset" --parallel "$jobs" >"$log" 2>&1 || { grep -vE '^\[[0-9]+/[0-9]+\] (Building|Linking|Running)' "$log"; exit 1; }
grep -E 'warning:' "$log" || true
