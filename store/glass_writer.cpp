#include "store/glass_writer.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <numeric>
#include <utility>
#include <vector>

#include "store/terms.h"

namespace trailsift::store {
namespace {

/// A list is cut to fill up a leaf only when at least so many bytes of it go there.
constexpr std::size_t kMinFill = 512;

/// The largest number that Xapian's 32 bits hold: of documents, and of a term's occurrences.
constexpr std::uint64_t kMaxCount = std::numeric_limits<std::uint32_t>::max();

std::uint64_t sum_of(std::span<const std::uint32_t> numbers) {
  return std::accumulate(numbers.begin(), numbers.end(), std::uint64_t{0});
}

tl::unexpected<Error> misuse(const std::string& what) {
  return fail(ErrorCode::internal, "cannot write the inverted index: " + what);
}

std::size_t counted_bytes(std::string_view term) {
  return term.size() + static_cast<std::size_t>(std::ranges::count(term, '\0'));
}

GlassStatistics statistics_of(std::uint32_t doc_count, std::span<const std::uint32_t> lengths) {
  GlassStatistics statistics{.doc_count = doc_count};
  for (const std::uint32_t length : lengths) {
    if (length == 0) continue;
    const bool first = statistics.shortest_doc == 0;
    statistics.shortest_doc = first ? length : std::min(statistics.shortest_doc, length);
    statistics.longest_doc = std::max(statistics.longest_doc, length);
    statistics.total_length += length;
  }
  return statistics;
}

}  // namespace

Result<GlassWriter> GlassWriter::create(const std::filesystem::path& path, std::uint32_t doc_count,
                                        std::span<const std::uint32_t> doc_lengths) {
  if (doc_count == kMaxCount) return misuse("too many documents");
  if (!doc_lengths.empty() && doc_lengths.size() != doc_count) {
    return misuse("expected a length for each document");
  }
  auto tree = GlassTree::create(path);
  if (!tree) return tl::unexpected(tree.error());
  GlassWriter writer(std::move(*tree), doc_count);
  if (auto done = writer.add_doc_lengths(doc_lengths); !done) return tl::unexpected(done.error());
  return writer;
}

GlassWriter::GlassWriter(GlassTree tree, std::uint32_t doc_count)
    : tree_(std::move(tree)), statistics_{.doc_count = doc_count} {}

/// The lengths are the posting list of no term, whose documents are all that there are.
Result<void> GlassWriter::add_doc_lengths(std::span<const std::uint32_t> doc_lengths) {
  statistics_ = statistics_of(statistics_.doc_count, doc_lengths);
  if (statistics_.doc_count == 0) return {};
  std::vector<DocId> docs(statistics_.doc_count);
  std::iota(docs.begin(), docs.end(), 0);
  key_.set_doc_lengths();
  return add_list({.docs = docs, .wdfs = doc_lengths});
}

Result<void> GlassWriter::add(std::string_view term, std::span<const DocId> docs,
                              std::span<const std::uint32_t> wdfs) {
  if (auto valid = expect_valid(term, docs, wdfs); !valid) return valid;
  last_term_ = term;
  const std::uint64_t wdf_sum = sum_of(wdfs);
  if (wdf_sum > kMaxCount) return misuse("a term occurs too often");
  wdf_sum_ += wdf_sum;
  if (!wdfs.empty()) {
    statistics_.largest_wdf = std::max(statistics_.largest_wdf, std::ranges::max(wdfs));
  }
  key_.set_term(term);
  return add_list(
      {docs, wdfs, static_cast<std::uint32_t>(docs.size()), static_cast<std::uint32_t>(wdf_sum)});
}

Result<void> GlassWriter::expect_valid(std::string_view term, std::span<const DocId> docs,
                                       std::span<const std::uint32_t> wdfs) const {
  if (term <= last_term_) return misuse("terms must ascend");  // The empty one does not either.
  if (counted_bytes(term) > kMaxTermBytes) return misuse("a term is too long");
  if (docs.empty()) return misuse("a term has no documents");
  const auto disorder = std::ranges::adjacent_find(docs, std::ranges::greater_equal());
  if (disorder != docs.end()) return misuse("documents of a term must ascend");
  if (docs.back() >= statistics_.doc_count) return misuse("there is no such document");
  if (!wdfs.empty() && wdfs.size() != docs.size()) return misuse("expected a wdf per document");
  return {};
}

Result<void> GlassWriter::add_list(const PostingList& list) {
  GlassChunks chunks(list);
  while (!chunks.at_end()) {
    const auto key = chunks.at_begin() ? key_.first() : key_.of_chunk(chunks.first_doc());
    std::string_view chunk = chunks.chunk(kMaxTagBytes);
    const std::size_t room = tree_.room(key.size());
    if (room < chunk.size() && room >= kMinFill) chunk = chunks.chunk(room);
    if (auto done = tree_.add(key, chunk); !done) return done;
    chunks.take();
  }
  return {};
}

Result<WrittenFile> GlassWriter::finish(bool durable) {
  const bool impossible = statistics_.largest_wdf > statistics_.longest_doc;
  if (impossible || wdf_sum_ != statistics_.total_length)
    return misuse("lengths of documents are wrong");
  const auto root = tree_.finish();
  if (!root) return tl::unexpected(root.error());
  const auto content = tree_.file().checksum();
  if (!content) return tl::unexpected(content.error());
  const auto header = glass_header(*root, statistics_, *content);
  if (auto done = tree_.file().replace_front(header); !done) return tl::unexpected(done.error());
  return tree_.file().finish(durable);
}

}  // namespace trailsift::store
