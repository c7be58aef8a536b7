// SPDX-License-Identifier: MIT
#include "log/memory_store.h"

#include <thread>

#include <gtest/gtest.h>

#include "log/store_contract.h"

namespace confab::log {
namespace {

struct MemoryBackend {
  Store& store() { return memory; }
  MemoryStore memory;
};

INSTANTIATE_TYPED_TEST_SUITE_P(Memory, StoreContract, MemoryBackend);

TEST(MemoryStore, LetsOneThreadReadWhileAnotherAppends) {
  MemoryStore store;
  std::thread writer([&store] {
    for (int i = 0; i < 1000; ++i) append(store, {draft("lobby", std::to_string(i))});
  });
  std::size_t seen = 0;
  while (seen < 1000) {
    const auto records = store.read("lobby", 1, no_limit, no_limit);
    EXPECT_GE(records->size(), seen);
    seen = records->size();
  }
  writer.join();
}

}  // namespace
}  // namespace confab::log
