// SPDX-License-Identifier: MIT
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

namespace confab::runtime {

/// A directory that is gone when the test is over.
struct TempHome {
  TempHome() {
    std::string pattern = (std::filesystem::temp_directory_path() / "confab-test-XXXXXX").string();
    path = ::mkdtemp(pattern.data());
  }
  ~TempHome() { std::filesystem::remove_all(path); }
  TempHome(const TempHome&) = delete;
  TempHome& operator=(const TempHome&) = delete;

  std::string path;
};

}  // namespace confab::runtime
