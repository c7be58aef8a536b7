// SPDX-License-Identifier: MIT
#include "input_history.h"

#include <cerrno>

#include "io/files.h"

namespace confab::apps {

namespace {

constexpr char history_file[] = "input_history";
constexpr std::size_t history_bytes_max = std::size_t{32} * 1024 * 1024;

std::string path_in(const runtime::Profile& profile) { return profile.directory() + "/" + history_file; }

}  // namespace

term::History load_history(const runtime::Profile& profile) {
  const auto file = io::read_file(path_in(profile), history_bytes_max);
  return file ? term::History::load(*file) : term::History();
}

std::expected<void, std::string> keep_history(const runtime::Profile& profile, std::span<const std::string> typed) {
  const auto file = io::read_file(path_in(profile), history_bytes_max);
  if (!file && file.error().error != ENOENT) return std::unexpected(file.error().text);
  term::History history = term::History::load(file.value_or(""));
  for (const std::string& line : typed) history.add(line);
  const auto kept = io::write_file_atomically(path_in(profile), history.save(), 0600);
  if (!kept) return std::unexpected(kept.error().text);
  return {};
}

}  // namespace confab::apps
