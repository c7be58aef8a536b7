// SPDX-License-Identifier: MIT
#include "term/history.h"

#include <algorithm>

#include "base/text.h"
#include "wire/limits.h"

namespace confab::term {

namespace {

void append_escaped(std::string& out, std::string_view entry) {
  for (const char byte : entry) {
    if (byte == '\n') {
      out += "\\n";
    } else {
      if (byte == '\\') out += '\\';
      out += byte;
    }
  }
}

/// A backslash before anything else, which save() never writes, stands for itself.
std::string unescape(std::string_view line) {
  std::string entry;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const std::string_view pair = line.substr(i, 2);
    if (pair == "\\n" || pair == "\\\\") {
      entry += pair == "\\n" ? '\n' : '\\';
      ++i;
    } else {
      entry += line[i];
    }
  }
  return entry;
}

}  // namespace

void History::add(std::string_view line) {
  if (line.empty() || (!entries_.empty() && entries_.back() == line)) return;
  if (entries_.size() == entries_max) entries_.pop_front();
  entries_.emplace_back(line);
}

std::optional<std::size_t> History::find_before(std::string_view part, std::size_t before) const {
  for (std::size_t index = std::min(before, entries_.size()); index > 0; --index) {
    if (entries_[index - 1].find(part) != std::string::npos) return index - 1;
  }
  return std::nullopt;
}

std::string History::save() const {
  std::string file;
  for (const std::string& entry : entries_) {
    append_escaped(file, entry);
    file += '\n';
  }
  return file;
}

History History::load(std::string_view file) {
  History history;
  while (!file.empty()) {
    const std::string_view line = file.substr(0, file.find('\n'));
    const std::string entry = base::clean_text(unescape(line));
    if (entry.size() <= wire::limits::message_bytes_max) history.add(entry);
    file.remove_prefix(std::min(file.size(), line.size() + 1));
  }
  return history;
}

}  // namespace confab::term
