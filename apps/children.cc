// SPDX-License-Identifier: MIT
#include "children.h"

#include <string>
#include <string_view>
#include <utility>

namespace confab::apps {

namespace {

/// As a shell says it of a command that it cannot run.
constexpr int never_began = 127;

}  // namespace

void Children::start(io::Loop& loop, prefs::SpawnRequest spawn) {
  const std::uint64_t id = spawn.id;
  io::ChildOptions options{.argv = std::move(spawn.argv),
                           .environment = std::move(spawn.environment),
                           .input = std::move(spawn.input),
                           .output_bytes_max = spawn.limits.output_bytes_max,
                           .time_max = spawn.limits.time_max};
  auto child = io::ChildProcess::start(
      loop, options,
      [this, id](std::string_view bytes, base::Now now) {
        listener_({.id = id, .bytes = std::string(bytes), .exit_code = {}, .complaint = {}}, now);
      },
      [this, id](const io::ChildEnd& end, base::Now now) {
        listener_({.id = id, .bytes = {}, .exit_code = end.exit_code, .complaint = end.complaint}, now);
        running_.erase(id);
      });
  if (child) {
    running_.emplace(id, std::move(*child));
  } else {
    loop.post([this, id, why = child.error().text](base::Now now) {
      listener_({.id = id, .bytes = {}, .exit_code = never_began, .complaint = why}, now);
    });
  }
}

}  // namespace confab::apps
