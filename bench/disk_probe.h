// SPDX-License-Identifier: MIT
#pragma once

#include <expected>
#include <filesystem>
#include <string>

#include "histogram.h"

namespace confab::bench {

/// How long the disk takes to make a page durable: 4 KiB appended to a file of `directory` and fdatasync, so many
/// times.
std::expected<Histogram, std::string> probe_disk(const std::filesystem::path& directory, int times);

}  // namespace confab::bench
