// SPDX-License-Identifier: MIT
#include "sim/sim_store.h"

#include <algorithm>
#include <utility>

namespace confab::sim {

void SimStore::append(std::uint64_t ticket, log::Batch batch) { write({ticket, std::move(batch)}); }

void SimStore::trim(std::uint64_t ticket, log::TrimRequest request) { write({ticket, std::move(request)}); }

void SimStore::write(Write request) {
  gathering_.push_back(std::move(request));
  if (synced_at_ == base::never) begin_sync(clock_.instant());
}

/// Read from what is safe now: all that the interface promises, and no more.
void SimStore::read(std::uint64_t ticket, log::ReadRequest request) {
  const base::Instant begin = reads_.empty() ? clock_.instant() : std::max(clock_.instant(), reads_.back().done_at);
  reads_.push_back(
      {.done_at = begin + between(options_.read_min, options_.read_max),
       .answer = {.ticket = ticket,
                  .result = durable_.read(request.room, request.first, request.count_max, request.bytes_max)}});
}

std::vector<log::StoreAnswer> SimStore::poll() {
  std::vector<log::StoreAnswer> answers;
  const base::Instant now = clock_.instant();
  while (synced_at_ <= now) {
    const std::vector<Write> synced = std::exchange(syncing_, {});
    for (const Write& each : synced) answers.push_back(failure_ ? refuse(each) : carry_out(each));
    if (failure_) {  // what was asked for before anybody has heard of it fails too (log/async_store.h)
      for (const Write& each : std::exchange(gathering_, {})) answers.push_back(refuse(each));
    }
    begin_sync(synced_at_);
  }
  while (!reads_.empty() && reads_.front().done_at <= now) {
    answers.push_back(std::move(reads_.front().answer));
    reads_.pop_front();
  }
  return answers;
}

log::StoreAnswer SimStore::carry_out(const Write& request) {
  if (const auto* const batch = std::get_if<log::Batch>(&request.work)) {
    return {.ticket = request.ticket, .result = durable_.append(*batch)};
  }
  return {.ticket = request.ticket, .result = durable_.trim(std::get<log::TrimRequest>(request.work))};
}

log::StoreAnswer SimStore::refuse(const Write& request) const {
  if (std::holds_alternative<log::Batch>(request.work)) {
    return {.ticket = request.ticket, .result = log::AppendResult(std::unexpected(*failure_))};
  }
  return {.ticket = request.ticket, .result = log::TrimAnswer(std::unexpected(*failure_))};
}

base::Instant SimStore::next_deadline() const {
  return reads_.empty() ? synced_at_ : std::min(synced_at_, reads_.front().done_at);
}

void SimStore::begin_sync(base::Instant at) {
  synced_at_ = base::never;
  if (gathering_.empty()) return;
  syncing_ = std::exchange(gathering_, {});
  synced_at_ = at + between(options_.sync_min, options_.sync_max);
  ++syncs_;
}

base::Duration SimStore::between(base::Duration min, base::Duration max) {
  const auto span = static_cast<std::uint64_t>((max - min).count());
  return min + base::Duration(static_cast<base::Duration::rep>(random_.below(span + 1)));
}

}  // namespace confab::sim
