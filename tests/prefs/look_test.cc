// SPDX-License-Identifier: MIT
#include "prefs/look.h"

#include <gtest/gtest.h>

namespace confab::prefs {
namespace {

TEST(Look, RolesHaveNames) {
  EXPECT_EQ(to_string(Role::day_change), "day-change");
  for (std::size_t i = 0; i < role_count; ++i) {
    const Role role = static_cast<Role>(i);
    EXPECT_EQ(parse_role(to_string(role)), role) << to_string(role);
  }
  EXPECT_EQ(parse_role("nothing"), std::nullopt);
  EXPECT_EQ(parse_role(""), std::nullopt);
}

}  // namespace
}  // namespace confab::prefs
