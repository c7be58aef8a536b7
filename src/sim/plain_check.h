// SPDX-License-Identifier: MIT
// A plain member on a faultless link gets every line but its own, in order, and each of its own is stored: as long as
// the server lives and its disk works. Over a restart nothing is promised to it but the order.
#pragma once

#include <string>
#include <vector>

#include "confab/types.h"
#include "sim/archive.h"
#include "sim/complaints.h"

namespace confab::sim {

/// One plain member of the lobby. `archive` and `complaints` must outlive it.
class PlainCheck {
 public:
  PlainCheck(std::string name, Archive& archive, Complaints& complaints)
      : name_(std::move(name)), archive_(archive), complaints_(complaints) {}

  void sent(const std::string& text);
  void heard(const Message& line);
  /// At the end. `faultless`: what was sent is in the log, in order; what was heard is the log's newest lines but one's
  /// own, all of them from the first own line on. Else either may lack some.
  void finish(bool faultless);

  const std::string& name() const { return name_; }
  std::size_t heard_count() const { return heard_.size(); }

 private:
  struct Line {
    std::string name;
    std::string text;
    bool operator==(const Line&) const = default;
  };

  void check_sent(bool faultless);
  void check_heard();
  std::vector<Line> lines_of_others(base::Seq from);
  base::Seq first_own();

  std::string name_;
  Archive& archive_;
  Complaints& complaints_;
  std::vector<std::string> sent_;  // one a datagram
  std::vector<Line> heard_;
};

}  // namespace confab::sim
