// SPDX-License-Identifier: MIT
#include "prefs/mended_toml.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>

#include "base/text.h"

namespace confab::prefs {

namespace {

/// Beyond it, it is no file of settings.
constexpr std::size_t mends_max = 20;

using Lines = std::vector<std::string>;

/// Lines from 0, the last not among them.
struct Range {
  std::size_t first = 0;
  std::size_t end = 0;
};

struct Attempt {
  toml::table table;
  std::optional<TomlProblem> problem;

  /// The line at which the parser stopped.
  std::size_t reach() const { return problem ? problem->place.line : static_cast<std::size_t>(-1); }
};

Attempt parse(std::string_view text) {
  try {
    return {toml::parse(text), std::nullopt};
  } catch (const toml::parse_error& error) {
    return {{}, TomlProblem{error.source().begin, base::clean_line(error.description())}};
  }
}

Lines split_lines(std::string_view text) {
  Lines lines;
  while (true) {
    const std::size_t end = text.find('\n');
    lines.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return lines;
    text.remove_prefix(end + 1);
  }
}

bool is_header(const std::string& line) {
  const std::size_t first = line.find_first_not_of(" \t");
  return first != std::string::npos && line[first] == '[';
}

/// What is left out stays as empty lines, so that all others keep their numbers.
Attempt parse_without(const Lines& lines, Range range) {
  std::string text;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (i < range.first || i >= range.end) text += lines[i];
    text += '\n';
  }
  return parse(text);
}

/// The line itself, or the section that it begins.
Range line_or_section(const Lines& lines, std::size_t at) {
  std::size_t end = at + 1;
  if (is_header(lines[at])) {
    while (end < lines.size() && !is_header(lines[end])) ++end;
  }
  return {at, end};
}

/// From the nearest setting above that does not end on its line: what the parser took for a part of it.
std::optional<Range> unended_above(const Lines& lines, std::size_t at) {
  for (std::size_t i = at; i-- > 0;) {
    if (lines[i].contains('=') && parse(lines[i]).problem) return Range{i, at};
  }
  return std::nullopt;
}

/// Leaves out what the parser gets further without.
Attempt mend(Lines& lines, TomlProblem& problem) {
  const std::size_t at = std::min<std::size_t>(std::max<std::size_t>(problem.place.line, 1), lines.size()) - 1;
  Range out = line_or_section(lines, at);
  Attempt best = parse_without(lines, out);
  if (const auto above = unended_above(lines, at)) {
    Attempt other = parse_without(lines, *above);
    if (other.reach() > best.reach()) {
      best = std::move(other);
      out = *above;
      problem.place = {static_cast<toml::source_index>(out.first + 1), 1};
    }
  }
  for (std::size_t i = out.first; i < out.end; ++i) lines[i].clear();
  return best;
}

}  // namespace

MendedToml parse_mended(std::string_view text) {
  Attempt attempt = parse(text);
  if (!attempt.problem) return {std::move(attempt.table), {}};
  Lines lines = split_lines(text);
  std::vector<TomlProblem> problems;
  while (attempt.problem) {
    if (problems.size() == mends_max) return {{}, {problems.front()}};
    problems.push_back(*std::move(attempt.problem));
    attempt = mend(lines, problems.back());
  }
  return {std::move(attempt.table), std::move(problems)};
}

}  // namespace confab::prefs
