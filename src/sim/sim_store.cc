// SPDX-License-Identifier: MIT
#include "sim/sim_store.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace confab::sim {

namespace {

using namespace std::chrono_literals;

constexpr base::Duration slow_sync_min = 1s;
constexpr base::Duration slow_sync_max = 6s;

log::StoreError error_of(Fault fault) {
  if (fault == Fault::disk_full) return {log::StoreError::Code::full, "no space left"};
  return {log::StoreError::Code::io, fault == Fault::write_error ? "cannot write" : "cannot sync"};
}

log::StoreAnswer refuse(std::uint64_t ticket, bool is_append, const log::StoreError& why) {
  if (is_append) return {.ticket = ticket, .result = log::AppendResult(std::unexpected(why))};
  return {.ticket = ticket, .result = log::TrimAnswer(std::unexpected(why))};
}

}  // namespace

void SimStore::append(std::uint64_t ticket, log::Batch batch) {
  for (const log::Draft& draft : batch.drafts) asked_.try_emplace(draft.id, clock_.instant());
  write({ticket, std::move(batch)});
}

void SimStore::trim(std::uint64_t ticket, log::TrimRequest request) { write({ticket, std::move(request)}); }

void SimStore::write(Write request) {
  gathering_.push_back(std::move(request));
  if (synced_at_ == base::never) begin_sync(clock_.instant());
}

/// Read from what is safe now: all that the interface promises, and no more.
void SimStore::Reader::read(std::uint64_t ticket, log::ReadRequest request) {
  const base::Instant now = store_.clock_.instant();
  const base::Instant begin = reads_.empty() ? now : std::max(now, reads_.back().done_at);
  reads_.push_back(
      {.done_at = begin + store_.dice_.between(store_.options_.read_min, store_.options_.read_max),
       .answer = {.ticket = ticket,
                  .result = store_.durable_.read(request.room, request.first, request.count_max, request.bytes_max)}});
}

std::vector<log::ReadAnswer> SimStore::Reader::poll() {
  std::vector<log::ReadAnswer> answers;
  while (next_deadline() <= store_.clock_.instant() && !reads_.empty()) {
    answers.push_back(std::move(reads_.front().answer));
    reads_.pop_front();
  }
  return answers;
}

std::vector<log::StoreAnswer> SimStore::poll() {
  std::vector<log::StoreAnswer> answers;
  while (synced_at_ <= clock_.instant()) end_sync(answers);
  return answers;
}

void SimStore::end_sync(std::vector<log::StoreAnswer>& answers) {
  std::vector<Write> synced = std::exchange(syncing_, {});
  const auto failure = draw_failure();
  // What was asked for before anybody has heard of a failure fails with it (log/async_store.h).
  if (failure) std::ranges::move(std::exchange(gathering_, {}), std::back_inserter(synced));
  for (const Write& each : synced) {
    const bool is_append = std::holds_alternative<log::Batch>(each.work);
    answers.push_back(failure ? refuse(each.ticket, is_append, *failure) : carry_out(each));
  }
  begin_sync(synced_at_);
}

void SimStore::set_trouble(Fault fault, std::uint32_t permille) {
  if (permille == 0) {
    troubles_.erase(fault);
  } else {
    troubles_[fault] = permille;
  }
}

bool SimStore::is_ill() const {
  return std::ranges::any_of(troubles_, [](const auto& each) { return each.first != Fault::slow_sync; });
}

std::optional<log::StoreError> SimStore::draw_failure() {
  for (const auto& [fault, permille] : troubles_) {
    if (fault == Fault::slow_sync || !dice_.permille(permille)) continue;
    tally_.add(fault);
    return error_of(fault);
  }
  return std::nullopt;
}

log::StoreAnswer SimStore::carry_out(const Write& request) {
  if (const auto* const batch = std::get_if<log::Batch>(&request.work)) {
    return {.ticket = request.ticket, .result = store(*batch)};
  }
  return {.ticket = request.ticket, .result = durable_.trim(std::get<log::TrimRequest>(request.work))};
}

std::vector<log::Outcome> SimStore::store(const log::Batch& batch) {
  ++changes_;
  std::vector<log::Outcome> outcomes = *durable_.append(batch);  // memory does not fail
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    const auto asked = asked_.extract(batch.drafts[i].id);
    if (outcomes[i].duplicate) continue;
    asked_at_[batch.drafts[i].room].push_back(asked.empty() ? clock_.instant() : asked.mapped());
  }
  return outcomes;
}

void SimStore::crash() {
  if (!gathering_.empty()) tally_.add(Fault::unsynced_loss);
  if (!syncing_.empty()) {
    // All, none, or something in between; a disk that refuses keeps nothing.
    std::size_t safe = dice_.coin() ? dice_.below(syncing_.size() + 1) : dice_.coin() ? syncing_.size() : 0;
    if (is_ill()) safe = 0;
    for (std::size_t i = 0; i < safe; ++i) carry_out(syncing_[i]);
    tally_.add(safe == 0 ? Fault::unsynced_loss : safe < syncing_.size() ? Fault::torn_group : Fault::late_sync);
  }
  syncing_.clear();
  gathering_.clear();
  readers_.clear();
  asked_.clear();
  synced_at_ = base::never;
}

base::Instant SimStore::asked_at(const std::string& room, base::Seq seq) const {
  return asked_at_.at(room).at(seq - 1);
}

void SimStore::begin_sync(base::Instant at) {
  synced_at_ = base::never;
  if (gathering_.empty()) return;
  syncing_ = std::exchange(gathering_, {});
  base::Duration span = dice_.between(options_.sync_min, options_.sync_max);
  const auto slow = troubles_.find(Fault::slow_sync);
  if (slow != troubles_.end() && dice_.permille(slow->second)) {
    span = dice_.between(slow_sync_min, slow_sync_max);
    tally_.add(Fault::slow_sync);
  }
  synced_at_ = at + span;
  ++syncs_;
}

}  // namespace confab::sim
