#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>
#include <vector>

#include "schema/error.h"
#include "schema/interner.h"
#include "store/column.h"

namespace trailsift::store {

/// The terms of some documents by document, though they come term by term.
class DocumentTerms {
 public:
  explicit DocumentTerms(std::uint32_t doc_count) : by_doc_(doc_count) {}

  /// A term that has not come yet to these documents; not longer than kMaxTermBytes.
  void add(std::string_view term, std::span<const DocId> docs) {
    const std::uint32_t number = terms_.intern(0, term);
    for (const DocId doc : docs) by_doc_[doc].push_back(number);
  }

  std::uint32_t doc_count() const { return static_cast<std::uint32_t>(by_doc_.size()); }

  /// Calls `visit` for each term of a document.
  template <class Visit>
  void for_each(DocId doc, Visit visit) const {
    for (const std::uint32_t number : by_doc_[doc]) visit(terms_[number].text);
  }

 private:
  Interner terms_;
  std::vector<std::vector<std::uint32_t>> by_doc_;
};

/// Where and how the inverted index is written.
struct TermsJob {
  std::filesystem::path output;   ///< The file to make.
  std::filesystem::path scratch;  ///< A directory to make, use and remove.
  unsigned threads = 1;
};

/// The reference writer of inverted indexes, through Xapian alone.

/// Writes the inverted index of documents (at least 1) as a Xapian database in one file. Not
/// durable yet.
Result<void> write_terms(const TermsJob& job, const DocumentTerms& terms);

/// Joins databases in one file: the documents of each follow those of the one before.
Result<void> join_terms(const TermsJob& job, std::vector<std::filesystem::path> inputs,
                        std::uint32_t doc_count);

}  // namespace trailsift::store
