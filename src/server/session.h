// SPDX-License-Identifier: MIT
// One client's connection as the server sees it: the control stream's bytes, how far they have been read, and what must
// be waited for before they are read on.
#pragma once

#include <cstdint>
#include <expected>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "chat/command.h"
#include "net/transport.h"
#include "wire/framing.h"

namespace confab::server {

/// Requests are read one at a time, and not at all while the client does not take its replies or too much of what it
/// sent waits for the store: QUIC's flow control then holds the client back, and nothing piles up here.
class Session {
 public:
  Session(net::ConnectionHandle connection, const net::ExporterSecret& exporter)
      : connection_(connection), exporters_{exporter} {}

  /// A session's id is its connection's handle: both are never used twice.
  chat::SessionId id() const { return connection_; }
  net::ConnectionHandle connection() const { return connection_; }
  /// What Hello's signature may be bound to: the exporter, or the early one where the session began with early data.
  const std::vector<net::ExporterSecret>& exporters() const { return exporters_; }
  void add_exporter(const net::ExporterSecret& exporter) { exporters_.push_back(exporter); }

  void push(base::ByteView bytes) {
    frames_.push(bytes);
    unconsumed_ += bytes.size();
  }
  std::expected<std::optional<base::ByteView>, wire::FrameReader::Error> next_frame() { return frames_.next(); }
  /// Bytes that were pushed since the last call: their credit may be given back once all their frames were read.
  std::size_t take_consumed() { return std::exchange(unconsumed_, 0); }

  /// Its client sends line after line, each when the last is stored, or several at a time: to make each wait would slow
  /// it down. A person's next line comes later; the first of a run cannot be told from it, and may wait.
  bool in_haste(base::Instant now) const { return sends_in_flight > 0 || now - answered_at < haste_time; }

  /// From an answer on: longer than a program takes over most networks, shorter than a person.
  static constexpr base::Duration haste_time = std::chrono::milliseconds(250);
  /// Replies on their way to its shard; beyond, its client's requests are read no further.
  static constexpr std::size_t replies_in_flight_max = 256;

  bool said_hello = false;
  bool early = false;  ///< the handshake is not done: what comes may be an old flight that somebody sends again
  std::vector<wire::pb::Request> early_joins;          ///< opened for reading; she is there when the handshake is done
  std::uint32_t attempt = 0;                           ///< of its latest Send
  std::optional<std::uint32_t> failed_attempt;         ///< in which something of its could not be stored
  int failed_proofs = 0;                               ///< each cost the server a signature check
  std::size_t sends_in_flight = 0;                     ///< messages handed to the journal and not yet settled
  base::Instant answered_at = base::at_once;           ///< when the latest of them was settled
  std::size_t replies_in_flight = 0;                   ///< handed to its shard and not yet to the transport
  std::size_t readers = 0;                             ///< streams whose bytes its shard still holds
  std::size_t reads = 0;                               ///< those among them that are no joined room's
  std::map<std::string, base::Instant> invited_until;  ///< direct rooms pointed out to it, and when that may be again
  bool closing = false;                                ///< its end was ordered: what still comes is not read

 private:
  net::ConnectionHandle connection_;
  std::vector<net::ExporterSecret> exporters_;
  wire::FrameReader frames_;
  std::size_t unconsumed_ = 0;
};

}  // namespace confab::server
