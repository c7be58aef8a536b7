// SPDX-License-Identifier: MIT
#include "io/home.h"

#include <filesystem>
#include <map>

#include <gtest/gtest.h>

namespace confab::io {

namespace {

Environment environment(std::map<std::string, std::string> variables) {
  return [variables = std::move(variables)](const char* name) -> const char* {
    const auto found = variables.find(name);
    return found == variables.end() ? nullptr : found->second.c_str();
  };
}

std::string print(const Home& home) { return home.config + " " + home.data + " " + home.state + " " + home.runtime; }

}  // namespace

TEST(HomeTest, WithoutMoreItIsBelowTheUsersHome) {
  EXPECT_EQ(print(Home::find({}, environment({{"HOME", "/home/ada"}}))),
            "/home/ada/.config/confab /home/ada/.local/share/confab /home/ada/.local/state/confab "
            "/home/ada/.local/state/confab/run");
}

TEST(HomeTest, TheXdgVariablesMoveIt) {
  EXPECT_EQ(print(Home::find({}, environment({{"HOME", "/home/ada"},
                                              {"XDG_CONFIG_HOME", "/c"},
                                              {"XDG_DATA_HOME", "/d"},
                                              {"XDG_STATE_HOME", "/s"},
                                              {"XDG_RUNTIME_DIR", "/run/user/1"}}))),
            "/c/confab /d/confab /s/confab /run/user/1/confab");
}

TEST(HomeTest, ATildeIsTheUsersOwnDirectory) {
  const Environment of_ada = environment({{"HOME", "/home/ada"}});
  EXPECT_EQ(expand_home("~/lines", of_ada), "/home/ada/lines");
  for (const char* other : {"/tmp/~/x", "~bob/x", "lines", ""}) EXPECT_EQ(expand_home(other, of_ada), other);
}

TEST(HomeTest, ARelativeXdgPathIsIgnored) {
  EXPECT_EQ(Home::find({}, environment({{"HOME", "/home/ada"}, {"XDG_CONFIG_HOME", "c"}})).config,
            "/home/ada/.config/confab");
}

TEST(HomeTest, OneVariableMovesAll) {
  EXPECT_EQ(
      print(Home::find({}, environment({{"HOME", "/home/ada"}, {"XDG_DATA_HOME", "/d"}, {"CONFAB_HOME", "/box"}}))),
      "/box/config /box/data /box/state /box/run");
}

TEST(HomeTest, TheArgumentGoesBeforeTheEnvironment) {
  EXPECT_EQ(Home::find("/here", environment({{"CONFAB_HOME", "/box"}})).data, "/here/data");
  EXPECT_EQ(Home::find("here", environment({})).data, std::filesystem::current_path() / "here/data");
}

TEST(HomeTest, WithNoEnvironmentAtAllThereIsAPlace) {
  EXPECT_TRUE(Home::find({}, environment({})).config.starts_with('/'));
}

}  // namespace confab::io
