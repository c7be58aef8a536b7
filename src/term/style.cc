// SPDX-License-Identifier: MIT
#include "term/style.h"

#include <array>
#include <limits>

namespace confab::term {

namespace {

constexpr std::int16_t basic_colors = 16;
constexpr std::int16_t first_gray = 232;

struct Rgb {
  int red = 0;
  int green = 0;
  int blue = 0;
};

/// What xterm shows for the first 16; themes differ, but not so far that another one would be nearer.
constexpr std::array<Rgb, basic_colors> basic_rgb = {{{0, 0, 0},
                                                      {205, 0, 0},
                                                      {0, 205, 0},
                                                      {205, 205, 0},
                                                      {0, 0, 238},
                                                      {205, 0, 205},
                                                      {0, 205, 205},
                                                      {229, 229, 229},
                                                      {127, 127, 127},
                                                      {255, 0, 0},
                                                      {0, 255, 0},
                                                      {255, 255, 0},
                                                      {92, 92, 255},
                                                      {255, 0, 255},
                                                      {0, 255, 255},
                                                      {255, 255, 255}}};

/// 16 to 231 are a cube of 6 x 6 x 6, 232 to 255 a ramp of greys.
Rgb rgb_of(std::int16_t index) {
  if (index < basic_colors) return basic_rgb[static_cast<std::size_t>(index)];
  if (index >= first_gray) {
    const int level = 8 + (index - first_gray) * 10;
    return {level, level, level};
  }
  const auto level = [](int step) { return step == 0 ? 0 : 55 + step * 40; };
  const int place = index - basic_colors;
  return {level(place / 36), level(place / 6 % 6), level(place % 6)};
}

int distance(Rgb a, Rgb b) {
  const auto square = [](int x) { return x * x; };
  return square(a.red - b.red) + square(a.green - b.green) + square(a.blue - b.blue);
}

}  // namespace

Color reduce(Color color, ColorDepth depth) {
  if (depth == ColorDepth::none) return {};
  if (depth == ColorDepth::full || color.index < basic_colors) return color;
  const Rgb wanted = rgb_of(color.index);
  Color nearest{0};
  int least = std::numeric_limits<int>::max();
  for (std::int16_t index = 0; index < basic_colors; ++index) {
    const int far = distance(wanted, rgb_of(index));
    if (far < least) {
      least = far;
      nearest.index = index;
    }
  }
  return nearest;
}

}  // namespace confab::term
