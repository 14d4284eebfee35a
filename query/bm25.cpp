#include "query/bm25.h"

#include <algorithm>
#include <cmath>

namespace trailsift::query {
namespace {

constexpr double kTimes = 1;          // k1
constexpr double kLength = 0.5;       // b
constexpr double kLeastLength = 0.5;  // Of the average.

/// Xapian raises what is asked of most documents, so that it still counts for something.
double rarity_of(std::uint64_t documents, std::uint64_t with) {
  const auto all = static_cast<double>(documents);
  const auto some = static_cast<double>(with);
  const double odds = (all - some + 0.5) / (some + 0.5);
  return std::log(odds < 2 ? odds * 0.5 + 1 : odds);
}

}  // namespace

Bm25::Bm25(std::uint64_t documents, std::uint64_t with, double average_length)
    : rarity_(rarity_of(documents, std::min(with, documents))), average_length_(average_length) {}

double Bm25::weight(std::uint64_t times, std::uint64_t length) const {
  const double relative = average_length_ == 0 ? 0 : static_cast<double>(length) / average_length_;
  const double damping = kTimes * (std::max(relative, kLeastLength) * kLength + (1 - kLength));
  const auto met = static_cast<double>(times);
  return rarity_ * (kTimes + 1) * met / (damping + met);
}

}  // namespace trailsift::query
