#include "store/glass_tree.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace trailsift::store {
namespace {

// An item of a leaf: its size and flags, the key's size, key, tag.
constexpr std::size_t kLeafItemBytes = 3;
constexpr std::size_t kWholeTag = kItemIsFirst | kItemIsLast;

// An item of a branch: a block's number, the key's size, key, which part of a tag the key is of.
constexpr std::size_t kBranchItemBytes = 7;
constexpr std::size_t kFirstPart = 1;

void put_leaf_item(GlassBlock& leaf, std::string_view key, std::string_view tag) {
  char* at = leaf.add(kLeafItemBytes + key.size() + tag.size());
  at = put_big16(at, (key.size() + tag.size()) | kWholeTag);
  *at++ = static_cast<char>(key.size());
  at = std::copy(key.begin(), key.end(), at);
  std::copy(tag.begin(), tag.end(), at);
}

void put_branch_item(GlassBlock& branch, std::string_view key, std::uint32_t block) {
  char* at = branch.add(kBranchItemBytes + key.size());
  at = put_big32(at, block);
  *at++ = static_cast<char>(key.size());
  at = std::copy(key.begin(), key.end(), at);
  put_big16(at, key.empty() ? 0 : kFirstPart);
}

std::string_view last_key(const GlassBlock& leaf) {
  const char* const item = leaf.last();
  return {item + kLeafItemBytes, static_cast<unsigned char>(item[2])};
}

/// The shortest beginning of `key` that is above `before`.
std::string_view separator_of(std::string_view before, std::string_view key) {
  assert(before < key);
  const auto differ = std::ranges::mismatch(before, key);
  return key.substr(0, static_cast<std::size_t>(differ.in2 - key.begin()) + 1);
}

}  // namespace

Result<GlassTree> GlassTree::create(const std::filesystem::path& path) {
  auto file = FileWriter::create(path);
  if (!file) return tl::unexpected(file.error());
  const std::string header(kGlassBlockBytes, '\0');
  if (auto done = file->append(header); !done) return tl::unexpected(done.error());
  return GlassTree(std::move(*file));
}

GlassTree::GlassTree(FileWriter file) : file_(std::move(file)), levels_(1) {
  put_leaf_item(levels_.front().block, "", "");  // Every tree begins with an empty key.
}

std::size_t GlassTree::room(std::size_t key_bytes) const {
  const std::size_t room = levels_.front().block.room();
  const std::size_t taken = kLeafItemBytes + key_bytes;
  return room < taken ? 0 : room - taken;
}

Result<void> GlassTree::add(std::string_view key, std::string_view tag) {
  assert(!key.empty() && key.size() <= 255 && tag.size() <= kMaxTagBytes);
  if (room(key.size()) < tag.size()) {
    std::string separator(separator_of(last_key(levels_.front().block), key));
    if (auto done = seal(0); !done) return done;
    levels_.front().separator = std::move(separator);
  }
  put_leaf_item(levels_.front().block, key, tag);
  ++entries_;
  return {};
}

Result<void> GlassTree::seal(std::size_t level) {
  Level& full = levels_[level];
  const auto bytes = full.block.seal(static_cast<std::uint32_t>(level));
  if (auto done = file_.append(bytes); !done) return done;
  full.block.clear();
  ++full.sealed;
  const std::string separator = std::exchange(full.separator, {});
  return enter(level + 1, separator, next_block_++);
}

Result<void> GlassTree::enter(std::size_t level, std::string_view separator, std::uint32_t block) {
  if (level == levels_.size()) levels_.emplace_back();
  if (levels_[level].block.room() < kBranchItemBytes + separator.size()) {
    if (auto done = seal(level); !done) return done;
  }
  Level& branch = levels_[level];
  const bool leads = branch.block.empty();
  // Nobody compares with the first key of a branch block; the level above has it.
  if (leads) branch.separator = separator;
  put_branch_item(branch.block, leads ? std::string_view() : separator, block);
  return {};
}

Result<GlassRoot> GlassTree::finish() {
  std::size_t level = 0;
  for (; level + 1 < levels_.size() || levels_[level].sealed > 0; ++level) {
    if (auto done = seal(level); !done) return tl::unexpected(done.error());
  }
  const auto root_level = static_cast<std::uint32_t>(level);
  const auto bytes = levels_[level].block.seal(root_level);
  if (auto done = file_.append(bytes); !done) return tl::unexpected(done.error());
  return GlassRoot{next_block_, root_level, entries_, next_block_ + 1};
}

}  // namespace trailsift::store
