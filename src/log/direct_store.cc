// SPDX-License-Identifier: MIT
#include "log/direct_store.h"

#include <utility>

namespace confab::log {

void DirectStore::append(std::uint64_t ticket, Batch batch) {
  AppendResult result = failure_ ? AppendResult(std::unexpected(*failure_)) : store_.append(batch);
  if (!result) failure_ = result.error();
  answers_.push_back({.ticket = ticket, .result = std::move(result)});
}

void DirectStore::trim(std::uint64_t ticket, TrimRequest request) {
  answers_.push_back(
      {.ticket = ticket, .result = failure_ ? TrimAnswer(std::unexpected(*failure_)) : store_.trim(request)});
}

std::vector<StoreAnswer> DirectStore::poll() {
  failure_.reset();
  return std::exchange(answers_, {});
}

void DirectReader::read(std::uint64_t ticket, ReadRequest request) {
  answers_.push_back(
      {.ticket = ticket, .result = store_.read(request.room, request.first, request.count_max, request.bytes_max)});
}

std::vector<ReadAnswer> DirectReader::poll() { return std::exchange(answers_, {}); }

}  // namespace confab::log
