// SPDX-License-Identifier: MIT
#include "tui/completion.h"

#include <algorithm>
#include <optional>
#include <ranges>

#include "base/text.h"
#include "tui/command_table.h"
#include "tui/emoji.h"

namespace confab::tui {

namespace {

using Candidates = std::vector<std::string>;

/// Emoji with fewer letters typed than this would be any.
constexpr std::size_t emoji_letters_min = 2;

Candidates commands_from(std::string_view prefix) {
  Candidates found;
  const std::string folded = base::fold_case(prefix);
  for (const CommandRow& row : command_table()) {
    if (row.name.starts_with(folded)) found.push_back('/' + std::string(row.name) + (row.usage.empty() ? "" : " "));
  }
  std::ranges::sort(found);
  return found;
}

/// `sigil` is what the candidate begins with.
Candidates texts_from(std::span<const std::string> texts, std::string_view prefix, std::string_view sigil) {
  Candidates found;
  const std::string folded = base::fold_case(prefix);
  for (const std::string& text : texts) {
    if (text.starts_with(folded) && found.size() < candidates_max) found.push_back(std::string(sigil) + text + ' ');
  }
  return found;
}

Candidates rooms_from(const CompletionSources& sources, std::string_view prefix, std::string_view sigil) {
  return sources.rooms ? texts_from(sources.rooms(), prefix, sigil) : Candidates();
}

/// An '@' that was typed stays.
Candidates names_from(const CompletionSources& sources, std::string_view prefix, std::string_view ending) {
  if (sources.names == nullptr) return {};
  const bool has_mark = prefix.starts_with('@');
  Candidates found = sources.names->starting_with(prefix.substr(has_mark ? 1 : 0), candidates_max);
  for (std::string& name : found) {
    if (has_mark) name.insert(0, 1, '@');
    name += ending;
  }
  return found;
}

Candidates emoji_starting_with(std::string_view prefix) {
  Candidates found;
  for (const Emoji& emoji : emoji_from(base::fold_case(prefix)) | std::views::take(candidates_max)) {
    found.emplace_back(emoji.text);
  }
  return found;
}

/// What the command takes at this place; nullopt where it takes text.
std::optional<Candidates> argument_of(Verb verb, std::string_view part, const CompletionSources& sources) {
  const bool has_mark = part.starts_with('#');
  switch (verb) {
    case Verb::join:
    case Verb::part:
    case Verb::names:
      return rooms_from(sources, part.substr(has_mark ? 1 : 0), has_mark ? "#" : "");
    case Verb::msg:
    case Verb::whois:
    case Verb::ignore:
    case Verb::unignore:
      return names_from(sources, part, " ");
    case Verb::reply:
    case Verb::react:
      if (part.starts_with(':')) return std::nullopt;
      return names_from(sources, part, ": ");
    case Verb::set:
      return texts_from(sources.settings, part, "");
    default:
      return std::nullopt;
  }
}

Candidates anywhere(std::string_view part, bool at_start, const CompletionSources& sources) {
  if (part.starts_with('#')) return rooms_from(sources, part.substr(1), "#");
  if (part.starts_with('@')) return names_from(sources, part, " ");
  if (part.starts_with(':')) {
    return part.size() > emoji_letters_min ? emoji_starting_with(part.substr(1)) : Candidates();
  }
  return part.empty() ? Candidates() : names_from(sources, part, at_start ? ": " : " ");
}

}  // namespace

void NameIndex::add(const std::string& name) { names_.try_emplace(base::fold_case(name), Entry{name, 0}); }

void NameIndex::remove(const std::string& name) {
  const auto found = names_.find(base::fold_case(name));
  if (found == names_.end()) return;
  speakers_.erase(found->second.spoke_at);
  names_.erase(found);
}

void NameIndex::clear() {
  names_.clear();
  speakers_.clear();
}

void NameIndex::spoke(const std::string& name) {
  const auto [entry, added] = names_.try_emplace(base::fold_case(name), Entry{name, 0});
  speakers_.erase(entry->second.spoke_at);
  entry->second = {name, ++clock_};
  speakers_.emplace(clock_, entry->first);
}

std::vector<std::string> NameIndex::starting_with(std::string_view prefix, std::size_t count_max) const {
  const std::string folded = base::fold_case(prefix);
  std::vector<std::string> found;
  for (const std::string& speaker : std::views::values(std::views::reverse(speakers_))) {
    if (found.size() == count_max) return found;
    if (speaker.starts_with(folded)) found.push_back(names_.at(speaker).name);
  }
  for (auto it = names_.lower_bound(folded); it != names_.end() && it->first.starts_with(folded); ++it) {
    if (found.size() == count_max) break;
    if (it->second.spoke_at == 0) found.push_back(it->second.name);
  }
  return found;
}

term::Completions complete(std::string_view text, std::size_t cursor, const CompletionSources& sources) {
  const std::string_view before = text.substr(0, cursor);
  const std::size_t blank = before.find_last_of(" \n");
  const std::size_t from = blank == std::string_view::npos ? 0 : blank + 1;
  const std::string_view part = before.substr(from);
  const bool is_command = before.starts_with('/') && !before.starts_with("//");
  if (is_command && from == 0) return {.from = 0, .candidates = commands_from(part.substr(1))};
  if (is_command) {
    // Only the first word behind the command; what follows is text.
    const std::size_t word_end = before.find_first_of(" \n");
    const auto call = parse_command(std::string(before.substr(0, word_end)) + " x");
    const bool first = before.find_first_not_of(" \n", word_end) >= from;
    if (call && first) {
      if (auto candidates = argument_of(call->verb, part, sources)) return {from, std::move(*candidates)};
    }
  }
  return {from, anywhere(part, from == 0, sources)};
}

}  // namespace confab::tui
