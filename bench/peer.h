// SPDX-License-Identifier: MIT
// The encrypted servers that Confab is measured beside: as Debian packages them, with a configuration of ours.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "dialect.h"
#include "self_signed.h"

namespace confab::bench {

/// What a peer's configuration is made for.
struct PeerSite {
  std::filesystem::path directory;  ///< its own, for the run
  CertificateFiles certificate;
  std::string host;  ///< an IPv4 address of this machine
  std::uint16_t port = 0;
  std::string user;  ///< who we are: peers that give up root's rights would lose their files with them
};

struct Peer {
  std::string name;  ///< of the program and of its Debian package
  std::shared_ptr<const Dialect> dialect;
  std::size_t members_max;  ///< with more, it would be measured beyond what one can wait for
  std::string reason;       ///< why
  std::function<std::string(const PeerSite&)> configuration;
  std::vector<std::string> arguments;  ///< before the configuration's path
};

/// ngircd, mosquitto, nats-server.
std::span<const Peer> all_peers();

/// The program's path, where it is installed: system daemons are not in everybody's PATH.
std::optional<std::filesystem::path> find_program(const std::string& name);

}  // namespace confab::bench
