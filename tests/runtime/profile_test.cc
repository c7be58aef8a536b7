// SPDX-License-Identifier: MIT
#include "runtime/profile.h"

#include <fstream>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "temp_home.h"

namespace confab::runtime {
namespace {

void write(const std::string& path, const std::string& text) { std::ofstream(path) << text; }

std::string read(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(Profile, TheKeyIsMadeOnceAndKept) {
  const TempHome home;
  const auto first = Profile::open(home.path + "/new/data");
  ASSERT_TRUE(first) << first.error();
  const auto second = Profile::open(home.path + "/new/data");
  ASSERT_TRUE(second);
  EXPECT_EQ(first->key().public_key(), second->key().public_key());
  struct stat status{};
  ASSERT_EQ(::stat((home.path + "/new/data/identity.key").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U) << "nobody else reads it";
}

TEST(Profile, ADamagedKeyIsNamedAndNotReplaced) {
  const TempHome home;
  write(home.path + "/identity.key", "not a key\n");
  const auto profile = Profile::open(home.path);
  ASSERT_FALSE(profile);
  EXPECT_NE(profile.error().find("/identity.key: "), std::string::npos) << profile.error();
  EXPECT_EQ(read(home.path + "/identity.key"), "not a key\n");
}

TEST(Profile, NameAndHostsAreRemembered) {
  const TempHome home;
  wire::Fingerprint fingerprint;
  fingerprint.sha256.fill(7);
  {
    auto profile = Profile::open(home.path);
    ASSERT_TRUE(profile->remember_name("Hilmi"));
    ASSERT_TRUE(profile->remember_host("chat.example:2209", fingerprint));
    EXPECT_EQ(profile->known_hosts().find("chat.example:2209"), fingerprint) << "at once";
  }
  const auto again = Profile::open(home.path);
  EXPECT_EQ(again->name(), "Hilmi");
  EXPECT_EQ(again->known_hosts().find("chat.example:2209"), fingerprint);
}

TEST(Profile, AnUnusableNameIsAsIfNoneWasThere) {
  const TempHome home;
  write(home.path + "/name", "\x1b[2J\n");
  EXPECT_EQ(Profile::open(home.path)->name(), "");
}

TEST(Profile, WhatIsInKnownHostsStays) {
  const TempHome home;
  write(home.path + "/known_hosts", "# by hand\n# without a line feed");
  auto profile = Profile::open(home.path);
  ASSERT_TRUE(profile->remember_host("a:1", {}));
  EXPECT_EQ(read(home.path + "/known_hosts").rfind("# by hand\n# without a line feed\na:1 SHA256:", 0), 0U);
}

TEST(Profile, ADamagedPinIsNamedNotIgnored) {
  const TempHome home;
  write(home.path + "/known_hosts", "# mine\na:1 SHA256x:damaged\n");
  const auto profile = Profile::open(home.path);
  ASSERT_FALSE(profile) << "it may be the pin of the server that is asked for";
  EXPECT_NE(profile.error().find("/known_hosts:2: "), std::string::npos) << profile.error();
}

TEST(Profile, ADirectoryThatCannotBeMadeIsNamed) {
  const TempHome home;
  write(home.path + "/file", "");
  const auto profile = Profile::open(home.path + "/file/data");
  ASSERT_FALSE(profile);
  EXPECT_NE(profile.error().find("/file"), std::string::npos);
}

}  // namespace
}  // namespace confab::runtime
