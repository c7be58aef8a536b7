// SPDX-License-Identifier: MIT
// The blocks that were laid out lately: a screen is drawn many times before its lines change.
#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>

#include "screen/condensing.h"
#include "screen/entry_layout.h"
#include "screen/room_buffer.h"

namespace confab::screen {

/// Not thread-safe. What get() answers holds until refresh() or set_options().
class BlockLayouts {
 public:
  /// Screens full of rows; more than any one movement looks at, save for hostile lines.
  static constexpr std::size_t rows_max = 10'000;

  BlockLayouts(const RoomBuffer& buffer, LayoutOptions options) : buffer_(buffer), options_(std::move(options)) {}

  const LayoutOptions& options() const { return options_; }
  void set_options(LayoutOptions options);

  /// To be called when lines may have changed. Forgets what is no longer so, or too much.
  void refresh(std::size_t columns);
  const BlockRows& get(Block block);
  Block block_at(std::size_t index) const { return screen::block_at(buffer_, options_.time, index); }

 private:
  struct Known {
    EntryKey last = 0;  ///< a run may have grown at its end
    BlockRows rows;
  };

  void clear();

  const RoomBuffer& buffer_;
  LayoutOptions options_;
  std::size_t columns_ = 1;
  std::uint64_t changes_ = 0;
  std::size_t rows_ = 0;
  std::unordered_map<EntryKey, Known> known_;  // by the key of the block's first line; never iterated
};

}  // namespace confab::screen
