// SPDX-License-Identifier: MIT
// What every outbox store does, the one in memory and the one on disk: INSTANTIATE_TEST_SUITE_P with a way to make one.
#pragma once

#include <functional>
#include <memory>

#include <gtest/gtest.h>

#include "client/outbox_store.h"

namespace confab::client {

/// A store with what it stands on.
struct OutboxStage {
  virtual ~OutboxStage() = default;
  virtual OutboxStore& store() = 0;
};

using MakeOutboxStage = std::function<std::unique_ptr<OutboxStage>()>;

struct OutboxStoreContract : ::testing::TestWithParam<MakeOutboxStage> {
  static StoredEntry entry(std::uint8_t number, const std::string& text = "Hii") {
    StoredEntry result{.id = {},
                       .room = "lobby",
                       .content = {.kind = Kind::action, .text = text},
                       .typed_at = {1'700'000'000'000 + number}};
    result.id.bytes.fill(number);
    return result;
  }
  using Entries = std::vector<StoredEntry>;

  std::unique_ptr<OutboxStage> stage = GetParam()();
  OutboxStore& store = stage->store();
};

TEST_P(OutboxStoreContract, KeepsAllOfAnEntryAndTheOrder) {
  const Entries entries{entry(3, "Grüße\nzwei Zeilen"), entry(1), entry(2, "")};
  ASSERT_TRUE(store.save("Ada", std::span(entries).first(1), Durability::process));
  ASSERT_TRUE(store.save("Ada", std::span(entries).subspan(1), Durability::machine));
  EXPECT_EQ(store.load("Ada"), entries);
  EXPECT_EQ(store.load("Bob"), Entries{});
}

TEST_P(OutboxStoreContract, KeepsWhateverMayBeSaid) {
  using What = Content::What;
  Entries entries;
  for (const What what : {What::message, What::topic, What::edit, What::redaction, What::reaction}) {
    entries.push_back(entry(static_cast<std::uint8_t>(1 + entries.size())));
    entries.back().content = {.what = what,
                              .kind = what == What::message ? Kind::notice : Kind::text,
                              .text = "👍",
                              .target = "00112233445566778899aabbccddeeff",
                              .withdrawn = what == What::reaction};
  }
  ASSERT_TRUE(store.save("Ada", entries, Durability::process));
  EXPECT_EQ(store.load("Ada"), entries);
}

TEST_P(OutboxStoreContract, ErasesWhatIsNamedAndMindsNothingElse) {
  ASSERT_TRUE(store.save("Ada", Entries{entry(1), entry(2), entry(3)}, Durability::process));
  EXPECT_EQ(store.erase(std::vector{entry(2).id, entry(9).id}, Durability::process), 1U);
  EXPECT_EQ(store.erase(std::vector{entry(2).id}, Durability::machine), 0U) << "it is gone";
  EXPECT_EQ(store.load("Ada"), (Entries{entry(1), entry(3)}));
}

TEST_P(OutboxStoreContract, KeptAgainItKeepsItsPlaceAndTakesTheName) {
  ASSERT_TRUE(store.save("Ada", Entries{entry(1), entry(2)}, Durability::process));
  ASSERT_TRUE(store.save("Ada", Entries{entry(1)}, Durability::machine));
  EXPECT_EQ(store.load("Ada"), (Entries{entry(1), entry(2)}));
  ASSERT_TRUE(store.save("Bob", Entries{entry(1)}, Durability::process));
  EXPECT_EQ(store.load("Ada"), Entries{entry(2)});
  EXPECT_EQ(store.load("Bob"), Entries{entry(1)});
}

}  // namespace confab::client
