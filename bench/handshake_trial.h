// SPDX-License-Identifier: MIT
// What a handshake alone costs the server: QUIC and TLS, without a word of ours.
#pragma once

#include <expected>
#include <filesystem>
#include <string>
#include <vector>

#include "callers.h"

namespace confab::bench {

struct HandshakeOptions {
  std::filesystem::path program;  ///< confabd
  std::size_t calls = 5'000;      ///< of each round
};

struct HandshakeRound {
  Opening opening = Opening::full;
  CallingTally tally;
  base::Duration wall{};  ///< until the last handshake was done
  base::Duration cpu{};   ///< the server's, until it has forgotten all connections
};

struct HandshakeResult {
  std::size_t calls = 0;
  std::vector<HandshakeRound> rounds;

  std::string to_string() const;
  std::string to_json() const;
  /// Every handshake was completed, and every ticket taken.
  bool is_kept() const;
};

/// The error is a line for people.
std::expected<HandshakeResult, std::string> measure_handshakes(const HandshakeOptions& options);

}  // namespace confab::bench
