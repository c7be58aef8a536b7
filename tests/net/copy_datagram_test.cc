// SPDX-License-Identifier: MIT
#include "net/copy_datagram.h"

#include <string>

#include <gtest/gtest.h>

namespace confab::net {
namespace {

TEST(CopyDatagram, AWish) {
  for (unsigned copies = 0; copies <= copies_wanted_max; ++copies) {
    EXPECT_TRUE(is_transport_datagram(write_wish(copies)));
    EXPECT_EQ(read_wish(write_wish(copies)), copies);
    EXPECT_TRUE(read_pieces(write_wish(copies)).empty());
  }
  EXPECT_FALSE(read_wish({}));
  EXPECT_FALSE(read_wish(base::Bytes{1}));
  EXPECT_FALSE(read_wish(base::Bytes{1, 3}));
  EXPECT_FALSE(read_wish(base::Bytes{1, 1, 1}));
  EXPECT_FALSE(read_wish(base::Bytes{0, 1}));
}

TEST(CopyDatagram, ManyPieces) {
  base::Bytes datagram;
  append_piece(datagram, {.stream = 0, .offset = 0, .bytes = base::as_bytes("first")});
  append_piece(datagram, {.stream = 3, .offset = 1'000'000, .bytes = base::as_bytes(std::string(200, 'x'))});
  append_piece(datagram, {.stream = (1LL << 62) - 1, .offset = (1ULL << 62) - 1, .bytes = base::as_bytes("z")});
  EXPECT_TRUE(is_transport_datagram(datagram));
  EXPECT_FALSE(read_wish(datagram));
  const auto pieces = read_pieces(datagram);
  ASSERT_EQ(pieces.size(), 3U);
  EXPECT_EQ(base::as_text(pieces[0].bytes), "first");
  EXPECT_EQ(pieces[1].stream, 3);
  EXPECT_EQ(pieces[1].offset, 1'000'000U);
  EXPECT_EQ(pieces[1].bytes.size(), 200U);
  EXPECT_EQ(pieces[2].stream, (1LL << 62) - 1);
  EXPECT_EQ(pieces[2].offset, (1ULL << 62) - 1);
}

TEST(CopyDatagram, ABrokenOneHasNone) {
  base::Bytes whole;
  append_piece(whole, {.stream = 300, .offset = 300, .bytes = base::as_bytes("word")});
  append_piece(whole, {.stream = 300, .offset = 304, .bytes = base::as_bytes("word")});
  ASSERT_EQ(read_pieces(whole).size(), 2U);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_LE(read_pieces(base::ByteView(whole).first(size)).size(), 1U) << size;
  }
  EXPECT_TRUE(read_pieces(base::Bytes{0, 3, 0, 0}).empty()) << "no piece is empty";
  EXPECT_TRUE(read_pieces(base::Bytes{0, 3, 0, 9, 'x'}).empty());
  EXPECT_TRUE(read_pieces(base::Bytes(40, 0xFF)).empty());
  base::Bytes endless(40, 0xFF);
  endless[0] = 0;
  EXPECT_TRUE(read_pieces(endless).empty());
}

TEST(CopyDatagram, WhatOwnersSayIsNotTheirs) {
  EXPECT_FALSE(is_transport_datagram({}));
  EXPECT_FALSE(is_transport_datagram(base::Bytes{8}));
  EXPECT_TRUE(is_transport_datagram(base::Bytes{7})) << "for later versions";
}

}  // namespace
}  // namespace confab::net
