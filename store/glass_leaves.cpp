#include <algorithm>

#include "store/glass_format.h"
#include "store/glass_reader.h"

namespace trailsift::store {
namespace {

constexpr std::size_t kDirectory = 11;
constexpr std::size_t kOffsetBytes = 2;
constexpr std::size_t kMostLevels = 10;  // Xapian has no more.

}  // namespace

/// One part of an entry.
struct GlassLeaves::Item {
  std::string_view key;
  std::string_view tag;
  bool first = true;
  bool last = true;
};

Result<GlassLeaves> GlassLeaves::open(const std::filesystem::path& path) {
  auto file = MappedFile::open(path);
  if (!file) return tl::unexpected(file.error());
  GlassLeaves leaves(path.string(), std::move(*file));
  if (!leaves.read_header()) return leaves.corrupt();
  return leaves;
}

tl::unexpected<Error> GlassLeaves::corrupt() const {
  return fail(ErrorCode::corrupt, "the terms of '" + what_ + "' are corrupt");
}

bool GlassLeaves::read_header() {
  const auto header = read_glass_header(
      {reinterpret_cast<const char*>(file_.bytes().data()), file_.bytes().size()});
  if (!header || header->root.level >= kMostLevels) return false;
  doc_count_ = header->doc_count;
  level_ = header->root.level;
  return enter(header->root.block);
}

bool GlassLeaves::enter(std::uint32_t block) {
  const std::uint64_t begin = std::uint64_t{block} * kGlassBlockBytes;
  if (begin + kGlassBlockBytes > file_.bytes().size()) return false;
  const char* const bytes = reinterpret_cast<const char*>(file_.bytes().data()) + begin;
  const std::size_t end = get_big16(bytes + 9);
  const auto level = static_cast<unsigned char>(bytes[4]);
  const bool sound = level + path_.size() == level_ && end > kDirectory &&
                     end <= kGlassBlockBytes && (end - kDirectory) % kOffsetBytes == 0;
  if (sound) path_.push_back({bytes, kDirectory, end});
  return sound;
}

Result<bool> GlassLeaves::find_leaf() {
  while (path_.back().next == path_.back().end) {
    path_.pop_back();
    if (path_.empty()) return false;
  }
  while (path_.size() <= level_) {
    Step& branch = path_.back();
    const std::size_t offset = get_big16(branch.block + branch.next);
    branch.next += kOffsetBytes;
    if (offset + 4 > kGlassBlockBytes) return corrupt();
    if (!enter(get_big32(branch.block + offset))) return corrupt();
  }
  return true;
}

Result<GlassLeaves::Item> GlassLeaves::next_item() {
  Step& leaf = path_.back();
  const std::size_t offset = get_big16(leaf.block + leaf.next);
  leaf.next += kOffsetBytes;
  if (offset + 3 > kGlassBlockBytes) return corrupt();
  const char* const item = leaf.block + offset;
  const std::size_t head = get_big16(item);
  const std::size_t size = (head & kItemSizeMask) + 3;
  const std::size_t key_size = static_cast<unsigned char>(item[2]);
  const bool first = (head & kItemIsFirst) != 0;
  const std::size_t tag_at = 3 + key_size + (first ? 0 : 2);
  const bool compressed = (head & kItemIsCompressed) != 0;
  if (compressed || tag_at > size || offset + size > kGlassBlockBytes) return corrupt();
  return Item{
      {item + 3, key_size}, {item + tag_at, size - tag_at}, first, (head & kItemIsLast) != 0};
}

Result<bool> GlassLeaves::next() {
  if (path_.empty()) return false;
  auto found = find_leaf();
  if (!found || !*found) return found;
  const auto item = next_item();
  if (!item) return tl::unexpected(item.error());
  if (!item->first) return corrupt();
  key_ = item->key;
  tag_ = item->tag;
  return item->last ? Result<bool>(true) : join_parts();
}

Result<bool> GlassLeaves::join_parts() {
  joined_ = tag_;
  for (bool last = false; !last;) {
    auto found = find_leaf();
    if (!found) return found;
    if (!*found) return corrupt();
    const auto item = next_item();
    if (!item) return tl::unexpected(item.error());
    if (item->first || item->key != key_) return corrupt();
    joined_ += item->tag;
    last = item->last;
  }
  tag_ = joined_;
  return true;
}

}  // namespace trailsift::store
