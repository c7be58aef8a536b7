// SPDX-License-Identifier: MIT
#include "client_config.h"

#include <cerrno>
#include <cstddef>
#include <utility>

#include <fmt/format.h>

#include "io/files.h"
#include "io/home.h"
#include "tui/conversation.h"

namespace confab::apps {

namespace {

constexpr std::size_t config_bytes_max = 1024 * 1024;

}  // namespace

std::string config_path(const ClientSettings& options) {
  return options.config.empty() ? io::Home::find(options.home).config + "/config.toml" : options.config;
}

prefs::ParsedSettings load_config(const ClientSettings& options, prefs::Settings defaults) {
  const std::string path = config_path(options);
  const auto contents = io::read_file(path, config_bytes_max);
  if (contents) return prefs::parse_settings(*contents, path, std::move(defaults));
  prefs::ParsedSettings parsed{.settings = std::move(defaults), .problems = {}};
  if (contents.error().error != ENOENT || !options.config.empty()) {
    parsed.problems.push_back({.line = 0, .column = 0, .text = contents.error().text});
  }
  return parsed;
}

int check_config(const ClientSettings& options) {
  const prefs::ParsedSettings parsed = load_config(options);
  for (const prefs::SettingsProblem& problem : parsed.problems) fmt::print("{}\n", problem.text);
  if (!parsed.problems.empty()) return tui::exit_codes::failed;
  fmt::print(stderr, "confab: nothing is wrong with {}\n", config_path(options));
  return tui::exit_codes::done;
}

}  // namespace confab::apps
