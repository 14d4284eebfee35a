#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "schema/error.h"

namespace trailsift::store {

/// The terms of one document, none of them longer than kMaxTermBytes. Called by several threads.
using TermSource = std::function<Result<std::vector<std::string>>(std::uint32_t doc)>;

/// Where and how the inverted index is written.
struct TermsJob {
  std::filesystem::path output;   ///< The file to make.
  std::filesystem::path scratch;  ///< A directory to make, use and remove.
  unsigned threads = 1;
};

/// The reference writer of inverted indexes, through Xapian alone.

/// Writes the inverted index of `doc_count` documents (at least 1) as a Xapian database in one
/// file. Not durable yet. Memory does not depend on `doc_count`.
Result<void> write_terms(const TermsJob& job, std::uint32_t doc_count, const TermSource& terms);

/// Joins databases in one file: the documents of each follow those of the one before.
Result<void> join_terms(const TermsJob& job, std::vector<std::filesystem::path> inputs,
                        std::uint32_t doc_count);

}  // namespace trailsift::store
