#include "schema/uuid.h"

#include <gtest/gtest.h>

namespace trailsift {
namespace {

TEST(Uuid, IsToldByItsForm) {
  EXPECT_TRUE(is_uuid("01234567-89ab-cdef-0123-456789abcdef"));
  for (const char* text :
       {"", "01234567-89ab-cdef-0123-456789abcde", "01234567-89ab-cdef-0123-456789abcdef0",
        "01234567-89AB-cdef-0123-456789abcdef", "01234567-89ab-cdef-0123-456789abcdeg",
        "0123456789ab--cdef-0123-456789abcdef", "01234567_89ab-cdef-0123-456789abcdef",
        "-1234567-89ab-cdef-0123-456789abcdef", "01234567-89ab-cdef-012-3456789abcdef"}) {
    EXPECT_FALSE(is_uuid(text)) << text;
  }
}

TEST(Uuid, ItsPiecesAreHexadecimalAndOfSomeLengths) {
  for (const char* piece : {"01234567", "89ab", "456789abcdef"}) {
    EXPECT_TRUE(may_stand_in_uuid(piece)) << piece;
  }
  for (const char* piece : {"", "0123456", "89ag", "456789abcdef0", "abc"}) {
    EXPECT_FALSE(may_stand_in_uuid(piece)) << piece;
  }
  EXPECT_TRUE(may_begin_in_uuid(""));
  EXPECT_TRUE(may_begin_in_uuid("abc"));
  EXPECT_FALSE(may_begin_in_uuid("abx"));
  EXPECT_FALSE(may_begin_in_uuid("0123456789abc"));
}

}  // namespace
}  // namespace trailsift
