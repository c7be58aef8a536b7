// SPDX-License-Identifier: MIT
#include "log/direct_store.h"

#include <utility>

namespace confab::log {

void DirectStore::append(std::uint64_t ticket, Batch batch) {
  answers_.push_back({.ticket = ticket, .result = store_.append(batch)});
}

void DirectStore::read(std::uint64_t ticket, ReadRequest request) {
  answers_.push_back(
      {.ticket = ticket, .result = store_.read(request.room, request.first, request.count_max, request.bytes_max)});
}

std::vector<StoreAnswer> DirectStore::poll() { return std::exchange(answers_, {}); }

}  // namespace confab::log
