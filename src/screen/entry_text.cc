// SPDX-License-Identifier: MIT
#include "screen/entry_text.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "prefs/word_finder.h"
#include "screen/ellipsis.h"
#include "screen/link_finder.h"

namespace confab::screen {

namespace {

using What = Entry::What;
using Delivery = Entry::Delivery;

constexpr std::size_t reaction_bytes_max = 64;
constexpr std::size_t reaction_cells_max = 16;

term::Style name_style(const Entry& entry, const LayoutOptions& options) {
  if (entry.own) return options.theme.style(Role::own_name);
  if (entry.mentions_me) return options.theme.style(Role::mention);
  return options.theme.name_style(entry.name, options.colors);
}

Role text_role(const Entry& entry) {
  if (entry.is_redacted()) return Role::redacted;
  if (entry.delivery == Delivery::pending || entry.delivery == Delivery::queued) return Role::pending;
  switch (entry.what) {
    case What::text:
      return Role::text;
    case What::action:
      return Role::action;
    case What::notice:
      return Role::notice;
    case What::note:
      return Role::note;
    case What::error:
      return Role::error;
    default:
      return Role::event;
  }
}

std::string with_reason(std::string text, const std::string& reason) {
  return reason.empty() ? std::move(text) : fmt::format("{} ({})", text, reason);
}

std::string presence_text(const Entry& entry) {
  const std::string name = shown_name(entry.name, entry.verified);
  if (entry.what == What::join) return fmt::format("→ {} joined", name);
  switch (entry.left) {
    case Left::Reason::part:
      return fmt::format("← {} left", name);
    case Left::Reason::quit:
      return fmt::format("← {} quit", name);
    case Left::Reason::lost:
      return fmt::format("← {} was lost", name);
  }
  return {};
}

/// What is said of the line, where it is not the line's own text.
std::string event_text(const Entry& entry) {
  switch (entry.what) {
    case What::join:
    case What::leave:
      return presence_text(entry);
    case What::topic:
      return entry.text.empty()
                 ? fmt::format("{} took the topic away", shown_name(entry.name, entry.verified))
                 : fmt::format("{} set the topic: {}", shown_name(entry.name, entry.verified), entry.text);
    case What::unknown:
      return fmt::format("something of {} that this version cannot show", entry.name);
    case What::gone:
      return fmt::format("events {} to {} are no longer kept", entry.seq, entry.seq_end);
    case What::skipped:
      return fmt::format("events {} to {} are not loaded yet", entry.seq, entry.seq_end);
    default:
      return entry.text;
  }
}

void append_marks(StyledText& text, const Entry& entry, const Theme& theme) {
  if (entry.edit_seq != 0) text.append(" (edited)", theme.style(Role::edited));
  switch (entry.delivery) {
    case Delivery::stored:
      return;
    case Delivery::pending:
      return text.append(" …", theme.style(Role::pending));
    case Delivery::queued:
      return text.append(entry.reason.empty() ? " (queued)" : fmt::format(" (queued: {})", entry.reason),
                         theme.style(Role::pending));
    case Delivery::refused:
      return text.append(fmt::format(" ✗ {} - /retry or /discard", entry.reason), theme.style(Role::refused));
  }
}

/// Links, then the words that stand out, in what begins at `from`.
void decorate(StyledText& text, std::size_t from, const std::string& said, const Entry& entry,
              const LayoutOptions& options) {
  const auto moved = [from](prefs::TextRange range) { return prefs::TextRange{from + range.begin, from + range.end}; };
  for (const prefs::TextRange link : find_links(said)) {
    text.restyle(moved(link), options.theme.style(Role::link));
    text.link(moved(link), said.substr(link.begin, link.end - link.begin));
  }
  const bool calls_me = entry.mentions_me && !options.highlights.empty();
  if (!calls_me && options.hits.empty()) return;
  const prefs::WordFinder finder(said);
  const auto restyle = [&](const std::vector<std::string>& words, prefs::WordFinder::Match match, Role role) {
    for (const std::string& word : words) {
      for (const prefs::TextRange range : finder.find(word, match))
        text.restyle(moved(range), options.theme.style(role));
    }
  };
  if (calls_me) restyle(options.highlights, prefs::WordFinder::Match::whole_words, Role::highlight);
  restyle(options.hits, prefs::WordFinder::Match::anywhere, Role::search_hit);
}

}  // namespace

NameText name_of(const Entry& entry, const LayoutOptions& options) {
  const std::string name = shown_name(entry.name, entry.verified);
  switch (entry.what) {
    case What::text:
      return {name, name_style(entry, options)};
    case What::action:
      return {"*", options.theme.style(Role::action)};
    case What::notice:
      return {fmt::format("-{}-", name), name_style(entry, options)};
    case What::note:
    case What::topic:
      return {"--", options.theme.style(text_role(entry))};
    case What::error:
      return {"!!", options.theme.style(Role::error)};
    default:
      return {};
  }
}

void append_text(StyledText& text, const Entry& entry, const LayoutOptions& options) {
  const term::Style style = options.theme.style(text_role(entry));
  if (entry.what == What::action) {
    text.append(shown_name(entry.name, entry.verified), name_style(entry, options));
    text.append(" ", style);
  }
  if (entry.is_redacted()) return text.append(with_reason("message taken back", entry.text), style);
  const std::size_t from = text.size();
  const std::string said = event_text(entry);
  text.append(said, style);
  decorate(text, from, said, entry, options);
  append_marks(text, entry, options.theme);
}

std::string quote_of(const RoomBuffer& buffer, const Entry& entry, std::size_t columns) {
  if (entry.reply_to.empty() || entry.is_redacted()) return {};
  const auto index = buffer.find_id(entry.reply_to);
  if (!index) return with_ellipsis("┌ an earlier message", columns);
  const Entry& target = buffer.at(*index);
  const std::string_view said = target.is_redacted() ? std::string_view("message taken back") : target.text;
  const std::string_view line = said.substr(0, said.find('\n'));
  // No row has more cells than that.
  const std::string_view start = base::prefix_within(line, term::Grid::columns_max * 4);
  return with_ellipsis(
      fmt::format("┌ {}: {}{}", shown_name(target.name, target.verified), start, start.size() < said.size() ? "…" : ""),
      columns);
}

std::string reactions_of(const Entry& entry) {
  std::string line;
  for (const Reaction& reaction : entry.reactions) {
    if (reaction.count() == 0) continue;
    const std::string sign = base::clean_line(base::prefix_within(reaction.text, reaction_bytes_max));
    line += fmt::format("{}{} {}", line.empty() ? "" : " ", with_ellipsis(sign, reaction_cells_max), reaction.count());
  }
  return line;
}

}  // namespace confab::screen
