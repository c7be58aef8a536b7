// SPDX-License-Identifier: MIT
#include "io/home.h"

#include <cstdlib>
#include <filesystem>

#include <pwd.h>
#include <unistd.h>

namespace confab::io {

namespace {

std::string value_of(const Environment& environment, const char* name) {
  const char* value = environment(name);
  return value == nullptr ? "" : value;
}

const char* own_environment(const char* name) { return std::getenv(name); }

/// $HOME, else what the user database says, else the root: services often run with neither.
std::string user_directory(const Environment& environment) {
  if (std::string home = value_of(environment, "HOME"); home.starts_with('/')) return home;
  const passwd* entry = ::getpwuid(::getuid());
  return entry == nullptr || entry->pw_dir == nullptr ? "/" : entry->pw_dir;
}

Home below(const std::string& base) {
  const std::filesystem::path root = std::filesystem::absolute(base);
  return {.config = root / "config", .data = root / "data", .state = root / "state", .runtime = root / "run"};
}

}  // namespace

Home Home::find(const std::optional<std::string>& base, const Environment& environment) {
  if (base) return below(*base);
  if (const std::string home = value_of(environment, "CONFAB_HOME"); !home.empty()) return below(home);

  const std::filesystem::path user = user_directory(environment);
  // The specification: a relative path in one of its variables is to be ignored.
  const auto choose = [&environment](const char* name, const std::filesystem::path& otherwise) {
    const std::string chosen = value_of(environment, name);
    return (chosen.starts_with('/') ? std::filesystem::path(chosen) : otherwise) / "confab";
  };
  Home home{.config = choose("XDG_CONFIG_HOME", user / ".config"),
            .data = choose("XDG_DATA_HOME", user / ".local/share"),
            .state = choose("XDG_STATE_HOME", user / ".local/state"),
            .runtime = {}};
  const bool has_runtime = value_of(environment, "XDG_RUNTIME_DIR").starts_with('/');
  home.runtime = has_runtime ? choose("XDG_RUNTIME_DIR", {}) : std::filesystem::path(home.state) / "run";
  return home;
}

Home Home::find(const std::optional<std::string>& base) { return find(base, own_environment); }

std::string expand_home(const std::string& path, const Environment& environment) {
  return path.starts_with("~/") ? user_directory(environment) + path.substr(1) : path;
}

std::string expand_home(const std::string& path) { return expand_home(path, own_environment); }

}  // namespace confab::io
