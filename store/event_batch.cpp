#include "store/event_batch.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "schema/derive.h"

namespace trailsift::store {
namespace {

EventBatch::Gives what_gives(std::optional<FieldIndex> field, std::string_view text) {
  if (!field) return EventBatch::Gives::nothing;
  const FieldType type = field_at(*field).type;
  if (is_canonical(type, text)) return EventBatch::Gives::its_text;
  return canonical_value(type, text) ? EventBatch::Gives::a_form : EventBatch::Gives::nothing;
}

}  // namespace

EventBatch::EventBatch()
    : path_of_field_(fields().size(), PathTable::kRoot),
      kept_leaf_of_field_(fields().size()),
      read_of_field_(fields().size(), 0) {
  for (const Field& field : fields()) {
    if (field.origin != Origin::derived && field.origin != Origin::delivery) continue;
    const PathId path = paths_.add_unreachable(field.name);
    path_of_field_[index_of(field)] = path;
    uses_.resize(path + 1);
    uses_[path] = {.field = index_of(field), .in_record = false};
  }
}

tl::expected<std::size_t, Rejection> EventBatch::read(std::string_view text) {
  begin();
  const auto extent = read_leaves(text, paths_, *this);
  if (!extent) return tl::unexpected(extent.error());
  auto done = end(text.substr(extent->begin, extent->end - extent->begin));
  if (!done) {
    done.error().size = extent->end;
    return tl::unexpected(std::move(done.error()));
  }
  return extent->end;
}

void EventBatch::begin() {
  ++reads_;
  pending_.text.clear();
  pending_.found.clear();
}

void EventBatch::on_leaf(PathId path, std::string_view value) {
  // Neighbours in a file have much in common, and what they have is still in the cache.
  if (path < last_leaf_.size() && last_leaf_[path].value == value) {
    pending_.found.push_back({path, last_leaf_[path].leaf, 0, 0, 0});
    return;
  }
  const std::uint32_t hash = Interner::hash_of(path, value);
  leaves_.prefetch(hash);
  pending_.found.push_back({path, kUnknown, hash, pending_.text.size(), value.size()});
  pending_.text += value;
}

std::string_view EventBatch::value_of(const Pending::Leaf& found) const {
  if (found.leaf != kUnknown) return value(found.leaf);
  return std::string_view(pending_.text).substr(found.begin, found.size);
}

tl::expected<void, Rejection> EventBatch::end(std::string_view json) {
  const auto time = identify();
  if (!time) return tl::unexpected(time.error());
  pending_.time = *time;
  pending_.json = json;
  return {};
}

/// Only here do leaves get their numbers, so that records that are not added leave nothing behind.
void EventBatch::add_read(std::string_view log_file) {
  intern_found();
  orphan_overridden();
  Row row;
  row.time = pending_.time;
  row.id = value(pending_.found[pending_.id_found].leaf);
  row.json = jsons_.add(pending_.json);
  row.leaves_begin = leaf_ids_.size();
  for (const auto& found : pending_.found) leaf_ids_.push_back(found.leaf);
  add_derived();
  if (!log_file.empty()) {
    leaf_ids_.push_back(intern(path_of_field_[log_file_field()], log_file));
  }
  row.leaves_end = leaf_ids_.size();
  rows_.push_back(row);
}

Event EventBatch::read_event(const EventParts& parts, std::string_view log_file) const {
  Event event;
  event.time = pending_.time;
  for (const auto& found : pending_.found) {
    const PathUse& use = uses_[found.path];
    const std::string_view path = paths_.text(found.path);
    const bool wanted = (use.field && parts.has(*use.field)) ||
                        (use.derives && parts.has_derived()) || parts.has_leaf(path);
    if (!wanted) continue;
    const std::string_view value = value_of(found);
    if (use.field) {
      auto canonical = canonical_value(field_at(*use.field).type, value);
      if (canonical) add_value(event, *use.field, std::move(*canonical));
    }
    event.leaves.push_back({std::string(path), std::string(value)});
  }
  if (parts.has_derived()) derive_fields(event);
  if (parts.has(log_file_field())) add_value(event, log_file_field(), std::string(log_file));
  return event;
}

void EventBatch::clear() {
  constexpr std::size_t kMostPaths = 10'000;  // Far more than the records of one trail have.
  if (paths_.size() > kMostPaths) {
    *this = EventBatch();
    return;
  }
  std::ranges::fill(last_leaf_, LastLeaf());
  leaves_.clear();
  gives_.clear();
  jsons_.clear();
  leaf_ids_.clear();
  rows_.clear();
  derived_inputs_.clear();
  derived_.clear();
  derived_bytes_ = 0;
}

void EventBatch::truncate(std::size_t size) {
  assert(size <= rows_.size());
  rows_.resize(size);
}

void EventBatch::keep(std::span<const char> kept) {
  assert(kept.size() == rows_.size());
  std::size_t at = 0;
  std::erase_if(rows_, [&](const Row&) { return kept[at++] == 0; });
}

std::optional<std::string> EventBatch::field_value(LeafId leaf) const {
  switch (gives(leaf)) {
    case Gives::nothing: return std::nullopt;
    case Gives::its_text: return std::string(value(leaf));
    case Gives::a_form: return canonical_value(field_at(*use(leaf).field).type, value(leaf));
  }
  return std::nullopt;
}

std::size_t EventBatch::memory_bytes() const {
  return paths_.memory_bytes() + leaves_.memory_bytes() + gives_.size() + jsons_.memory_bytes() +
         leaf_ids_.size() * sizeof(LeafId) + rows_.size() * sizeof(Row) +
         derived_inputs_.memory_bytes() + derived_bytes_;
}

void EventBatch::intern_found() {
  for (const auto& found : pending_.found) {
    if (found.leaf == kUnknown) leaves_.prefetch_item(found.hash);
  }
  for (const auto& found : pending_.found) {
    if (found.leaf == kUnknown) leaves_.prefetch_text(found.hash);
  }
  for (auto& found : pending_.found) {
    if (found.leaf != kUnknown) continue;
    found.leaf = intern(found.path, value_of(found), found.hash);
    last_leaf_[found.path] = {found.leaf, value(found.leaf)};
  }
}

LeafId EventBatch::intern(PathId path, std::string_view value, std::uint32_t hash) {
  if (path >= uses_.size()) use_new_paths();
  const LeafId leaf = leaves_.intern(path, value, hash);
  if (leaf == gives_.size()) gives_.push_back(what_gives(uses_[path].field, value));
  return leaf;
}

void EventBatch::use_new_paths() {
  while (uses_.size() < paths_.size()) {
    const auto path = static_cast<PathId>(uses_.size());
    const std::string_view text = paths_.text(path);
    const auto field = field_of_path(text);
    uses_.push_back({field, true, derives_from(text), field && !field_at(*field).multi});
  }
  last_leaf_.resize(uses_.size());
}

tl::expected<Timestamp, Rejection> EventBatch::identify() {
  std::optional<std::string_view> id;
  std::optional<Timestamp> time;
  bool has_time = false;
  use_new_paths();
  const FieldIndex id_field = event_id_field();
  const FieldIndex time_field = event_time_field();
  for (std::size_t i = 0; i < pending_.found.size(); ++i) {
    const auto& found = pending_.found[i];
    const auto field = uses_[found.path].field;
    if (field != id_field && field != time_field) continue;
    const std::string_view value = value_of(found);
    if (field == id_field) {
      id = value;
      pending_.id_found = i;
    } else {
      has_time = true;
      if (const auto parsed = parse_time(value)) time = *parsed;
    }
  }
  return check_identity(id, time, has_time);
}

/// A field with one value takes the last of several; the others are leaves like those of any path.
void EventBatch::orphan_overridden() {
  for (std::size_t i = pending_.found.size(); i-- > 0;) {
    auto& found = pending_.found[i];
    if (!uses_[found.path].one_value || gives(found.leaf) == Gives::nothing) continue;
    const FieldIndex field = *uses_[found.path].field;
    if (std::exchange(read_of_field_[field], reads_) != reads_) {
      kept_leaf_of_field_[field] = found.leaf;
    } else if (field_value(found.leaf) != field_value(kept_leaf_of_field_[field])) {
      found.path = orphan_of(found.path);
      found.leaf = intern(found.path, value(found.leaf));
    }
  }
}

PathId EventBatch::orphan_of(PathId path) {
  auto [orphan, added] = orphans_.try_emplace(path, PathTable::kRoot);
  if (added) {
    orphan->second = paths_.add_unreachable(paths_.text(path));
    use_new_paths();
    uses_[orphan->second] = {};
  }
  return orphan->second;
}

void EventBatch::add_derived() {
  inputs_.clear();
  for (const auto& found : pending_.found) {
    if (!uses_[found.path].derives) continue;
    inputs_.append(reinterpret_cast<const char*>(&found.leaf), sizeof(found.leaf));
  }
  const std::uint32_t known = derived_inputs_.intern(0, inputs_);
  if (known == derived_.size()) {
    derived_.push_back(derive());
    derived_bytes_ += sizeof(derived_[0]) + derived_.back().capacity() * sizeof(LeafId);
  }
  leaf_ids_.insert(leaf_ids_.end(), derived_[known].begin(), derived_[known].end());
}

std::vector<LeafId> EventBatch::derive() {
  Event event;
  for (const auto& found : pending_.found) {
    const LeafId leaf = found.leaf;
    if (!uses_[found.path].derives) continue;
    if (auto canonical = field_value(leaf)) {
      add_value(event, *use(leaf).field, std::move(*canonical));
    } else {
      event.leaves.push_back({std::string(path_text(leaf)), std::string(value(leaf))});
    }
  }
  derive_fields(event);
  std::vector<LeafId> derived;
  for (const auto& [field, value] : event.values) {
    if (path_of_field_[field] != PathTable::kRoot) {
      derived.push_back(intern(path_of_field_[field], value));
    }
  }
  return derived;
}

}  // namespace trailsift::store
