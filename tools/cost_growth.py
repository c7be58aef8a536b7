#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Draws how the cost of a delivery grows with members, rooms and rate: tools/cost_growth.py PROGRAM OUT.svg

PROGRAM is a release build's confab_cost; instructions are callgrind's. The figures go to stdout, too, as a table.
"""

import math
import sys
from concurrent.futures import ThreadPoolExecutor

from cost import count_instructions

PANELS = (
    ("members", "one message a packet, one room", "members in the room", (10, 30, 100, 300, 1000, 2000),
     lambda n: ["--members", n]),
    ("rooms", "100 members, each in every room, 60 messages at once", "rooms", (1, 2, 5, 10, 20, 60),
     lambda n: ["--members", 100, "--burst", 60, "--rooms", n]),
    ("rate", "300 members, one room", "messages in one turn of the loop", (1, 2, 4, 8, 16, 32, 64),
     lambda n: ["--burst", n]),
)
WIDTH, HEIGHT, GAP, MARGIN, TOP = 260, 200, 60, 60, 40
INK, LINE = "#777", "#3a7bd5"
COST_MIN, COST_MAX = 100, 100_000


def measure(program, options):
    return count_instructions(program, ["paced", *map(str, options)])


def along(value, low, high, length):
    return length * math.log(value / low) / math.log(high / low)


def text(x, y, words, anchor="middle", size=11):
    return f'<text x="{x:.0f}" y="{y:.0f}" font-size="{size}" text-anchor="{anchor}" fill="{INK}">{words}</text>'


def draw_panel(left, what, below, points):
    low, high = points[0][0], points[-1][0]
    place = [(left + along(n, low, high, WIDTH), TOP + HEIGHT - along(cost, COST_MIN, COST_MAX, HEIGHT)) for n, cost in points]
    yield f'<rect x="{left}" y="{TOP}" width="{WIDTH}" height="{HEIGHT}" fill="none" stroke="{INK}"/>'
    for cost in (1_000, 10_000):
        y = TOP + HEIGHT - along(cost, COST_MIN, COST_MAX, HEIGHT)
        yield f'<line x1="{left}" x2="{left + WIDTH}" y1="{y:.0f}" y2="{y:.0f}" stroke="{INK}" stroke-dasharray="2 4"/>'
    for cost in (COST_MIN, 1_000, 10_000, COST_MAX):
        yield text(left - 6, TOP + HEIGHT - along(cost, COST_MIN, COST_MAX, HEIGHT) + 4, f"{cost:,}", "end")
    yield f'<polyline points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in place)}" fill="none" stroke="{LINE}" stroke-width="2"/>'
    for (n, cost), (x, y) in zip(points, place):
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{LINE}"/>'
        yield text(x, y - 8, f"{cost:,}", size=9)
        yield text(x, TOP + HEIGHT + 14, n, size=9)
    yield text(left + WIDTH / 2, TOP + HEIGHT + 32, below)
    yield text(left + WIDTH / 2, TOP - 10, what)


def draw(panels):
    width = MARGIN + len(panels) * (WIDTH + GAP)
    yield (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {TOP + HEIGHT + 50}" font-family="sans-serif">'
           "<title>Instructions per delivery, both axes logarithmic</title>")
    for number, (what, below, points) in enumerate(panels):
        yield from draw_panel(MARGIN + number * (WIDTH + GAP), what, below, points)
    yield "</svg>"


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    program, out = sys.argv[1:]
    panels = []
    with ThreadPoolExecutor(2) as pool:
        for name, what, below, values, options in PANELS:
            costs = [round(each) for each in pool.map(lambda n, options=options: measure(program, options(n)), values)]
            panels.append((what, below, list(zip(values, costs))))
            print(f"{name:8}", *(f"{n}: {cost}" for n, cost in zip(values, costs)), sep="  ")
    with open(out, "w", encoding="utf-8") as file:
        file.write("\n".join(draw(panels)) + "\n")


if __name__ == "__main__":
    main()
