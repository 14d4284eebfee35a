#include "store/glass_format.h"

#include <algorithm>
#include <bit>
#include <cassert>

#include "store/terms.h"

namespace trailsift::store {
namespace {

using namespace std::string_view_literals;

/// Names the format and its version, 2016-03-14: all that Xapian 1.4 reads and writes.
constexpr std::string_view kMagic = "\x0f\x0dXapian Glass\x04\x6e"sv;
constexpr std::size_t kUuidBytes = 16;
constexpr std::size_t kBlockUnit = 2048;  // Block sizes are counted in these.

/// Tables that the database has none of, in the header's order: documents' data, term lists,
/// positions, spelling, synonyms. Of each, from which size on its entries would be compressed.
constexpr std::array<std::uint8_t, 5> kEmptyTables = {18, 18, 0, 18, 18};

enum RootFlag : std::uint8_t { no_root = 1, sequential = 2 };

void append_postings_table(std::string& out, const GlassRoot& root) {
  std::string free_blocks;
  append_packed(free_blocks, kGlassRevision);
  append_packed(free_blocks, root.blocks);
  free_blocks.append(4, '\0');  // An empty list: where it begins and where it ends.
  append_packed(out, root.block);
  append_packed(out, std::uint64_t{root.level} << 2U);
  append_packed(out, root.entries);
  append_packed(out, kGlassBlockBytes / kBlockUnit);
  append_packed(out, 0);  // Postings are not compressed.
  append_packed(out, free_blocks.size());
  out += free_blocks;
}

void append_empty_table(std::string& out, std::uint8_t compressed_from) {
  append_packed(out, 0);
  append_packed(out, no_root | sequential);
  append_packed(out, 0);
  append_packed(out, kGlassBlockBytes / kBlockUnit);
  append_packed(out, compressed_from);
  append_packed(out, 0);
}

void append_statistics(std::string& out, const GlassStatistics& statistics) {
  append_packed(out, statistics.doc_count);
  append_packed(out, 0);  // The last document's number less their count.
  append_packed(out, statistics.shortest_doc);
  append_packed(out, statistics.largest_wdf);
  append_packed(out, statistics.longest_doc - statistics.largest_wdf);
  append_packed(out, 0);  // No changesets.
  append_packed(out, statistics.total_length);
  append_packed(out, 0);  // No spelling.
}

/// Equal databases have equal bytes, so the UUID comes from the content (version 8 of RFC 9562).
void append_uuid(std::string& out, std::uint64_t identity, const GlassRoot& root) {
  std::array<char, kUuidBytes> uuid{};
  put_big32(uuid.data(), static_cast<std::uint32_t>(identity >> 32U));
  put_big32(uuid.data() + 4, static_cast<std::uint32_t>(identity));
  put_big32(uuid.data() + 8, root.blocks);
  put_big32(uuid.data() + 12, static_cast<std::uint32_t>(root.entries));
  uuid[6] = static_cast<char>((uuid[6] & 0x0F) | 0x80);
  uuid[8] = static_cast<char>((uuid[8] & 0x3F) | 0x80);
  out.append(uuid.data(), uuid.size());
}

/// Like a number packed, but its bytes sort as the numbers do: the more bits are set at the front,
/// the longer it is.
char* put_sorted(char* at, std::uint32_t value) {
  if (value < 0x8000) return put_big16(at, value);
  const auto bits = static_cast<std::size_t>(std::bit_width(value));
  const std::size_t bytes = (bits + 5) / 7;
  const std::uint64_t marked = value | (std::uint64_t{0xFFU << (10 - bytes)} & 0xFFU)
                                           << (8 * (bytes - 1));
  for (std::size_t i = bytes; i-- > 0;) *at++ = static_cast<char>(marked >> (8 * i));
  return at;
}

/// Reads what a table's root is, and nothing of its list of free blocks.
GlassRoot read_root(PackedReader& header, std::uint64_t& block_bytes) {
  GlassRoot root;
  root.block = static_cast<std::uint32_t>(header.packed());
  root.level = static_cast<std::uint32_t>(header.packed() >> 2U);
  root.entries = header.packed();
  block_bytes = header.packed() * kBlockUnit;
  header.packed();
  header.bytes(header.packed());
  return root;
}

}  // namespace

std::optional<std::uint64_t> read_sorted(std::string_view bytes) {
  if (bytes.empty()) return std::nullopt;
  const auto front = static_cast<unsigned char>(bytes.front());
  const auto marks = static_cast<std::size_t>(std::countl_one(front));
  const std::size_t size = marks == 0 ? 2 : marks + 2;
  if (size > kMaxPacked32 || bytes.size() != size) return std::nullopt;
  std::uint64_t value = front & (0xFFU >> (marks + 1));
  for (const char byte : bytes.substr(1)) value = value << 8U | static_cast<unsigned char>(byte);
  return value;
}

std::optional<GlassHeader> read_glass_header(std::string_view file) {
  if (!file.starts_with(kMagic) || file.size() < kGlassBlockBytes) return std::nullopt;
  PackedReader header(file.substr(kMagic.size() + kUuidBytes, kGlassBlockBytes / 2));
  header.packed();  // The revision.
  std::uint64_t block_bytes = 0;
  GlassHeader result{.root = read_root(header, block_bytes)};
  std::uint64_t other_block_bytes = 0;
  for (std::size_t i = 0; i < kEmptyTables.size(); ++i) read_root(header, other_block_bytes);
  result.doc_count = static_cast<std::uint32_t>(header.packed());
  const std::uint64_t gaps = header.packed();
  if (!header.ok() || block_bytes != kGlassBlockBytes || gaps != 0) return std::nullopt;
  return result;
}

void GlassListKey::set_term(std::string_view term) {
  assert(!term.empty() && term.size() <= kMaxTermBytes);
  char* at = bytes_.data();
  if (term.find('\0') == term.npos) {  // Nearly all.
    at = std::copy(term.begin(), term.end(), at);
  } else {
    for (const char byte : term) {
      *at++ = byte;
      if (byte == '\0') *at++ = '\xFF';
    }
  }
  *at = '\0';
  first_bytes_ = static_cast<std::size_t>(at - bytes_.data());
  stem_bytes_ = first_bytes_ + 1;
}

void GlassListKey::set_doc_lengths() {
  bytes_[0] = '\0';
  bytes_[1] = '\xE0';
  first_bytes_ = 2;
  stem_bytes_ = 2;
}

std::string_view GlassListKey::of_chunk(DocId first_doc) {
  const char* const end = put_sorted(bytes_.data() + stem_bytes_, first_doc + 1);
  return {bytes_.data(), static_cast<std::size_t>(end - bytes_.data())};
}

std::string glass_header(const GlassRoot& root, const GlassStatistics& statistics,
                         std::uint64_t identity) {
  std::string header(kMagic);
  append_uuid(header, identity, root);
  append_packed(header, kGlassRevision);
  append_postings_table(header, root);
  for (const std::uint8_t compressed_from : kEmptyTables) {
    append_empty_table(header, compressed_from);
  }
  append_statistics(header, statistics);
  return header;
}

}  // namespace trailsift::store
