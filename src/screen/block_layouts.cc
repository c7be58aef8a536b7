// SPDX-License-Identifier: MIT
#include "screen/block_layouts.h"

#include <algorithm>
#include <utility>

namespace confab::screen {

void BlockLayouts::set_options(LayoutOptions options) {
  options_ = std::move(options);
  clear();
}

void BlockLayouts::clear() {
  known_.clear();
  rows_ = 0;
}

void BlockLayouts::refresh(std::size_t columns) {
  columns = std::max<std::size_t>(columns, 1);
  if (columns == columns_ && buffer_.changes() == changes_ && rows_ <= rows_max) return;
  columns_ = columns;
  changes_ = buffer_.changes();
  clear();
}

const BlockRows& BlockLayouts::get(Block block) {
  Known& known = known_[buffer_.at(block.first).key];
  const EntryKey last = buffer_.at(block.end - 1).key;
  if (known.last != last) {
    rows_ -= known.rows.rows.size();
    known = {last, lay_out_block(buffer_, block, columns_, options_)};
    rows_ += known.rows.rows.size();
  }
  return known.rows;
}

}  // namespace confab::screen
