// SPDX-License-Identifier: MIT
#include "wire/names.h"

#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "wire/limits.h"

namespace confab::wire {

namespace {

using Refusal = std::unexpected<std::string>;

// What a room's name may have beside letters, digits and combining marks. A name of nothing else is refused: "." and
// ".." mean something to whatever reads a link or a path.
constexpr std::string_view punctuation = "-_.";

bool is_clean(std::string_view text) { return base::clean_line(text) == text; }

// A name that only Unicode's default ignorables make up shows as nothing.
bool is_invisible(std::string_view text) { return base::plain_spaces(base::fold_case(text)).empty(); }

// Since no name has it, the first one in a direct room's name ends the first of the two.
constexpr std::string_view separator = " : ";

bool has_separator(std::string_view name) { return name.contains(separator) || name.ends_with(" :"); }

std::expected<std::string, std::string> folded_name(std::string_view name) {
  const auto written = canonical_name(name);
  if (!written) return written;
  std::string folded = base::fold_case(*written);
  if (canonical_name(folded) != folded) {
    return Refusal(fmt::format("The name \"{}\" cannot have a direct room: without case it is no name.", *written));
  }
  return folded;
}

std::expected<std::string, std::string> canonical_direct(std::string_view names) {
  const std::size_t end = names.find(separator);
  if (end == std::string_view::npos) return Refusal("A direct room is '@', a name, \" : \" and another name.");
  return direct_room(names.substr(0, end), names.substr(end + separator.size()));
}

}  // namespace

std::expected<std::string, std::string> canonical_name(std::string_view name) {
  if (!is_clean(name)) return Refusal("A name cannot have control characters or text that is not UTF-8.");
  std::string result = base::plain_spaces(base::normalize(name));
  if (is_invisible(result)) return Refusal("A name cannot be empty.");
  if (base::count_characters(result) > limits::name_characters_max) {
    return Refusal(fmt::format("A name has {} characters at most.", limits::name_characters_max));
  }
  if (std::string_view("#@/").contains(result.front())) return Refusal("A name cannot begin with '#', '@' or '/'.");
  if (result.contains("  ")) return Refusal("A name cannot have two spaces in a row.");
  if (has_separator(result)) return Refusal("A name cannot have a colon between spaces, or end with \" :\".");
  return result;
}

std::expected<std::string, std::string> canonical_room(std::string_view room) {
  if (room.starts_with('#')) room.remove_prefix(1);
  if (is_direct(room)) return canonical_direct(room.substr(1));
  if (!is_clean(room)) return Refusal("A room's name cannot have control characters or text that is not UTF-8.");
  std::string result = base::fold_case(room);
  if (result.empty()) return Refusal("A room's name cannot be empty.");
  if (base::count_characters(result) > limits::room_characters_max) {
    return Refusal(fmt::format("A room's name has {} characters at most.", limits::room_characters_max));
  }
  if (!base::is_word(result, punctuation)) return Refusal("A room's name is letters, digits, '-', '_' and '.' only.");
  if (result.find_first_not_of(punctuation) == std::string::npos) {
    return Refusal("A room's name has a letter or a digit at least.");
  }
  return result;
}

std::expected<std::string, std::string> direct_room(std::string_view name, std::string_view other) {
  auto first = folded_name(name);
  if (!first) return first;
  auto second = folded_name(other);
  if (!second) return second;
  if (*second < *first) std::swap(*first, *second);
  return fmt::format("@{}{}{}", *first, separator, *second);
}

std::optional<std::pair<std::string_view, std::string_view>> direct_names(std::string_view room) {
  const std::size_t end = is_direct(room) ? room.find(separator) : std::string_view::npos;
  if (end == std::string_view::npos) return std::nullopt;
  return std::pair(room.substr(1, end - 1), room.substr(end + separator.size()));
}

std::optional<std::string> direct_peer(std::string_view room, std::string_view name) {
  const auto names = direct_names(room);
  if (!names) return std::nullopt;
  const std::string own = base::fold_case(name);
  if (names->first == own) return std::string(names->second);
  return names->second == own ? std::optional(std::string(names->first)) : std::nullopt;
}

}  // namespace confab::wire
