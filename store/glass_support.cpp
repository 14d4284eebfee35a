#include "store/glass_support.h"

#include <string>
#include <sys/mman.h>
#include <vector>

#include "store/glass_writer.h"
#include "store/xapian_guard.h"

namespace trailsift::store {
namespace {

/// Enough for several chunks of one list, and with as many terms for two levels of blocks.
constexpr std::uint32_t kDocs = 3000;

std::string term_of(DocId doc) {
  return "T" + std::to_string(100'000 + doc);  // One width: they sort as the numbers do.
}

/// One term of each document, and one of every third.
Result<void> write_sample(const std::string& path) {
  auto writer = GlassWriter::create(path, kDocs);
  if (!writer) return tl::unexpected(writer.error());
  std::vector<DocId> thirds;
  for (DocId doc = 0; doc < kDocs; doc += 3) thirds.push_back(doc);
  if (auto done = writer->add("A", thirds); !done) return done;
  for (DocId doc = 0; doc < kDocs; ++doc) {
    if (auto done = writer->add(term_of(doc), {&doc, 1}); !done) return done;
  }
  const auto written = writer->finish(false);
  if (!written) return tl::unexpected(written.error());
  return {};
}

bool holds_sample(const Xapian::Database& database) {
  if (database.get_doccount() != kDocs || database.get_lastdocid() != kDocs) return false;
  Xapian::docid want = 1;
  for (auto at = database.postlist_begin("A"); at != database.postlist_end("A"); ++at, want += 3) {
    if (*at != want) return false;
  }
  if (want != kDocs + 1 || database.get_termfreq("A") != kDocs / 3) return false;
  DocId doc = 0;
  for (auto term = database.allterms_begin("T"); term != database.allterms_end("T"); ++term) {
    if (*term != term_of(doc) || *database.postlist_begin(*term) != ++doc) return false;
  }
  return doc == kDocs;
}

bool sample_is_read() {
  const FileDescriptor memory(::memfd_create("trailsift", MFD_CLOEXEC));
  if (!memory) return false;
  const std::string path = "/proc/self/fd/" + std::to_string(memory.get());
  if (!write_sample(path)) return false;
  const auto same =
      guarded(path, [&]() -> Result<bool> { return holds_sample(Xapian::Database(path)); });
  return same.value_or(false);
}

}  // namespace

bool glass_layout_is_tested() {
  static const bool kTested =
      Xapian::major_version() == 1 && Xapian::minor_version() == 4 && sample_is_read();
  return kTested;
}

}  // namespace trailsift::store
