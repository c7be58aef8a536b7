// SPDX-License-Identifier: MIT
#include "term/layout.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "term/graphemes.h"

namespace confab::term {

namespace {

/// Lays one cluster behind the other.
class Wrapper {
 public:
  explicit Wrapper(std::size_t columns) : columns_(columns), rows_(1) {}

  void add(const Cluster& cluster) {
    if (cluster.text == "\n") {
      rows_.emplace_back();
    } else {
      make_room(cluster.cells);
      draw(cluster);
    }
  }

  /// Where `cluster` is going to stand, if the cursor is to be on it.
  Place place_of(const Cluster& cluster) {
    if (cluster.text != "\n") make_room(cluster.cells);
    return {rows_.size() - 1, std::min(rows_.back().cells, columns_ - 1)};
  }

  Place place_of_end() {
    make_room(1);
    return {rows_.size() - 1, rows_.back().cells};
  }

  std::vector<Row> take_rows() { return std::move(rows_); }

 private:
  void make_room(std::size_t cells) {
    if (rows_.back().cells + cells > columns_) rows_.emplace_back();
  }

  void draw(const Cluster& cluster) {
    Row& row = rows_.back();
    row.cells += cluster.cells;
    if (cluster.cells == 0 && !row.glyphs.empty()) {
      row.glyphs.back().text += cluster.text;
    } else {
      row.glyphs.push_back({std::string(cluster.text), cluster.cells});
    }
  }

  std::size_t columns_;
  std::vector<Row> rows_;
};

}  // namespace

Layout lay_out(std::string_view prompt, std::string_view text, std::size_t cursor, std::size_t columns) {
  assert(columns >= 2);
  // Clusters are those of both together: a mark at the start of the text is drawn onto the end of the prompt.
  const std::string all = std::string(prompt) + std::string(text);
  const std::size_t target = boundary_from(all, prompt.size() + cursor);
  Wrapper wrapper(columns);
  Layout layout;
  std::size_t at = 0;
  for (const Cluster& cluster : clusters(all)) {
    if (at == target) layout.cursor = wrapper.place_of(cluster);
    wrapper.add(cluster);
    at += cluster.text.size();
  }
  if (at == target) layout.cursor = wrapper.place_of_end();
  layout.rows = wrapper.take_rows();
  return layout;
}

}  // namespace confab::term
