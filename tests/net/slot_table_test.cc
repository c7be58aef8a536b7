// SPDX-License-Identifier: MIT
#include "net/slot_table.h"

#include <string>

#include <gtest/gtest.h>

namespace confab::net {
namespace {

using Table = SlotTable<std::string>;

Table::Handle put(Table& table, const char* text) {
  const Table::Handle handle = table.next_handle();
  table.put(std::make_unique<std::string>(text));
  return handle;
}

TEST(SlotTable, FindsByHandle) {
  Table table;
  const auto a = put(table, "a");
  const auto b = put(table, "b");
  EXPECT_EQ(*table.find(a), "a");
  EXPECT_EQ(*table.find(b), "b");
  EXPECT_EQ(table.find(0), nullptr);
  EXPECT_EQ(table.find(~Table::Handle{0}), nullptr);
}

TEST(SlotTable, TablesOfTheirOwnRangesShareNoHandle) {
  Table first;
  Table second(Table::Handle{1} << 60);
  const auto a = put(first, "a");
  const auto b = put(second, "b");
  EXPECT_EQ(b >> 60, 1U);
  EXPECT_EQ(*second.find(b), "b");
  EXPECT_EQ(second.find(a), nullptr);
  EXPECT_EQ(first.find(b), nullptr);
}

TEST(SlotTable, ADeadHandleFindsNothingThoughItsPlaceIsUsedAgain) {
  Table table;
  const auto a = put(table, "a");
  table.erase(a);
  EXPECT_EQ(table.find(a), nullptr);
  const auto b = put(table, "b");
  EXPECT_EQ(table.find(a), nullptr);
  EXPECT_EQ(*table.find(b), "b");
}

TEST(SlotTable, HandlesAreInTheOrderOfTheirMaking) {
  Table table;
  Table::Handle last = 0;
  for (int i = 0; i < 100; ++i) {
    const auto handle = put(table, "x");
    EXPECT_GT(handle, last);
    if (i % 3 == 0) table.erase(handle);
    last = handle;
  }
}

}  // namespace
}  // namespace confab::net
