// SPDX-License-Identifier: MIT
// The few files that Confab keeps beside its store: keys, known servers, settings. Whole files in, whole files out.
#pragma once

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>

#include <sys/types.h>

#include "io/error.h"

namespace confab::io {

/// The whole file; IoError.error is ENOENT where there is none, and EFBIG where it holds more than `bytes_max` bytes.
std::expected<std::string, IoError> read_file(const std::string& path, std::size_t bytes_max);

/// After this, and after a crash at any moment of it, the file holds either what it held before or all of `contents`.
std::expected<void, IoError> write_file_atomically(const std::string& path, std::string_view contents,
                                                   mode_t mode = 0600);

/// The same for a file that is not to be there yet: EEXIST where it is, and then nothing is changed.
std::expected<void, IoError> create_file(const std::string& path, std::string_view contents, mode_t mode = 0600);

/// Adds `line` (which has no line feed) as a line of its own, durably, also where the last line lacks its line feed.
/// Makes the file where there is none.
std::expected<void, IoError> append_line(const std::string& path, std::string_view line, mode_t mode = 0600);

/// Makes the directory and those above it that are missing; what exists keeps its mode.
std::expected<void, IoError> make_directories(const std::string& path, mode_t mode = 0700);

}  // namespace confab::io
