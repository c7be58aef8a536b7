// SPDX-License-Identifier: MIT
#include "process_stats.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <string>

#include <fmt/format.h>
#include <unistd.h>

#include "io/files.h"

namespace confab::bench {

namespace {

constexpr std::size_t proc_file_bytes_max = 64 * 1024;
constexpr std::uint64_t kib = 1024;

/// Fields of stat behind NAME, counted from 0 (STATE): proc(5) counts from 1 and has two before.
constexpr std::size_t stat_user_time = 11;
constexpr std::size_t stat_system_time = 12;

/// Cuts the next word off the front; empty at the end.
std::string_view next_word(std::string_view& text) {
  const std::size_t begin = text.find_first_not_of(" \t\n");
  if (begin == std::string_view::npos) return text = {};
  const std::size_t end = std::min(text.find_first_of(" \t\n", begin), text.size());
  const std::string_view word = text.substr(begin, end - begin);
  text.remove_prefix(end);
  return word;
}

std::optional<std::uint64_t> parse_number(std::string_view word) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
  if (error != std::errc() || end != word.data() + word.size()) return std::nullopt;
  return number;
}

std::optional<std::uint64_t> kib_field(std::string_view status, std::string_view name) {
  const std::size_t at = status.find(fmt::format("\n{}:", name));
  if (at == std::string_view::npos) return std::nullopt;
  status.remove_prefix(at + name.size() + 2);
  const auto number = parse_number(next_word(status));
  return number ? std::optional(*number * kib) : std::nullopt;
}

std::optional<std::string> read_proc(const std::string& path) {
  auto text = io::read_file(path, proc_file_bytes_max);
  return text ? std::optional(*std::move(text)) : std::nullopt;
}

std::optional<base::Duration> thread_time(const std::string& task) {
  if (const auto text = read_proc(task + "/schedstat")) return parse_schedstat(*text);
  if (const auto text = read_proc(task + "/stat")) return parse_stat(*text, ::sysconf(_SC_CLK_TCK));
  return std::nullopt;
}

}  // namespace

std::optional<base::Duration> parse_schedstat(std::string_view text) {
  const auto run_ns = parse_number(next_word(text));
  return run_ns ? std::optional(base::Duration(*run_ns)) : std::nullopt;
}

std::optional<base::Duration> parse_stat(std::string_view text, long ticks_per_s) {
  const std::size_t name_end = text.rfind(')');
  if (name_end == std::string_view::npos) return std::nullopt;
  text.remove_prefix(name_end + 1);
  std::uint64_t ticks = 0;
  for (std::size_t field = 0; field <= stat_system_time; ++field) {
    const std::string_view word = next_word(text);
    if (field < stat_user_time) continue;
    const auto number = parse_number(word);
    if (!number) return std::nullopt;
    ticks += *number;
  }
  const std::uint64_t ns_per_tick = std::nano::den / static_cast<std::uint64_t>(ticks_per_s);
  return base::Duration(ticks * ns_per_tick);
}

std::optional<Memory> parse_status(std::string_view text) {
  const auto resident = kib_field(text, "VmRSS");
  const auto peak = kib_field(text, "VmHWM");
  if (!resident || !peak) return std::nullopt;
  return Memory{.resident_bytes = *resident, .peak_bytes = *peak};
}

std::optional<base::Duration> cpu_time(pid_t pid) {
  std::optional<base::Duration> total;
  std::error_code gone;
  for (const auto& task : std::filesystem::directory_iterator(fmt::format("/proc/{}/task", pid), gone)) {
    // A thread may end between the listing and the reading.
    if (const auto time = thread_time(task.path().string())) total = total.value_or(base::Duration::zero()) + *time;
  }
  return total;
}

std::optional<Memory> memory(pid_t pid) {
  const auto text = read_proc(fmt::format("/proc/{}/status", pid));
  return text ? parse_status(*text) : std::nullopt;
}

}  // namespace confab::bench
