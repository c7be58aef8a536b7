#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compiles each header of src and include alone: whoever includes it needs to include nothing before it.

    tools/check_headers.py BUILD      BUILD: a configured build folder, with compile_commands.json and the generated files

A header is compiled with the flags of its own room, so that it finds what its room may use, and nothing else.
"""

import concurrent.futures
import json
import os
import shlex
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
JOBS = 2  # a compiler takes some hundred MB


def flags_by_folder(build):
    """The compiler's command of one source file in each folder, without that file and its output."""
    with open(os.path.join(build, "compile_commands.json"), encoding="utf-8") as file:
        entries = json.load(file)
    result = {}
    for entry in entries:
        words = shlex.split(entry["command"])
        words = words[: words.index("-o")]
        if os.path.basename(words[0]) == "ccache":
            words.pop(0)
        result.setdefault(os.path.dirname(entry["file"]), (words, entry["directory"]))
    return result


def headers():
    for top in ("src", "include"):
        for directory, _, files in os.walk(os.path.join(ROOT, top)):
            yield from (os.path.join(directory, name) for name in sorted(files) if name.endswith(".h"))


def compile_alone(header, command):
    words, directory = command
    result = subprocess.run(
        [*words, "-x", "c++", "-fsyntax-only", "-"],
        input=f'#include "{header}"\n',
        cwd=directory, capture_output=True, text=True, check=False,
    )
    return result.returncode, result.stderr


def main(arguments):
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    commands = flags_by_folder(os.path.abspath(arguments[0]))
    # A room of headers alone, and the public headers, have no command of their own: the client's sees what they may see.
    fallback = commands.get(os.path.join(ROOT, "src", "client")) or next(iter(commands.values()))
    found = sorted(headers())
    failures = 0
    with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
        results = pool.map(lambda header: compile_alone(header, commands.get(os.path.dirname(header), fallback)), found)
        for header, (code, errors) in zip(found, results):
            if code:
                print(f"{os.path.relpath(header, ROOT)}:1: does not compile alone\n{errors}", end="")
                failures += 1
    print(f"headers: {len(found)} compiled alone, {failures} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
