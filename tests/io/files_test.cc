// SPDX-License-Identifier: MIT
#include "io/files.h"

#include <cerrno>
#include <filesystem>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "io/support.h"

namespace confab::io {

namespace {

class FilesTest : public IoTest {
 protected:
  TemporaryDirectory directory;

  std::string contents(const std::string& path) { return read_file(path, 1'000'000).value_or("cannot be read"); }
  static unsigned mode(const std::string& path) {
    struct stat status{};
    EXPECT_EQ(::stat(path.c_str(), &status), 0);
    return status.st_mode & 07777U;
  }
  std::size_t count_entries() const {
    const std::filesystem::directory_iterator entries(directory / "");
    return static_cast<std::size_t>(std::distance(begin(entries), end(entries)));
  }
};

}  // namespace

TEST_F(FilesTest, WhatWasWrittenIsReadBack) {
  ASSERT_TRUE(write_file_atomically(directory / "file", std::string("a\0b\n", 4)));
  EXPECT_EQ(contents(directory / "file"), std::string("a\0b\n", 4));
}

TEST_F(FilesTest, AFileIsReplacedAndNothingIsLeftBeside) {
  ASSERT_TRUE(write_file_atomically(directory / "file", "old"));
  ASSERT_TRUE(write_file_atomically(directory / "file", "new"));
  EXPECT_EQ(contents(directory / "file"), "new");
  EXPECT_EQ(count_entries(), 1U);
}

TEST_F(FilesTest, AFileThatIsThereIsNotMadeAgain) {
  ASSERT_TRUE(create_file(directory / "key", "first"));
  EXPECT_EQ(create_file(directory / "key", "second").error().error, EEXIST);
  EXPECT_EQ(contents(directory / "key"), "first");
  EXPECT_EQ(mode(directory / "key"), 0600U);
  EXPECT_EQ(count_entries(), 1U);
}

TEST_F(FilesTest, SecretsAreTheOwnersAlone) {
  const mode_t mask = ::umask(0);
  ASSERT_TRUE(write_file_atomically(directory / "key", "secret"));
  ASSERT_TRUE(append_line(directory / "lines", "line"));
  ASSERT_TRUE(make_directories(directory / "dir"));
  ::umask(mask);
  EXPECT_EQ(mode(directory / "key"), 0600U);
  EXPECT_EQ(mode(directory / "lines"), 0600U);
  EXPECT_EQ(mode(directory / "dir"), 0700U);
}

TEST_F(FilesTest, AnotherModeCanBeAskedFor) {
  ASSERT_TRUE(write_file_atomically(directory / "public", "certificate", 0644));
  EXPECT_EQ(mode(directory / "public"), 0644U);
}

TEST_F(FilesTest, AFailedWriteLeavesNothing) {
  ASSERT_TRUE(make_directories(directory / "target"));  // a file cannot be renamed onto a directory
  const auto written = write_file_atomically(directory / "target", "contents");
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().error, EISDIR);
  EXPECT_EQ(written.error().text, "cannot write " + directory / "target" + ": is a directory");
  EXPECT_EQ(count_entries(), 1U);
}

TEST_F(FilesTest, AMissingFileIsAnErrorInOneLine) {
  const auto missing = read_file(directory / "missing", 100);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().error, ENOENT);
  EXPECT_EQ(missing.error().text, "cannot read " + directory / "missing" + ": no such file or directory");
}

TEST_F(FilesTest, AFileLargerThanExpectedIsNotRead) {
  ASSERT_TRUE(write_file_atomically(directory / "file", std::string(10'000, 'x')));
  EXPECT_EQ(read_file(directory / "file", 10'000)->size(), 10'000U);
  EXPECT_EQ(read_file(directory / "file", 9'999).error().error, EFBIG);
  EXPECT_EQ(read_file("/dev/zero", 100'000).error().error, EFBIG);
}

TEST_F(FilesTest, LinesAreAdded) {
  ASSERT_TRUE(append_line(directory / "lines", "one"));
  ASSERT_TRUE(append_line(directory / "lines", "two"));
  EXPECT_EQ(contents(directory / "lines"), "one\ntwo\n");
}

TEST_F(FilesTest, ALineThatWasLeftOpenIsEndedFirst) {
  ASSERT_TRUE(write_file_atomically(directory / "lines", "edited by hand"));
  ASSERT_TRUE(append_line(directory / "lines", "two"));
  EXPECT_EQ(contents(directory / "lines"), "edited by hand\ntwo\n");
}

TEST_F(FilesTest, DirectoriesAreMadeDownToTheLast) {
  ASSERT_TRUE(make_directories(directory / "a/b/c/"));
  EXPECT_TRUE(std::filesystem::is_directory(directory / "a/b/c"));
  EXPECT_TRUE(make_directories(directory / "a/b/c"));
  EXPECT_TRUE(make_directories("/"));
  EXPECT_TRUE(make_directories("."));
}

TEST_F(FilesTest, AFileInTheWayOfADirectoryIsAnError) {
  ASSERT_TRUE(write_file_atomically(directory / "file", ""));
  EXPECT_EQ(make_directories(directory / "file").error().error, EEXIST);
  EXPECT_FALSE(make_directories(directory / "file/below"));
}

}  // namespace confab::io
