// SPDX-License-Identifier: MIT
#include "server_choice.h"

#include <cassert>

#include "wire/limits.h"

namespace confab::apps {

namespace {

/// What is said on the command line goes before what the file says.
ScreenServerOptions choose(const ClientSettings& options, const prefs::ServerSettings& entry, bool is_first) {
  const auto link = wire::parse_link(entry.link);
  assert(link);  // the settings keep no other
  ScreenServerOptions server{.link = *link, .name = entry.name, .rooms = entry.rooms, .accept_new = options.accept_new};
  if (!options.name.empty()) server.name = options.name;
  if (is_first && options.names_rooms) server.rooms = options.rooms;
  if (server.rooms.empty()) server.rooms.push_back(link->room.value_or(wire::limits::lobby));
  return server;
}

}  // namespace

std::vector<ScreenServerOptions> choose_servers(const ClientSettings& options, const prefs::Settings& settings) {
  std::vector<ScreenServerOptions> all;
  if (!options.names_server) {
    for (const prefs::ServerSettings& entry : settings.servers) {
      if (entry.autoconnect) all.push_back(choose(options, entry, all.empty()));
    }
  }
  if (all.empty()) {
    all.push_back(
        {.link = options.server, .name = options.name, .rooms = options.rooms, .accept_new = options.accept_new});
  }
  return all;
}

}  // namespace confab::apps
