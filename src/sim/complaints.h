// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

namespace confab::sim {

/// Everything that was found wrong, in words.
class Complaints {
 public:
  void add(std::string complaint) { all_.push_back(std::move(complaint)); }
  bool empty() const { return all_.empty(); }
  const std::vector<std::string>& all() const { return all_; }

 private:
  std::vector<std::string> all_;
};

}  // namespace confab::sim
