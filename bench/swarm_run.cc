// SPDX-License-Identifier: MIT
#include "swarm_run.h"

#include <utility>

namespace confab::bench {

std::expected<std::unique_ptr<SwarmRun>, std::string> SwarmRun::open(const SwarmOptions& options, Sockets sockets) {
  std::unique_ptr<SwarmRun> opened(new SwarmRun(options));
  auto locals = open_sockets(opened->loop_, options.members, sockets);
  if (!locals) return std::unexpected(locals.error());
  opened->swarm_.set_locals(*std::move(locals));
  return opened;
}

std::expected<void, std::string> SwarmRun::run(const std::function<bool(base::Now)>& is_done) {
  loop_.after_turn([&](base::Now now) {
    if (!swarm_.failure().empty()) return loop_.stop(1);
    if (is_done(now)) loop_.stop(0);
  });
  if (loop_.run() != 0) return std::unexpected("the swarm: " + swarm_.failure());
  return {};
}

}  // namespace confab::bench
