#include "store/term_merge.h"

#include <algorithm>
#include <memory>
#include <span>
#include <string_view>
#include <utility>

#include "store/glass_reader.h"
#include "store/glass_writer.h"

namespace trailsift::store {
namespace {

/// The terms of one input.
struct Cursor {
  GlassReader reader;
  const std::vector<DocId>* new_docs = nullptr;

  void append_docs(std::vector<DocId>& docs) const {
    for (const DocId doc : reader.docs()) {
      if (const DocId moved = (*new_docs)[doc]; moved != kDropped) docs.push_back(moved);
    }
  }
};

/// Makes one ascending list of several that stand behind each other in `docs`, from `begins` on.
class ListUnion {
 public:
  void unite(std::vector<DocId>& docs, std::vector<std::size_t>& begins) {
    for (; begins.size() > 1; halve(begins)) unite_pairs(docs, begins);
  }

 private:
  void unite_pairs(std::vector<DocId>& docs, const std::vector<std::size_t>& begins) {
    for (std::size_t i = 0; i + 1 < begins.size(); i += 2) {
      const auto at = [&](std::size_t list) {
        const std::size_t index = list < begins.size() ? begins[list] : docs.size();
        return docs.begin() + static_cast<std::ptrdiff_t>(index);
      };
      if (*(at(i + 1) - 1) < *at(i + 1)) continue;
      scratch_.assign(at(i), at(i + 1));
      std::merge(scratch_.begin(), scratch_.end(), at(i + 1), at(i + 2), at(i));
    }
  }

  static void halve(std::vector<std::size_t>& begins) {
    for (std::size_t i = 0; 2 * i < begins.size(); ++i) begins[i] = begins[2 * i];
    begins.resize((begins.size() + 1) / 2);
  }

  std::vector<DocId> scratch_;
};

/// A merge under way: the cursors form a heap whose front has the least term.
class TermMerge {
 public:
  explicit TermMerge(GlassWriter writer) : writer_(std::move(writer)) {}

  Result<void> add_input(const TermsInput& input) {
    auto reader = GlassReader::open(input.file);
    if (!reader) return tl::unexpected(reader.error());
    if (reader->doc_count() != input.new_docs.size()) {
      return fail(ErrorCode::corrupt, "the terms of '" + input.file.string() + "' are corrupt");
    }
    const auto found = reader->next();
    if (!found) return tl::unexpected(found.error());
    if (*found) {
      heap_.push_back(std::make_unique<Cursor>(Cursor{std::move(*reader), &input.new_docs}));
    }
    std::ranges::make_heap(heap_, stands_after);
    return {};
  }

  Result<WrittenFile> run(bool durable) {
    while (!heap_.empty()) {
      if (auto done = merge_term(); !done) return tl::unexpected(done.error());
    }
    return writer_.finish(durable);
  }

 private:
  using Input = std::unique_ptr<Cursor>;
  static bool stands_after(const Input& a, const Input& b) {
    return a->reader.term() > b->reader.term();
  }

  /// Writes the least term with the documents of all inputs that have it.
  Result<void> merge_term() {
    term_ = heap_.front()->reader.term();
    docs_.clear();
    begins_.clear();
    while (!heap_.empty() && heap_.front()->reader.term() == term_) {
      const std::size_t begin = docs_.size();
      if (auto done = take_front(); !done) return done;
      if (docs_.size() > begin) begins_.push_back(begin);
    }
    if (docs_.empty()) return {};
    union_.unite(docs_, begins_);
    return writer_.add(term_, docs_);
  }

  Result<void> take_front() {
    heap_.front()->append_docs(docs_);
    const auto found = heap_.front()->reader.next();
    if (!found) return tl::unexpected(found.error());
    std::ranges::pop_heap(heap_, stands_after);
    if (*found) {
      std::ranges::push_heap(heap_, stands_after);
    } else {
      heap_.pop_back();
    }
    return {};
  }

  GlassWriter writer_;
  std::vector<Input> heap_;
  std::string term_;
  std::vector<DocId> docs_;
  std::vector<std::size_t> begins_;  // Where each input's documents begin in docs_.
  ListUnion union_;
};

}  // namespace

Result<WrittenFile> merge_terms(const std::filesystem::path& output,
                                const std::vector<TermsInput>& inputs, std::uint32_t doc_count,
                                bool durable) {
  auto writer = GlassWriter::create(output, doc_count);
  if (!writer) return tl::unexpected(writer.error());
  TermMerge merge(std::move(*writer));
  for (const auto& input : inputs) {
    if (auto done = merge.add_input(input); !done) return tl::unexpected(done.error());
  }
  return merge.run(durable);
}

}  // namespace trailsift::store
