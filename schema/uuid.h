#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace trailsift {

/// Bytes of a UUID as AWS writes it: 8, 4, 4, 4 and 12 hexadecimal digits, joined by hyphens.
constexpr std::size_t kUuidBytes = 36;
/// Bytes of the same in binary.
constexpr std::size_t kPackedUuidBytes = 16;

/// Whether `text` is a UUID in lower case.
bool is_uuid(std::string_view text);

/// Appends the binary form of a UUID in lower case.
void pack_uuid(std::string_view uuid, std::string& out);
/// Makes `out` the text of a binary form; of fewer bytes the rest of the text is NULs.
void unpack_uuid(std::string_view packed, std::string& out);

/// A piece (words.h) that is looked for in UUIDs.
class UuidPiece {
 public:
  /// `complete`: the piece is one of a UUID's groups; otherwise a group begins so.
  UuidPiece(std::string_view piece, bool complete);

  /// False when no UUID has such a piece.
  bool is_possible() const { return possible_; }
  /// Whether the UUID has it.
  bool stands_in(std::string_view packed) const;

 private:
  bool begins_at(const char* group) const;

  std::size_t digits_;
  bool complete_;
  bool possible_;
  std::array<char, kPackedUuidBytes> bytes_{};  // The digits, two a byte.
};

}  // namespace trailsift
