// SPDX-License-Identifier: MIT
#include "client/memory_outbox_store.h"

#include "client/outbox_store_contract.h"

namespace confab::client {
namespace {

struct MemoryStage final : OutboxStage {
  OutboxStore& store() override { return memory; }
  MemoryOutboxStore memory;
};

INSTANTIATE_TEST_SUITE_P(Memory, OutboxStoreContract,
                         ::testing::Values([] { return std::make_unique<MemoryStage>(); }));

TEST(MemoryOutboxStore, APowerCutTakesWhatWasNotSynced) {
  MemoryOutboxStore store;
  const std::vector entries{OutboxStoreContract::entry(1), OutboxStoreContract::entry(2)};
  ASSERT_TRUE(store.save("Ada", std::span(entries).first(1), Durability::machine));
  ASSERT_TRUE(store.save("Ada", std::span(entries).last(1), Durability::process));
  ASSERT_TRUE(store.erase(std::vector{entries[0].id}, Durability::process));
  store.lose_power();
  EXPECT_EQ(store.load("Ada"), std::vector{entries[0]});
  ASSERT_TRUE(store.erase(std::vector{entries[0].id}, Durability::machine));
  store.lose_power();
  EXPECT_EQ(store.load("Ada"), std::vector<StoredEntry>{});
}

}  // namespace
}  // namespace confab::client
