// SPDX-License-Identifier: MIT
#include "prefs/hooks.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "wire/names.h"

namespace confab::prefs {

namespace {

constexpr std::string_view output_option = "-o";

std::string_view word_for(Kind kind) {
  if (kind == Kind::action) return "action";
  return kind == Kind::notice ? "notice" : "text";
}

std::vector<std::string> environment_of(const std::string& server, const Message& message) {
  return {
      "CONFAB_SERVER=" + server,
      "CONFAB_ROOM=" + message.room,
      "CONFAB_NAME=" + message.name,
      fmt::format("CONFAB_KIND={}", word_for(message.kind)),
      fmt::format("CONFAB_TIME={}", message.time_ms),
      "CONFAB_ID=" + message.id,
      "CONFAB_TEXT=" + message.text,
  };
}

std::vector<std::string> lines_of(std::string_view output) {
  std::vector<std::string> lines;
  const std::string clean = base::clean_text(output);
  std::string_view rest = clean;
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    lines.emplace_back(line);
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
  }
  return lines;
}

std::string remark_on(const ChildOutput& end) {
  if (!end.complaint.empty()) return end.complaint;
  return *end.exit_code == 0 ? std::string() : fmt::format("exited with {}", *end.exit_code);
}

/// For a room: nothing that is empty, and not more than people want to scroll past.
void trim_for_room(ExecResult& result) {
  std::erase(result.lines, std::string());
  if (result.lines.size() <= Hooks::said_lines_max) return;
  result.lines.resize(Hooks::said_lines_max);
  if (!result.remark.empty()) result.remark += "; ";
  result.remark += fmt::format("only the first {} lines were said", Hooks::said_lines_max);
}

}  // namespace

SpawnRequest Hooks::begin(const std::string& command, Running running) {
  SpawnRequest request;
  request.id = ++last_id_;
  request.argv = {std::string(shell), "-c", command};
  running_.emplace(request.id, std::move(running));
  return request;
}

std::size_t Hooks::running_for_mentions() const {
  return static_cast<std::size_t>(
      std::ranges::count_if(running_, [](const auto& each) { return !each.second.is_exec; }));
}

std::optional<SpawnRequest> Hooks::on_mention(const std::string& command, const std::string& server,
                                              const Message& message, base::Instant now) {
  if (command.empty() || now < next_mention_) return std::nullopt;
  if (running_.size() >= children_max || running_for_mentions() >= mention_children_max) return std::nullopt;
  next_mention_ = now + mention_pause;
  SpawnRequest request = begin(command, {.room = message.room, .is_exec = false, .say = false, .output = {}});
  request.environment = environment_of(server, message);
  request.input = message.text + '\n';
  return request;
}

std::expected<SpawnRequest, std::string> Hooks::exec(std::string_view argument, const std::string& room) {
  const bool say = argument == output_option || argument.starts_with(std::string(output_option) + ' ');
  if (say) argument.remove_prefix(output_option.size());
  argument.remove_prefix(std::min(argument.find_first_not_of(' '), argument.size()));
  if (argument.empty()) return std::unexpected("usage: /exec [-o] COMMAND");
  if (running_.size() >= children_max) {
    return std::unexpected(fmt::format("{} commands are running already", running_.size()));
  }
  SpawnRequest request = begin(std::string(argument), {.room = room, .is_exec = true, .say = say, .output = {}});
  request.environment = {"CONFAB_ROOM=" + room};
  return request;
}

std::optional<ExecResult> Hooks::hear(const ChildOutput& output) {
  const auto found = running_.find(output.id);
  if (found == running_.end()) return std::nullopt;
  if (found->second.is_exec) found->second.output += output.bytes;
  if (!output.exit_code) return std::nullopt;

  const Running ended = std::move(found->second);
  running_.erase(found);
  if (!ended.is_exec) return std::nullopt;
  ExecResult result{.room = ended.room, .say = ended.say, .lines = lines_of(ended.output), .remark = remark_on(output)};
  if (result.say) trim_for_room(result);
  return result;
}

std::optional<FifoLine> parse_fifo_line(std::string_view line) {
  std::string text = base::clean_line(line);
  if (text.empty()) return std::nullopt;
  const std::size_t blank = text.find(' ');
  // Never text, whatever comes of the name: what was meant for one is not said to all.
  if (text.starts_with("#@")) {
    const std::size_t end = std::min(blank, text.size());
    return FifoLine{.room = text.substr(1, end - 1), .text = text.substr(std::min(end + 1, text.size()))};
  }
  if (text.starts_with('#') && blank != std::string::npos) {
    auto room = wire::canonical_room(text.substr(0, blank));
    if (room) return FifoLine{.room = std::move(*room), .text = text.substr(blank + 1)};
  }
  return FifoLine{.room = {}, .text = std::move(text)};
}

}  // namespace confab::prefs
