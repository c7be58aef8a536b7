// SPDX-License-Identifier: MIT
// What Tab offers, in both modes:
//
//   at the start of the line   "/com"  → commands;   "Na" → "Name: "
//   behind its command         /join /part /names → rooms;  /msg /whois /ignore … → names;  /set → settings
//   anywhere                   "#ro" → rooms;  "na" → "Name ", "@na" → "@Name ";  ":smi" → the emoji
//
// Who spoke last comes first.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "term/line_editor.h"

namespace confab::tui {

/// The names of a room by their folded beginnings: looking one up costs the logarithm of the room, whatever its size.
/// Not thread-safe.
class NameIndex {
 public:
  void add(const std::string& name);
  void remove(const std::string& name);
  void clear();
  /// Somebody has spoken (and is added where not here): before all who did not, and before those who did before.
  void spoke(const std::string& name);
  std::size_t size() const { return names_.size(); }

  /// At most `count_max`: who spoke, the last one first, then the others by name.
  std::vector<std::string> starting_with(std::string_view prefix, std::size_t count_max) const;

 private:
  struct Entry {
    std::string name;
    std::uint64_t spoke_at = 0;  ///< 0: not yet
  };
  std::map<std::string, Entry> names_;             ///< by folded name
  std::map<std::uint64_t, std::string> speakers_;  ///< folded names by spoke_at
  std::uint64_t clock_ = 0;                        ///< counts what was said
};

/// What there is to offer.
struct CompletionSources {
  const NameIndex* names = nullptr;                 ///< of the room that is talked in
  std::function<std::vector<std::string>()> rooms;  ///< called where one is to be completed
  std::span<const std::string> settings;            ///< keys for /set
};

/// More than this many candidates are none a person would go through.
inline constexpr std::size_t candidates_max = 100;

term::Completions complete(std::string_view text, std::size_t cursor, const CompletionSources& sources);

}  // namespace confab::tui
