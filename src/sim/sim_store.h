// SPDX-License-Identifier: MIT
// The disk of a simulated server: a store in memory whose every answer takes time, which tells what is safe from what
// is not yet, and which can fail. It groups as the real one does (io/store_thread.h): while one sync is on its way,
// requests gather, and the next sync takes all of them.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/time.h"
#include "log/async_store.h"
#include "log/memory_store.h"
#include "sim/clock.h"
#include "sim/dice.h"
#include "sim/faults.h"

namespace confab::sim {

/// A span is drawn anew for each sync and each read.
struct StoreOptions {
  base::Duration sync_min = std::chrono::microseconds(50);
  base::Duration sync_max = std::chrono::milliseconds(5);
  base::Duration read_min = std::chrono::microseconds(10);
  base::Duration read_max = std::chrono::milliseconds(1);
};

/// Not thread-safe. `clock` and `tally` must outlive it.
///
/// Invariant: an event is in durable() from the moment on at which the answer to its append can be polled, and never
/// before but for a crash; what a crash takes is exactly what is in `syncing_` and `gathering_`.
class SimStore final : public log::AsyncStore {
 public:
  SimStore(StoreOptions options, const Clock& clock, std::uint64_t seed, FaultTally& tally)
      : options_(options), clock_(clock), dice_(seed), tally_(tally) {}

  void append(std::uint64_t ticket, log::Batch batch) override;
  void trim(std::uint64_t ticket, log::TrimRequest request) override;
  std::vector<log::StoreAnswer> poll() override;

  /// One that reads; until the next crash.
  class Reader final : public log::AsyncReader {
   public:
    explicit Reader(SimStore& store) : store_(store) {}
    void read(std::uint64_t ticket, log::ReadRequest request) override;
    std::vector<log::ReadAnswer> poll() override;
    /// When there is the next answer to poll.
    base::Instant next_deadline() const { return reads_.empty() ? base::never : reads_.front().done_at; }

   private:
    struct Read {
      base::Instant done_at;
      log::ReadAnswer answer;
    };

    SimStore& store_;
    std::deque<Read> reads_;  // in the order of done_at
  };
  Reader& open_reader() { return readers_.emplace_back(*this); }

  /// From now on, so many of a thousand syncs go wrong in this way (disk_full, write_error, sync_error: nothing of them
  /// is stored; slow_sync), until set to 0.
  void set_trouble(Fault fault, std::uint32_t permille);
  /// Some of its syncs fail.
  bool is_ill() const;

  /// The machine goes down, and whoever had asked with it. Nothing that was not synced is left; of what was being
  /// synced some batches from the front may have become safe.
  void crash();

  /// When there is the next answer to poll here.
  base::Instant next_deadline() const { return synced_at_; }

  /// What is safe.
  log::Store& durable() { return durable_; }
  /// Grows whenever something has become safe.
  std::uint64_t changes() const { return changes_; }
  /// When the server first asked for this event to be stored: when it was decided.
  base::Instant asked_at(const std::string& room, base::Seq seq) const;
  std::uint64_t syncs() const { return syncs_; }
  /// How many the sync that is on its way will make safe.
  std::size_t batches_in_sync() const { return syncing_.size(); }

 private:
  struct Write {
    std::uint64_t ticket;
    std::variant<log::Batch, log::TrimRequest> work;
  };

  void write(Write request);
  void end_sync(std::vector<log::StoreAnswer>& answers);
  std::optional<log::StoreError> draw_failure();
  log::StoreAnswer carry_out(const Write& request);
  std::vector<log::Outcome> store(const log::Batch& batch);
  void begin_sync(base::Instant at);

  StoreOptions options_;
  const Clock& clock_;
  Dice dice_;
  FaultTally& tally_;
  log::MemoryStore durable_;
  std::vector<Write> syncing_;
  std::vector<Write> gathering_;
  base::Instant synced_at_ = base::never;  // never: no sync is on its way
  std::deque<Reader> readers_;             // a deque: they are referred to
  std::map<Fault, std::uint32_t> troubles_;
  std::map<base::MessageId, base::Instant> asked_;              // of events that are not safe yet
  std::map<std::string, std::vector<base::Instant>> asked_at_;  // of event seq at [seq - 1]
  std::uint64_t changes_ = 0;
  std::uint64_t syncs_ = 0;
};

}  // namespace confab::sim
