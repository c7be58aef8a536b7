// SPDX-License-Identifier: MIT
// The disk of a simulated server: a store in memory whose every answer takes time, and which tells what is safe from
// what is not yet. It groups as the real one does (io/store_thread.h): while one sync is on its way, requests gather,
// and the next sync takes all of them.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "base/random.h"
#include "base/time.h"
#include "log/async_store.h"
#include "log/memory_store.h"
#include "sim/clock.h"

namespace confab::sim {

/// A span is drawn anew for each sync and each read.
struct StoreOptions {
  base::Duration sync_min = std::chrono::microseconds(50);
  base::Duration sync_max = std::chrono::milliseconds(5);
  base::Duration read_min = std::chrono::microseconds(10);
  base::Duration read_max = std::chrono::milliseconds(1);
};

/// Not thread-safe. `clock` must outlive it.
///
/// Invariant: an event is in durable() from the moment on at which the answer to its append can be polled, and never
/// before; what a crash of the machine would take is exactly what is in `syncing_` and `gathering_`.
class SimStore final : public log::AsyncStore {
 public:
  SimStore(StoreOptions options, const Clock& clock, std::uint64_t seed)
      : options_(options), clock_(clock), random_(seed) {}

  void append(std::uint64_t ticket, log::Batch batch) override;
  void read(std::uint64_t ticket, log::ReadRequest request) override;
  void trim(std::uint64_t ticket, log::TrimRequest request) override;
  std::vector<log::StoreAnswer> poll() override;

  /// From now on each sync fails as `failure` says, and nothing of it is stored; nullopt: the disk is well again.
  void fail_syncs(std::optional<log::StoreError> failure) { failure_ = std::move(failure); }

  /// When there is the next answer to poll.
  base::Instant next_deadline() const;

  /// What is safe.
  log::Store& durable() { return durable_; }
  std::uint64_t syncs() const { return syncs_; }

 private:
  struct Write {
    std::uint64_t ticket;
    std::variant<log::Batch, log::TrimRequest> work;
  };
  struct Read {
    base::Instant done_at;
    log::StoreAnswer answer;
  };

  void write(Write request);
  log::StoreAnswer carry_out(const Write& request);
  log::StoreAnswer refuse(const Write& request) const;
  void begin_sync(base::Instant at);
  base::Duration between(base::Duration min, base::Duration max);

  StoreOptions options_;
  const Clock& clock_;
  base::SeededRandom random_;
  log::MemoryStore durable_;
  std::vector<Write> syncing_;
  std::vector<Write> gathering_;
  base::Instant synced_at_ = base::never;  // never: no sync is on its way
  std::deque<Read> reads_;                 // in the order of done_at
  std::uint64_t syncs_ = 0;
  std::optional<log::StoreError> failure_;
};

}  // namespace confab::sim
