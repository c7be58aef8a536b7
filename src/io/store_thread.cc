// SPDX-License-Identifier: MIT
#include "io/store_thread.h"

#include <cassert>
#include <iterator>
#include <utility>

namespace confab::io {

namespace {

std::size_t count_entries(const log::Batch& batch) { return batch.drafts.size() + batch.claims.size(); }

std::size_t count_bytes(const log::Batch& batch) {
  std::size_t bytes = 0;
  for (const log::Draft& draft : batch.drafts) bytes += draft.room.size() + draft.body.size();
  return bytes;
}

template <typename T>
void move_to_end(std::vector<T>& from, std::vector<T>& to) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

}  // namespace

StoreThread::StoreThread(log::Store& store, std::function<void()> waker, GroupLimits limits)
    : store_(store), waker_(std::move(waker)), limits_(limits), writer_([this] { write_all(); }), reader_([this] {
        read_all();
      }) {}

StoreThread::~StoreThread() { stop(); }

void StoreThread::append(std::uint64_t ticket, log::Batch batch) {
  const std::lock_guard lock(mutex_);
  assert(!stopping_);
  appends_.push_back({ticket, std::move(batch)});
  appends_wanted_.notify_one();
}

void StoreThread::read(std::uint64_t ticket, log::ReadRequest request) {
  const std::lock_guard lock(mutex_);
  assert(!stopping_);
  reads_.push_back({ticket, std::move(request)});
  reads_wanted_.notify_one();
}

std::vector<log::StoreAnswer> StoreThread::poll() {
  const std::lock_guard lock(mutex_);
  return std::exchange(answers_, {});
}

void StoreThread::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  appends_wanted_.notify_one();
  reads_wanted_.notify_one();
  if (writer_.joinable()) writer_.join();
  if (reader_.joinable()) reader_.join();
}

void StoreThread::write_all() {
  for (auto group = next_group(); !group.empty(); group = next_group()) publish(commit(std::move(group)));
}

void StoreThread::read_all() {
  std::unique_lock lock(mutex_);
  while (true) {
    reads_wanted_.wait(lock, [this] { return stopping_ || !reads_.empty(); });
    if (reads_.empty()) return;
    const auto [ticket, request] = std::move(reads_.front());
    reads_.pop_front();
    lock.unlock();
    publish({{ticket, store_.read(request.room, request.first, request.count_max, request.bytes_max)}});
    lock.lock();
  }
}

/// Waits for requests and takes as many as go into one transaction; none once all is done and stop() was called.
std::vector<StoreThread::AppendTicket> StoreThread::next_group() {
  std::vector<AppendTicket> group;
  std::unique_lock lock(mutex_);
  appends_wanted_.wait(lock, [this] { return stopping_ || !appends_.empty(); });
  std::size_t entries = 0;
  std::size_t bytes = 0;
  while (!appends_.empty()) {
    entries += count_entries(appends_.front().batch);
    bytes += count_bytes(appends_.front().batch);
    if (!group.empty() && (entries > limits_.entries_max || bytes > limits_.bytes_max)) break;
    group.push_back(std::move(appends_.front()));
    appends_.pop_front();
  }
  return group;
}

std::vector<log::StoreAnswer> StoreThread::commit(std::vector<AppendTicket> group) {
  log::Batch together;
  std::vector<std::size_t> draft_counts;
  for (auto& [ticket, batch] : group) {
    draft_counts.push_back(batch.drafts.size());
    move_to_end(batch.drafts, together.drafts);
    move_to_end(batch.claims, together.claims);
  }
  const log::AppendResult result = store_.append(together);
  assert(!result || result->size() == together.drafts.size());

  std::vector<log::StoreAnswer> answers;
  std::size_t done = 0;
  for (std::size_t i = 0; i < group.size(); ++i) {
    if (!result) {
      answers.push_back({group[i].ticket, log::AppendResult(std::unexpected(result.error()))});
      continue;
    }
    const auto first = result->begin() + static_cast<std::ptrdiff_t>(done);
    const auto end = first + static_cast<std::ptrdiff_t>(draft_counts[i]);
    answers.push_back({group[i].ticket, log::AppendResult(std::in_place, first, end)});
    done += draft_counts[i];
  }
  return answers;
}

void StoreThread::publish(std::vector<log::StoreAnswer> answers) {
  bool first = false;
  {
    const std::lock_guard lock(mutex_);
    first = answers_.empty();
    move_to_end(answers, answers_);
  }
  if (first) waker_();
}

}  // namespace confab::io
