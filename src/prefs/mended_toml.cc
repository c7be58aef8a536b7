// SPDX-License-Identifier: MIT
#include "prefs/mended_toml.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "base/text.h"

namespace confab::prefs {

namespace {

/// Beyond it, it is no file of settings.
constexpr std::size_t mends_max = 20;
/// Settings that may be the one that does not end, and how far up they are looked for.
constexpr int suspects_max = 3;
constexpr std::size_t lines_up_max = 1000;

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

/// A header, or one that was meant: with a bracket too few, or behind bytes that do not belong there.
bool may_be_header(const std::string& line) {
  const std::size_t first = line.find_first_of("=[]");
  return first != std::string::npos && line[first] != '=';
}

/// No setting may come to stand in another section than its own: where a header is left out, all goes that stands below
/// it.
Range up_to_next_header(const Lines& lines, Range range) {
  while (range.end < lines.size() && !is_header(lines[range.end])) ++range.end;
  return range;
}

/// The line itself, or the section that it begins.
Range line_or_section(const Lines& lines, std::size_t at) {
  const Range line{at, at + 1};
  return may_be_header(lines[at]) ? up_to_next_header(lines, line) : line;
}

/// The settings right above that do not end on their line: that line alone, and with what the parser took for a part of
/// it.
std::vector<Range> unended_above(const Lines& lines, std::size_t at) {
  std::vector<Range> found;
  int suspects = 0;
  for (std::size_t up = 1; up <= std::min(at, lines_up_max) && suspects < suspects_max; ++up) {
    const std::size_t i = at - up;
    if (!lines[i].contains('=') || !parse(lines[i]).problem) continue;
    ++suspects;
    found.push_back({i, i + 1});
    const bool has_header = std::any_of(lines.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                                        lines.begin() + static_cast<std::ptrdiff_t>(at), is_header);
    found.push_back(has_header ? up_to_next_header(lines, {i, at}) : Range{i, at});
  }
  return found;
}

/// Leaves out what the parser gets further without.
Attempt mend(Lines& lines, TomlProblem& problem) {
  const std::size_t at = std::min<std::size_t>(std::max<std::size_t>(problem.place.line, 1), lines.size()) - 1;
  Range out = line_or_section(lines, at);
  Attempt best = parse_without(lines, out);
  for (const Range above : unended_above(lines, at)) {
    Attempt other = parse_without(lines, above);
    if (other.reach() <= best.reach()) continue;
    best = std::move(other);
    out = above;
    problem.place = {static_cast<toml::source_index>(out.first + 1), 1};
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
