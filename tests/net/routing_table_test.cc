// SPDX-License-Identifier: MIT
#include "net/routing_table.h"

#include <map>
#include <string>

#include <gtest/gtest.h>

namespace confab::net {
namespace {

/// The table never looks at what it leads to.
Connection& connection(std::uintptr_t number) { return *reinterpret_cast<Connection*>(number * 64 + 64); }

class Routing : public ::testing::Test {
 protected:
  base::SeededRandom random{7};
  RoutingTable table{random};
};

TEST_F(Routing, FindsWhatWasAdded) {
  table.add(base::as_bytes("one"), connection(1));
  EXPECT_EQ(table.find(base::as_bytes("one")), &connection(1));
  EXPECT_EQ(table.find(base::as_bytes("two")), nullptr);
  EXPECT_EQ(table.find({}), nullptr);
}

TEST_F(Routing, AKeyThatBeginsAnotherIsAnother) {
  table.add(std::array<std::uint8_t, 3>{1, 0, 0}, connection(1));
  EXPECT_EQ(table.find(std::array<std::uint8_t, 2>{1, 0}), nullptr);
}

TEST_F(Routing, KeysLongerThanAnyIdAreNobodys) { EXPECT_EQ(table.find(std::array<std::uint8_t, 21>{}), nullptr); }

TEST_F(Routing, TheOlderEntryStays) {
  table.add(base::as_bytes("one"), connection(1));
  table.add(base::as_bytes("one"), connection(2));
  EXPECT_EQ(table.find(base::as_bytes("one")), &connection(1));
  table.remove(base::as_bytes("one"), connection(2));
  EXPECT_EQ(table.find(base::as_bytes("one")), &connection(1));
}

TEST_F(Routing, AgreesWithAMapOverALongLife) {
  std::map<std::string, Connection*> model;
  for (int step = 0; step < 50'000; ++step) {
    const std::string key = "id " + std::to_string(random.below(2000));
    Connection& owner = connection(random.below(50));
    if (random.chance(1, 2)) {
      model.try_emplace(key, &owner);
      table.add(base::as_bytes(key), owner);
    } else if (const auto known = model.find(key); known != model.end()) {
      table.remove(base::as_bytes(key), *known->second);
      model.erase(known);
    }
    const std::string asked = "id " + std::to_string(random.below(2000));
    const auto known = model.find(asked);
    ASSERT_EQ(table.find(base::as_bytes(asked)), known == model.end() ? nullptr : known->second) << "step " << step;
  }
}

}  // namespace
}  // namespace confab::net
