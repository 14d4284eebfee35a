#include "query/values_beginning.h"

#include <algorithm>
#include <utility>

#include "schema/words.h"

namespace trailsift::query {
namespace {

/// The values of one segment that begin so, in byte order.
class Values {
 public:
  Values(const store::Column& column, std::string_view beginning)
      : cursor_(column.dictionary()), count_(column.value_count()), beginning_(beginning) {
    find(0);
  }

  bool at_end() const { return rank_ == count_; }
  const std::string& value() const { return value_; }
  Result<void> next(const Deadline& deadline) {
    constexpr std::uint32_t kValuesPerCheck = 1U << 12U;
    if (rank_ % kValuesPerCheck == 0) {
      if (auto in_time = deadline.check(); !in_time) return in_time;
    }
    find(rank_ + 1);
    return {};
  }

 private:
  void find(std::uint32_t rank) {
    for (rank_ = rank; rank_ < count_; ++rank_) {
      cursor_.seek(rank_);
      value_ = cursor_.value();
      if (fold(value_).starts_with(beginning_)) return;
    }
  }

  store::Dictionary::Cursor cursor_;
  std::uint32_t count_;
  std::string_view beginning_;  // Folded.
  std::uint32_t rank_ = 0;
  std::string value_;
};

}  // namespace

Result<ValuesBeginning> values_beginning(const store::Snapshot& snapshot, FieldIndex field,
                                         std::string_view beginning, std::size_t limit,
                                         const Deadline& deadline) {
  const Field& row = field_at(field);
  const bool is_text =
      row.type == FieldType::keyword || row.type == FieldType::text || row.type == FieldType::ip;
  if (!is_text || !row.column) {
    return fail(ErrorCode::bad_request,
                "expected a field with values of text, got '" + std::string(row.name) + "'");
  }
  const std::string folded = fold(beginning);
  std::vector<Values> segments;
  for (const auto& segment : snapshot.segments) {
    const auto column = segment->column(field);
    if (!column) return tl::unexpected(column.error());
    if (*column != nullptr) segments.emplace_back(**column, folded);
  }
  ValuesBeginning result;
  while (true) {
    std::erase_if(segments, [](const Values& values) { return values.at_end(); });
    if (segments.empty()) return result;
    const std::string least = std::ranges::min_element(segments, {}, &Values::value)->value();
    ++result.found;
    if (result.values.size() < limit) result.values.push_back(least);
    for (Values& values : segments) {
      if (values.value() != least) continue;
      if (auto next = values.next(deadline); !next) return tl::unexpected(next.error());
    }
  }
}

}  // namespace trailsift::query
