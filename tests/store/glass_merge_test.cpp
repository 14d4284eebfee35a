#include <algorithm>
#include <fstream>
#include <map>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "store/glass_reader.h"
#include "store/term_merge.h"
#include "tests/store/glass_batch.h"
#include "tests/store/store_fixture.h"

namespace trailsift::store {
namespace {

namespace fs = std::filesystem;
using Lists = std::map<std::string, std::vector<DocId>>;

/// All that a reader finds, or its error.
Result<Lists> read_lists(const fs::path& path) {
  auto reader = GlassReader::open(path);
  if (!reader) return tl::unexpected(reader.error());
  Lists lists;
  while (true) {
    const auto found = reader->next();
    if (!found) return tl::unexpected(found.error());
    if (!*found) return lists;
    lists[std::string(reader->term())] = {reader->docs().begin(), reader->docs().end()};
  }
}

Lists lists_of(const Batch& batch) {
  Lists lists;
  for (const auto& [text, term] : batch.terms) lists[text] = term.docs;
  return lists;
}

void make_boolean(Batch& batch) {
  for (auto& [text, term] : batch.terms) std::ranges::fill(term.wdfs, 0);
}

TEST(GlassReader, FindsWhatBothWritersWrote) {
  const test::TempDirectory directory;
  const MemoryFile stock;
  for (std::uint32_t seed = 0; seed < 200 / kSlowness; ++seed) {
    RandomBatches batches(seed);
    Batch batch = seed % 10 == 0 ? batches.next(5000, 1000) : batches.next(50, 50);
    make_boolean(batch);
    value_of(write_bulk(directory.path() / "bulk", batch));
    ASSERT_EQ(value_of(read_lists(directory.path() / "bulk")), lists_of(batch)) << seed;
    write_stock(stock.path(), directory.path() / "scratch", batch);
    ASSERT_EQ(value_of(read_lists(stock.path())), lists_of(batch)) << seed;
  }
}

TEST(GlassReader, PassesOverWhatIsNoTerm) {
  const test::TempDirectory directory;
  const auto path = (directory.path() / "stock").string();
  {
    Xapian::WritableDatabase database((directory.path() / "scratch").string(),
                                      Xapian::DB_CREATE_OR_OVERWRITE | Xapian::DB_BACKEND_GLASS);
    Xapian::Document document;
    document.add_value(3, "value");
    document.set_data("data");
    document.add_boolean_term("term");
    database.add_document(document);
    database.set_metadata("key", std::string(9000, 'x'));
    database.commit();
    database.compact(path, Xapian::DBCOMPACT_SINGLE_FILE);
  }
  EXPECT_EQ(value_of(read_lists(path)), (Lists{{"term", {0}}}));
}

/// Errors or some lists, but neither a crash nor documents that do not exist.
TEST(GlassReader, IsSafeWithDamagedFiles) {
  const test::TempDirectory directory;
  const auto path = directory.path() / "bulk";
  RandomBatches batches(1);
  Batch batch = batches.next(3000, 800);
  make_boolean(batch);
  const auto written = value_of(write_bulk(path, batch));
  std::minstd_rand random(1);
  std::size_t refused = 0;
  const std::size_t rounds = 3000 / kSlowness;
  for (std::size_t round = 0; round < rounds; ++round) {
    const auto at = static_cast<std::streamoff>(random() % written.bytes);
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(at);
    const auto before = static_cast<char>(file.get());
    file.seekp(at);
    file.put(static_cast<char>(random() % 256));
    file.close();
    const auto found = read_lists(path);
    if (!found) {
      ++refused;
      ASSERT_EQ(found.error().code, ErrorCode::corrupt);
    } else {
      for (const auto& [term, docs] : *found) ASSERT_LT(docs.back(), batch.doc_count);
    }
    file.open(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(at);
    file.put(before);
  }
  EXPECT_GT(refused, rounds / 10);
  EXPECT_EQ(value_of(read_lists(path)), lists_of(batch));
  for (const std::uintmax_t bytes : {0UL, 10UL, 8192UL, 16'384UL, written.bytes - 8192}) {
    fs::resize_file(path, bytes);
    EXPECT_FALSE(read_lists(path)) << bytes;
  }
}

/// Deals documents and their terms out to inputs, merges them, and expects the batch again.
void expect_merge(const Batch& batch, const std::vector<std::uint32_t>& input_of) {
  const test::TempDirectory directory;
  const std::size_t count = 1 + std::ranges::max(input_of);
  std::vector<Batch> parts(count, Batch{0, {}});
  std::vector<TermsInput> inputs(count);
  std::vector<DocId> old_docs;
  for (DocId doc = 0; doc < batch.doc_count; ++doc) {
    old_docs.push_back(parts[input_of[doc]].doc_count++);
    inputs[input_of[doc]].new_docs.push_back(doc);
  }
  for (const auto& [text, term] : batch.terms) {
    for (const DocId doc : term.docs) parts[input_of[doc]].terms[text].add(old_docs[doc], 0);
  }
  for (std::size_t i = 0; i < count; ++i) {
    inputs[i].file = directory.path() / std::to_string(i);
    value_of(write_bulk(inputs[i].file, parts[i]));
  }
  const auto merged =
      value_of(merge_terms(directory.path() / "merged", inputs, batch.doc_count, false));
  ASSERT_EQ(value_of(read_lists(directory.path() / "merged")), lists_of(batch));
  // The very bytes that one writer would have written.
  ASSERT_EQ(merged.checksum, value_of(write_bulk(directory.path() / "whole", batch)).checksum);
}

TEST(TermMerge, HoldsWhatTheInputsHold) {
  for (std::uint32_t seed = 0; seed < 200 / kSlowness; ++seed) {
    RandomBatches batches(seed);
    Batch batch = seed % 10 == 0 ? batches.next(3000, 500) : batches.next(60, 60);
    make_boolean(batch);
    std::minstd_rand random(seed);
    const std::uint32_t count = 1 + static_cast<std::uint32_t>(random() % 9);
    std::vector<std::uint32_t> mixed;
    std::vector<std::uint32_t> in_turn;
    for (DocId doc = 0; doc < batch.doc_count; ++doc) {
      mixed.push_back(static_cast<std::uint32_t>(random() % count));
      in_turn.push_back(doc * count / batch.doc_count);
    }
    ASSERT_NO_FATAL_FAILURE(expect_merge(batch, mixed)) << seed;
    ASSERT_NO_FATAL_FAILURE(expect_merge(batch, in_turn)) << seed;
  }
}

TEST(TermMerge, RefusesInputsThatDoNotFit) {
  const test::TempDirectory directory;
  const auto path = directory.path() / "in";
  value_of(write_bulk(path, {3, {{"a", every(1, 3)}}}));
  const auto output = directory.path() / "out";
  const auto few = merge_terms(output, {{path, {0, 1}}}, 2, false);
  ASSERT_FALSE(few);
  EXPECT_EQ(few.error().code, ErrorCode::corrupt);
  const auto clash = merge_terms(output, {{path, {0, 1, 2}}, {path, {2, 3, 4}}}, 5, false);
  ASSERT_FALSE(clash);
  EXPECT_EQ(clash.error().code, ErrorCode::internal);
  const auto missing = merge_terms(output, {{directory.path() / "no", {0}}}, 1, false);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace trailsift::store
