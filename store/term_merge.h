#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "schema/error.h"
#include "store/column.h"
#include "store/file.h"

namespace trailsift::store {

/// The number of a document that is left out.
constexpr DocId kDropped = UINT32_MAX;

/// An inverted index that goes into another.
struct TermsInput {
  std::filesystem::path file;
  /// What becomes of each of its documents: ascending, or kDropped.
  std::vector<DocId> new_docs;
};

/// Writes the inverted index of all documents of the inputs but the dropped ones, `doc_count`
/// together, through GlassWriter. Memory grows with the documents, by four bytes each, not with the
/// terms.
Result<WrittenFile> merge_terms(const std::filesystem::path& output,
                                const std::vector<TermsInput>& inputs, std::uint32_t doc_count,
                                bool durable);

}  // namespace trailsift::store
