// SPDX-License-Identifier: MIT
// A swarm in an event loop of its own, with sockets: what every trial of Confab's members begins with.
#pragma once

#include <expected>
#include <functional>
#include <memory>
#include <string>

#include "confab_host.h"
#include "io/loop.h"
#include "io/random.h"
#include "swarm.h"

namespace confab::bench {

/// Not thread-safe. Errors are lines for people.
class SwarmRun {
 public:
  static std::expected<std::unique_ptr<SwarmRun>, std::string> open(const SwarmOptions& options,
                                                                    Sockets sockets = Sockets::shared);

  Swarm& swarm() { return swarm_; }

  /// Takes turns until `is_done`, asked after each, says so; or until the swarm has failed, which is an error. Once.
  std::expected<void, std::string> run(const std::function<bool(base::Now)>& is_done);

 private:
  explicit SwarmRun(const SwarmOptions& options) : swarm_(options, random_, log_), loop_(swarm_) {}

  base::NullLog log_;
  io::SystemRandom random_;
  Swarm swarm_;
  io::Loop loop_;
};

}  // namespace confab::bench
