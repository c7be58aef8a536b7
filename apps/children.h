// SPDX-License-Identifier: MIT
// The programs that a chat has started: commands of hooks and of /exec.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>

#include "base/time.h"
#include "io/child_process.h"
#include "io/loop.h"
#include "prefs/hooks.h"

namespace confab::apps {

/// Lives on the loop's thread; stays where it is, for as long as the loop turns.
class Children {
 public:
  using Listener = std::function<void(const prefs::ChildOutput& output, base::Now now)>;

  /// `listener` hears what comes of each, its end included, and in a turn of its own that one never began.
  explicit Children(Listener listener) : listener_(std::move(listener)) {}
  Children(const Children&) = delete;
  Children& operator=(const Children&) = delete;

  void start(io::Loop& loop, prefs::SpawnRequest spawn);
  /// Ends those that still run.
  void clear() { running_.clear(); }

 private:
  Listener listener_;
  std::map<std::uint64_t, std::unique_ptr<io::ChildProcess>> running_;
};

}  // namespace confab::apps
