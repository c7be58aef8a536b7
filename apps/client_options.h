// SPDX-License-Identifier: MIT
// confab's command line.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "confab/types.h"
#include "server_options.h"
#include "wire/link.h"

namespace confab::apps {

struct ClientSettings {
  enum class Command { chat, send, tail, history, search, rooms, who, status };

  Command command = Command::chat;
  wire::Link server;
  std::string name;                 ///< empty: the remembered one
  bool names_server = false;        ///< it was said; else it is the default
  std::vector<std::string> rooms;   ///< canonical, at least one
  bool names_rooms = false;         ///< they were said; else they are the link's, or the lobby
  std::optional<std::string> home;  ///< --data
  std::string config;               ///< --config; empty: where the home has it
  bool check_config = false;        ///< only that
  bool plain = false;
  bool line = false;  ///< line mode, also where a full screen would do
  bool json = false;
  bool accept_new = false;
  std::vector<std::string> words;     ///< send: the text; search: the words
  std::optional<base::MessageId> id;  ///< send: of the message
  std::optional<Start> start;         ///< tail, history: where to begin
};

std::expected<ClientSettings, Exit> parse_client_options(int argc, const char* const* argv);

}  // namespace confab::apps
