#include "store/glass_reader.h"

#include <limits>

#include "store/glass_format.h"
#include "store/terms.h"

namespace trailsift::store {
namespace {

/// Keys of what is no term: the list of lengths, metadata, values.
bool is_internal(std::string_view key) {
  return key.empty() || (key.size() >= 2 && key[0] == '\0' && key[1] != '\xFF');
}

}  // namespace

Result<GlassReader> GlassReader::open(const std::filesystem::path& path) {
  auto leaves = GlassLeaves::open(path);
  if (!leaves) return tl::unexpected(leaves.error());
  return GlassReader(std::move(*leaves));
}

Result<bool> GlassReader::next() {
  do {
    auto found = leaves_.next();
    if (!found || !*found) return found;
  } while (is_internal(leaves_.key()));
  bool last = false;
  docs_.clear();
  if (!read_term() || !read_first_chunk(last)) return leaves_.corrupt();
  while (!last) {
    auto found = leaves_.next();
    if (!found) return found;
    if (!*found || !read_later_chunk(last)) return leaves_.corrupt();
  }
  if (docs_.size() != frequency_) return leaves_.corrupt();
  return true;
}

/// The key of a first chunk: the term, with an FF behind each NUL.
bool GlassReader::read_term() {
  if (leaves_.key() <= key_ || leaves_.key().size() > kMaxTermBytes) return false;
  key_ = leaves_.key();
  term_.clear();
  for (std::size_t i = 0; i < key_.size(); ++i) {
    term_ += key_[i];
    if (key_[i] != '\0') continue;
    ++i;
    if (i == key_.size() || key_[i] != '\xFF') return false;
  }
  return true;
}

bool GlassReader::read_first_chunk(bool& last) {
  PackedReader tag(leaves_.tag());
  const std::uint64_t frequency = tag.packed();
  const std::uint64_t wdf_sum = tag.packed();
  const std::uint64_t first_doc = tag.packed();
  if (!tag.ok() || wdf_sum != 0 || frequency > doc_count()) return false;
  frequency_ = static_cast<std::uint32_t>(frequency);
  docs_.reserve(frequency_);
  return read_postings(tag.rest(), first_doc, last);
}

bool GlassReader::read_later_chunk(bool& last) {
  const std::string_view key = leaves_.key();
  const std::size_t stem = key_.size() + 1;
  if (key.size() <= stem || !key.starts_with(key_) || key[stem - 1] != '\0') return false;
  const auto doc = read_sorted(key.substr(stem));
  if (!doc || *doc == 0 || *doc - 1 <= docs_.back()) return false;
  return read_postings(leaves_.tag(), *doc - 1, last);
}

bool GlassReader::read_postings(std::string_view rest, std::uint64_t first_doc, bool& last) {
  if (rest.empty() || (rest.front() != '0' && rest.front() != '1')) return false;
  last = rest.front() == '1';
  PackedReader postings(rest.substr(1));
  std::uint64_t doc = first_doc;
  const std::uint64_t last_doc = first_doc + postings.packed();
  bool boolean = postings.packed() == 0;
  docs_.push_back(static_cast<DocId>(doc));
  while (!postings.at_end() && postings.ok()) {
    doc += postings.packed() + 1;
    boolean = boolean && postings.packed() == 0;
    if (doc > last_doc) return false;
    docs_.push_back(static_cast<DocId>(doc));
  }
  return boolean && postings.ok() && doc == last_doc && doc < doc_count();
}

}  // namespace trailsift::store
