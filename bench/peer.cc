// SPDX-License-Identifier: MIT
#include "peer.h"

#include <cstdlib>
#include <ranges>
#include <string_view>

#include <fmt/format.h>

#include "irc_dialect.h"
#include "mqtt_dialect.h"
#include "nats_dialect.h"

namespace confab::bench {

namespace {

constexpr std::size_t unlimited = 1'000'000;

/// No limits on connections, no penalties for those who send fast, no PING during the run. Started by root, it becomes
/// nobody, after it has read its files.
std::string configure_ngircd(const PeerSite& site) {
  return fmt::format(
      "[Global]\nName = irc.bench.test\nInfo = bench\nListen = {}\nMotdPhrase = hello\n"
      "[Limits]\nMaxConnections = 0\nMaxConnectionsIP = 0\nMaxNickLength = 16\nMaxPenaltyTime = 0\nPingTimeout = 3600\n"
      "[Options]\nDNS = no\nIdent = no\nPAM = no\n"
      "[SSL]\nCertFile = {}\nKeyFile = {}\nPorts = {}\n",
      site.host, site.certificate.certificate.string(), site.certificate.key.string(), site.port);
}

/// Nothing stored, nothing dropped, nothing held back.
std::string configure_mosquitto(const PeerSite& site) {
  return fmt::format(
      "listener {} {}\ncertfile {}\nkeyfile {}\nuser {}\nallow_anonymous true\npersistence false\n"
      "max_queued_messages 0\nmax_inflight_messages 0\nmax_connections -1\nset_tcp_nodelay true\nlog_dest stderr\n"
      "log_type error\n",
      site.port, site.host, site.certificate.certificate.string(), site.certificate.key.string(), site.user);
}

/// A slow reader is not cut off, and nobody is asked for a PONG during the run.
std::string configure_nats(const PeerSite& site) {
  return fmt::format(
      "host: {}\nport: {}\ntls {{ cert_file: \"{}\", key_file: \"{}\", timeout: 60 }}\n"
      "max_connections: 100000\nmax_pending: 268435456\nwrite_deadline: \"60s\"\nping_interval: \"60m\"\n",
      site.host, site.port, site.certificate.certificate.string(), site.certificate.key.string());
}

}  // namespace

std::span<const Peer> all_peers() {
  static const std::vector<Peer> peers{
      {"ngircd",
       std::make_shared<IrcDialect>(),
       2000,
       "every join is told to all, N squared lines",
       configure_ngircd,
       {"--nodaemon", "--config"}},
      {"mosquitto", std::make_shared<MqttDialect>(), unlimited, "", configure_mosquitto, {"-c"}},
      {"nats-server", std::make_shared<NatsDialect>(), unlimited, "", configure_nats, {"-c"}}};
  return peers;
}

std::optional<std::filesystem::path> find_program(const std::string& name) {
  const char* path = std::getenv("PATH");
  const std::string folders = fmt::format("{}:/usr/sbin:/usr/local/sbin", path ? path : "");
  for (const auto folder : std::views::split(folders, ':')) {
    const auto candidate = std::filesystem::path(std::string_view(folder)) / name;
    std::error_code missing;
    if (std::filesystem::is_regular_file(candidate, missing)) return candidate;
  }
  return std::nullopt;
}

}  // namespace confab::bench
