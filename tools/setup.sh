#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Installs what Confab is built from, once and quietly; does nothing where all of it is there.
#
#   tools/setup.sh            what `make build` and `make test` need
#   tools/setup.sh checks     the above, and what the sanitizer, fuzz and lint targets need (clang 19)
#   tools/setup.sh bench      the servers that `make bench` measures beside confabd; their services are not started
#
# Debian 13 has everything in main. Debian 12 has ngtcp2 1.11 in bookworm-backports: that source is derived from the
# machine's own Debian entry, whatever mirror it names.
set -euo pipefail

build_packages=(
  g++ cmake ninja-build pkg-config python3 ca-certificates
  libngtcp2-dev libngtcp2-crypto-gnutls-dev libgnutls28-dev
  protobuf-compiler libprotobuf-dev libsqlite3-dev libasio-dev
  libfmt-dev libspdlog-dev libcli11-dev libtomlplusplus-dev nlohmann-json3-dev libutf8proc-dev libncurses-dev python3-emoji
  libgtest-dev valgrind libvterm0
)
check_packages=(clang-19 clang-tidy-19 clang-format-19 libclang-rt-19-dev)
peer_packages=(ngircd mosquitto nats-server)

# Version that the code needs, by package; everything else may be any version.
readonly ngtcp2_version_min=1.11

say() { printf 'setup: %s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

new_enough() {
  local version
  version=$(dpkg-query -W -f '${Version}' "$1" 2>/dev/null) || return 1
  dpkg --compare-versions "$version" ge "$ngtcp2_version_min"
}

missing_packages() {
  local package
  for package in "$@"; do
    case "$package" in
      libngtcp2*) installed "$package" && new_enough "$package" || printf '%s\n' "$package" ;;
      *) installed "$package" || printf '%s\n' "$package" ;;
    esac
  done
}

# The address of the archive that the machine already uses for bookworm, from either of apt's two formats.
debian_archive() {
  local file
  for file in /etc/apt/sources.list.d/*.sources; do
    [ -e "$file" ] || continue
    awk -v RS='' '
      /(^|\n)Suites:[^\n]*[ \t]bookworm([ \t\n]|$)/ && match($0, /(^|\n)URIs:[ \t]*[^ \t\n]+/) {
        split(substr($0, RSTART, RLENGTH), field, /[ \t]+/); print field[2]; exit
      }' "$file"
  done | sed -n 1p
}

debian_archive_one_line() {
  # Either file may be missing, which is no error.
  { cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null || true; } |
    sed -nE 's/^deb[[:space:]]+(\[[^]]*\][[:space:]]+)?([^[:space:]]+)[[:space:]]+bookworm[[:space:]].*/\2/p' | sed -n 1p
}

add_backports() {
  apt-cache policy | grep -q 'n=bookworm-backports' && return
  local archive
  archive=$(debian_archive)
  [ -n "$archive" ] || archive=$(debian_archive_one_line)
  [ -n "$archive" ] || fail "no Debian entry for bookworm in apt's sources: add bookworm-backports by hand, then run this again"
  say "adding bookworm-backports (for ngtcp2 $ngtcp2_version_min) to apt's sources"
  printf 'Types: deb\nURIs: %s\nSuites: bookworm-backports\nComponents: main\nSigned-By: /usr/share/keyrings/debian-archive-keyring.gpg\n' \
    "$archive" | "${as_root[@]}" tee /etc/apt/sources.list.d/confab-backports.sources >/dev/null
}

apt() { "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0 "$@" >/dev/null; }

# The peers are started by the benchmark, with a configuration of its own: Debian is not to start them as services, now
# or at the next boot. A policy that is there already is its administrator's, and stays.
without_services() {
  local policy=/usr/sbin/policy-rc.d package
  if [ ! -e "$policy" ]; then
    trap '"${as_root[@]}" rm -f /usr/sbin/policy-rc.d' EXIT
    printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
    "${as_root[@]}" chmod 755 "$policy"
  fi
  "$@"
  for package in "${missing[@]}"; do
    "${as_root[@]}" systemctl disable "$package" >/dev/null 2>&1 || true
  done
}

main() {
  local wanted=("${build_packages[@]}")
  case "${1:-build}" in
    build) ;;
    checks) wanted+=("${check_packages[@]}") ;;
    bench) wanted=("${peer_packages[@]}") ;;
    *) fail "usage: tools/setup.sh [build|checks|bench]" ;;
  esac

  (. /etc/os-release 2>/dev/null && [ "${ID:-}" = debian ]) || {
    say "this is no Debian: install what README.md lists under \"What it is built from\"; going on with what is here"
    exit 0
  }
  local missing
  mapfile -t missing < <(missing_packages "${wanted[@]}")
  [ "${#missing[@]}" -eq 0 ] && exit 0

  as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || fail "not root and no sudo here; ask an administrator to install: ${missing[*]}"
    as_root=(sudo)
  fi

  say "installing ${missing[*]}"
  apt update
  local codename
  codename=$(. /etc/os-release && printf '%s' "${VERSION_CODENAME:-}")
  if [ "$codename" = bookworm ] && printf '%s\n' "${missing[@]}" | grep -q '^libngtcp2'; then
    add_backports
    apt update
    local backported
    mapfile -t backported < <(printf '%s\n' "${missing[@]}" | grep '^libngtcp2')
    apt install --no-install-recommends -t bookworm-backports "${backported[@]}"
    mapfile -t missing < <(missing_packages "${wanted[@]}")
  fi
  if [ "${1:-build}" = bench ]; then
    without_services apt install --no-install-recommends "${missing[@]}"
  elif [ "${#missing[@]}" -gt 0 ]; then
    apt install --no-install-recommends "${missing[@]}"
  fi

  mapfile -t missing < <(missing_packages "${wanted[@]}")
  [ "${#missing[@]}" -eq 0 ] || fail "still missing after apt-get: ${missing[*]}"
}

main "$@"
