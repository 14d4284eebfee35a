#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace trailsift::query {

/// What a joined field is looked up in: a value for each of many keys, few of them different.
/// Immutable; any thread. Takes 16 bytes and the key for each row.
class JoinTable {
 private:
  struct Row {
    std::uint64_t key_begin = 0;
    std::uint32_t key_size = 0;
    std::uint32_t value = 0;
  };

 public:
  /// Gathers rows. Of several with one key the last holds.
  class Builder {
   public:
    void add(std::string_view key, std::string_view value);
    /// The builder is empty afterwards.
    JoinTable build();

   private:
    std::string keys_;
    std::vector<Row> rows_;
    std::map<std::string, std::uint32_t, std::less<>> values_;
  };

  /// Distinct values, in the order of their bytes.
  std::span<const std::string> values() const { return values_; }
  std::size_t size() const { return rows_.size(); }

  /// The number of the key's value among values().
  std::optional<std::uint32_t> find(std::string_view key) const;

  /// Looks up one key after the other, each greater than the one before: far cheaper than find(),
  /// as both stand in the order of their bytes. Borrows the table.
  class Walk {
   public:
    explicit Walk(const JoinTable& table) : table_(table) {}
    std::optional<std::uint32_t> find(std::string_view key);

   private:
    const JoinTable& table_;
    std::size_t row_ = 0;  // All before it have smaller keys than the next one to be looked up.
  };

 private:
  std::string_view key(const Row& row) const {
    return std::string_view(keys_).substr(row.key_begin, row.key_size);
  }
  std::size_t lower_bound(std::size_t begin, std::size_t end, std::string_view key) const;
  std::optional<std::uint32_t> value_at(std::size_t row, std::string_view key) const;

  std::string keys_;
  std::vector<Row> rows_;  // In the order of their keys.
  std::vector<std::string> values_;
};

}  // namespace trailsift::query
