// SPDX-License-Identifier: MIT
// A Store as a state machine can use it: ask now, hear later. src/io answers from threads of its own, src/sim after a
// virtual delay.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <variant>
#include <vector>

#include "log/store.h"

namespace confab::log {

struct ReadRequest {
  std::string room;
  base::Seq first = 1;
  std::size_t count_max = 0;
  std::size_t bytes_max = 0;
};

using AppendResult = std::expected<std::vector<Outcome>, StoreError>;
using ReadResult = std::expected<std::vector<Record>, StoreError>;
using TrimAnswer = std::expected<TrimResult, StoreError>;

/// The answer to the append or trim with the same ticket.
struct StoreAnswer {
  std::uint64_t ticket = 0;
  std::variant<AppendResult, TrimAnswer> result;
};

/// The answer to the read with the same ticket.
struct ReadAnswer {
  std::uint64_t ticket = 0;
  ReadResult result;
};

/// What changes the store: one asker. Not thread-safe: used by the machine's thread alone. Appends and trims are
/// carried out in the order they were asked for, and answered in that order.
///
/// After an append that fails, every append and trim that was asked for before its answer was polled fails with the
/// same error, even if the disk is fine again. Else a sender's second message could be stored while the first one,
/// refused, is still to be sent again: the two would change places. On read markers no order rests: an append of them
/// alone may be spared, and answered later, and when it fails, what is behind it may be carried out.
class AsyncStore {
 public:
  virtual ~AsyncStore() = default;

  /// Tickets are the caller's and need only be unique among its open requests.
  virtual void append(std::uint64_t ticket, Batch batch) = 0;
  virtual void trim(std::uint64_t ticket, TrimRequest request) = 0;

  /// The answers that have come since the last call.
  virtual std::vector<StoreAnswer> poll() = 0;
};

/// What reads it: as many as there are threads that deliver, each with its own tickets and answers. Not thread-safe:
/// used by one machine's thread alone. A read sees every append whose answer was polled before the read was asked for,
/// by whichever thread: what one thread has told another has happened.
class AsyncReader {
 public:
  virtual ~AsyncReader() = default;

  virtual void read(std::uint64_t ticket, ReadRequest request) = 0;

  /// The answers that have come since the last call.
  virtual std::vector<ReadAnswer> poll() = 0;
};

}  // namespace confab::log
