#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The checks of style and of likely mistakes. Runs all that are asked for, then says which of them found something.
#
#   tools/lint.sh [CHECK...]      of: format tidy shell headers clang_tidy      default: all, in this order
#
# BUILD names the build folder whose flags are used (default build/debug; configured when it is not there).
set -euo pipefail
cd "$(dirname "$0")/.."

readonly build=${BUILD:-build/debug}
readonly jobs=2

say() { printf 'lint: %s\n' "$*"; }

need() {
  command -v "$1" >/dev/null && return
  say "$1 is missing: tools/setup.sh checks" >&2
  return 1
}

# What git knows and what it would add, without what was removed.
sources() {
  git ls-files --cached --others --exclude-standard -z -- "$@" | xargs -0r ls -1 2>/dev/null | sort -u
}

# Flags for every file, and the sources that are made by the build.
prepare_build() {
  [ -e "$build/compile_commands.json" ] || cmake --preset debug -B "$build" >/dev/null
  cmake --build "$build" --target confab_proto confab_emoji_table >/dev/null
}

check_format() {
  need clang-format-19
  sources '*.cc' '*.h' | xargs -r clang-format-19 --dry-run -Werror
}

check_tidy() {
  python3 tests/tidy/tidy.py --self-test && python3 tests/tidy/tidy.py
}

check_shell() {
  command -v shellcheck >/dev/null || { say 'shellcheck is not installed: skipped'; return 0; }
  sources '*.sh' | xargs -r shellcheck -e SC1091  # SC1091: files of the system it cannot follow
}

check_headers() {
  prepare_build
  python3 tools/check_headers.py "$build"
}

# run-clang-tidy repeats a header's finding for each file that includes it, and says much else: once each is enough.
check_clang_tidy() {
  need run-clang-tidy-19
  prepare_build
  local output=$build/clang-tidy.log status=0
  run-clang-tidy-19 -j "$jobs" -quiet -p "$build" "^$PWD/(src|apps)/" >"$output" 2>&1 || status=$?
  [ "$status" = 0 ] && return
  grep -E '(error|warning): .*\[' "$output" | sed "s|$PWD/||" | sort -u || tail -n 20 "$output"
  say "details: $output"
  return 1
}

main() {
  local checks=("$@") failed=() check
  [ ${#checks[@]} -gt 0 ] || checks=(format tidy shell headers clang_tidy)
  for check in "${checks[@]}"; do
    declare -F "check_$check" >/dev/null || { say "no such check: $check" >&2; exit 2; }
    say "$check"
    # A shell of its own, so that `set -e` holds within the check and its failure does not end the others.
    set +e
    (set -e; "check_$check")
    local status=$?
    set -e
    [ "$status" = 0 ] || failed+=("$check")
  done
  [ ${#failed[@]} -eq 0 ] && { say 'nothing found'; return 0; }
  say "findings in: ${failed[*]}"
  return 1
}

main "$@"
