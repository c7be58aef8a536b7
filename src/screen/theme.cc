// SPDX-License-Identifier: MIT
#include "screen/theme.h"

#include <span>

#include "base/text.h"

namespace confab::screen {

namespace {

using term::Color;
using term::ColorDepth;
using term::Style;

/// One row for each role, in the order of the enumeration. Colours are xterm's: 0 to 15 are the terminal's own. What is
/// quiet is dimmed and no grey: the terminal knows its background, and some themes make one of the 16 greys the same.
struct RoleRow {
  Role role;
  std::int16_t dark;
  std::int16_t light;
  Style attributes = {};
};

constexpr std::int16_t plain = Color::terminal_default;

constexpr std::array<RoleRow, role_count> rows = {{
    {Role::text, plain, plain},
    {Role::time, plain, plain, {.dim = true}},
    {Role::name, plain, plain, {.bold = true}},
    {Role::own_name, plain, plain, {.bold = true}},
    {Role::action, plain, plain, {.italic = true}},
    {Role::notice, 109, 24},
    {Role::event, plain, plain, {.dim = true}},
    {Role::note, 109, 24},
    {Role::error, 203, 160, {.bold = true}},
    {Role::mention, 220, 130, {.bold = true, .reverse = true}},
    {Role::highlight, 220, 130, {.bold = true}},
    {Role::link, 75, 26, {.underline = true}},
    {Role::reply, plain, plain, {.dim = true}},
    {Role::edited, plain, plain, {.dim = true}},
    {Role::redacted, plain, plain, {.dim = true, .italic = true}},
    {Role::reaction, plain, plain},
    {Role::pending, plain, plain, {.dim = true}},
    {Role::refused, 203, 160, {.bold = true}},
    {Role::day_change, plain, plain, {.bold = true}},
    {Role::unread_marker, 203, 160, {.bold = true}},
    {Role::search_hit, 220, 130, {.reverse = true}},
    {Role::selected, plain, plain, {.reverse = true}},
    {Role::room, plain, plain},
    {Role::room_current, plain, plain, {.bold = true, .reverse = true}},
    {Role::room_unread, 75, 26, {.bold = true}},
    {Role::room_mention, 220, 130, {.bold = true, .underline = true}},
    {Role::member, plain, plain},
    {Role::member_away, plain, plain, {.dim = true}},
    {Role::border, plain, plain, {.dim = true}},
    {Role::status, plain, plain, {.reverse = true}},
    {Role::status_bad, 203, 160, {.bold = true, .reverse = true}},
    {Role::topic, plain, plain, {.reverse = true}},
    {Role::prompt, plain, plain, {.bold = true}},
    {Role::input, plain, plain},
}};

constexpr bool are_in_order() {
  for (std::size_t i = 0; i < role_count; ++i) {
    if (rows[i].role != static_cast<Role>(i)) return false;
  }
  return true;
}
static_assert(are_in_order());

// Names: away from the greys of what is quiet, and from red and yellow, which mean something.
constexpr std::array<std::int16_t, 24> names_dark = {39,  43,  45,  69,  71,  74,  77,  79,  80,  108, 110, 111,
                                                     114, 117, 134, 139, 140, 147, 150, 168, 170, 173, 176, 180};
constexpr std::array<std::int16_t, 20> names_light = {18, 19, 22, 23, 25, 28, 29, 30, 53, 54,
                                                      55, 57, 58, 64, 66, 89, 90, 91, 94, 127};
constexpr std::array<std::int16_t, 7> names_basic_dark = {2, 5, 6, 10, 12, 13, 14};
constexpr std::array<std::int16_t, 4> names_basic_light = {2, 4, 5, 6};

/// FNV-1a: what matters is that every program and every run says the same.
std::uint32_t hash(std::string_view text) {
  std::uint32_t hash = 2'166'136'261;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 16'777'619;
  return hash ^ hash >> 16;
}

std::span<const std::int16_t> palette(bool light, ColorDepth depth) {
  if (depth == ColorDepth::full) return light ? std::span<const std::int16_t>(names_light) : names_dark;
  return light ? std::span<const std::int16_t>(names_basic_light) : names_basic_dark;
}

}  // namespace

Theme Theme::dark() {
  Theme theme;
  for (const RoleRow& row : rows) {
    Style& style = theme.styles_[static_cast<std::size_t>(row.role)] = row.attributes;
    style.foreground = {row.dark};
  }
  return theme;
}

Theme Theme::light() {
  Theme theme;
  theme.light_ = true;
  for (const RoleRow& row : rows) {
    Style& style = theme.styles_[static_cast<std::size_t>(row.role)] = row.attributes;
    style.foreground = {row.light};
  }
  return theme;
}

Style Theme::name_style(std::string_view name, ColorDepth depth) const {
  if (depth == ColorDepth::none) return style(Role::name);
  const std::span<const std::int16_t> colors = palette(light_, depth);
  return {.foreground = {colors[hash(base::fold_case(name)) % colors.size()]}, .bold = depth == ColorDepth::basic};
}

}  // namespace confab::screen
