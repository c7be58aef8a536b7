// SPDX-License-Identifier: MIT
// How long rooms keep their events, as it is written on a command line:
//
//   --keep-days N  --keep-count N     for every room; 0: for ever
//   --keep ROOM=RULE                  for one room, instead of these; repeatable
//   RULE  := "all" | limit [ "," limit ]
//   limit := N "d"                    days
//          | N                        events
#pragma once

#include <expected>
#include <string>
#include <vector>

#include "server/retention.h"

namespace confab::apps {

/// As given; empty: not given.
struct RetentionWords {
  std::string days;
  std::string count;
  std::vector<std::string> rooms;
};

/// The error names the option and what would be right.
std::expected<server::RetentionOptions, std::string> parse_retention(const RetentionWords& words);

}  // namespace confab::apps
