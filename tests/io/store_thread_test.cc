// SPDX-License-Identifier: MIT
#include "io/store_thread.h"

#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include <gtest/gtest.h>

#include "io/support.h"
#include "log/memory_store.h"

namespace confab::io {

namespace {

const log::StoreError disk_full{.code = log::StoreError::Code::full, .text = "disk full"};

/// A memory store that can be held at its door, made to fail, and asked what it was asked.
class WatchedStore final : public log::Store {
 public:
  log::AppendResult append(const log::Batch& batch) override {
    {
      std::unique_lock lock(mutex_);
      append_sizes_.push_back(batch.drafts.size());
      changed_.notify_all();
      changed_.wait(lock, [this] { return open_; });
      if (std::exchange(fails_next_, false)) return std::unexpected(disk_full);
      if (failure_) return std::unexpected(*failure_);
    }
    return store_.append(batch);
  }
  log::ReadResult read(const std::string& room, base::Seq first, std::size_t count_max,
                       std::size_t bytes_max) override {
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return reads_open_; });
    }
    return store_.read(room, first, count_max, bytes_max);
  }
  log::TrimAnswer trim(const log::TrimRequest& request) override { return store_.trim(request); }
  std::expected<std::vector<log::RoomSummary>, log::StoreError> rooms() override { return store_.rooms(); }
  std::expected<std::vector<log::StoredMember>, log::StoreError> members() override { return store_.members(); }
  std::expected<std::vector<log::NameClaim>, log::StoreError> claims() override { return store_.claims(); }
  std::expected<std::vector<log::ReadMarker>, log::StoreError> markers() override { return store_.markers(); }

  void hold() {
    const std::lock_guard lock(mutex_);
    open_ = false;
  }
  void hold_reads() {
    const std::lock_guard lock(mutex_);
    reads_open_ = false;
  }
  void let_go() {
    const std::lock_guard lock(mutex_);
    open_ = reads_open_ = true;
    changed_.notify_all();
  }
  /// nullopt: it is well again.
  void fail_with(std::optional<log::StoreError> error) {
    const std::lock_guard lock(mutex_);
    failure_ = std::move(error);
  }
  void fail_next() {
    const std::lock_guard lock(mutex_);
    fails_next_ = true;
  }
  void await_append() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !append_sizes_.empty(); });
  }
  std::vector<std::size_t> append_sizes() {
    const std::lock_guard lock(mutex_);
    return append_sizes_;
  }

 private:
  log::MemoryStore store_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = true;
  bool reads_open_ = true;
  std::optional<log::StoreError> failure_;
  bool fails_next_ = false;
  std::vector<std::size_t> append_sizes_;
};

/// Counts the calls of the waker and waits for answers.
class Answers {
 public:
  std::function<void()> waker() {
    return [this] {
      const std::lock_guard lock(mutex_);
      ++wakes_;
      changed_.notify_all();
    };
  }

  /// The next `count` answers.
  std::vector<log::StoreAnswer> await(log::AsyncStore& store, std::size_t count) {
    std::vector<log::StoreAnswer> answers;
    std::unique_lock lock(mutex_);
    while (true) {
      for (auto& answer : store.poll()) answers.push_back(std::move(answer));
      if (answers.size() >= count) return answers;
      changed_.wait(lock, [this, seen = wakes_] { return wakes_ != seen; });
    }
  }

  std::vector<log::ReadAnswer> await(log::AsyncReader& reader, std::size_t count) {
    std::vector<log::ReadAnswer> answers;
    std::unique_lock lock(mutex_);
    while (true) {
      for (auto& answer : reader.poll()) answers.push_back(std::move(answer));
      if (answers.size() >= count) return answers;
      changed_.wait(lock, [this, seen = wakes_] { return wakes_ != seen; });
    }
  }

  void await_wake() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return wakes_ > 0; });
  }

  int wakes() {
    const std::lock_guard lock(mutex_);
    return wakes_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int wakes_ = 0;
};

class StoreThreadTest : public IoTest {
 protected:
  WatchedStore store;
  Answers answers;
  base::SeededRandom random{1};

  log::Draft draft(std::string_view text, std::string room = "lobby") {
    const base::ByteView bytes = base::as_bytes(text);
    return {std::move(room), base::MessageId::make(random), base::Bytes(bytes.begin(), bytes.end())};
  }

  log::Batch batch(std::size_t drafts) {
    log::Batch result;
    for (std::size_t i = 0; i < drafts; ++i) result.drafts.push_back(draft("text"));
    return result;
  }

  static log::Batch markers() {
    return {.drafts = {}, .claims = {}, .markers = {{.folded_name = "ada", .room = "lobby", .up_to = 1}}};
  }
};

/// "5: 1 2" for ticket 5 with the seqs 1 and 2; "5: disk full" for an error.
std::string print(const log::StoreAnswer& answer) {
  std::string text = std::to_string(answer.ticket) + ":";
  if (const auto* trimmed = std::get_if<log::TrimAnswer>(&answer.result)) {
    if (!*trimmed) return text + " " + trimmed->error().text;
    return text + " kept from " + std::to_string((*trimmed)->first_seq);
  }
  const auto& appended = std::get<log::AppendResult>(answer.result);
  if (!appended) return text + " " + appended.error().text;
  for (const log::Outcome& outcome : *appended)
    text += " " + std::to_string(outcome.seq) + (outcome.duplicate ? "d" : "");
  return text;
}

std::string print(const log::ReadAnswer& answer) {
  std::string text = std::to_string(answer.ticket) + ":";
  for (const log::Record& record : answer.result.value()) text += " " + std::string(base::as_text(record.body));
  return text;
}

template <typename Answer>
std::vector<std::string> print(const std::vector<Answer>& answers) {
  std::vector<std::string> result;
  for (const auto& answer : answers) result.push_back(print(answer));
  return result;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_F(StoreThreadTest, AnAppendIsAnsweredWithItsSeqs) {
  StoreThread thread(store, answers.waker());
  thread.append(5, batch(2));
  EXPECT_EQ(print(answers.await(thread, 1)), (Lines{"5: 1 2"}));
}

TEST_F(StoreThreadTest, ReadsSeeWhatWasAnswered) {
  StoreThread thread(store, answers.waker());
  log::Batch two;
  two.drafts = {draft("hello"), draft("world")};
  thread.append(1, std::move(two));
  answers.await(thread, 1);
  log::AsyncReader& reader = thread.open_reader(answers.waker());
  reader.read(2, {.room = "lobby", .first = 1, .count_max = 10, .bytes_max = 1000});
  EXPECT_EQ(print(answers.await(reader, 1)), (Lines{"2: hello world"}));
}

TEST_F(StoreThreadTest, WhatGathersDuringATransactionSharesTheNext) {
  store.hold();
  StoreThread thread(store, answers.waker());
  thread.append(1, batch(1));
  store.await_append();
  for (std::uint64_t ticket = 2; ticket <= 100; ++ticket) thread.append(ticket, batch(1));
  store.let_go();
  const auto all = answers.await(thread, 100);
  EXPECT_EQ(store.append_sizes(), (std::vector<std::size_t>{1, 99}));
  for (std::size_t i = 0; i < all.size(); ++i) {
    EXPECT_EQ(print(all[i]), std::to_string(i + 1) + ": " + std::to_string(i + 1));
  }
  EXPECT_LE(answers.wakes(), 2);
}

TEST_F(StoreThreadTest, EachTicketGetsItsOwnPartOfAGroup) {
  store.hold();
  StoreThread thread(store, answers.waker());
  thread.append(1, batch(1));
  store.await_append();
  thread.append(2, batch(2));
  thread.append(3, {});  // nothing to store is an answer too
  log::Batch with_duplicate;
  with_duplicate.drafts.push_back(draft("new"));
  with_duplicate.drafts.push_back(with_duplicate.drafts.front());
  thread.append(4, std::move(with_duplicate));
  store.let_go();
  EXPECT_EQ(print(answers.await(thread, 4)), (Lines{"1: 1", "2: 2 3", "3:", "4: 4 4d"}));
}

TEST_F(StoreThreadTest, ClaimsTravelWithTheirGroup) {
  StoreThread thread(store, answers.waker());
  thread.append(1, {.drafts = {}, .claims = {{.folded_name = "ada"}}});
  answers.await(thread, 1);
  thread.stop();
  ASSERT_EQ(store.claims()->size(), 1U);
  EXPECT_EQ(store.claims()->front().folded_name, "ada");
}

TEST_F(StoreThreadTest, MarkersTravelWithTheirGroup) {
  StoreThread thread(store, answers.waker());
  log::Batch with_marker = batch(1);
  with_marker.markers = {{.folded_name = "ada", .room = "lobby", .up_to = 1}};
  thread.append(1, std::move(with_marker));
  answers.await(thread, 1);
  thread.stop();
  ASSERT_EQ(store.markers()->size(), 1U);
  EXPECT_EQ(store.markers()->front().up_to, 1U);
}

TEST_F(StoreThreadTest, MarkersAloneFailWithNobodyAndTakeNobodyWithThem) {
  store.hold();
  StoreThread thread(store, answers.waker());
  thread.append(1, markers());
  store.await_append();
  for (std::uint64_t ticket = 2; ticket <= 4; ++ticket) thread.append(ticket, ticket == 3 ? markers() : batch(1));
  store.fail_next();
  store.let_go();
  EXPECT_EQ(print(answers.await(thread, 4)), (Lines{"1: disk full", "2: 1", "3:", "4: 2"}));
  EXPECT_EQ(store.append_sizes(), (std::vector<std::size_t>{0, 1, 0, 1}));

  store.hold();
  thread.append(5, batch(1));
  thread.append(6, markers());
  store.fail_next();
  store.let_go();
  EXPECT_EQ(print(answers.await(thread, 2)), (Lines{"5: disk full", "6:"}));
}

TEST_F(StoreThreadTest, AGroupHasItsLimits) {
  store.hold();
  StoreThread thread(store, answers.waker(), {.entries_max = 4, .bytes_max = 1'000'000});
  thread.append(1, batch(1));
  store.await_append();
  for (const std::size_t drafts : {2U, 2U, 1U, 9U, 1U}) thread.append(2, batch(drafts));
  store.let_go();
  answers.await(thread, 6);
  EXPECT_EQ(store.append_sizes(), (std::vector<std::size_t>{1, 4, 1, 9, 1}));
}

TEST_F(StoreThreadTest, BytesAreLimitedToo) {
  store.hold();
  StoreThread thread(store, answers.waker(), {.entries_max = 1000, .bytes_max = 250});
  thread.append(1, batch(1));
  store.await_append();
  for (int i = 0; i < 4; ++i) {
    log::Batch large;
    large.drafts.push_back(draft(std::string(100, 'x')));
    thread.append(2, std::move(large));
  }
  store.let_go();
  answers.await(thread, 5);
  EXPECT_EQ(store.append_sizes(), (std::vector<std::size_t>{1, 2, 2}));
}

TEST_F(StoreThreadTest, AnErrorReachesEveryTicketOfItsGroup) {
  store.hold();
  StoreThread thread(store, answers.waker());
  thread.append(1, batch(1));
  store.await_append();
  thread.append(2, batch(1));
  thread.append(3, batch(1));
  store.fail_with(disk_full);
  store.let_go();
  EXPECT_EQ(print(answers.await(thread, 3)), (Lines{"1: disk full", "2: disk full", "3: disk full"}));
}

TEST_F(StoreThreadTest, WhatWasAskedForBeforeAFailureWasPolledFailsToo) {
  store.hold();
  StoreThread thread(store, answers.waker());
  thread.append(1, batch(1));
  store.await_append();
  thread.append(2, batch(1));
  thread.trim(3, {.room = "lobby", .keep_seq = 9, .count_max = 9});
  thread.append(4, batch(1));
  store.fail_with(disk_full);
  store.let_go();
  answers.await_wake();
  store.fail_with(std::nullopt);  // the disk is well again, but nobody has heard of the failure yet
  thread.append(5, batch(1));
  EXPECT_EQ(print(answers.await(thread, 5)),
            (Lines{"1: disk full", "2: disk full", "3: disk full", "4: disk full", "5: disk full"}));

  thread.append(6, batch(1));
  EXPECT_EQ(print(answers.await(thread, 1)), (Lines{"6: 1"}));
  EXPECT_EQ(store.append_sizes(), (std::vector<std::size_t>{1, 1})) << "the others were not even tried";
}

TEST_F(StoreThreadTest, TrimsTakeTheirTurnAmongAppends) {
  StoreThread thread(store, answers.waker());
  thread.append(1, batch(3));
  answers.await(thread, 1);
  store.hold();
  thread.append(2, batch(1));
  thread.trim(3, {.room = "lobby", .keep_seq = 3, .count_max = 9});
  thread.append(4, batch(1));
  store.let_go();
  EXPECT_EQ(print(answers.await(thread, 3)), (Lines{"2: 4", "3: kept from 3", "4: 5"}));
}

TEST_F(StoreThreadTest, ReadsDoNotWaitForTheWriter) {
  store.hold();
  StoreThread thread(store, answers.waker());
  thread.append(1, batch(1));
  store.await_append();
  log::AsyncReader& reader = thread.open_reader(answers.waker());
  reader.read(2, {.room = "lobby", .first = 1, .count_max = 10, .bytes_max = 1000});
  EXPECT_EQ(print(answers.await(reader, 1)), (Lines{"2:"}));
  store.let_go();
  answers.await(thread, 1);
}

TEST_F(StoreThreadTest, EachReaderHasItsOwnAnswersAndItsOwnWaker) {
  StoreThread thread(store, answers.waker());
  thread.append(1, batch(1));
  answers.await(thread, 1);
  Answers of_ada;
  Answers of_bob;
  log::AsyncReader& ada = thread.open_reader(of_ada.waker());
  log::AsyncReader& bob = thread.open_reader(of_bob.waker());
  store.hold_reads();
  ada.read(7, {.room = "lobby", .first = 1, .count_max = 10, .bytes_max = 1000});
  bob.read(7, {.room = "attic", .first = 1, .count_max = 10, .bytes_max = 1000});
  ada.read(8, {.room = "lobby", .first = 2, .count_max = 10, .bytes_max = 1000});
  store.let_go();
  EXPECT_EQ(print(of_bob.await(bob, 1)), (Lines{"7:"}));
  EXPECT_EQ(print(of_ada.await(ada, 2)), (Lines{"7: text", "8:"}));
  EXPECT_EQ(of_bob.wakes(), 1);
  EXPECT_TRUE(thread.poll().empty());
}

TEST_F(StoreThreadTest, StopCarriesOutWhatWasAskedFor) {
  store.hold();
  store.hold_reads();
  StoreThread thread(store, answers.waker());
  log::AsyncReader& reader = thread.open_reader(answers.waker());
  for (std::uint64_t ticket = 1; ticket <= 10; ++ticket) {
    thread.append(ticket, batch(1));
    reader.read(100 + ticket, {.room = "attic", .first = 1, .count_max = 10, .bytes_max = 1000});
  }
  store.await_append();
  std::thread stopper([&thread] { thread.stop(); });
  store.let_go();
  stopper.join();
  EXPECT_EQ(thread.poll().size(), 10U);
  EXPECT_EQ(reader.poll().size(), 10U);
  EXPECT_EQ(store.read("lobby", 1, 100, 1000)->size(), 10U);
}

}  // namespace confab::io
