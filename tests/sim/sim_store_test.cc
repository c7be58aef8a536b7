// SPDX-License-Identifier: MIT
#include "sim/sim_store.h"

#include <map>
#include <string>

#include <gtest/gtest.h>

namespace confab::sim {
namespace {

using namespace std::chrono_literals;

/// A store whose every sync takes 10 ms and whose every read takes 1 ms, and what it answers.
class SimStoreTest : public testing::Test {
 protected:
  log::Batch batch(std::uint8_t id) {
    base::MessageId message;
    message.bytes[0] = id;
    return {.drafts = {{.room = "lobby", .id = message, .body = {id}}}, .claims = {}};
  }

  /// Polls at each moment at which there is something to poll; "t=milliseconds:ticket=seq" or "ticket:count".
  std::string run() {
    std::string answers;
    const auto next = [this] { return std::min(store_.next_deadline(), reader_->next_deadline()); };
    while (next() != base::never) {
      clock_.advance(next());
      answers += "t=" + std::to_string(clock_.elapsed() / 1ms) + ":";
      for (const log::StoreAnswer& each : store_.poll()) answers += describe(each) + " ";
      for (const log::ReadAnswer& each : reader_->poll()) {
        answers += std::to_string(each.ticket) + ":" + std::to_string(each.result->size()) + " ";
      }
    }
    return answers;
  }

  std::size_t durable_count() { return store_.durable().read("lobby", 1, 100, 1000)->size(); }

  Clock clock_;
  FaultTally tally_;
  SimStore store_{{.sync_min = 10ms, .sync_max = 10ms, .read_min = 1ms, .read_max = 1ms}, clock_, 1, tally_};
  SimStore::Reader* reader_ = &store_.open_reader();

 private:
  static std::string describe(const log::StoreAnswer& answer) {
    const std::string ticket = std::to_string(answer.ticket);
    if (const auto* appended = std::get_if<log::AppendResult>(&answer.result)) {
      if (!*appended) return ticket + "=" + appended->error().text;
      return ticket + "=" + std::to_string((*appended)->front().seq);
    }
    const auto& trimmed = std::get<log::TrimAnswer>(answer.result);
    return ticket + ">" + (trimmed ? std::to_string(trimmed->first_seq) : trimmed.error().text);
  }
};

TEST_F(SimStoreTest, AnswersAnAppendWhenItIsSafe) {
  store_.append(7, batch(1));
  clock_.advance(Clock::start + 9ms);
  EXPECT_TRUE(store_.poll().empty());
  EXPECT_EQ(durable_count(), 0U) << "nothing is safe before it is answered";
  EXPECT_EQ(run(), "t=10:7=1 ");
  EXPECT_EQ(durable_count(), 1U);
}

TEST_F(SimStoreTest, GathersWhatComesDuringASync) {
  store_.append(1, batch(1));
  clock_.advance(Clock::start + 2ms);
  store_.append(2, batch(2));
  store_.append(3, batch(3));
  EXPECT_EQ(run(), "t=10:1=1 t=20:2=2 3=3 ");
  EXPECT_EQ(store_.syncs(), 2U);
}

TEST_F(SimStoreTest, GoesOnFromWhenASyncWasDoneNotFromWhenItWasAskedFor) {
  store_.append(1, batch(1));
  store_.append(2, batch(2));
  clock_.advance(Clock::start + 15ms);
  EXPECT_EQ(store_.poll().size(), 1U);
  EXPECT_EQ(store_.next_deadline(), Clock::start + 20ms);
}

TEST_F(SimStoreTest, RecognisesARepetition) {
  store_.append(1, batch(1));
  store_.append(2, batch(1));
  EXPECT_EQ(run(), "t=10:1=1 t=20:2=1 ");
  EXPECT_EQ(durable_count(), 1U);
}

TEST_F(SimStoreTest, ReadsWhatWasAnsweredBeforeTheyWereAskedFor) {
  store_.append(1, batch(1));
  reader_->read(2, {.room = "lobby", .first = 1, .count_max = 10, .bytes_max = 100});
  EXPECT_EQ(run(), "t=1:2:0 t=10:1=1 ");
  reader_->read(3, {.room = "lobby", .first = 1, .count_max = 10, .bytes_max = 100});
  reader_->read(4, {.room = "lobby", .first = 2, .count_max = 10, .bytes_max = 100});
  EXPECT_EQ(run(), "t=11:3:1 t=12:4:0 ");
}

TEST_F(SimStoreTest, FailsWhatWasAskedForBeforeAFailureWasHeardOf) {
  store_.append(1, batch(1));
  store_.append(2, batch(2));
  store_.trim(3, {.room = "lobby", .keep_seq = 9, .count_max = 9});
  store_.set_trouble(Fault::sync_error, 1000);
  EXPECT_TRUE(store_.is_ill());
  EXPECT_EQ(run(), "t=10:1=cannot sync 2=cannot sync 3>cannot sync ");
  EXPECT_EQ(tally_[Fault::sync_error], 1U);
  store_.set_trouble(Fault::sync_error, 0);
  EXPECT_FALSE(store_.is_ill());
  store_.append(4, batch(2));
  EXPECT_EQ(run(), "t=20:4=1 ");
}

TEST_F(SimStoreTest, TakesSecondsWhereItIsSlow) {
  store_.set_trouble(Fault::slow_sync, 1000);
  EXPECT_FALSE(store_.is_ill());
  store_.append(1, batch(1));
  EXPECT_GE(store_.next_deadline(), Clock::start + 1s);
  EXPECT_EQ(tally_[Fault::slow_sync], 1U);
}

TEST_F(SimStoreTest, LosesInACrashWhatNoSyncHasBegunFor) {
  store_.append(1, batch(1));
  clock_.advance(Clock::start + 10ms);
  store_.poll();
  store_.append(2, batch(2));
  store_.append(3, batch(3));
  reader_->read(4, {.room = "lobby", .first = 1, .count_max = 10, .bytes_max = 100});
  store_.crash();
  EXPECT_EQ(store_.next_deadline(), base::never);
  EXPECT_GE(durable_count(), 1U);
  EXPECT_LE(durable_count(), 2U) << "the third batch had not been given to the disk yet";
  EXPECT_GE(tally_[Fault::unsynced_loss], 1U);
}

TEST_F(SimStoreTest, TearsAGroupBetweenItsBatches) {
  // Of a group of three batches, a crash leaves none to all from the front, each now and then.
  std::map<std::size_t, int> kept;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    SimStore store({.sync_min = 10ms, .sync_max = 10ms}, clock_, seed, tally_);
    store.append(1, batch(1));
    for (std::uint8_t id = 2; id <= 4; ++id) store.append(id, batch(id));
    clock_.advance(store.next_deadline());
    store.poll();
    ASSERT_EQ(store.batches_in_sync(), 3U);
    store.crash();
    const std::size_t count = store.durable().read("lobby", 1, 100, 1000)->size();
    for (std::size_t seq = 1; seq <= count; ++seq) {
      EXPECT_EQ(store.durable().read("lobby", seq, 1, 1000)->front().body.front(), seq) << "not from the front";
    }
    ++kept[count - 1];
  }
  for (std::size_t count = 0; count <= 3; ++count) EXPECT_GT(kept[count], 5) << count << " batches";
  EXPECT_EQ(tally_[Fault::torn_group], static_cast<std::uint64_t>(kept[1] + kept[2]));
  EXPECT_EQ(tally_[Fault::late_sync], static_cast<std::uint64_t>(kept[3]));
}

TEST_F(SimStoreTest, KnowsWhenAnEventWasFirstAskedFor) {
  store_.set_trouble(Fault::disk_full, 1000);
  store_.append(1, batch(1));
  run();
  store_.set_trouble(Fault::disk_full, 0);
  clock_.advance(Clock::start + 1s);
  store_.append(2, batch(1));
  run();
  EXPECT_EQ(store_.asked_at("lobby", 1), Clock::start);
}

TEST_F(SimStoreTest, TrimsInTheOrderOfAppends) {
  store_.append(1, batch(1));
  store_.append(2, batch(2));
  store_.trim(3, {.room = "lobby", .keep_seq = 2, .count_max = 9});
  EXPECT_EQ(run(), "t=10:1=1 t=20:2=2 3>2 ");
}

}  // namespace
}  // namespace confab::sim
