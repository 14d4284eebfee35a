#include "query/docset.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <numeric>
#include <utility>

#include "query/overloaded.h"

namespace trailsift::query {
namespace {

using List = DocSet::List;

DocRange intersection(DocRange a, DocRange b) {
  const DocRange both{std::max(a.begin, b.begin), std::min(a.end, b.end)};
  return both.begin < both.end ? both : DocRange{};
}

DocRange cover(DocRange a, DocRange b) {
  if (a.begin >= a.end) return b;
  if (b.begin >= b.end) return a;
  return {std::min(a.begin, b.begin), std::max(a.end, b.end)};
}

/// The part of the list that lies in the range.
std::span<const DocId> part(const List& list, DocRange range) {
  const auto begin = std::ranges::lower_bound(list, range.begin);
  return {begin, std::lower_bound(begin, list.end(), range.end)};
}

/// Removes from the list what `keeps` refuses.
template <class Keeps>
void filter(List& list, const Keeps& keeps) {
  std::erase_if(list, [&](DocId doc) { return !keeps(doc); });
}

/// A walk through an ascending list that answers about ascending documents.
class Walk {
 public:
  explicit Walk(const List& list) : next_(list.begin()), end_(list.end()) {}

  bool contains(DocId doc) {
    // Steps double, so that a short list passes through a long one quickly.
    std::ptrdiff_t step = 1;
    while (end_ - next_ > step && next_[step] < doc) {
      next_ += step;
      step *= 2;
    }
    next_ = std::lower_bound(next_, next_ + std::min(step + 1, end_ - next_), doc);
    return next_ != end_ && *next_ == doc;
  }

 private:
  List::const_iterator next_, end_;
};

List merged(const List& a, const List& b) {
  List both;
  both.reserve(a.size() + b.size());
  std::ranges::set_union(a, b, std::back_inserter(both));
  return both;
}

/// A list as long as this takes more room than a bitmap from its first to its last document.
bool is_dense(std::uint64_t count, DocRange span) {
  constexpr std::uint64_t kBitsPerListed = 32;
  return count * kBitsPerListed > std::uint64_t{span.end} - span.begin;
}

}  // namespace

DocSet::DocSet(DocRange range) : form_(range.begin < range.end ? range : DocRange{}) {}

DocSet::DocSet(std::span<const DocId> docs) : form_(List(docs.begin(), docs.end())) {
  auto& list = std::get<List>(form_);
  if (std::ranges::adjacent_find(list, std::greater_equal()) != list.end()) {
    std::ranges::sort(list);
    list.erase(std::unique(list.begin(), list.end()), list.end());
  }
  settle();
}

DocSet::DocSet(DocBits bits) : form_(std::move(bits)) {
  settle();
}

void DocSet::add(std::span<const DocId> docs) {
  *this |= DocSet(docs);
}

/// Takes the form that the rules ask for.
void DocSet::settle() {
  if (std::holds_alternative<DocRange>(form_)) return;
  const std::uint64_t count = this->count();
  if (count == 0) {
    form_ = DocRange{};
    return;
  }
  const DocRange span = this->span();
  if (count == span.end - span.begin) {
    form_ = span;
  } else if (std::holds_alternative<List>(form_)) {
    if (is_dense(count, span)) form_ = bits_for(span);
  } else if (!is_dense(count * 2, span)) {  // So that one more or less does not change it again.
    List list;
    std::get<DocBits>(form_).read(0, count, list);
    form_ = std::move(list);
  }
}

/// The set as a bitmap with room for these documents, all of its own among them.
DocBits DocSet::bits_for(DocRange room) const {
  DocBits bits(room);
  std::visit([&](const auto& form) { bits.add(form); }, form_);
  return bits;
}

DocSet& DocSet::operator&=(const DocSet& other) {
  if (this == &other) return *this;
  if (const auto* range = std::get_if<DocRange>(&form_)) {
    if (!std::holds_alternative<DocRange>(other.form_)) {
      const DocRange mine = *range;  // What is left is of the other's form.
      *this = other;
      return *this &= DocSet(mine);
    }
    form_ = intersection(*range, std::get<DocRange>(other.form_));
  } else if (auto* list = std::get_if<List>(&form_)) {
    if (const auto* documents = std::get_if<List>(&other.form_)) {
      Walk walk(*documents);
      filter(*list, [&](DocId doc) { return walk.contains(doc); });
    } else {
      filter(*list, [&](DocId doc) { return other.contains(doc); });
    }
  } else if (const auto* documents = std::get_if<List>(&other.form_)) {
    List left = *documents;
    filter(left, [&](DocId doc) { return contains(doc); });
    form_ = std::move(left);
  } else {
    auto& bits = std::get<DocBits>(form_);
    std::visit(Overloaded{[](const List&) {}, [&](const auto& form) { bits.keep(form); }},
               other.form_);
  }
  settle();
  return *this;
}

DocSet& DocSet::operator|=(const DocSet& other) {
  if (this == &other || other.empty()) return *this;
  if (empty()) return *this = other;
  const DocRange mine = span();
  const DocRange theirs = other.span();
  const auto* list = std::get_if<List>(&form_);
  const auto* documents = std::get_if<List>(&other.form_);
  auto* bits = std::get_if<DocBits>(&form_);
  if (list != nullptr && documents != nullptr) {
    form_ = merged(*list, *documents);
  } else if (bits != nullptr && bits->begin() <= theirs.begin && theirs.end <= bits->end()) {
    std::visit([&](const auto& form) { bits->add(form); }, other.form_);
  } else if (std::get_if<DocRange>(&form_) != nullptr && mine.begin <= theirs.begin &&
             theirs.end <= mine.end) {
    return *this;
  } else {
    // The room of both bitmaps, whose ends need not be documents of theirs.
    DocBits both = bits_for(cover(mine, theirs));
    std::visit([&](const auto& form) { both.add(form); }, other.form_);
    form_ = std::move(both);
  }
  settle();
  return *this;
}

DocSet& DocSet::operator-=(const DocSet& other) {
  if (this == &other) return *this = DocSet();
  if (const auto* range = std::get_if<DocRange>(&form_)) {
    const DocRange common = intersection(*range, other.span());
    if (common.begin >= common.end) return *this;
    if (!std::holds_alternative<DocRange>(other.form_) ||
        (common.begin != range->begin && common.end != range->end)) {
      form_ = bits_for(*range);
    } else {
      *this = common.begin == range->begin ? DocSet(DocRange{common.end, range->end})
                                           : DocSet(DocRange{range->begin, common.begin});
      return *this;
    }
  }
  if (auto* bits = std::get_if<DocBits>(&form_)) {
    std::visit([&](const auto& form) { bits->remove(form); }, other.form_);
  } else if (const auto* documents = std::get_if<List>(&other.form_)) {
    Walk walk(*documents);
    filter(std::get<List>(form_), [&](DocId doc) { return !walk.contains(doc); });
  } else {
    filter(std::get<List>(form_), [&](DocId doc) { return !other.contains(doc); });
  }
  settle();
  return *this;
}

bool DocSet::contains(DocId doc) const {
  return std::visit(
      Overloaded{
          [&](const DocRange& range) { return range.begin <= doc && doc < range.end; },
          [&](const List& list) { return std::ranges::binary_search(list, doc); },
          [&](const DocBits& bits) { return bits.contains(doc); },
      },
      form_);
}

std::uint64_t DocSet::count() const {
  return std::visit(
      Overloaded{
          [](const DocRange& range) -> std::uint64_t { return range.end - range.begin; },
          [](const List& list) -> std::uint64_t { return list.size(); },
          [](const DocBits& bits) { return bits.count(); },
      },
      form_);
}

std::uint64_t DocSet::count(DocRange range) const {
  if (range.begin >= range.end) return 0;
  return std::visit(Overloaded{
                        [&](const DocRange& own) -> std::uint64_t {
                          const auto [begin, end] = intersection(own, range);
                          return end - begin;
                        },
                        [&](const List& list) -> std::uint64_t { return part(list, range).size(); },
                        [&](const DocBits& bits) { return bits.count(range); },
                    },
                    form_);
}

DocRange DocSet::span() const {
  const auto first = this->first();
  return first ? DocRange{*first, *last() + 1} : DocRange{};
}

std::optional<DocId> DocSet::first() const {
  if (empty()) return std::nullopt;
  return std::visit(Overloaded{
                        [](const DocRange& range) -> std::optional<DocId> { return range.begin; },
                        [](const List& list) -> std::optional<DocId> { return list.front(); },
                        [](const DocBits& bits) { return bits.next(0); },
                    },
                    form_);
}

std::optional<DocId> DocSet::last() const {
  if (empty()) return std::nullopt;
  return std::visit(Overloaded{
                        [](const DocRange& range) -> std::optional<DocId> { return range.end - 1; },
                        [](const List& list) -> std::optional<DocId> { return list.back(); },
                        [](const DocBits& bits) { return bits.last(); },
                    },
                    form_);
}

std::optional<DocId> DocSet::at(std::uint64_t index) const {
  if (index >= count()) return std::nullopt;
  return std::visit(
      Overloaded{
          [&](const DocRange& range) { return range.begin + static_cast<DocId>(index); },
          [&](const List& list) { return list[index]; },
          [&](const DocBits& bits) { return bits.at(index); },
      },
      form_);
}

std::vector<DocId> DocSet::first(std::size_t limit, DocId from) const {
  constexpr DocId kNoEnd = std::numeric_limits<DocId>::max();
  std::vector<DocId> docs;
  std::visit(Overloaded{
                 [&](const DocRange& range) {
                   const auto [begin, end] = intersection(range, {from, kNoEnd});
                   docs.resize(std::min<std::size_t>(limit, end - begin));
                   std::iota(docs.begin(), docs.end(), begin);
                 },
                 [&](const List& list) {
                   const auto rest = part(list, {from, kNoEnd});
                   docs.assign(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(
                                                                std::min(limit, rest.size())));
                 },
                 [&](const DocBits& bits) { bits.read(from, limit, docs); },
             },
             form_);
  return docs;
}

DocSet operator&(DocSet a, const DocSet& b) {
  a &= b;
  return a;
}

DocSet operator|(DocSet a, const DocSet& b) {
  a |= b;
  return a;
}

DocSet operator-(DocSet a, const DocSet& b) {
  a -= b;
  return a;
}

DocSet complement(const DocSet& docs, DocId size) {
  return DocSet(DocRange{0, size}) - docs;
}

std::span<const DocId> DocBlocks::next() {
  if (from_ > std::numeric_limits<DocId>::max()) return {};
  block_ = docs_.first(kBlock, static_cast<DocId>(from_));
  if (!block_.empty()) from_ = std::uint64_t{block_.back()} + 1;
  return block_;
}

}  // namespace trailsift::query
