#include "store/word_index.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <numeric>

#include "schema/uuid.h"
#include "store/bytes.h"
#include "store/keep_distinct.h"
#include "store/packed.h"

namespace trailsift::store {
namespace {

/// Reads the numbers of a list, each one more than the last by the difference that is stored.
class ListReader {
 public:
  explicit ListReader(std::string_view bytes) : differences_(bytes) {}

  bool at_end() const { return differences_.rest().empty(); }
  /// Whether what was read is whole.
  bool ok() const { return differences_.ok(); }

  std::uint64_t next() {
    value_ += differences_.packed() + (first_ ? 0 : 1);
    first_ = false;
    return value_;
  }

 private:
  PackedReader differences_;
  std::uint64_t value_ = 0;
  bool first_ = true;
};

Error damaged() {
  return {ErrorCode::corrupt, "the index of words is damaged", {}};
}

std::vector<std::uint32_t> distinct(std::vector<std::uint32_t> values) {
  std::ranges::sort(values);
  values.erase(std::unique(values.begin(), values.end()), values.end());
  return values;
}

}  // namespace

bool has_words(const Field& field) {
  return field.column && field.origin == Origin::record && field.name != "event_time";
}

void WordIndexWriter::add_column(const Field& field, std::span<const std::string_view> values) {
  ColumnEntry entry{field.name, static_cast<std::uint32_t>(values.size())};
  constexpr std::size_t kAhead = 16;  // Values in their order are all over the memory.
  for (std::size_t rank = 0; rank < values.size(); ++rank) {
    if (rank + kAhead < values.size()) __builtin_prefetch(values[rank + kAhead].data());
    const std::string_view value = values[rank];
    const std::uint32_t number = value_count_++;
    if (is_uuid(value)) {
      ++entry.uuid_count;
      continue;
    }
    add_pieces(value, number);
  }
  columns_.push_back(entry);
}

void WordIndexWriter::add_pieces(std::string_view value, std::uint32_t number) {
  const std::size_t begin = pairs_.size();
  for (reader_.begin(value); reader_.next();) {
    pairs_.push_back({pieces_.intern(0, reader_.piece()), number});
  }
  keep_distinct(pairs_, begin, &Pair::piece);  // A value may have a piece twice.
}

std::string WordIndexWriter::head() const {
  ByteWriter head;
  head.put(static_cast<std::uint32_t>(columns_.size()));
  for (const ColumnEntry& column : columns_) {
    head.put_name(column.name);
    head.put(column.value_count);
    head.put(column.uuid_count);
  }
  head.put(static_cast<std::uint32_t>(pieces_.size()));
  return head.bytes();
}

Result<std::string> WordIndexWriter::encode() const {
  std::vector<std::uint32_t> order(pieces_.size());
  std::iota(order.begin(), order.end(), 0U);
  std::ranges::sort(order, {}, [&](std::uint32_t piece) { return pieces_[piece].text; });

  std::vector<std::size_t> begins(pieces_.size() + 1);
  for (const Pair& pair : pairs_) ++begins[pair.piece + 1];
  std::partial_sum(begins.begin(), begins.end(), begins.begin());
  std::vector<std::uint32_t> values(pairs_.size());
  std::vector<std::size_t> ends(begins.begin(), begins.end() - 1);
  for (const Pair& pair : pairs_) values[ends[pair.piece]++] = pair.value;

  std::string texts;
  std::string lists;
  ByteWriter text_offsets;
  ByteWriter list_offsets;
  for (const std::uint32_t piece : order) {
    text_offsets.put(static_cast<std::uint32_t>(texts.size()));
    list_offsets.put(static_cast<std::uint32_t>(lists.size()));
    texts += pieces_[piece].text;
    for (std::size_t i = begins[piece]; i < begins[piece + 1]; ++i) {
      append_packed(lists, i == begins[piece] ? values[i] : values[i] - values[i - 1] - 1);
    }
  }
  text_offsets.put(static_cast<std::uint32_t>(texts.size()));
  list_offsets.put(static_cast<std::uint32_t>(lists.size()));
  constexpr std::size_t kMost = std::numeric_limits<std::uint32_t>::max();
  if (texts.size() > kMost || lists.size() > kMost) {
    return fail(ErrorCode::too_large, "expected words of at most " + std::to_string(kMost) +
                                          " bytes in a segment, got more");
  }

  return head() + text_offsets.bytes() + list_offsets.bytes() + texts + lists;
}

Result<WordIndex> WordIndex::open(std::span<const std::byte> bytes) {
  WordIndex index;
  ByteReader reader(bytes);
  const auto column_count = reader.get<std::uint32_t>();
  std::uint64_t values = 0;
  for (std::uint32_t i = 0; i < column_count && reader.ok(); ++i) {
    const std::string_view name = reader.get_name();
    const auto row = std::ranges::find(fields(), name, &Field::name);
    ColumnEntry entry;
    if (row != fields().end()) entry.field = index_of(*row);
    entry.first_value = static_cast<std::uint32_t>(values);
    entry.value_count = reader.get<std::uint32_t>();
    entry.uuid_count = reader.get<std::uint32_t>();
    values += entry.value_count;
    if (values > std::numeric_limits<std::uint32_t>::max()) return tl::unexpected(damaged());
    index.columns_.push_back(entry);
  }
  index.value_count_ = static_cast<std::uint32_t>(values);
  index.piece_count_ = reader.get<std::uint32_t>();
  const std::uint64_t offsets_size =
      (std::uint64_t{index.piece_count_} + 1) * sizeof(std::uint32_t);
  std::span<const std::byte> rest = reader.rest();
  if (!reader.ok() || rest.size() < 2 * offsets_size) return tl::unexpected(damaged());
  index.text_offsets_ = rest.data();
  index.list_offsets_ = rest.data() + offsets_size;
  rest = rest.subspan(2 * offsets_size);
  const std::uint64_t texts = index.offset(index.text_offsets_, index.piece_count_);
  const std::uint64_t lists = index.offset(index.list_offsets_, index.piece_count_);
  if (texts + lists != rest.size()) return tl::unexpected(damaged());
  const std::string_view chars(reinterpret_cast<const char*>(rest.data()), rest.size());
  index.texts_ = chars.substr(0, texts);
  index.lists_ = chars.substr(texts);
  return index;
}

std::vector<WordIndex::Ranks> WordIndex::with_piece(std::string_view wanted) const {
  const std::uint32_t found = lower_bound(wanted);
  if (found == piece_count_ || piece(found) != wanted) return {};
  std::vector<std::uint32_t> values;
  ListReader reader(list(found));
  while (!reader.at_end()) values.push_back(static_cast<std::uint32_t>(reader.next()));
  return by_column(values);
}

std::vector<WordIndex::Ranks> WordIndex::with_beginning(std::string_view beginning) const {
  std::vector<std::uint32_t> values;
  std::size_t lists = 0;
  for (std::uint32_t i = lower_bound(beginning); i < piece_count_; ++i, ++lists) {
    if (!piece(i).starts_with(beginning)) break;
    append_list(i, values);
  }
  return by_column(lists > 1 ? distinct(std::move(values)) : values);
}

std::vector<WordIndex::Ranks> WordIndex::with_pieces(
    const std::function<bool(std::string_view)>& passes) const {
  std::vector<std::uint32_t> values;
  for (std::uint32_t i = 0; i < piece_count_; ++i) {
    if (passes(piece(i))) append_list(i, values);
  }
  return by_column(distinct(std::move(values)));
}

std::size_t WordIndex::frequency(std::string_view wanted) const {
  const std::uint32_t found = lower_bound(wanted);
  if (found == piece_count_ || piece(found) != wanted) return 0;
  return list(found).size();
}

bool WordIndex::has_uuids(FieldIndex field) const {
  const auto entry = std::ranges::find(columns_, std::optional(field), &ColumnEntry::field);
  return entry != columns_.end() && entry->uuid_count > 0;
}

bool WordIndex::check() const {
  for (const std::byte* offsets : {text_offsets_, list_offsets_}) {
    if (offset(offsets, 0) != 0) return false;
    for (std::uint32_t i = 0; i < piece_count_; ++i) {
      if (offset(offsets, i) > offset(offsets, i + 1)) return false;
    }
  }
  for (std::uint32_t i = 0; i < piece_count_; ++i) {
    if (i > 0 && piece(i - 1) >= piece(i)) return false;
    ListReader reader(list(i));
    while (!reader.at_end()) {
      if (reader.next() >= value_count_ || !reader.ok()) return false;
    }
  }
  return true;
}

std::uint32_t WordIndex::offset(const std::byte* offsets, std::uint32_t at) const {
  std::uint32_t value = 0;
  std::memcpy(&value, offsets + std::size_t{at} * sizeof(value), sizeof(value));
  return value;
}

std::string_view WordIndex::piece(std::uint32_t number) const {
  const std::uint32_t begin = offset(text_offsets_, number);
  const std::uint32_t end = offset(text_offsets_, number + 1);
  return texts_.substr(begin, end - begin);
}

void WordIndex::append_list(std::uint32_t number, std::vector<std::uint32_t>& values) const {
  ListReader reader(list(number));
  while (!reader.at_end()) values.push_back(static_cast<std::uint32_t>(reader.next()));
}

std::string_view WordIndex::list(std::uint32_t number) const {
  const std::uint32_t begin = offset(list_offsets_, number);
  return lists_.substr(begin, offset(list_offsets_, number + 1) - begin);
}

std::uint32_t WordIndex::lower_bound(std::string_view wanted) const {
  std::uint32_t begin = 0;
  std::uint32_t end = piece_count_;
  while (begin < end) {
    const std::uint32_t middle = begin + (end - begin) / 2;
    if (piece(middle) < wanted) {
      begin = middle + 1;
    } else {
      end = middle;
    }
  }
  return begin;
}

std::vector<WordIndex::Ranks> WordIndex::by_column(std::span<const std::uint32_t> values) const {
  std::vector<Ranks> found;
  auto value = values.begin();
  for (const ColumnEntry& column : columns_) {
    Ranks ranks;
    for (; value != values.end() && *value - column.first_value < column.value_count; ++value) {
      ranks.ranks.push_back(*value - column.first_value);
    }
    if (ranks.ranks.empty() || !column.field) continue;
    ranks.field = *column.field;
    found.push_back(std::move(ranks));
  }
  return found;
}

}  // namespace trailsift::store
