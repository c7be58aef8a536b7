// SPDX-License-Identifier: MIT
#include "tui/status_command.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "tui/printer.h"

namespace confab::tui {

namespace {

double to_ms(base::Duration span) { return std::chrono::duration<double, std::milli>(span).count(); }

double loss_percent(const client::LinkInfo& info) {
  if (info.packets_sent == 0) return 0;
  return 100.0 * static_cast<double>(info.packets_lost) / static_cast<double>(info.packets_sent);
}

/// In the largest unit of which there is one: "3 min".
std::string format_age(std::int64_t ms) {
  struct Unit {
    std::int64_t ms;
    const char* name;
  };
  for (const auto& [unit_ms, name] : {Unit{86'400'000, "d"}, Unit{3'600'000, "h"}, Unit{60'000, "min"}}) {
    if (ms >= unit_ms) return fmt::format("{} {}", ms / unit_ms, name);
  }
  return fmt::format("{} s", std::max<std::int64_t>(ms, 0) / 1000);
}

}  // namespace

std::string link_lines(const client::LinkInfo& info) {
  return fmt::format(
      "path        {} to {}\n"
      "rtt         {:.1f} ms (best {:.1f} ms)\n"
      "loss        {:.1f} % of {} packets\n"
      "last heard  {:.1f} s ago\n",
      info.path.local.to_string(), info.path.remote.to_string(), to_ms(info.rtt), to_ms(info.rtt_min),
      loss_percent(info), info.packets_sent, to_ms(info.silence) / 1000);
}

void StatusCommand::hear(const Event& event, base::Now now) {
  const auto* link = std::get_if<Link>(&event);
  if (link != nullptr) report(*link, now);
  if (!end_on_failure(event) && link != nullptr) end(exit_codes::done);
}

void StatusCommand::report(const Link& link, base::Now now) {
  output_ += options_.json ? json_report(link, now) : text_report(link, now);
}

std::string StatusCommand::text_report(const Link& link, base::Now now) const {
  const bool online = link.state == Link::State::online;
  std::string lines = fmt::format("server      {}{}\n", options_.server, online ? ", " + link.text : ": " + link.text);
  if (const auto info = client_.link_info(now); online && info) lines += link_lines(*info);
  if (!options_.name.empty()) lines += fmt::format("name        {}\n", options_.name);
  lines += fmt::format("queue       {} message(s)", options_.queue.size());
  if (!options_.queue.empty()) {
    lines += fmt::format(", the oldest typed {} ago",
                         format_age(now.wall.unix_ms - options_.queue.front().typed_at.unix_ms));
  }
  return lines + '\n';
}

std::string StatusCommand::json_report(const Link& link, base::Now now) const {
  const bool online = link.state == Link::State::online;
  nlohmann::ordered_json json{{"type", "server"}, {"server", options_.server}, {"online", online}, {"text", link.text}};
  if (const auto info = client_.link_info(now); online && info) {
    json["local"] = info->path.local.to_string();
    json["remote"] = info->path.remote.to_string();
    json["rtt_ms"] = to_ms(info->rtt);
    json["rtt_min_ms"] = to_ms(info->rtt_min);
    json["packets_sent"] = info->packets_sent;
    json["packets_lost"] = info->packets_lost;
    json["silence_ms"] = to_ms(info->silence);
  }
  json["name"] = options_.name;
  json["queued"] = options_.queue.size();
  if (!options_.queue.empty()) json["oldest"] = format_time(options_.queue.front().typed_at.unix_ms);
  return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + '\n';
}

}  // namespace confab::tui
