// SPDX-License-Identifier: MIT
#include "screen/word_wrap.h"

#include <utility>

namespace confab::screen {

namespace {

class Wrapper {
 public:
  Wrapper(std::span<const term::Cluster> clusters, std::size_t columns_first, std::size_t columns)
      : clusters_(clusters), limit_(columns_first), columns_(columns) {}

  std::vector<WrappedRow> run() {
    for (std::size_t i = 0; i < clusters_.size(); ++i) add(i);
    rows_.push_back({start_, clusters_.size()});
    return std::move(rows_);
  }

 private:
  void add(std::size_t i) {
    const term::Cluster& cluster = clusters_[i];
    if (cluster.text == "\n") {
      rows_.push_back({start_, i});
      begin_row(i + 1);
      return;
    }
    if (cluster.cells == 2) may_break(i);
    // Spaces hang over the edge, where nobody sees them.
    if (!is_space(i) && cells_ + cluster.cells > limit_) break_before(i);
    cells_ += cluster.cells;
    cells_behind_break_ += cluster.cells;
    if (is_space(i) || cluster.cells == 2) may_break(i + 1);
  }

  bool is_space(std::size_t i) const { return clusters_[i].text == " "; }

  void may_break(std::size_t at) {
    break_ = at;
    cells_behind_break_ = 0;
  }

  /// The row is full: it ends at the last break, and cluster i and what stands before it back to the break go on in the
  /// next one.
  void break_before(std::size_t i) {
    if (break_ > start_) {
      end_row_at_break();
      if (cells_ + clusters_[i].cells <= limit_) return;
    }
    if (i == start_) return;
    may_break(i);
    end_row_at_break();
  }

  void end_row_at_break() {
    std::size_t end = break_;
    while (end > start_ && is_space(end - 1)) --end;
    rows_.push_back({start_, end});
    const std::size_t cells = cells_behind_break_;
    begin_row(break_);
    cells_ = cells_behind_break_ = cells;
  }

  void begin_row(std::size_t at) {
    start_ = at;
    limit_ = columns_;
    cells_ = 0;
    may_break(at);
  }

  std::span<const term::Cluster> clusters_;
  std::size_t limit_;  // of this row
  std::size_t columns_;
  std::vector<WrappedRow> rows_;
  std::size_t start_ = 0;  // of this row
  std::size_t cells_ = 0;
  std::size_t break_ = 0;  // the last place where it could end; start_: none yet
  std::size_t cells_behind_break_ = 0;
};

}  // namespace

std::vector<WrappedRow> wrap_words(std::span<const term::Cluster> clusters, std::size_t columns_first,
                                   std::size_t columns) {
  return Wrapper(clusters, columns_first, columns).run();
}

}  // namespace confab::screen
