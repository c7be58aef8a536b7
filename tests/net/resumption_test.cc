// SPDX-License-Identifier: MIT
#include "net/resumption.h"

#include <gtest/gtest.h>

namespace confab::net {
namespace {

Resumption example() {
  Resumption resumption;
  resumption.server.fingerprint.sha256.fill(0xAB);
  resumption.server.ca_signed = true;
  resumption.server_name = "chat.example.org";
  resumption.transport_parameters = {1, 2, 3};
  resumption.session = base::Bytes(1000, 0x55);
  return resumption;
}

TEST(Resumption, WhatIsWrittenIsRead) {
  const auto read = read_resumption(write_resumption(example()));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->server.fingerprint, example().server.fingerprint);
  EXPECT_TRUE(read->server.ca_signed);
  EXPECT_EQ(read->server_name, "chat.example.org");
  EXPECT_EQ(read->transport_parameters, example().transport_parameters);
  EXPECT_EQ(read->session, example().session);
}

TEST(Resumption, WhatIsGarbledIsNone) {
  const base::Bytes written = write_resumption(example());
  for (std::size_t at = 0; at < written.size(); ++at) {
    base::Bytes garbled = written;
    garbled[at] ^= 0x10;
    EXPECT_FALSE(read_resumption(garbled)) << at;
  }
}

TEST(Resumption, WhatIsCutIsNone) {
  const base::Bytes written = write_resumption(example());
  for (std::size_t size = 0; size < written.size(); ++size) {
    EXPECT_FALSE(read_resumption(base::ByteView(written).first(size))) << size;
  }
  base::Bytes longer = written;
  longer.push_back(0);
  EXPECT_FALSE(read_resumption(longer));
}

TEST(Resumption, WhatIsTooLongIsNotWritten) {
  Resumption resumption = example();
  resumption.session.resize(70'000);
  EXPECT_TRUE(write_resumption(resumption).empty());
}

}  // namespace
}  // namespace confab::net
