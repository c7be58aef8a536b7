// SPDX-License-Identifier: MIT
// A confabd of one's own, and sockets enough for a swarm: what every trial of Confab begins with.
#pragma once

#include <expected>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/address.h"
#include "child.h"
#include "io/loop.h"

namespace confab::bench {

/// confabd with a data directory of its own, at a port that the kernel chooses; both end with the value.
class ConfabHost {
 public:
  /// Once, before all else.
  std::expected<void, std::string> start(const std::filesystem::path& program);

  void kill() { server_->kill(); }
  /// On the data and at the address that it had.
  std::expected<void, std::string> restart() { return start_at(address_.to_string()); }

  const base::Address& address() const { return address_; }
  /// Where its data are.
  const std::filesystem::path& directory() const { return directory_.path(); }
  pid_t pid() const { return server_->pid(); }

 private:
  std::expected<void, std::string> start_at(const std::string& listen);

  TempDir directory_;
  std::filesystem::path program_;
  std::optional<Child> server_;  // ends before its directory
  base::Address address_;
};

/// How members come by sockets: a few for all, or each one's own, where their ways are told apart by it.
enum class Sockets { shared, one_each };

std::expected<std::vector<base::Address>, std::string> open_sockets(io::Loop& loop, std::size_t members,
                                                                    Sockets sockets = Sockets::shared);

}  // namespace confab::bench
