// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <optional>
#include <string>

namespace confab::io {

/// What ::getenv answers: nullptr for a variable that is not set.
using Environment = std::function<const char*(const char* name)>;

/// Where Confab's files live, by the XDG Base Directory Specification: absolute paths, not made yet.
///
///             usually                        with `base` given, or CONFAB_HOME set
///   config    ~/.config/confab               BASE/config     settings
///   data      ~/.local/share/confab          BASE/data       keys, known servers, the local history
///   state     ~/.local/state/confab          BASE/state      logs, a server's rooms
///   runtime   $XDG_RUNTIME_DIR/confab        BASE/run        sockets; below state where the variable is not set
struct Home {
  std::string config;
  std::string data;
  std::string state;
  std::string runtime;

  /// `base` goes before CONFAB_HOME, and that before the XDG variables.
  static Home find(const std::optional<std::string>& base, const Environment& environment);
  /// From the environment of this process.
  static Home find(const std::optional<std::string>& base = std::nullopt);
};

/// A path as people write it: `~/` at its beginning is the user's own directory.
std::string expand_home(const std::string& path, const Environment& environment);
std::string expand_home(const std::string& path);

}  // namespace confab::io
