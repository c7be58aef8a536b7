// SPDX-License-Identifier: MIT
// Words for tests of the store on disk.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "log/sqlite_store.h"

namespace confab::log {

/// The store in `data_dir`, which must be fine.
inline std::unique_ptr<SqliteStore> open_store(const std::filesystem::path& data_dir) {
  auto store = SqliteStore::open(data_dir);
  if (!store) throw std::runtime_error(store.error().text);
  return std::move(*store);
}

/// Why there is no opening `data_dir`.
inline StoreError open_error(const std::filesystem::path& data_dir) {
  auto store = SqliteStore::open(data_dir);
  if (store) throw std::runtime_error("the store was opened");
  return std::move(store).error();
}

/// True for a line that an operator can act on: it names the file and says what to do after a semicolon.
inline testing::AssertionResult is_helpful(const StoreError& error, const std::filesystem::path& file) {
  const bool good = error.text.starts_with(file.native() + ": ") && error.text.find("; ") != std::string::npos &&
                    error.text.find('\n') == std::string::npos;
  return good ? testing::AssertionSuccess() : testing::AssertionFailure() << error.text;
}

}  // namespace confab::log
