// SPDX-License-Identifier: MIT
// Which servers the full screen shows: by the command line and the settings.
#pragma once

#include <string>
#include <vector>

#include "client_options.h"
#include "prefs/settings.h"
#include "wire/link.h"

namespace confab::apps {

struct ScreenServerOptions {
  wire::Link link;
  std::string name;                ///< empty: the remembered one; else it is asked for
  std::vector<std::string> rooms;  ///< canonical; at least one
  bool accept_new = false;
};

/// The server that the command line names, and no other. Where it names none, those of the settings that connect on
/// their own: --name counts at all of them, --room at the first. Where there are none, the default.
std::vector<ScreenServerOptions> choose_servers(const ClientSettings& options, const prefs::Settings& settings);

}  // namespace confab::apps
