// SPDX-License-Identifier: MIT
// A settings file of any bytes is arguments or one line of complaint.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "server_options.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto settings = confab::apps::read_settings("file", std::string(reinterpret_cast<const char*>(data), size));
  if (!settings && settings.error().empty()) std::abort();
  return 0;
}
