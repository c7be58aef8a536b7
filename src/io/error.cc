// SPDX-License-Identifier: MIT
#include "io/error.h"

#include <system_error>

#include <fmt/format.h>

namespace confab::io {

std::string describe(int error) {
  std::string text = std::generic_category().message(error);
  const bool one_capital = text.size() > 1 && text[0] >= 'A' && text[0] <= 'Z' && text[1] >= 'a' && text[1] <= 'z';
  if (one_capital) text[0] = static_cast<char>(text[0] - 'A' + 'a');
  return text;
}

IoError make_error(std::string_view what, int error) {
  return {error, fmt::format("cannot {}: {}", what, describe(error))};
}

}  // namespace confab::io
