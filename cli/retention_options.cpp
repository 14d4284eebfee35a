#include "cli/retention_options.h"

#include <chrono>

namespace trailsift::cli {
namespace {

constexpr std::uint64_t kMostDays = 36'500;
constexpr std::uint64_t kMostRows = 100'000'000;

}  // namespace

Result<indexer::LedgerOptions> read_retention_options(const Arguments& arguments) {
  const auto days = arguments.number("--deliveries-days", 1, kMostDays);
  if (!days) return tl::unexpected(days.error());
  const auto rows = arguments.number("--deliveries-rows", 1, kMostRows);
  if (!rows) return tl::unexpected(rows.error());
  indexer::LedgerOptions options;
  options.age = std::chrono::days(*days);
  options.rows = *rows;
  return options;
}

}  // namespace trailsift::cli
