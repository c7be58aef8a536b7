#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The style rules that a compiler does not see, as a test: floors of the house, outside libraries, clocks, sizes.

    tidy.py [FILE...]      checks these files, or the whole tree; prints file:line for each finding; exit code 1 if any
    tidy.py --self-test    feeds itself a bad and a good file for each rule and fails if a rule stays silent or cries wolf

A rule is a function (path, lines) -> iterable of (line number, complaint), where `path` is relative to the root of the tree
and `lines` are the file's lines without their ends. RULES lists them all.
"""

import os
import re
import sys

ROOT = os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
FOLDERS = ["apps", "bench", "cmake", "examples", "fuzz", "include", "proto", "src", "tests", "tools"]
SUFFIXES = (".cc", ".h", ".proto", ".py", ".sh", ".cmake", "CMakeLists.txt")
SKIPPED_FOLDERS = {"corpus", "__pycache__", "node_modules", "build"}

LINES_MAX = 500

# A room includes only what stands lower. Above them all: apps and bench, which choose the concrete parts.
FLOORS = {
    "base": 0,
    "wire": 1,
    "chat": 2, "log": 2, "net": 2, "term": 2,
    "server": 3, "client": 3, "io": 3, "prefs": 3,
    "tui": 4, "runtime": 4, "sim": 4,
    "screen": 5,  # apps and bench stand above
}
# Where one floor above is still not allowed.
NEVER_INCLUDES = {"sim": {"io"}}

# The public headers, include/confab, stand on nothing and belong to the client.
PUBLIC_HEADER_USERS = {"client", "prefs", "tui", "screen", "runtime", "sim", "apps", "bench", "examples", "include"}

# Folders without rooms, whose files call each other by their bare names.
FLAT_FOLDERS = ("apps", "bench", "examples")

# Which rooms may use an outside library, by how its includes begin. fmt is everybody's, through base/log.h.
LIBRARIES = {
    "asio": {"io"},
    "CLI/": {"apps"},
    "curses.h": {"io"},
    "term.h": {"io"},
    "fmt/": {"everybody"},
    "gnutls/": {"net", "sim", "bench"},  # sim: stands in for its randomness and its clock; bench: TLS to the peers
    "google/protobuf/": {"wire"},
    "confab/v1/": {"wire"},  # generated; everybody else has it from wire/framing.h
    "ngtcp2/": {"net"},
    "nlohmann/": {"base", "tui", "apps", "bench"},
    "spdlog/": {"base"},
    "sqlite3.h": {"log"},
    "toml++/": {"apps", "prefs"},  # each reads its own program's settings
    "utf8proc.h": {"base", "term"},
    "valgrind/": {"bench"},
}
SYSTEM_HEADER = re.compile(r"[a-z0-9_]+(\.h)?|(arpa|linux|net|netinet|sys)/[a-z0-9_]+\.h")

# What a state machine is told and never asks for. Rooms that are the outside world, or measure it, may ask.
OUTSIDE = ("src/io/", "apps/", "bench/", "tests/io/", "tests/e2e/", "tests/apps/", "tools/")
HIDDEN_INPUT = re.compile(
    r"\b(?:(?:system|steady|high_resolution)_clock::now|clock_gettime|gettimeofday|std::time\b|time\((?:0|NULL|nullptr)\)"
    r"|random_device|getrandom|getentropy|\brand\(\)|srand\(|arc4random|sleep_for|sleep_until|nanosleep|usleep\(|sleep\()"
)
# Their sequences differ from one standard library to the next: a seed would not mean one run.
UNREPEATABLE = re.compile(r"std::\w+_distribution\b|std::(?:ranges::)?(?:shuffle|sample)\b")

INCLUDE = re.compile(r'\s*#\s*include\s*(<([^>]+)>|"([^"]+)")')
POSTPONED = re.compile(r"\b(?:TO[D]O|FIX[M]E|XX[X])\b")


def is_cpp(path):
    return path.endswith((".cc", ".h"))


def room_of(path):
    """The room that a file's includes are judged by; None where anything goes (tests, fuzz)."""
    parts = path.split("/")
    if parts[0] == "src" and len(parts) > 2:
        return parts[1]
    return parts[0] if parts[0] in (*FLAT_FOLDERS, "include") else None


def includes(lines):
    """Yields (line number, header, quoted)."""
    for number, line in enumerate(lines, 1):
        if match := INCLUDE.match(line):
            yield number, match.group(2) or match.group(3), match.group(3) is not None


def code_only(line):
    """The line without its comment and without what its string literals say."""
    line = re.sub(r'"(?:[^"\\]|\\.)*"', '""', line)
    return re.sub(r"//.*", "", line)


def may_include(room, target):
    if target == "confab":
        return room in PUBLIC_HEADER_USERS
    if target in NEVER_INCLUDES.get(room, set()):
        return False
    if room in ("apps", "bench"):
        return target in FLOORS
    return room == target or (room in FLOORS and target in FLOORS and FLOORS[target] < FLOORS[room])


def library_of(header):
    for prefix in LIBRARIES:
        if header.startswith(prefix):
            return prefix
    return None


def check_floors(path, lines):
    room = room_of(path)
    if not is_cpp(path) or room is None:
        return
    if room not in FLOORS and room not in (*FLAT_FOLDERS, "include"):
        yield 1, f"src/{room} has no floor in tests/tidy/tidy.py"
        return
    for number, header, quoted in includes(lines):
        target = header.split("/")[0]
        if library_of(header) or not (quoted or target == "confab"):
            continue
        if "/" not in header and room in FLAT_FOLDERS:
            continue
        if "/" not in header or target not in set(FLOORS) | {"confab"}:
            yield number, f'"{header}" is not written from the root of src or include'
        elif not may_include(room, target):
            yield number, f"{room} does not include {target}: it stands no lower"


def check_libraries(path, lines):
    room = room_of(path)
    if not is_cpp(path) or room is None:
        return
    for number, header, quoted in includes(lines):
        library = library_of(header)
        if library:
            owners = LIBRARIES[library]
            if room not in owners and ("everybody" not in owners or room == "include"):
                yield number, f"<{header}> belongs to {', '.join(sorted(owners))} alone"
        elif not quoted and not header.startswith("confab/") and not SYSTEM_HEADER.fullmatch(header):
            yield number, f"<{header}> is of a library that tests/tidy/tidy.py does not know"


def check_hidden_input(path, lines):
    if not is_cpp(path) or path.startswith(OUTSIDE):
        return
    for number, line in enumerate(lines, 1):
        if match := HIDDEN_INPUT.search(code_only(line)):
            yield number, f"{match.group().rstrip('(')}: time, sleep and randomness come in from outside (src/io, apps)"


def check_repeatable(path, lines):
    if not is_cpp(path):
        return
    for number, line in enumerate(lines, 1):
        if match := UNREPEATABLE.search(code_only(line)):
            yield number, f"{match.group()} differs between standard libraries: use base::Random::below"


def check_length(path, lines):
    if len(lines) > LINES_MAX:
        yield len(lines), f"{len(lines)} lines, over {LINES_MAX}: a second file would be easier to read"


def check_licence(path, lines):
    if path.endswith((".cc", ".h", ".proto")) and (not lines or lines[0] != "// SPDX-License-Identifier: MIT"):
        yield 1, "the first line is not // SPDX-License-Identifier: MIT"


def check_header_guard(path, lines):
    if path.endswith(".h") and "#pragma once" not in lines:
        yield 1, "no #pragma once"


def check_postponed(path, lines):
    for number, line in enumerate(lines, 1):
        if match := POSTPONED.search(line):
            yield number, f"{match.group()}: done now, or an issue"


def check_white_space(path, lines):
    for number, line in enumerate(lines, 1):
        if "\t" in line:
            yield number, "tab"
        if line != line.rstrip():
            yield number, "white space at the end"
    if lines and not lines[-1]:
        yield len(lines), "empty line at the end"


RULES = [
    check_floors,
    check_libraries,
    check_hidden_input,
    check_repeatable,
    check_length,
    check_licence,
    check_header_guard,
    check_postponed,
    check_white_space,
]


def findings(path, text):
    lines = text.split("\n")
    if not lines[-1]:
        lines.pop()  # what follows the last line's end is no line
    return sorted((number, complaint) for rule in RULES for number, complaint in rule(path, lines))


def tree():
    for folder in FOLDERS:
        for directory, folders, files in os.walk(os.path.join(ROOT, folder)):
            folders[:] = sorted(set(folders) - SKIPPED_FOLDERS)
            for name in sorted(files):
                if name.endswith(SUFFIXES):
                    yield os.path.relpath(os.path.join(directory, name), ROOT)


def check_files(paths):
    count = 0
    for path in paths:
        with open(os.path.join(ROOT, path), encoding="utf-8", newline="") as file:
            for number, complaint in findings(path, file.read()):
                print(f"{path}:{number}: {complaint}")
                count += 1
    return count


# Each rule with the files that break it and the line it must name, then files that break none.
HEAD = "// SPDX-License-Identifier: MIT\n"
BAD = [
    (check_floors, "src/base/a.cc", HEAD + '#include "wire/link.h"\n', 2),
    (check_floors, "src/chat/a.cc", HEAD + '#include "log/store.h"\n', 2),
    (check_floors, "src/client/a.cc", HEAD + '#include "server/server.h"\n', 2),
    (check_floors, "src/sim/a.cc", HEAD + '#include "io/loop.h"\n', 2),
    (check_floors, "src/server/a.cc", HEAD + '#include "session.h"\n', 2),
    (check_floors, "src/server/a.cc", HEAD + '#include "../wire/link.h"\n', 2),
    (check_floors, "src/server/a.cc", HEAD + '#include "confab/client.h"\n', 2),
    (check_floors, "src/attic/a.cc", HEAD, 1),
    (check_floors, "include/confab/a.h", HEAD + '#pragma once\n#include "base/bytes.h"\n', 3),
    (check_floors, "examples/a.cc", HEAD + '#include "client/client.h"\n', 2),
    (check_floors, "src/runtime/a.cc", HEAD + '#include "tui/run.h"\n', 2),
    (check_floors, "src/server/a.cc", HEAD + "#include <confab/client.h>\n", 2),
    (check_libraries, "src/server/a.cc", HEAD + "#include <sqlite3.h>\n", 2),
    (check_libraries, "src/chat/a.cc", HEAD + "\n  # include <ngtcp2/ngtcp2.h>\n", 3),
    (check_libraries, "src/net/a.cc", HEAD + "#include <asio.hpp>\n", 2),
    (check_libraries, "src/tui/a.cc", HEAD + "#include <google/protobuf/message_lite.h>\n", 2),
    (check_libraries, "src/tui/a.cc", HEAD + '#include "confab/v1/event.pb.h"\n', 2),
    (check_libraries, "include/confab/a.h", HEAD + "#pragma once\n#include <fmt/format.h>\n", 3),
    (check_libraries, "src/base/a.cc", HEAD + "#include <boost/any.hpp>\n", 2),
    (check_hidden_input, "src/net/a.cc", HEAD + "auto now = std::chrono::steady_clock::now();\n", 2),
    (check_hidden_input, "src/net/a.cc", HEAD + "auto now = std::chrono::system_clock::now();\n", 2),
    (check_hidden_input, "src/base/a.cc", HEAD + "std::random_device device;\n", 2),
    (check_hidden_input, "src/base/a.cc", HEAD + "int x = rand();\n", 2),
    (check_hidden_input, "src/base/a.cc", HEAD + "auto t = time(nullptr);\n", 2),
    (check_hidden_input, "src/log/a.cc", HEAD + "usleep(10);\n", 2),
    (check_hidden_input, "tests/log/a_test.cc", HEAD + 'say("x"); std::this_thread::sleep_for(1ms);\n', 2),
    (check_repeatable, "src/sim/a.cc", HEAD + "std::uniform_int_distribution<int> dice(1, 6);\n", 2),
    (check_repeatable, "tests/sim/a.cc", HEAD + "std::ranges::shuffle(names, generator);\n", 2),
    (check_length, "src/base/a.cc", HEAD + "\n" * (LINES_MAX - 1) + "int x;\n", LINES_MAX + 1),
    (check_licence, "src/base/a.cc", '#include "base/a.h"\n', 1),
    (check_licence, "proto/confab/v1/a.proto", "\n" + HEAD, 1),
    (check_licence, "src/base/a.cc", "", 1),
    (check_header_guard, "src/base/a.h", HEAD + "struct A {};\n", 1),
    (check_postponed, "src/base/a.cc", HEAD + "// TO" + "DO: later\n", 2),
    (check_postponed, "tools/a.sh", "#!/bin/sh\n# FIX" + "ME\n", 2),
    (check_white_space, "src/base/a.cc", HEAD + "\tint x;\n", 2),
    (check_white_space, "src/base/a.cc", HEAD + "int x; \n", 2),
    (check_white_space, "src/base/a.cc", HEAD + "int x;\r\n", 2),
    (check_white_space, "src/base/a.cc", HEAD + "int x;\n\n", 3),
]
GOOD = [
    ("src/wire/a.cc", HEAD + '#include "wire/a.h"\n\n#include <google/protobuf/message_lite.h>\n\n#include "base/b.h"\n'),
    ("src/client/a.h", HEAD + '#pragma once\n\n#include <sys/stat.h>\n\n#include "confab/client.h"\n#include "net/b.h"\n'),
    ("src/net/a.cc", HEAD + "#include <fmt/format.h>\n#include <netinet/in.h>\n#include <gnutls/gnutls.h>\n"),
    ("apps/a.cc", HEAD + '#include <CLI/CLI.hpp>\n#include "sim/a.h"\n#include "io/a.h"\nsteady_clock::now();\n'),
    ("apps/b.cc", HEAD + '#include "server_options.h"\n#include "runtime/profile.h"\n'),
    ("examples/a.cc", HEAD + "#include <confab/client.h>\n"),
    ("src/net/b.cc", HEAD + "void rand(std::uint8_t* out);\n"),
    ("src/io/a.cc", HEAD + "auto now = std::chrono::steady_clock::now();\n"),
    ("src/base/a.cc", HEAD + 'say("rand() is no random_device");  // nor is sleep_for\nint operand(int), downtime(int);\n'),
    ("tests/e2e/a.cc", HEAD + "std::this_thread::sleep_for(1ms);\n"),
    ("src/base/b.cc", HEAD + "\n" * (LINES_MAX - 2) + "int x;\n"),
]


def self_test():
    failures = []
    for rule, path, text, line in BAD:
        lines = text.split("\n")[:-1]
        if line not in [number for number, _ in rule(path, lines)] or line not in [n for n, _ in findings(path, text)]:
            failures.append(f"{rule.__name__} is silent on line {line} of {path}: {text[-60:]!r}")
    for path, text in GOOD:
        failures += [f"{path}:{number}: cries wolf: {complaint}" for number, complaint in findings(path, text)]
    failures += [f"{rule.__name__} has no bad file" for rule in RULES if rule not in [bad[0] for bad in BAD]]
    for failure in failures:
        print(failure)
    print(f"tidy: {len(BAD)} bad and {len(GOOD)} good files, {len(failures)} failures")
    return len(failures)


def main(arguments):
    if arguments == ["--self-test"]:
        return 1 if self_test() else 0
    paths = [os.path.relpath(os.path.abspath(path), ROOT) for path in arguments] or list(tree())
    count = check_files(paths)
    print(f"tidy: {len(paths)} files, {count} findings")
    return 1 if count or not paths else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
