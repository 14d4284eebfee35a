#pragma once

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <map>
#include <random>
#include <span>
#include <string>
#include <sys/mman.h>
#include <vector>

#include <xapian.h>

#include "store/file.h"
#include "store/glass_writer.h"
#include "store/terms.h"

namespace trailsift::store {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::uint32_t kSlowness = 20;  // A sanitizer sees as much in fewer rounds.
#else
constexpr std::uint32_t kSlowness = 1;
#endif

/// What a database says of one term.
struct TermContent {
  std::vector<DocId> docs;
  std::vector<std::uint32_t> wdfs;

  void add(DocId doc, std::uint32_t wdf) {
    docs.push_back(doc);
    wdfs.push_back(wdf);
  }
};

/// Documents and their terms, as they are given to both writers.
struct Batch {
  std::uint32_t doc_count = 1;
  std::map<std::string, TermContent> terms;

  bool is_boolean() const {
    return std::ranges::all_of(terms, [](const auto& term) {
      return std::ranges::all_of(term.second.wdfs, [](auto wdf) { return wdf == 0; });
    });
  }
  std::vector<std::uint32_t> doc_lengths() const {
    std::vector<std::uint32_t> lengths(doc_count);
    for (const auto& [text, term] : terms) {
      for (std::size_t i = 0; i < term.docs.size(); ++i) lengths[term.docs[i]] += term.wdfs[i];
    }
    return lengths;
  }
};

inline Result<WrittenFile> write_bulk(const std::filesystem::path& path, const Batch& batch) {
  const auto lengths = batch.is_boolean() ? std::vector<std::uint32_t>() : batch.doc_lengths();
  auto writer = GlassWriter::create(path, batch.doc_count, lengths);
  if (!writer) return tl::unexpected(writer.error());
  for (const auto& [text, term] : batch.terms) {
    const auto wdfs = lengths.empty() ? std::span<const std::uint32_t>() : std::span(term.wdfs);
    if (auto done = writer->add(text, term.docs, wdfs); !done) return tl::unexpected(done.error());
  }
  return writer->finish(false);
}

/// A file in memory: compaction waits for the disk, which takes longer than all else here.
class MemoryFile {
 public:
  std::string path() const { return "/proc/self/fd/" + std::to_string(fd_.get()); }

 private:
  FileDescriptor fd_{::memfd_create("test", MFD_CLOEXEC)};
};

/// The twin: what Xapian itself makes of the batch.
inline void write_stock(const std::string& path, const std::filesystem::path& scratch,
                        const Batch& batch) {
  std::vector<Xapian::Document> documents(batch.doc_count);
  for (const auto& [text, term] : batch.terms) {
    for (std::size_t i = 0; i < term.docs.size(); ++i) {
      documents[term.docs[i]].add_term(text, term.wdfs[i]);
    }
  }
  Xapian::WritableDatabase database(
      scratch.string(), Xapian::DB_CREATE_OR_OVERWRITE | Xapian::DB_BACKEND_GLASS |
                            Xapian::DB_NO_TERMLIST | Xapian::DB_NO_SYNC | Xapian::DB_DANGEROUS);
  for (const auto& document : documents) database.add_document(document);
  database.commit();
  database.compact(path, Xapian::DBCOMPACT_SINGLE_FILE | Xapian::Compactor::FULL);
}

inline std::size_t counted(const std::string& term) {
  return term.size() + static_cast<std::size_t>(std::ranges::count(term, '\0'));
}

/// Makes batches of every shape from a seed.
class RandomBatches {
 public:
  explicit RandomBatches(std::uint32_t seed) : random_(seed) {}

  Batch next(std::uint32_t most_docs, std::uint32_t most_terms) {
    Batch batch;
    batch.doc_count = 1 + below(most_docs);
    const bool boolean = below(2) == 0;
    const std::uint32_t heaviest = below(2) == 0 ? 3 : 1U << (1 + below(20));
    const std::string prefix = text(below(4) == 0 ? 200 : 12);
    for (std::uint32_t i = below(most_terms + 1); i > 0; --i) {
      const auto term = (below(2) == 0 ? prefix : "") + text(below(8) == 0 ? 245 : 10);
      if (term.empty() || counted(term) > kMaxTermBytes) continue;
      batch.terms[term] = content(batch.doc_count, boolean ? 1 : heaviest);
    }
    return batch;
  }

 private:
  std::uint32_t below(std::uint32_t limit) { return static_cast<std::uint32_t>(random_() % limit); }

  std::string text(std::uint32_t most_bytes) {
    static const std::string kLetters = std::string("ab=\xFF\xE0") + '\0';
    std::string text;
    for (std::uint32_t i = below(most_bytes + 1); i > 0; --i) {
      text += kLetters[below(static_cast<std::uint32_t>(kLetters.size()))];
    }
    return text;
  }

  TermContent content(std::uint32_t doc_count, std::uint32_t wdf_limit) {
    TermContent content;
    const std::uint32_t step = 1 + below(below(3) == 0 ? 2 : doc_count);
    for (DocId doc = below(doc_count); doc < doc_count; doc += 1 + below(step)) {
      content.add(doc, below(wdf_limit));
    }
    return content;
  }

  std::mt19937 random_;
};

/// A term that the first `count` documents have, `step` apart.
inline TermContent every(std::uint32_t step, std::uint32_t count) {
  TermContent content;
  for (std::uint32_t i = 0; i < count; ++i) content.add(i * step, 0);
  return content;
}

}  // namespace trailsift::store
