// SPDX-License-Identifier: MIT
#include "runtime/profile.h"

#include <cerrno>

#include <fmt/format.h>

#include "io/files.h"
#include "wire/names.h"

namespace confab::runtime {

namespace {

constexpr std::size_t small_file_bytes_max = 64 * 1024;
constexpr std::size_t known_hosts_bytes_max = 16 * 1024 * 1024;

/// A file that need not be there.
std::expected<std::string, std::string> read_if_there(const std::string& path, std::size_t bytes_max) {
  auto contents = io::read_file(path, bytes_max);
  if (contents) return *contents;
  if (contents.error().error == ENOENT) return std::string();
  return std::unexpected(contents.error().text);
}

std::expected<net::UserKey, std::string> load_key(const std::string& path) {
  auto pem = read_if_there(path, small_file_bytes_max);
  if (!pem) return std::unexpected(pem.error());
  if (pem->empty()) {
    // Two programs may start for the first time at once: the first file made stays, and both use it.
    const auto made = io::create_file(path, net::UserKey::generate().to_pem());
    if (!made && made.error().error != EEXIST) {
      return std::unexpected(made.error().text);
    }
    pem = read_if_there(path, small_file_bytes_max);
    if (!pem) return std::unexpected(pem.error());
  }
  auto key = net::UserKey::from_pem(*pem);
  if (!key)
    return std::unexpected(
        fmt::format("{}: {}; restore it from a backup: your name belongs to this key", path, key.error()));
  return key;
}

}  // namespace

std::expected<Profile, std::string> Profile::open(const std::string& directory) {
  if (auto made = io::make_directories(directory); !made) return std::unexpected(made.error().text);
  auto key = load_key(directory + "/identity.key");
  if (!key) return std::unexpected(key.error());
  auto name = read_if_there(directory + "/name", small_file_bytes_max);
  if (!name) return std::unexpected(name.error());
  auto hosts = read_if_there(directory + "/known_hosts", known_hosts_bytes_max);
  if (!hosts) return std::unexpected(hosts.error());

  Profile profile(directory, std::move(*key));
  profile.name_ = wire::canonical_name(name->substr(0, name->find('\n'))).value_or("");
  profile.known_hosts_ = client::KnownHosts(*hosts);
  if (const auto& bad = profile.known_hosts_.bad_lines(); !bad.empty()) {
    // It may be the damaged pin of the very server that is asked for: going on would trust whatever that one shows.
    return std::unexpected(
        fmt::format("{}:{}: this is no entry; mend or remove the line", profile.known_hosts_path(), bad.front()));
  }
  return profile;
}

std::expected<void, std::string> Profile::remember_name(const std::string& name) {
  if (name == name_) return {};
  name_ = name;
  auto written = io::write_file_atomically(directory_ + "/name", name + "\n");
  if (!written) return std::unexpected(written.error().text);
  return {};
}

std::expected<void, std::string> Profile::remember_host(const std::string& target,
                                                        const wire::Fingerprint& fingerprint) {
  known_hosts_.add(target, fingerprint);
  auto written = io::append_line(known_hosts_path(), client::KnownHosts::line(target, fingerprint));
  if (!written) return std::unexpected(written.error().text);
  return {};
}

}  // namespace confab::runtime
