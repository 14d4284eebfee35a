#include "query/values_beginning.h"

#include <algorithm>
#include <utility>

#include "query/live_values.h"
#include "query/target.h"
#include "schema/words.h"

namespace trailsift::query {
namespace {

/// The values of one segment that begin so, in byte order.
class Values {
 public:
  Values(const store::Segment& segment, const store::Column& column, std::string_view beginning)
      : cursor_(column.dictionary()), beginning_(beginning) {
    if (!segment.deleted().empty()) live_ = live_counts(segment, column);
  }

  bool at_end() const { return cursor_.at_end(); }
  std::string_view value() const { return cursor_.value(); }

  Result<void> next(const Deadline& deadline) {
    cursor_.next();
    return find(deadline);
  }

  /// Stays where it is if that value begins so.
  Result<void> find(const Deadline& deadline) {
    constexpr std::uint32_t kValuesPerCheck = 1U << 12U;
    for (; !cursor_.at_end(); cursor_.next()) {
      if (cursor_.rank() % kValuesPerCheck == 0) {
        if (auto in_time = deadline.check(); !in_time) return in_time;
      }
      if (!live_.empty() && live_[cursor_.rank()] == 0) continue;
      fold(cursor_.value(), folded_);
      if (folded_.starts_with(beginning_)) break;
    }
    return {};
  }

 private:
  store::Dictionary::Cursor cursor_;
  std::vector<std::uint64_t> live_;  // By rank; empty: nothing is deleted.
  std::string_view beginning_;       // Folded.
  std::string folded_;
};

}  // namespace

Result<ValuesBeginning> values_beginning(const store::Snapshot& snapshot, FieldIndex field,
                                         std::string_view beginning, std::size_t limit,
                                         const Deadline& deadline) {
  const Field& row = field_at(field);
  if (!has_texts(field) || !row.column) {
    return fail(ErrorCode::bad_request,
                "expected a field with values of text, got '" + std::string(row.name) + "'");
  }
  const std::string folded = fold(beginning);
  std::vector<Values> segments;
  for (const auto& segment : snapshot.segments) {
    const auto column = segment->column(field);
    if (!column) return tl::unexpected(column.error());
    if (*column == nullptr) continue;
    segments.emplace_back(*segment, **column, folded);
    if (auto found = segments.back().find(deadline); !found) return tl::unexpected(found.error());
  }
  ValuesBeginning result;
  while (true) {
    std::erase_if(segments, [](const Values& values) { return values.at_end(); });
    if (segments.empty()) return result;
    const std::string least(std::ranges::min_element(segments, {}, &Values::value)->value());
    ++result.found;
    if (result.values.size() < limit) result.values.push_back(least);
    for (Values& values : segments) {
      if (values.value() != least) continue;
      if (auto next = values.next(deadline); !next) return tl::unexpected(next.error());
    }
  }
}

}  // namespace trailsift::query
