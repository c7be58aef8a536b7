#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Runs every fuzz target for a while and says in one line each what came of it; stops at the first crash.
#
#   fuzz/run.sh [SECONDS [NAME...]]      default: 20 seconds for each of all
#
# Builds the preset `fuzz` (clang, address and undefined behaviour sanitizers). Works on a copy of the corpus, which keeps what
# it finds from run to run; nothing is written outside build/fuzz.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly build=build/fuzz
readonly input_ms_max=10000 memory_mb_max=2048

say() { printf 'fuzz: %s\n' "$*"; }

all_names() {
  local source
  for source in fuzz/*_fuzz.cc; do basename "$source" _fuzz.cc; done
}

build_targets() {
  cmake --preset fuzz >"$build/build.log" 2>&1 && cmake --build "$build" --target "${@/%/_fuzz}" >>"$build/build.log" 2>&1 && return
  tail -n 30 "$build/build.log" >&2
  say "the build failed; see $build/build.log" >&2
  return 1
}

# The number behind a name in libFuzzer's final statistics.
statistic() { sed -nE "s/^stat::$1: *([0-9]+)$/\1/p" "$2" | tail -n 1; }

run_target() {
  local name=$1 seconds=$2
  local corpus=$build/corpus/$name log=$build/$name.log artifact=$build/$name-
  mkdir -p "$corpus"
  cp fuzz/corpus/"$name"/* "$corpus"
  local result=ok started=$SECONDS
  "$build/bin/${name}_fuzz" -max_total_time="$seconds" -timeout=$((input_ms_max / 1000)) -rss_limit_mb=$memory_mb_max \
    -print_final_stats=1 -artifact_prefix="$artifact" "$corpus" >"$log" 2>&1 || result=CRASH
  say "$(printf '%-16s %10s executions %5d s   %s' "$name" "$(statistic number_of_executed_units "$log")" $((SECONDS - started)) "$result")"
  [ "$result" = ok ] && return
  tail -n 40 "$log" >&2
  say "input: $(ls "$artifact"* 2>/dev/null || echo none); whole log: $log" >&2
  return 1
}

main() {
  local seconds=${1:-20}
  [ $# -gt 0 ] && shift
  local names=("$@")
  [ ${#names[@]} -gt 0 ] || mapfile -t names < <(all_names)
  mkdir -p "$build"
  build_targets "${names[@]}"
  local name
  for name in "${names[@]}"; do run_target "$name" "$seconds"; done
}

main "$@"
