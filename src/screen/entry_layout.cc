// SPDX-License-Identifier: MIT
#include "screen/entry_layout.h"

#include <algorithm>
#include <utility>

#include "screen/ellipsis.h"
#include "screen/entry_text.h"
#include "term/graphemes.h"

namespace confab::screen {

namespace {

constexpr std::string_view divider = " | ";
constexpr std::size_t hanging_cells = 2;

bool has_time(const Entry& entry) {
  return entry.what != Entry::What::gone && entry.what != Entry::What::skipped && !(entry.is_presence() && entry.quiet);
}

/// Lays out one block; what is wide has columns, what is narrow has not.
class Typesetter {
 public:
  Typesetter(const RoomBuffer& buffer, std::size_t columns, const LayoutOptions& options)
      : buffer_(buffer),
        options_(options),
        columns_(columns),
        wide_(columns >= wide_columns_min),
        name_cells_(std::min({std::max<std::size_t>(buffer.name_cells(), 2), options.name_cells_max, columns / 4})) {}

  BlockRows run(Block block) {
    const Entry& first = buffer_.at(block.first);
    if (begins_day(buffer_, options_.time, block.first)) {
      add_rule(day_name(options_.time.day(first.time_ms)), Role::day_change);
    }
    if (first.key == buffer_.marker()) add_rule("new", Role::unread_marker);
    result_.lead = result_.rows.size();
    if (first.is_presence() && first.quiet) {
      add_run(block);
    } else {
      add_entry(first);
    }
    return std::move(result_);
  }

 private:
  term::Style style(Role role) const { return options_.theme.style(role); }

  void add_rule(const std::string& text, Role role) {
    result_.rows.push_back({{{with_ellipsis("── " + text + " ──", columns_), style(role)}}});
  }

  void add_run(Block block) {
    StyledText text;
    text.append(presence_line(buffer_, block), style(Role::event));
    add_text(text, buffer_.at(block.first), {});
  }

  void add_entry(const Entry& entry) {
    const NameText name = name_of(entry, options_);
    const std::string quote = quote_of(buffer_, entry, text_columns());
    if (!quote.empty()) add_beside({}, {{{quote, style(Role::reply)}}});
    StyledText text;
    if (!wide_ && !name.text.empty()) {
      text.append(name.text, name.style);
      text.append(entry.what == Entry::What::text ? ": " : " ", style(Role::text));
    }
    append_text(text, entry, options_);
    add_text(text, entry, name);
    add_reactions(entry);
  }

  void add_reactions(const Entry& entry) {
    const std::string reactions = reactions_of(entry);
    if (reactions.empty()) return;
    StyledText text;
    text.append(reactions, style(Role::reaction));
    for (TextRow& row : text.wrap(text_columns(), text_columns())) add_beside({}, std::move(row));
  }

  void add_text(const StyledText& text, const Entry& entry, const NameText& name) {
    bool is_first = true;
    for (TextRow& row : text.wrap(wide_ ? text_columns() : columns_, text_columns())) {
      add_beside(std::exchange(is_first, false) ? head(entry, name) : std::vector<Span>(), std::move(row));
    }
  }

  /// What stands left of the text in a line's first row.
  std::vector<Span> head(const Entry& entry, const NameText& name) const {
    if (!wide_) return {{{}, style(Role::text)}};
    const std::string shown = with_ellipsis(name.text, name_cells_);
    const std::size_t blanks = name_cells_ - std::min(term::cells_of(shown), name_cells_);
    const bool has_clock = has_time(entry) && time_cells() > 0;
    const std::string time = has_clock ? '[' + options_.time.clock(entry.time_ms, options_.timestamps) + "] "
                                       : std::string(time_cells(), ' ');
    return {{time, style(Role::time)}, {std::string(blanks, ' '), style(Role::text)}, {shown, name.style}};
  }

  /// A row of text behind its head; without one it hangs below.
  void add_beside(std::vector<Span> head, TextRow text) {
    TextRow row;
    if (head.empty()) {
      row.spans.push_back({std::string(wide_ ? time_cells() + name_cells_ : hanging(), ' '), style(Role::text)});
    } else {
      row.spans = std::move(head);
    }
    if (wide_) row.spans.push_back({std::string(divider), style(Role::border)});
    std::ranges::move(text.spans, std::back_inserter(row.spans));
    result_.rows.push_back(std::move(row));
  }

  /// A screen of a few columns has none to spare.
  std::size_t hanging() const { return columns_ > 4 * hanging_cells ? hanging_cells : 0; }

  /// "[12:05] "
  std::size_t time_cells() const {
    if (options_.timestamps == Timestamps::none) return 0;
    return options_.timestamps == Timestamps::minutes ? 8 : 11;
  }

  std::size_t text_columns() const {
    return wide_ ? columns_ - time_cells() - name_cells_ - divider.size() : columns_ - hanging();
  }

  const RoomBuffer& buffer_;
  const LayoutOptions& options_;
  std::size_t columns_;
  bool wide_;
  std::size_t name_cells_;
  BlockRows result_;
};

}  // namespace

BlockRows lay_out_block(const RoomBuffer& buffer, Block block, std::size_t columns, const LayoutOptions& options) {
  return Typesetter(buffer, columns, options).run(block);
}

}  // namespace confab::screen
