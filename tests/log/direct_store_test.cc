// SPDX-License-Identifier: MIT
#include "log/direct_store.h"

#include <utility>

#include <gtest/gtest.h>

#include "log/memory_store.h"
#include "log/store_script.h"

namespace confab::log {
namespace {

TEST(DirectStore, AnswersInOrderOnTheNextPoll) {
  MemoryStore memory;
  DirectStore store(memory);
  store.append(7, {.drafts = {draft("lobby", "a"), draft("lobby", "b")}, .claims = {}});
  store.append(9, {.drafts = {draft("lobby", "c")}, .claims = {}});

  const std::vector<StoreAnswer> answers = store.poll();
  ASSERT_EQ(answers.size(), 2U);
  EXPECT_EQ(answers[0].ticket, 7U);
  EXPECT_EQ(std::get<AppendResult>(answers[0].result)->size(), 2U);
  EXPECT_EQ(answers[1].ticket, 9U);
  EXPECT_TRUE(store.poll().empty()) << "each answer is given once";
}

TEST(DirectReader, ReadsWhatIsStored) {
  MemoryStore memory;
  DirectStore(memory).append(7, {.drafts = {draft("lobby", "a"), draft("lobby", "b")}, .claims = {}});
  DirectReader reader(memory);
  reader.read(9, {.room = "lobby", .first = 2, .count_max = 10, .bytes_max = 100});
  const std::vector<ReadAnswer> answers = reader.poll();
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_EQ(answers[0].ticket, 9U);
  ASSERT_EQ(answers[0].result->size(), 1U);
  EXPECT_EQ(answers[0].result->front().seq, 2U);
  EXPECT_TRUE(reader.poll().empty()) << "each answer is given once";
}

/// Its disk is full.
class FullStore final : public Store {
  std::expected<std::vector<Outcome>, StoreError> append(const Batch&) override { return std::unexpected(full); }
  std::expected<std::vector<Record>, StoreError> read(const std::string&, base::Seq, std::size_t,
                                                      std::size_t) override {
    return std::unexpected(full);
  }
  std::expected<TrimResult, StoreError> trim(const TrimRequest&) override { return std::unexpected(full); }
  std::expected<std::vector<RoomSummary>, StoreError> rooms() override { return std::unexpected(full); }
  std::expected<std::vector<StoredMember>, StoreError> members() override { return std::unexpected(full); }
  std::expected<std::vector<NameClaim>, StoreError> claims() override { return std::unexpected(full); }
  std::expected<std::vector<ReadMarker>, StoreError> markers() override { return std::unexpected(full); }

  StoreError full{StoreError::Code::full, "full"};
};

/// Its first append fails, and no other.
class StumblingStore final : public Store {
 public:
  std::expected<std::vector<Outcome>, StoreError> append(const Batch& batch) override {
    if (std::exchange(fine_, true)) return memory_.append(batch);
    return std::unexpected(StoreError{StoreError::Code::io, "stumbled"});
  }
  std::expected<std::vector<Record>, StoreError> read(const std::string& room, base::Seq first, std::size_t count_max,
                                                      std::size_t bytes_max) override {
    return memory_.read(room, first, count_max, bytes_max);
  }
  std::expected<TrimResult, StoreError> trim(const TrimRequest& request) override { return memory_.trim(request); }
  std::expected<std::vector<RoomSummary>, StoreError> rooms() override { return memory_.rooms(); }
  std::expected<std::vector<StoredMember>, StoreError> members() override { return memory_.members(); }
  std::expected<std::vector<NameClaim>, StoreError> claims() override { return memory_.claims(); }
  std::expected<std::vector<ReadMarker>, StoreError> markers() override { return memory_.markers(); }

 private:
  MemoryStore memory_;
  bool fine_ = false;
};

TEST(DirectStore, HandsErrorsOn) {
  FullStore broken;
  DirectStore store(broken);
  DirectReader reader(broken);
  store.append(1, {});
  reader.read(2, {});
  EXPECT_EQ(std::get<AppendResult>(store.poll().at(0).result).error().code, StoreError::Code::full);
  EXPECT_EQ(reader.poll().at(0).result.error().code, StoreError::Code::full);
}

TEST(DirectStore, FailsWhatWasAskedForBeforeAFailureWasHeardOf) {
  StumblingStore stumbling;
  DirectStore store(stumbling);
  store.append(1, {.drafts = {draft("lobby", "a")}, .claims = {}});
  store.append(2, {.drafts = {draft("lobby", "b")}, .claims = {}});
  store.trim(3, {.room = "lobby", .keep_seq = 9, .count_max = 9});
  const std::vector<StoreAnswer> answers = store.poll();
  ASSERT_EQ(answers.size(), 3U);
  EXPECT_EQ(std::get<AppendResult>(answers[1].result).error().text, "stumbled");
  EXPECT_EQ(std::get<TrimAnswer>(answers[2].result).error().text, "stumbled");

  store.append(4, {.drafts = {draft("lobby", "a"), draft("lobby", "b")}, .claims = {}});
  EXPECT_TRUE(std::get<AppendResult>(store.poll().front().result));
  EXPECT_EQ(read(stumbling, "lobby"), "1=a 2=b");
}

}  // namespace
}  // namespace confab::log
