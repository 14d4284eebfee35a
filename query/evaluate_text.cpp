#include "query/evaluate_text.h"

#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "query/column_words.h"
#include "query/holds.h"
#include "query/loose_words.h"
#include "query/words.h"
#include "store/terms.h"

namespace trailsift::query {
namespace {

/// Every leaf is in a column or loose, but for the event time.
Result<Bounds> in_subtree(const Words& words, const DocSet& within, SegmentAccess& access) {
  auto sure = with_column_words(words, within, access);
  if (!sure) return tl::unexpected(sure.error());
  const auto times = with_time_words(words, within - *sure, access);
  if (!times) return tl::unexpected(times.error());
  *sure |= *times;
  auto bounds = with_loose_words(words, within - *sure, access);
  if (!bounds) return bounds;
  bounds->sure |= *sure;
  bounds->possible |= *sure;
  return bounds;
}

}  // namespace

Result<Bounds> evaluate_words(const Words& words, const DocSet& within, SegmentAccess& access) {
  if (words.field.origin == Origin::subtree) return in_subtree(words, within, access);
  auto docs = with_column_words(words, within, access);
  if (!docs) return tl::unexpected(docs.error());
  return exactly(std::move(*docs));
}

Result<Bounds> evaluate_text(const Phrase& phrase, const DocSet& within, SegmentAccess& access) {
  const std::span<const std::string> pieces = phrase.pieces;
  const bool several = pieces.size() > 1;
  const Words words{
      field_at(phrase.field),
      phrase.open_end ? pieces.first(pieces.size() - 1) : pieces,
      phrase.open_end ? std::string_view(pieces.back()) : std::string_view(),
      several ? store::identifier_term(pieces) : std::string(),
      [&phrase](std::string_view text) { return holds(text, phrase); },
  };
  return evaluate_words(words, within, access);
}

Result<Bounds> evaluate_text(const Near& near, const DocSet& within, SegmentAccess& access) {
  const Words words{
      field_at(near.field),
      near.pieces,
      {},
      {},
      [&near](std::string_view text) { return holds(text, near); },
  };
  return evaluate_words(words, within, access);
}

}  // namespace trailsift::query
