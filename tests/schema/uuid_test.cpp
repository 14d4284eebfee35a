#include "schema/uuid.h"

#include <algorithm>
#include <string>

#include <gtest/gtest.h>

#include "schema/words.h"

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

TEST(Uuid, IsPackedAndUnpacked) {
  const std::string uuid = "01234567-89ab-cdef-0123-456789abcdef";
  std::string packed = "x";
  pack_uuid(uuid, packed);
  EXPECT_EQ(packed,
            "x"
            "\x01\x23\x45\x67\x89\xab\xcd\xef\x01\x23\x45\x67\x89\xab\xcd\xef");
  std::string text = "anything";
  unpack_uuid(packed.substr(1), text);
  EXPECT_EQ(text, uuid);
}

TEST(Uuid, SomePiecesAreOfNone) {
  const struct {
    const char* piece;
    bool complete, begins;
  } cases[] = {
      {"01234567", true, true},
      {"89ab", true, true},
      {"456789abcdef", true, true},
      {"", false, true},
      {"a", false, true},
      {"0123456", false, true},
      {"0123456789abc", false, false},
      {"89ag", false, false},
      {"89AB", false, false},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(UuidPiece(c.piece, true).is_possible(), c.complete) << c.piece;
    EXPECT_EQ(UuidPiece(c.piece, false).is_possible(), c.begins) << c.piece;
  }
}

/// Every beginning of every group, and the same with its last digit changed, against the text.
TEST(Uuid, PiecesStandWhereTheTextHasThem) {
  for (const std::string uuid :
       {"01234567-89ab-cdef-0123-456789abcdef", "11111111-1111-1111-1111-111111111112"}) {
    std::string packed;
    pack_uuid(uuid, packed);
    const Pieces groups = pieces_of(uuid);
    for (const auto& group : groups) {
      for (std::size_t size = 1; size <= group.size(); ++size) {
        for (const char last : {group[size - 1], '0', '7', 'f'}) {
          const std::string piece = group.substr(0, size - 1) + last;
          const bool is_group = std::ranges::find(groups, piece) != groups.end();
          const bool begins = std::ranges::any_of(
              groups, [&](const std::string& other) { return other.starts_with(piece); });
          const UuidPiece whole(piece, true);
          EXPECT_EQ(whole.is_possible() && whole.stands_in(packed), is_group) << piece;
          EXPECT_EQ(UuidPiece(piece, false).stands_in(packed), begins) << piece;
        }
      }
    }
    EXPECT_FALSE(UuidPiece("0", false).stands_in(packed.substr(1)));
  }
}

}  // namespace
}  // namespace trailsift
