#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "schema/arena.h"
#include "schema/event.h"
#include "schema/event_parts.h"
#include "schema/flatten.h"
#include "schema/interner.h"
#include "schema/path_table.h"

namespace trailsift::store {

/// Number of a distinct leaf in a batch.
using LeafId = std::uint32_t;

/// Events on their way into a segment. Each distinct leaf (a path and a value) is kept once, so
/// that what is worked out of a leaf - its column value, its words - is worked out once however
/// many events have it. One thread; movable.
class EventBatch : public LeafSink {
 public:
  /// One event. Values that no leaf gives (derived fields, the log file) are leaves here too, of
  /// paths that no record can have.
  struct Row {
    Timestamp time;
    std::string_view id;
    std::string_view json;
    std::uint64_t leaves_begin = 0;
    std::uint64_t leaves_end = 0;
  };

  /// What stands at a path.
  struct PathUse {
    std::optional<FieldIndex> field;  ///< The field that takes its value from there.
    bool in_record = true;            ///< False: derived or of the delivery; not full text.
    bool derives = false;             ///< Derived fields depend on it.
    bool one_value = false;           ///< The field takes only one value in an event.
  };

  EventBatch();
  EventBatch(EventBatch&&) = default;
  EventBatch& operator=(EventBatch&&) = default;
  EventBatch(const EventBatch&) = delete;
  EventBatch& operator=(const EventBatch&) = delete;
  ~EventBatch() override = default;

  /// Reads the record that `text` begins with, as read_leaves() does. It becomes an event of the
  /// batch by add_read(), which must follow before the next read(), or not at all; `text` must be
  /// valid until then.
  tl::expected<std::size_t, Rejection> read(std::string_view text);
  void add_read(std::string_view log_file);

  /// What of the record that was read last `parts` names, as an event: its time, values and leaves,
  /// but no joined fields. Only between a reading and add_read().
  Event read_event(const EventParts& parts, std::string_view log_file) const;

  /// The parts of read(), for a reader of its own: begin(), the leaves, end() with the record.
  void begin();
  PathTable& paths() { return paths_; }
  void on_leaf(PathId path, std::string_view value) override;
  tl::expected<void, Rejection> end(std::string_view json);

  /// Drops all events. The next ones get their memory and, unless there are very many, their paths.
  void clear();
  /// Drops all but the first `size` events.
  void truncate(std::size_t size);
  /// Keeps the events whose entry in `kept` is not 0, in their order.
  void keep(std::span<const char> kept);

  std::span<const Row> rows() const { return rows_; }
  std::size_t size() const { return rows_.size(); }
  bool empty() const { return rows_.empty(); }

  /// In the order of the record. A leaf whose field takes a later value stands under a path
  /// without field.
  std::span<const LeafId> leaves_of(const Row& row) const {
    return std::span(leaf_ids_).subspan(row.leaves_begin, row.leaves_end - row.leaves_begin);
  }

  std::size_t leaf_count() const { return leaves_.size(); }
  std::string_view value(LeafId leaf) const { return leaves_[leaf].text; }
  PathId path(LeafId leaf) const { return leaves_[leaf].tag; }
  std::string_view path_text(LeafId leaf) const { return paths_.text(path(leaf)); }
  const PathUse& use(LeafId leaf) const { return uses_[path(leaf)]; }
  /// What the leaf's field takes from it.
  enum class Gives : std::uint8_t {
    nothing,   ///< It has no field, or is not of its type.
    its_text,  ///< The value as it stands.
    a_form,    ///< The canonical form of the value.
  };
  Gives gives(LeafId leaf) const { return gives_[leaf]; }
  /// The value of the leaf's field; nullopt when it gives nothing.
  std::optional<std::string> field_value(LeafId leaf) const;

  /// About what the events take.
  std::size_t memory_bytes() const;

 private:
  static constexpr LeafId kUnknown = ~LeafId{0};

  /// What is known of the record that was read last.
  struct Pending {
    struct Leaf {
      PathId path = 0;
      /// Known at once if it is the one that was last seen at its path; else when it is interned.
      LeafId leaf = kUnknown;
      std::uint32_t hash = 0;  ///< Of one that is not known at once,
      std::size_t begin = 0;   ///< and where its value is in `text`.
      std::size_t size = 0;
    };
    std::string_view json;
    Timestamp time;
    std::string text;          ///< The values of leaves that are not known at once.
    std::vector<Leaf> found;   ///< In the order of the record.
    std::size_t id_found = 0;  ///< Which of them has the id.
  };

  struct LastLeaf {
    LeafId leaf = kUnknown;
    std::string_view value;
  };

  std::string_view value_of(const Pending::Leaf& found) const;
  void intern_found();
  LeafId intern(PathId path, std::string_view value, std::uint32_t hash);
  LeafId intern(PathId path, std::string_view value) {
    return intern(path, value, Interner::hash_of(path, value));
  }
  void use_new_paths();
  tl::expected<Timestamp, Rejection> identify();
  void orphan_overridden();
  PathId orphan_of(PathId path);
  void add_derived();
  std::vector<LeafId> derive();

  PathTable paths_;
  std::vector<PathUse> uses_;          // By path.
  std::vector<LastLeaf> last_leaf_;    // By path: that of the last event which has the path.
  std::vector<PathId> path_of_field_;  // Of derived and delivery fields; the others have the root.
  std::map<PathId, PathId> orphans_;   // The path without a field for one with a field.
  Interner leaves_;                    // The tag is the path.
  std::vector<Gives> gives_;           // By leaf.
  Arena jsons_;
  std::vector<LeafId> leaf_ids_;
  std::vector<Row> rows_;

  Pending pending_;
  std::uint64_t reads_ = 0;
  std::vector<LeafId> kept_leaf_of_field_;  // Of the read in read_of_field_.
  std::vector<std::uint64_t> read_of_field_;
  std::string inputs_;  // Bytes of the leaves that derived fields depend on.
  Interner derived_inputs_;
  std::vector<std::vector<LeafId>> derived_;  // By number in derived_inputs_.
  std::size_t derived_bytes_ = 0;
};

}  // namespace trailsift::store
