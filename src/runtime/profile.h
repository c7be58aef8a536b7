// SPDX-License-Identifier: MIT
// What a client keeps on disk: the user's key, the last name, the servers it knows.
//
//   identity.key   Ed25519, PEM, made on first use
//   name           the name that was used last, one line
//   known_hosts    client/known_hosts.h
//   local.db       runtime/local_store.h
#pragma once

#include <expected>
#include <string>

#include "client/known_hosts.h"
#include "net/identity.h"

namespace confab::runtime {

class Profile {
 public:
  /// Reads what is in `directory`, which is made where it is missing. The error is a line for people.
  static std::expected<Profile, std::string> open(const std::string& directory);

  const std::string& directory() const { return directory_; }
  const net::UserKey& key() const { return key_; }
  const std::string& name() const { return name_; }
  const client::KnownHosts& known_hosts() const { return known_hosts_; }
  std::string known_hosts_path() const { return directory_ + "/known_hosts"; }

  std::expected<void, std::string> remember_name(const std::string& name);
  std::expected<void, std::string> remember_host(const std::string& target, const wire::Fingerprint& fingerprint);

 private:
  Profile(std::string directory, net::UserKey key) : directory_(std::move(directory)), key_(std::move(key)) {}

  std::string directory_;
  net::UserKey key_;
  std::string name_;
  client::KnownHosts known_hosts_;
};

}  // namespace confab::runtime
