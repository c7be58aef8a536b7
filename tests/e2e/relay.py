# SPDX-License-Identifier: MIT
"""A bad network as a program: a UDP relay that drops, doubles, delays and so reorders what passes through it.

    relay.py SERVER_PORT SEED        loopback only; prints the port that it listens on

Each client's address gets a socket of its own towards the server, as behind a NAT. Commands, a line each, at stdin:

    rebind         the NAT forgets: every client has another address from here on
    cut MS         nothing passes for so long
    calm           from here on nothing is lost, doubled or held up
    quit           ends; so does the end of stdin. Prints its counters as one JSON object
"""

import dataclasses
import heapq
import itertools
import json
import random
import selectors
import socket
import sys
import time

DATAGRAM_BYTES_MAX = 65536
BATCH_MAX = 64


@dataclasses.dataclass
class Faults:
    """Chances for each datagram on its own; delays in seconds."""

    loss: float = 0.02
    double: float = 0.02
    delay_s_max: float = 0.010


@dataclasses.dataclass
class Counters:
    passed: int = 0
    lost: int = 0
    doubled: int = 0
    cut: int = 0
    rebinds: int = 0


class Relay:
    def __init__(self, server_port: int, seed: int) -> None:
        self.server = ("127.0.0.1", server_port)
        self.random = random.Random(seed)
        self.faults = Faults()
        self.counters = Counters()
        self.cut_until = 0.0
        self.selector = selectors.DefaultSelector()
        self.front = self.open_socket("front")
        self.backs: dict[tuple[str, int], socket.socket] = {}  # a client's address -> its way to the server
        self.due: list[tuple[float, int, socket.socket, tuple[str, int], bytes]] = []
        self.order = itertools.count()

    def open_socket(self, role: object) -> socket.socket:
        made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 * 1024 * 1024)
        made.bind(("127.0.0.1", 0))
        made.setblocking(False)
        self.selector.register(made, selectors.EVENT_READ, role)
        return made

    def run(self) -> None:
        print(self.front.getsockname()[1], flush=True)
        self.selector.register(sys.stdin.buffer.raw, selectors.EVENT_READ, "commands")
        while True:
            wait = max(0.0, self.due[0][0] - time.monotonic()) if self.due else None
            for key, _ in self.selector.select(wait):
                if key.data == "commands":
                    if not self.obey(sys.stdin.buffer.raw.read(4096) or b"quit"):
                        return print(json.dumps(dataclasses.asdict(self.counters)), flush=True)
                else:
                    self.take(key.fileobj, key.data)
            self.deliver()

    def obey(self, lines: bytes) -> bool:
        for line in lines.decode().splitlines():
            words = line.split()
            if words[0] == "quit":
                return False
            if words[0] == "cut":
                self.cut_until = time.monotonic() + int(words[1]) / 1000
            if words[0] == "calm":
                self.faults = Faults(0, 0, 0)
            if words[0] == "rebind":
                self.rebind()
        return True

    def rebind(self) -> None:
        self.counters.rebinds += 1
        for back in self.backs.values():
            self.selector.unregister(back)
            back.close()
        self.backs.clear()
        self.due = [each for each in self.due if each[2].fileno() >= 0]
        heapq.heapify(self.due)

    def take(self, source: socket.socket, role: object) -> None:
        """`role` is "front", or the client whose back it is."""
        for _ in range(BATCH_MAX):
            try:
                datagram, sender = source.recvfrom(DATAGRAM_BYTES_MAX)
            except (BlockingIOError, ConnectionRefusedError):
                return
            if role == "front":
                if sender not in self.backs:
                    self.backs[sender] = self.open_socket(sender)
                self.send(self.backs[sender], self.server, datagram)
            else:
                self.send(self.front, role, datagram)

    def send(self, way: socket.socket, to: tuple[str, int], datagram: bytes) -> None:
        now = time.monotonic()
        if now < self.cut_until:
            self.counters.cut += 1
            return
        if self.random.random() < self.faults.loss:
            self.counters.lost += 1
            return
        copies = 1
        if self.random.random() < self.faults.double:
            self.counters.doubled += 1
            copies = 2
        for _ in range(copies):
            at = now + self.random.random() * self.faults.delay_s_max
            heapq.heappush(self.due, (at, next(self.order), way, to, datagram))

    def deliver(self) -> None:
        now = time.monotonic()
        while self.due and self.due[0][0] <= now:
            _, _, way, to, datagram = heapq.heappop(self.due)
            try:
                way.sendto(datagram, to)
                self.counters.passed += 1
            except OSError:  # nobody listens there just now, or the buffer is full: lost
                self.counters.lost += 1


if __name__ == "__main__":
    Relay(int(sys.argv[1]), int(sys.argv[2])).run()
