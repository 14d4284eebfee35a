#pragma once

#include <cstdint>

namespace trailsift::query {

/// How much one condition counts for the score of an event that meets it: BM25, by the formula and
/// with the parameters that Xapian::BM25Weight has by itself (k1 = 1, k2 = 0, k3 = 1, b = 0.5, no
/// length below half of the average).
///
/// It is not computed by Xapian's own class, since that takes its figures from the postings of one
/// database. Those of segments are boolean, know only the words that no column has, and are of one
/// segment each; a condition may also be a value or a phrase, which is no term. A test compares the
/// two over a database of Xapian's.
class Bm25 {
 public:
  /// `with` of `documents` meet the condition. `average_length`: pieces in the texts in which its
  /// words are looked for.
  Bm25(std::uint64_t documents, std::uint64_t with, double average_length = 0);

  /// Of a text of `length` pieces in which the condition is met `times`, which is 1 or more.
  double weight(std::uint64_t times, std::uint64_t length) const;

  /// Where it is only known that it is met: once, in a text of average length. Above 0.
  double weight() const { return rarity_; }

 private:
  double rarity_;
  double average_length_;
};

}  // namespace trailsift::query
