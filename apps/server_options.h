// SPDX-License-Identifier: MIT
// confabd's command line, environment and settings file. What the command line says goes before the environment, that
// before the file, that before the defaults.
#pragma once

#include <expected>
#include <string>
#include <vector>

#include "base/address.h"
#include "base/log.h"
#include "server/retention.h"

namespace confab::apps {

struct ServerSettings {
  enum class Plain { automatic, on, off };

  std::vector<base::Address> listen;  ///< at least one
  std::string data;                   ///< empty: the default of io::Home
  Plain plain = Plain::automatic;
  bool quiet = false;
  std::size_t workers = 0;  ///< threads that serve members; 0: as many as the machine has processors, 8 at most
  server::RetentionOptions retention;
  base::LogLevel log_level = base::LogLevel::info;
  base::LogFormat log_format = base::LogFormat::text;

  /// Plain datagrams are taken: as told, or where every address that is listened on is a loopback address.
  bool takes_plain() const;
};

/// The program is to end at once: after --help or --version with code 0, else with a message and code 2.
struct Exit {
  int code = 0;
  std::string out;
  std::string err;
};

std::expected<ServerSettings, Exit> parse_server_options(int argc, const char* const* argv);

/// What a settings file says, as if it stood on the command line. The error names file, line and setting.
std::expected<std::vector<std::string>, std::string> read_settings(const std::string& path,
                                                                   const std::string& contents);

}  // namespace confab::apps
