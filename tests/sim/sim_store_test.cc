// SPDX-License-Identifier: MIT
#include "sim/sim_store.h"

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
    while (store_.next_deadline() != base::never) {
      clock_.advance(store_.next_deadline());
      answers += "t=" + std::to_string(clock_.elapsed() / 1ms) + ":";
      for (const log::StoreAnswer& each : store_.poll()) answers += describe(each) + " ";
    }
    return answers;
  }

  std::size_t durable_count() { return store_.durable().read("lobby", 1, 100, 1000)->size(); }

  Clock clock_;
  SimStore store_{{.sync_min = 10ms, .sync_max = 10ms, .read_min = 1ms, .read_max = 1ms}, clock_, 1};

 private:
  static std::string describe(const log::StoreAnswer& answer) {
    const std::string ticket = std::to_string(answer.ticket);
    if (const auto* appended = std::get_if<log::AppendResult>(&answer.result)) {
      if (!*appended) return ticket + "=" + appended->error().text;
      return ticket + "=" + std::to_string((*appended)->front().seq);
    }
    if (const auto* trimmed = std::get_if<log::TrimAnswer>(&answer.result)) {
      return ticket + ">" + (*trimmed ? std::to_string((*trimmed)->first_seq) : trimmed->error().text);
    }
    return ticket + ":" + std::to_string(std::get<log::ReadResult>(answer.result)->size());
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
  store_.read(2, {.room = "lobby", .first = 1, .count_max = 10, .bytes_max = 100});
  EXPECT_EQ(run(), "t=1:2:0 t=10:1=1 ");
  store_.read(3, {.room = "lobby", .first = 1, .count_max = 10, .bytes_max = 100});
  store_.read(4, {.room = "lobby", .first = 2, .count_max = 10, .bytes_max = 100});
  EXPECT_EQ(run(), "t=11:3:1 t=12:4:0 ");
}

TEST_F(SimStoreTest, FailsWhatWasAskedForBeforeAFailureWasHeardOf) {
  store_.append(1, batch(1));
  store_.append(2, batch(2));
  store_.trim(3, {.room = "lobby", .keep_seq = 9, .count_max = 9});
  store_.fail_syncs(log::StoreError{log::StoreError::Code::io, "io"});
  EXPECT_EQ(run(), "t=10:1=io 2=io 3>io ");
  store_.fail_syncs(std::nullopt);
  store_.append(4, batch(2));
  EXPECT_EQ(run(), "t=20:4=1 ");
}

TEST_F(SimStoreTest, TrimsInTheOrderOfAppends) {
  store_.append(1, batch(1));
  store_.append(2, batch(2));
  store_.trim(3, {.room = "lobby", .keep_seq = 2, .count_max = 9});
  EXPECT_EQ(run(), "t=10:1=1 t=20:2=2 3>2 ");
}

}  // namespace
}  // namespace confab::sim
