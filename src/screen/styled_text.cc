// SPDX-License-Identifier: MIT
#include "screen/styled_text.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "base/text.h"
#include "screen/word_wrap.h"
#include "term/graphemes.h"

namespace confab::screen {

namespace {

/// Appends clusters of one look after the other.
class RowBuilder {
 public:
  void add(const term::Cluster& cluster, const term::Style& style, const std::string& address) {
    if (cluster.cells > 0) cell_bytes_ = 0;
    const std::string_view text = base::prefix_within(cluster.text, StyledText::cell_bytes_max - cell_bytes_);
    cell_bytes_ += text.size();
    if (row_.spans.empty() || row_.spans.back().style != style || row_.spans.back().address != address) {
      row_.spans.push_back({{}, style, address});
    }
    row_.spans.back().text += text;
  }

  TextRow take() { return std::move(row_); }

 private:
  TextRow row_;
  std::size_t cell_bytes_ = 0;  // in the last cell so far
};

term::Style over(term::Style style, const term::Style& under) {
  if (style.background == term::Color{}) style.background = under.background;
  style.bold |= under.bold;
  style.italic |= under.italic;
  style.underline |= under.underline;
  style.reverse = style.reverse != under.reverse;  // a search hit stands out there, too
  return style;
}

}  // namespace

void StyledText::append(std::string_view text, term::Style style) {
  text_ += text;
  looks_.resize(text_.size(), {style, 0});
}

void StyledText::restyle(prefs::TextRange range, term::Style style) {
  for (std::size_t i = range.begin; i < std::min(range.end, looks_.size()); ++i) looks_[i].style = style;
}

void StyledText::link(prefs::TextRange range, std::string address) {
  if (links_.size() > std::numeric_limits<std::uint16_t>::max()) return;
  links_.push_back(std::move(address));
  const auto link = static_cast<std::uint16_t>(links_.size() - 1);
  for (std::size_t i = range.begin; i < std::min(range.end, looks_.size()); ++i) looks_[i].link = link;
}

std::vector<TextRow> StyledText::wrap(std::size_t columns_first, std::size_t columns) const {
  const std::vector<term::Cluster> clusters = term::clusters(text_);
  std::vector<TextRow> rows;
  for (const WrappedRow& wrapped : wrap_words(clusters, columns_first, columns)) {
    RowBuilder row;
    for (std::size_t i = wrapped.begin; i < wrapped.end; ++i) {
      const Look& look = looks_[static_cast<std::size_t>(clusters[i].text.data() - text_.data())];
      row.add(clusters[i], look.style, links_[look.link]);
    }
    rows.push_back(row.take());
  }
  return rows;
}

void draw_row(term::Grid& grid, const term::Rect& area, std::size_t row, const TextRow& text,
              const term::Style& under) {
  std::size_t column = 0;
  std::string_view address;
  term::LinkId link = 0;
  for (const Span& span : text.spans) {
    if (span.address != address) {
      address = span.address;
      link = address.empty() ? term::LinkId{0} : grid.add_link(span.address);
    }
    column = grid.put(area, row, column, span.text, over(span.style, under), link);
  }
}

}  // namespace confab::screen
