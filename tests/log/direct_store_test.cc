// SPDX-License-Identifier: MIT
#include "log/direct_store.h"

#include <gtest/gtest.h>

#include "log/memory_store.h"
#include "log/store_script.h"

namespace confab::log {
namespace {

TEST(DirectStore, AnswersInOrderOnTheNextPoll) {
  MemoryStore memory;
  DirectStore store(memory);
  store.append(7, {.drafts = {draft("lobby", "a"), draft("lobby", "b")}, .claims = {}});
  store.read(9, {.room = "lobby", .first = 2, .count_max = 10, .bytes_max = 100});

  const std::vector<StoreAnswer> answers = store.poll();
  ASSERT_EQ(answers.size(), 2U);
  EXPECT_EQ(answers[0].ticket, 7U);
  EXPECT_EQ(std::get<AppendResult>(answers[0].result)->size(), 2U);
  EXPECT_EQ(answers[1].ticket, 9U);
  const ReadResult& read = std::get<ReadResult>(answers[1].result);
  ASSERT_EQ(read->size(), 1U);
  EXPECT_EQ(read->front().seq, 2U);
  EXPECT_TRUE(store.poll().empty()) << "each answer is given once";
}

/// Its disk is full.
class FullStore final : public Store {
  std::expected<std::vector<Outcome>, StoreError> append(const Batch&) override { return std::unexpected(full); }
  std::expected<std::vector<Record>, StoreError> read(const std::string&, base::Seq, std::size_t,
                                                      std::size_t) override {
    return std::unexpected(full);
  }
  std::expected<std::vector<RoomSummary>, StoreError> rooms() override { return std::unexpected(full); }
  std::expected<std::vector<NameClaim>, StoreError> claims() override { return std::unexpected(full); }

  StoreError full{StoreError::Code::full, "full"};
};

TEST(DirectStore, HandsErrorsOn) {
  FullStore broken;
  DirectStore store(broken);
  store.append(1, {});
  store.read(2, {});
  const std::vector<StoreAnswer> answers = store.poll();
  ASSERT_EQ(answers.size(), 2U);
  EXPECT_EQ(std::get<AppendResult>(answers[0].result).error().code, StoreError::Code::full);
  EXPECT_EQ(std::get<ReadResult>(answers[1].result).error().code, StoreError::Code::full);
}

}  // namespace
}  // namespace confab::log
