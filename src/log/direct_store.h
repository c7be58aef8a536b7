// SPDX-License-Identifier: MIT
// An AsyncStore and an AsyncReader without threads and without delay, for tests of what stands above.
#pragma once

#include <optional>

#include "log/async_store.h"

namespace confab::log {

/// Carries out each request at once and keeps the answer until the next poll(). Not thread-safe.
class DirectStore final : public AsyncStore {
 public:
  /// `store` must outlive this.
  explicit DirectStore(Store& store) : store_(store) {}

  void append(std::uint64_t ticket, Batch batch) override;
  void trim(std::uint64_t ticket, TrimRequest request) override;
  std::vector<StoreAnswer> poll() override;

 private:
  Store& store_;
  std::vector<StoreAnswer> answers_;
  std::optional<StoreError> failure_;  // of an append whose answer was not polled yet
};

/// Likewise. Not thread-safe.
class DirectReader final : public AsyncReader {
 public:
  /// `store` must outlive this.
  explicit DirectReader(Store& store) : store_(store) {}

  void read(std::uint64_t ticket, ReadRequest request) override;
  std::vector<ReadAnswer> poll() override;

 private:
  Store& store_;
  std::vector<ReadAnswer> answers_;
};

}  // namespace confab::log
