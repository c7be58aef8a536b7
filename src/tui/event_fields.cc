// SPDX-License-Identifier: MIT
#include "tui/event_fields.h"

#include <variant>

namespace confab::tui {

RequestId request_of(const Event& event) {
  return std::visit(
      [](const auto& each) -> RequestId {
        if constexpr (requires { each.request; }) return each.request;
        return 0;
      },
      event);
}

RequestId reader_of(const Event& event) {
  return std::visit(
      [](const auto& each) -> RequestId {
        if constexpr (requires {
                        each.seq;
                        each.request;
                      })
          return each.request;
        return 0;
      },
      event);
}

std::uint64_t seq_of(const Event& event) {
  return std::visit(
      [](const auto& each) -> std::uint64_t {
        if constexpr (requires { each.seq; }) return each.seq;
        return 0;
      },
      event);
}

std::string_view author_of(const Event& event) {
  return std::visit(
      [](const auto& each) -> std::string_view {
        if constexpr (requires {
                        each.room;
                        each.name;
                      })
          return each.name;
        return {};
      },
      event);
}

}  // namespace confab::tui
