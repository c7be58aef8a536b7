// SPDX-License-Identifier: MIT
#include "io/store_thread.h"

#include <cassert>
#include <iterator>
#include <utility>

namespace confab::io {

namespace {

struct Load {
  void add(const log::Batch& batch) {
    entries += batch.drafts.size() + batch.claims.size() + batch.markers.size();
    for (const log::Draft& draft : batch.drafts) bytes += draft.room.size() + draft.body.size();
  }
  std::size_t entries = 0;
  std::size_t bytes = 0;
};

template <typename T>
void move_to_end(std::vector<T>& from, std::vector<T>& to) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

/// No order rests on them, and no message shall fail because they do.
bool is_markers_alone(const std::variant<log::Batch, log::TrimRequest>& work) {
  const auto* const batch = std::get_if<log::Batch>(&work);
  return batch != nullptr && batch->drafts.empty() && batch->claims.empty() && !batch->markers.empty();
}

/// The answer of a request that a failure before it takes with it.
log::StoreAnswer refuse(std::uint64_t ticket, bool is_append, const log::StoreError& error) {
  if (is_append) return {ticket, log::AppendResult(std::unexpected(error))};
  return {ticket, log::TrimAnswer(std::unexpected(error))};
}

}  // namespace

StoreThread::StoreThread(log::Store& store, std::function<void()> waker, GroupLimits limits)
    : store_(store), waker_(std::move(waker)), limits_(limits), writer_([this] { write_all(); }), reader_([this] {
        read_all();
      }) {}

StoreThread::~StoreThread() { stop(); }

void StoreThread::append(std::uint64_t ticket, log::Batch batch) { write({ticket, std::move(batch)}); }

void StoreThread::trim(std::uint64_t ticket, log::TrimRequest request) { write({ticket, std::move(request)}); }

void StoreThread::write(WriteTicket request) {
  {
    const std::lock_guard lock(mutex_);
    assert(!stopping_);
    if (failure_ &&
        !is_markers_alone(request.work)) {  // its own answer waits to be polled, and the waker was called for it
      answers_.push_back(refuse(request.ticket, std::holds_alternative<log::Batch>(request.work), *failure_));
      return;
    }
    writes_.push_back(std::move(request));
  }
  writes_wanted_.notify_one();  // without the lock: who wakes would only sleep again, waiting for it
}

log::AsyncReader& StoreThread::open_reader(std::function<void()> waker) {
  const std::lock_guard lock(mutex_);
  return readers_.emplace_back(*this, std::move(waker));
}

void StoreThread::Reader::read(std::uint64_t ticket, log::ReadRequest request) {
  {
    const std::lock_guard lock(thread_.mutex_);
    assert(!thread_.stopping_);
    thread_.reads_.push_back({this, ticket, std::move(request)});
  }
  thread_.reads_wanted_.notify_one();
}

std::vector<log::ReadAnswer> StoreThread::Reader::poll() {
  if (!answered_.exchange(false)) return {};
  const std::lock_guard lock(thread_.mutex_);
  return std::exchange(answers_, {});
}

std::vector<log::StoreAnswer> StoreThread::poll() {
  if (!answered_.exchange(false)) return {};
  const std::lock_guard lock(mutex_);
  failure_.reset();
  return std::exchange(answers_, {});
}

void StoreThread::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  writes_wanted_.notify_one();
  reads_wanted_.notify_one();
  if (writer_.joinable()) writer_.join();
  if (reader_.joinable()) reader_.join();
}

void StoreThread::write_all() {
  for (auto group = next_group(); !group.empty(); group = next_group()) {
    const bool is_followed = !is_markers_alone(group.front().work);
    publish(carry_out(std::move(group)), is_followed);
  }
}

void StoreThread::read_all() {
  std::unique_lock lock(mutex_);
  while (true) {
    reads_wanted_.wait(lock, [this] { return stopping_ || !reads_.empty(); });
    if (reads_.empty()) return;
    const auto [reader, ticket, request] = std::move(reads_.front());
    reads_.pop_front();
    lock.unlock();
    publish(*reader, {ticket, store_.read(request.room, request.first, request.count_max, request.bytes_max)});
    lock.lock();
  }
}

/// Waits for requests and takes as many as go into one transaction: appends, or one trim, or one batch of markers.
/// None once all is done and stop() was called.
std::vector<StoreThread::WriteTicket> StoreThread::next_group() {
  std::vector<WriteTicket> group;
  std::unique_lock lock(mutex_);
  writes_wanted_.wait(lock, [this] { return stopping_ || !writes_.empty(); });
  Load load;
  while (!writes_.empty()) {
    const auto* const batch = std::get_if<log::Batch>(&writes_.front().work);
    const bool is_alone = batch == nullptr || is_markers_alone(writes_.front().work);
    if (is_alone && !group.empty()) break;
    if (!is_alone) load.add(*batch);
    if (!group.empty() && (load.entries > limits_.entries_max || load.bytes > limits_.bytes_max)) break;
    group.push_back(std::move(writes_.front()));
    writes_.pop_front();
    if (is_alone) break;
  }
  return group;
}

std::vector<log::StoreAnswer> StoreThread::carry_out(std::vector<WriteTicket> group) {
  if (const auto* const request = std::get_if<log::TrimRequest>(&group.front().work)) {
    return {{group.front().ticket, store_.trim(*request)}};
  }
  return commit(std::move(group));
}

std::vector<log::StoreAnswer> StoreThread::commit(std::vector<WriteTicket> group) {
  log::Batch together;
  std::vector<std::size_t> draft_counts;
  for (WriteTicket& request : group) {
    auto& batch = std::get<log::Batch>(request.work);
    draft_counts.push_back(batch.drafts.size());
    move_to_end(batch.drafts, together.drafts);
    move_to_end(batch.claims, together.claims);
    move_to_end(batch.markers, together.markers);
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

/// What waits behind an append that has failed must not overtake its repetition (log/async_store.h).
void StoreThread::fail_those_behind(std::vector<log::StoreAnswer>& answers) {
  const auto* const appended = std::get_if<log::AppendResult>(&answers.back().result);
  if (appended == nullptr || *appended) return;
  failure_ = appended->error();
  for (WriteTicket& request : std::exchange(writes_, {})) {
    if (is_markers_alone(request.work)) {
      writes_.push_back(std::move(request));
    } else {
      answers.push_back(refuse(request.ticket, std::holds_alternative<log::Batch>(request.work), *failure_));
    }
  }
}

void StoreThread::publish(std::vector<log::StoreAnswer> answers, bool is_followed) {
  bool first = false;
  {
    const std::lock_guard lock(mutex_);
    if (is_followed) fail_those_behind(answers);
    first = answers_.empty();
    move_to_end(answers, answers_);
    answered_ = true;
  }
  if (first) waker_();
}

void StoreThread::publish(Reader& reader, log::ReadAnswer answer) {
  bool first = false;
  {
    const std::lock_guard lock(mutex_);
    first = reader.answers_.empty();
    reader.answers_.push_back(std::move(answer));
    reader.answered_ = true;
  }
  if (first) reader.waker_();
}

}  // namespace confab::io
