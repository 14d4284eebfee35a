#include "store/term_writer.h"

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <utility>

#include "store/file.h"
#include "store/parallel.h"
#include "store/terms.h"
#include "store/xapian_guard.h"

namespace trailsift::store {
namespace {

namespace fs = std::filesystem;

/// Documents of one scratch database: Xapian's inverter slows down as it grows.
constexpr std::uint32_t kChunkDocs = 500;
/// Databases joined at a time: each takes a file descriptor or two.
constexpr std::size_t kFanIn = 64;

constexpr int kScratchFlags = Xapian::DB_CREATE_OR_OVERWRITE | Xapian::DB_BACKEND_GLASS |
                              Xapian::DB_NO_TERMLIST | Xapian::DB_NO_SYNC | Xapian::DB_DANGEROUS;

Result<void> write_chunk(const fs::path& path, std::uint32_t begin, std::uint32_t end,
                         const DocumentTerms& terms) {
  return guarded(path.string(), [&]() -> Result<void> {
    Xapian::WritableDatabase database(path.string(), kScratchFlags);
    for (std::uint32_t doc = begin; doc < end; ++doc) {
      Xapian::Document document;
      terms.for_each(doc, [&](std::string_view term) {
        // A longer term would make Xapian drop every document of the chunk.
        assert(term.size() <= kMaxTermBytes);
        document.add_boolean_term(std::string(term));
      });
      database.add_document(document);
    }
    database.close();  // Commits, and says so when it cannot.
    return {};
  });
}

Result<void> join_group(const fs::path& output, std::span<const fs::path> inputs) {
  return guarded(output.string(), [&]() -> Result<void> {
    Xapian::Database all;
    for (const auto& input : inputs) all.add_database(Xapian::Database(input.string()));
    all.compact(output.string(), Xapian::DBCOMPACT_SINGLE_FILE | Xapian::Compactor::FULL);
    return {};
  });
}

/// Xapian numbers the documents by concatenation; all of the store relies on it.
Result<void> expect_documents(const fs::path& path, std::uint32_t doc_count) {
  return guarded(path.string(), [&]() -> Result<void> {
    const Xapian::Database database(path.string());
    if (database.get_doccount() == doc_count && database.get_lastdocid() == doc_count) return {};
    return fail(ErrorCode::internal, "expected " + std::to_string(doc_count) + " documents in '" +
                                         path.string() + "', got " +
                                         std::to_string(database.get_doccount()));
  });
}

/// Joins groups of inputs until there are few enough for the last join.
Result<std::vector<fs::path>> join_levels(const TermsJob& job, std::vector<fs::path> inputs) {
  for (int level = 1; inputs.size() > kFanIn; ++level) {
    const std::size_t groups = (inputs.size() + kFanIn - 1) / kFanIn;
    std::vector<fs::path> joined(groups);
    const auto join = [&](std::size_t group) -> Result<void> {
      joined[group] = job.scratch / (std::to_string(level) + "-" + std::to_string(group));
      const std::size_t begin = group * kFanIn;
      const auto members =
          std::span(inputs).subspan(begin, std::min(kFanIn, inputs.size() - begin));
      auto done = join_group(joined[group], members);
      for (const auto& member : members) {
        if (done && member.parent_path() == job.scratch) done = remove_tree(member);
      }
      return done;
    };
    if (auto done = run_parallel(groups, job.threads, join); !done) {
      return tl::unexpected(done.error());
    }
    inputs = std::move(joined);
  }
  return inputs;
}

}  // namespace

Result<void> write_terms(const TermsJob& job, const DocumentTerms& terms) {
  if (auto done = make_directory(job.scratch); !done) return done;
  const std::uint32_t doc_count = terms.doc_count();
  const std::uint32_t chunks = (doc_count + kChunkDocs - 1) / kChunkDocs;
  std::vector<fs::path> paths(chunks);
  const auto write = [&](std::size_t chunk) {
    paths[chunk] = job.scratch / ("0-" + std::to_string(chunk));
    const auto begin = static_cast<std::uint32_t>(chunk) * kChunkDocs;
    return write_chunk(paths[chunk], begin, std::min(begin + kChunkDocs, doc_count), terms);
  };
  if (auto done = run_parallel(chunks, job.threads, write); !done) return done;
  return join_terms(job, std::move(paths), doc_count);
}

Result<void> join_terms(const TermsJob& job, std::vector<fs::path> inputs,
                        std::uint32_t doc_count) {
  if (auto done = make_directory(job.scratch); !done) return done;
  const auto few = join_levels(job, std::move(inputs));
  if (!few) return tl::unexpected(few.error());
  if (auto done = join_group(job.output, *few); !done) return done;
  if (auto done = expect_documents(job.output, doc_count); !done) return done;
  return remove_tree(job.scratch);
}

}  // namespace trailsift::store
