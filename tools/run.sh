#!/usr/bin/env bash
# What `make run` does after the build: starts the server here and says how to join it from another terminal.
set -euo pipefail

bin=$1
cat <<EOT

Confab runs in this terminal (Ctrl+C stops it). In another one, chat:

    $bin/confab

EOT
exec "$bin/confabd"
