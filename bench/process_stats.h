// SPDX-License-Identifier: MIT
// What a process has used, as the kernel tells it in /proc (proc(5)). The parsers take a file's text, so that they can
// be tested without a process.
//
//   /proc/PID/task/TID/schedstat   "RUN_NS WAIT_NS SLICES"
//   /proc/PID/task/TID/stat        "TID (NAME) STATE …": fields 14 and 15 are user and system time in clock ticks
//   /proc/PID/status               lines "Name:\tVALUE"; VmRSS and VmHWM in kB
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include <sys/types.h>

#include "base/time.h"

namespace confab::bench {

std::optional<base::Duration> parse_schedstat(std::string_view text);
/// NAME may hold spaces and parentheses: it ends with the last one.
std::optional<base::Duration> parse_stat(std::string_view text, long ticks_per_s);

/// User space's memory; what the kernel holds for the sockets is not in it.
struct Memory {
  std::uint64_t resident_bytes = 0;  ///< VmRSS
  std::uint64_t peak_bytes = 0;      ///< VmHWM
};
std::optional<Memory> parse_status(std::string_view text);

/// CPU time of all living threads, from schedstat in nanoseconds, or from stat where the kernel has no schedstat. A
/// thread that runs at this moment may be short by up to one scheduler tick. nullopt: there is no such process.
std::optional<base::Duration> cpu_time(pid_t pid);
std::optional<Memory> memory(pid_t pid);

}  // namespace confab::bench
