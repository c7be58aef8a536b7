# SPDX-License-Identifier: MIT
"""A network of a test's own: every port is free there, and nobody else can hear.

The toy's port is fixed, 2209: a server that somebody runs on this machine must not meddle with the tests, nor they with
it.
"""

import fcntl
import os
import socket
import struct
import subprocess
import sys

INSIDE = "CONFAB_E2E_NETWORK"

SIOCGIFFLAGS = 0x8913
SIOCSIFFLAGS = 0x8914
SIOCSIFADDR = 0x8916
IFF_UP = 0x1


def enter_own_network() -> bool:
    """Runs the calling script anew in a network namespace with loopback alone. False where that is not to be had."""
    if os.environ.get(INSIDE):
        raise_loopback()
        return True
    try:
        if subprocess.run(["unshare", "-rn", "true"], stderr=subprocess.DEVNULL, check=False).returncode != 0:
            return False
    except FileNotFoundError:
        return False
    os.environ[INSIDE] = "1"
    os.execvp("unshare", ["unshare", "-rn", sys.executable, "-B", *sys.argv])


def raise_loopback() -> None:
    """`ip link set lo up`, without asking for iproute2."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        request = fcntl.ioctl(any_socket, SIOCGIFFLAGS, struct.pack("16sH14x", b"lo", 0))
        _, flags = struct.unpack("16sH14x", request)
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", flags | IFF_UP))


def add_address(address: str) -> None:
    """`ip address add ADDRESS dev lo`: an address that is ours and, for programs, not loopback."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        request = struct.pack("16sHH4s8x", b"lo:1", socket.AF_INET, 0, socket.inet_aton(address))
        fcntl.ioctl(any_socket, SIOCSIFADDR, request)
