// SPDX-License-Identifier: MIT
// Command lines of any words (separated by zero bytes) are settings, or an exit with something to say.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "client_options.h"
#include "server_options.h"

namespace {

template <typename Settings>
void check(const std::expected<Settings, confab::apps::Exit>& settings) {
  if (!settings && settings.error().out.empty() && settings.error().err.empty()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string bytes(reinterpret_cast<const char*>(data), size);
  // Settings files have a target of their own; here nothing on this machine is to be read.
  if (bytes.find("--config") != std::string::npos) return 0;
  std::vector<const char*> words{"confab"};
  for (std::size_t at = 0; at < bytes.size();
       at = bytes.find('\0', at) == std::string::npos ? bytes.size() : bytes.find('\0', at) + 1) {
    words.push_back(bytes.c_str() + at);
  }
  check(confab::apps::parse_client_options(static_cast<int>(words.size()), words.data()));
  check(confab::apps::parse_server_options(static_cast<int>(words.size()), words.data()));
  return 0;
}
