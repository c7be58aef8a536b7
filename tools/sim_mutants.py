#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Plants faults into copies of the program, one at a time, and counts the seeds until the simulator complains.

A simulator that never fails proves nothing. Each mutant below breaks one promise in the source: in a private copy under
build/mutants, never in the tree itself, so that none of it can ship. Prints a line a mutant; the exit code is 1 if one
survives all seeds, if an edit no longer applies, or if the unchanged tree fails.

    tools/sim_mutants.py [--seeds N] [NAME …]    all, or those named
    tools/sim_mutants.py --check                 only whether every edit applies, and whether a copy can be configured
                                                 (a test; nothing is built)
"""

import argparse
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from sim_mutants_list import MUTANTS, Mutant

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / "build" / "mutants"
TREE = WORK / "tree"
BUILD = WORK / "build"
PARTS = ["CMakeLists.txt", "cmake", "proto", "include", "src", "apps", "bench", "tools/emoji_table.py"]
# A mutant that spins or waits for ever has been caught, too.
RUN_SECONDS_MAX = 900


def check(mutants: list[Mutant]) -> list[str]:
    """What is wrong with the edits, as sentences."""
    errors = []
    for mutant in mutants:
        for edit in mutant.edits:
            path = ROOT / edit.file
            count = path.read_text().count(edit.old) if path.exists() else 0
            if count != 1:
                errors.append(f"{mutant.name}: its text stands {count} times in {edit.file}, not once")
    names = [each.name for each in mutants]
    errors += [f"{name}: the name is not its alone" for name in sorted(set(names)) if names.count(name) > 1]
    return errors


def copy_tree(tree: Path) -> None:
    """Files that are the same keep their time, so that a second run builds little."""
    for part in PARTS:
        sources = [ROOT / part] if (ROOT / part).is_file() else sorted((ROOT / part).rglob("*"))
        for source in sources:
            if source.is_file():
                write(tree / source.relative_to(ROOT), source.read_bytes())
    known = {ROOT / path.relative_to(tree) for path in tree.rglob("*") if path.is_file()}
    for gone in (path for path in known if not path.exists()):
        (tree / gone.relative_to(ROOT)).unlink()


def write(path: Path, content: bytes) -> None:
    if path.exists() and path.read_bytes() == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def configure(tree: Path, build: Path) -> str | None:
    """What CMake says, if it says no."""
    options = ["-DCMAKE_BUILD_TYPE=RelWithDebInfo", "-DCMAKE_CXX_FLAGS_RELWITHDEBINFO=-O2 -g1 -DNDEBUG"]
    done = subprocess.run(["cmake", "-G", "Ninja", "-S", tree, "-B", build, *options], capture_output=True, text=True)
    return None if done.returncode == 0 else done.stderr[-2000:]


def check_copy() -> str | None:
    """Why a copy of these parts cannot be configured, if so. Elsewhere, so that a run under way is not disturbed."""
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder) / "tree"
        copy_tree(tree)
        return configure(tree, Path(folder) / "build")


def build() -> str | None:
    """What CMake or the compiler says, if it says no."""
    if not (BUILD / "build.ninja").exists() and (error := configure(TREE, BUILD)):
        return error
    done = subprocess.run(["cmake", "--build", BUILD, "-j2", "--target", "confab_sim_app"], capture_output=True, text=True)
    return None if done.returncode == 0 else done.stdout[-2000:]


class Verdict:
    """What a series of runs came to."""

    def __init__(self, seeds: int) -> None:
        command = [BUILD / "bin" / "confab_sim", "--tier", "both", "--seeds", str(seeds)]
        begun = time.monotonic()
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=RUN_SECONDS_MAX)
            self.code, output = done.returncode, done.stdout
        except subprocess.TimeoutExpired as expired:
            self.code, output = 1, (expired.stdout or b"").decode()
            output += "\nseed ?: a promise is broken:\n  it does not come to an end\n"
        self.seconds = time.monotonic() - begun
        found = re.search(r"^seed (\S+): a promise is broken.*\n  (.*)$", output, re.MULTILINE)
        tier = "fast" if "--tier fast --trace" in output else "quic"
        self.caught = self.code != 0
        self.seed = f"{found[1]} {tier}" if found else "?"
        self.complaint = found[2] if found else f"it dies with {self.code}"


def report(name: str, seed: str, seconds: float, complaint: str) -> None:
    print(f"{name:<36} {seed:<10} {seconds:7.1f} s  {complaint[:110]}", flush=True)


def try_mutant(mutant: Mutant, seeds: int) -> bool:
    originals = {TREE / edit.file: (TREE / edit.file).read_text() for edit in mutant.edits}
    for edit in mutant.edits:
        path = TREE / edit.file
        path.write_text(path.read_text().replace(edit.old, edit.new))
    try:
        error = build()
        if error:
            report(mutant.name, "-", 0, "DOES NOT BUILD: " + error)
            return False
        verdict = Verdict(seeds)
    finally:
        for path, text in originals.items():
            path.write_text(text)
    report(mutant.name, verdict.seed if verdict.caught else "-", verdict.seconds,
           verdict.complaint if verdict.caught else f"SURVIVES {seeds} seeds: {mutant.why}")
    return verdict.caught


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="only whether every edit applies, and a copy is configured")
    parser.add_argument("--seeds", type=int, default=200, help="so many at most for each mutant (200)")
    parser.add_argument("names", nargs="*", help="these alone")
    arguments = parser.parse_args()
    chosen = [each for each in MUTANTS if not arguments.names or each.name in arguments.names]
    errors = check(chosen)
    errors += [f"{name}: no such mutant" for name in arguments.names if name not in {each.name for each in MUTANTS}]
    if arguments.check and (error := check_copy()):
        errors.append(error)
    for error in errors:
        print(error)
    if errors or arguments.check:
        return 1 if errors else 0

    copy_tree(TREE)
    error = build()
    if error:
        sys.exit(error)
    clean = Verdict(arguments.seeds)
    report("(none)", clean.seed if clean.caught else "-", clean.seconds, clean.complaint if clean.caught else "clean")
    if clean.caught:
        return 1
    survivors = [each.name for each in chosen if not try_mutant(each, arguments.seeds)]
    print(f"{len(chosen) - len(survivors)} of {len(chosen)} caught" + "".join(f"\n  not: {name}" for name in survivors))
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())
