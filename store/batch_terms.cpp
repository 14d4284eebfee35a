#include "store/batch_terms.h"

#include <algorithm>
#include <bit>
#include <numeric>
#include <utility>

#include "schema/uuid.h"
#include "store/keep_distinct.h"
#include "store/sort_head.h"
#include "store/terms.h"

namespace trailsift::store {
namespace {

/// A term with its first bytes as a number: most comparisons are decided by it.
struct SortKey {
  std::uint64_t head = 0;
  std::uint32_t term = 0;
};

/// Whether the value is like i-0abc1234def567890: some letters, a hyphen, 8 or 17 hexadecimal
/// digits.
bool is_resource_id(std::string_view value) {
  constexpr std::size_t kMostLetters = 8;
  const std::size_t hyphen = value.find('-');
  if (hyphen == std::string_view::npos || hyphen == 0 || hyphen > kMostLetters) return false;
  const std::string_view digits = value.substr(hyphen + 1);
  return (digits.size() == 8 || digits.size() == 17) &&
         value.substr(0, hyphen).find_first_not_of("abcdefghijklmnopqrstuvwxyz") ==
             std::string_view::npos &&
         digits.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace

/// Unites lists of documents: short ones by sorting, long ones in a bitmap.
class BatchTerms::Union {
 public:
  explicit Union(std::size_t documents) : bits_((documents + kBits - 1) / kBits) {}

  /// The documents of all these leaves, ascending and once each; valid until the next call.
  std::span<const DocId> of(std::span<const LeafId> leaves, const LeafPostings& postings) {
    // A document costs about as much in a sort as this many words of the bitmap.
    constexpr std::size_t kWordsPerDocument = 8;
    std::size_t size = 0;
    for (const LeafId leaf : leaves) size += postings.docs(leaf).size();
    docs_.clear();
    if (size * kWordsPerDocument < bits_.size()) {
      sort(leaves, postings);
    } else {
      mark(leaves, postings);
      read_marks();
    }
    return docs_;
  }

 private:
  static constexpr std::size_t kBits = 64;

  void sort(std::span<const LeafId> leaves, const LeafPostings& postings) {
    for (const LeafId leaf : leaves) {
      const auto docs = postings.docs(leaf);
      docs_.insert(docs_.end(), docs.begin(), docs.end());
    }
    std::ranges::sort(docs_);
    docs_.erase(std::unique(docs_.begin(), docs_.end()), docs_.end());
  }

  void mark(std::span<const LeafId> leaves, const LeafPostings& postings) {
    for (const LeafId leaf : leaves) {
      for (const DocId doc : postings.docs(leaf)) {
        bits_[doc / kBits] |= std::uint64_t{1} << (doc % kBits);
      }
    }
  }

  void read_marks() {
    for (std::size_t word = 0; word < bits_.size(); ++word) {
      for (std::uint64_t left = std::exchange(bits_[word], 0); left != 0; left &= left - 1) {
        const auto bit = static_cast<std::size_t>(std::countr_zero(left));
        docs_.push_back(static_cast<DocId>(word * kBits + bit));
      }
    }
  }

  std::vector<DocId> docs_;
  std::vector<std::uint64_t> bits_;
};

BatchTerms::BatchTerms(const EventBatch& batch, const LeafPostings& postings)
    : batch_(batch), postings_(postings) {
  const auto leaves = loose_leaves();
  std::vector<std::size_t> begins;  // In pairs_: of the pieces of each leaf.
  for (const LeafId leaf : leaves) {
    begins.push_back(pairs_.size());
    add_words(leaf);
  }
  begins.push_back(pairs_.size());
  const std::vector<char> rare = are_rare(leaves, begins);
  for (std::size_t i = 0; i < leaves.size(); ++i) {
    if (rare[i] == 0) {
      add_value(leaves[i]);
      continue;
    }
    add(leaves[i], rare_term(batch.path_text(leaves[i])));
    // Resource ids are what people search for most, and there are few of them.
    if (is_resource_id(batch.value(leaves[i]))) add_identifiers(leaves[i]);
  }
  group_by_term();
}

/// The leaves that some event has and no column holds.
std::vector<LeafId> BatchTerms::loose_leaves() const {
  std::vector<LeafId> leaves;
  for (LeafId leaf = 0; leaf < batch_.leaf_count(); ++leaf) {
    const auto& use = batch_.use(leaf);
    if (!use.in_record || postings_.docs(leaf).empty()) continue;
    const bool in_field = batch_.gives(leaf) == EventBatch::Gives::its_text;
    if (in_field && field_at(*use.field).column) continue;
    leaves.push_back(leaf);
  }
  return leaves;
}

void BatchTerms::add(LeafId leaf, std::string_view term) {
  pairs_.push_back({terms_.intern(0, term), leaf});
}

void BatchTerms::add_words(LeafId leaf) {
  const std::string_view value = batch_.value(leaf);
  if (is_uuid(value)) return add(leaf, uuid_term(value));
  const std::size_t begin = pairs_.size();
  for (reader_.begin(value); reader_.next();) {
    write_piece_term(reader_.piece(), term_);
    add(leaf, term_);
  }
  keep_distinct(pairs_, begin, &Pair::term);  // A value may have a piece twice.
}

void BatchTerms::add_value(LeafId leaf) {
  add(leaf, leaf_term(batch_.path_text(leaf), batch_.value(leaf)));
  add_identifiers(leaf);
}

void BatchTerms::add_identifiers(LeafId leaf) {
  std::vector<std::string> identifiers;
  for_each_identifier(batch_.value(leaf), [&](std::string_view identifier) {
    const Pieces pieces = pieces_of(identifier);
    if (pieces.size() >= 2) identifiers.push_back(identifier_term(pieces));
  });
  std::ranges::sort(identifiers);
  identifiers.erase(std::unique(identifiers.begin(), identifiers.end()), identifiers.end());
  for (const auto& identifier : identifiers) add(leaf, identifier);
}

/// Whether each of the leaves is rare. The pieces of leaf n are the pairs from begins[n] to
/// begins[n + 1].
std::vector<char> BatchTerms::are_rare(std::span<const LeafId> leaves,
                                       std::span<const std::size_t> begins) const {
  std::vector<std::uint64_t> documents(terms_.size());
  for (const auto& [term, leaf] : pairs_) documents[term] += postings_.docs(leaf).size();
  std::vector<char> rare;
  for (std::size_t i = 0; i < leaves.size(); ++i) {
    const auto pieces = std::span(pairs_).subspan(begins[i], begins[i + 1] - begins[i]);
    rare.push_back(is_rare(leaves[i], pieces, documents) ? 1 : 0);
  }
  return rare;
}

bool BatchTerms::is_rare(LeafId leaf, std::span<const Pair> pieces,
                         std::span<const std::uint64_t> documents) const {
  const bool has_rare_piece = std::ranges::any_of(pieces, [&](const Pair& piece) {
    return documents[piece.term] <= kRareDocuments || terms_[piece.term].text.front() == 'U';
  });
  if (has_rare_piece) return true;
  if (pieces.empty() || postings_.docs(leaf).size() > kRareDocuments) return false;
  const auto all = static_cast<double>(batch_.size());
  double meeting = all;
  for (const Pair& piece : pieces) {
    meeting *= std::min(1.0, static_cast<double>(documents[piece.term]) / all);
  }
  return meeting <= static_cast<double>(kRareDocuments);
}

void BatchTerms::group_by_term() {
  begins_.resize(terms_.size() + 1);
  for (const auto& [term, leaf] : pairs_) ++begins_[term + 1];
  std::partial_sum(begins_.begin(), begins_.end(), begins_.begin());
  leaves_.resize(pairs_.size());
  std::vector<std::uint64_t> ends(begins_.begin(), begins_.end() - 1);
  for (const auto& [term, leaf] : pairs_) leaves_[ends[term]++] = leaf;
  pairs_ = {};
}

Result<void> BatchTerms::for_each(const Visit& visit) const {
  Union scratch(batch_.size());
  const auto order = in_order();
  for (std::size_t i = 0; i < order.size(); ++i) {
    prefetch(std::span(order).subspan(i));
    if (auto done = visit(terms_[order[i]].text, docs_of(order[i], scratch)); !done) return done;
  }
  return {};
}

/// Terms in their order have their parts all over the memory. What a later one has is fetched while
/// the ones before are visited, in steps, as each tells where the next part is.
void BatchTerms::prefetch(std::span<const std::uint32_t> order) const {
  constexpr std::size_t kStep = 4;
  if (order.size() > 4 * kStep) {
    const std::uint32_t term = order[4 * kStep];
    __builtin_prefetch(&begins_[term]);
    __builtin_prefetch(&terms_[term]);
  }
  if (order.size() > 3 * kStep) {
    const std::uint32_t term = order[3 * kStep];
    __builtin_prefetch(&leaves_[begins_[term]]);
    __builtin_prefetch(terms_[term].text.data());
  }
  if (order.size() > 2 * kStep) postings_.prefetch(leaves_[begins_[order[2 * kStep]]]);
  if (order.size() > kStep) postings_.prefetch_docs(leaves_[begins_[order[kStep]]]);
}

std::vector<std::uint32_t> BatchTerms::in_order() const {
  std::vector<SortKey> keys(terms_.size());
  for (std::uint32_t term = 0; term < keys.size(); ++term) {
    keys[term] = {sort_head(terms_[term].text), term};
  }
  std::ranges::sort(keys, [&](const SortKey& a, const SortKey& b) {
    return a.head != b.head ? a.head < b.head : terms_[a.term].text < terms_[b.term].text;
  });
  std::vector<std::uint32_t> order;
  order.reserve(keys.size());
  for (const SortKey& key : keys) order.push_back(key.term);
  return order;
}

std::span<const DocId> BatchTerms::docs_of(std::uint32_t term, Union& scratch) const {
  const auto leaves = std::span(leaves_).subspan(begins_[term], begins_[term + 1] - begins_[term]);
  if (leaves.size() == 1) return postings_.docs(leaves.front());
  return scratch.of(leaves, postings_);
}

}  // namespace trailsift::store
