#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What a delivery costs the server's own code, beside what it cost before (bench/baseline.json).

  tools/cost.py PROGRAM              fails where a workload of PROGRAM (confab_cost, a release build) needs over 3 % more
                                     instructions a delivery than the baseline says, or allocates more
  tools/cost.py PROGRAM --record     writes the baseline: say in the commit why it changed

Instructions are counted by callgrind: the same at every run, however busy the machine. Allocations are the slope between
so many members and twice as many: what a message costs once is no delivery's.
"""

import argparse
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

BASELINE = Path(__file__).resolve().parent.parent / "bench" / "baseline.json"
WORKLOADS = ("paced", "bursts", "rooms", "history")
RISE_MAX = 1.03
ALLOCATIONS_RISE_MAX = 0.01
TIMEOUT_S = 300

# The same code of GnuTLS on every processor with AES instructions: AES-NI, SSSE3, PCLMUL.
ENVIRONMENT = os.environ | {"GNUTLS_CPUID_OVERRIDE": "0xE"}


def run(command):
    done = subprocess.run(command, capture_output=True, text=True, env=ENVIRONMENT, timeout=TIMEOUT_S)
    if done.returncode != 0:
        sys.exit(f"cost: {' '.join(command)} failed:\n{done.stderr}")
    return json.loads(done.stdout), done.stderr


def count_instructions(program, workload):
    """Per delivery; `workload` is the program's arguments."""
    with tempfile.TemporaryDirectory() as place:
        figures, said = run(["valgrind", "--tool=callgrind", "--instr-atstart=no", "--collect-atstart=no",
                             f"--callgrind-out-file={place}/out", program, *workload])
    collected = int(re.search(r"Collected : (\d+)", said).group(1))
    return collected / figures["deliveries"]


def allocations(program, workload):
    few, _ = run([program, workload])
    many, _ = run([program, workload, "--members", str(2 * few["members"])])
    return (many["allocations"] - few["allocations"]) / (many["deliveries"] - few["deliveries"])


def measure(program, workload):
    figures, _ = run([program, workload])
    return {
        "instructions": round(count_instructions(program, [workload])),
        "allocations": round(allocations(program, workload), 3),
        "datagrams_sent": round(figures["datagrams_sent"] / figures["deliveries"], 3),
        "datagrams_received": round(figures["datagrams_received"] / figures["deliveries"], 3),
    }


def complaints(workload, now, before):
    if now["instructions"] > before["instructions"] * RISE_MAX:
        yield f"{workload}: {now['instructions']} instructions a delivery, {before['instructions']} before"
    if now["allocations"] > before["allocations"] + ALLOCATIONS_RISE_MAX:
        yield f"{workload}: {now['allocations']} allocations a delivery, {before['allocations']} before"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--record", action="store_true")
    arguments = parser.parse_args()
    if platform.machine() != "x86_64":
        print("cost: the baseline is of x86_64; nothing to compare with here")
        return 0

    with ThreadPoolExecutor(2) as pool:
        now = dict(zip(WORKLOADS, pool.map(lambda each: measure(arguments.program, each), WORKLOADS)))
    if arguments.record:
        BASELINE.write_text(json.dumps(now, indent=2) + "\n")
    before = json.loads(BASELINE.read_text())

    print(f"{'per delivery':14}{'instructions':>14}{'before':>9}{'allocations':>13}{'before':>8}{'sent':>7}{'received':>10}")
    for workload in WORKLOADS:
        one, other = now[workload], before[workload]
        print(f"{workload:14}{one['instructions']:14}{other['instructions']:9}{one['allocations']:13}"
              f"{other['allocations']:8}{one['datagrams_sent']:7}{one['datagrams_received']:10}")
    found = [each for workload in WORKLOADS for each in complaints(workload, now[workload], before[workload])]
    for each in found:
        print(f"dearer: {each}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
