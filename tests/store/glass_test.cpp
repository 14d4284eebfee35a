#include <algorithm>
#include <array>
#include <csignal>
#include <fstream>
#include <iterator>
#include <map>
#include <numeric>
#include <random>
#include <sstream>
#include <string>
#include <sys/mman.h>
#include <sys/resource.h>
#include <vector>

#include <gtest/gtest.h>

#include "store/glass_support.h"
#include "store/glass_writer.h"
#include "store/terms.h"
#include "store/xapian_guard.h"
#include "tests/store/glass_batch.h"
#include "tests/store/store_fixture.h"

namespace trailsift::store {
namespace {

namespace fs = std::filesystem;
using namespace std::string_literals;

/// Everything that a database answers about its documents as such.
std::string summary_of(const Xapian::Database& database) {
  std::ostringstream out;
  out << database.get_doccount() << ' ' << database.get_lastdocid() << ' '
      << database.get_total_length() << ' ' << database.get_avlength() << ' '
      << database.get_doclength_lower_bound() << ' ' << database.get_doclength_upper_bound() << ' '
      << database.has_positions() << ' ' << database.get_revision() << ' '
      << (database.metadata_keys_begin() == database.metadata_keys_end()) << ' '
      << (database.spellings_begin() == database.spellings_end()) << ' '
      << (database.synonym_keys_begin() == database.synonym_keys_end()) << ' '
      << database.get_value_freq(0) << database.get_metadata("key");
  return out.str();
}

/// Walks two databases side by side.
void expect_same(const Xapian::Database& bulk, const Xapian::Database& stock) {
  ASSERT_EQ(summary_of(bulk), summary_of(stock));
  auto bulk_doc = bulk.postlist_begin("");
  for (auto doc = stock.postlist_begin(""); doc != stock.postlist_end(""); ++doc, ++bulk_doc) {
    ASSERT_EQ(*bulk_doc, *doc);
    ASSERT_EQ(bulk.get_doclength(*doc), stock.get_doclength(*doc));
  }
  ASSERT_EQ(bulk_doc, bulk.postlist_end(""));
  auto bulk_term = bulk.allterms_begin();
  for (auto term = stock.allterms_begin(); term != stock.allterms_end(); ++term, ++bulk_term) {
    ASSERT_NE(bulk_term, bulk.allterms_end());
    const std::string text = *term;
    ASSERT_EQ(*bulk_term, text);
    ASSERT_EQ(bulk_term.get_termfreq(), term.get_termfreq()) << text;
    ASSERT_EQ(bulk.get_collection_freq(text), stock.get_collection_freq(text)) << text;
    auto posting = bulk.postlist_begin(text);
    for (auto at = stock.postlist_begin(text); at != stock.postlist_end(text); ++at, ++posting) {
      ASSERT_EQ(*posting, *at) << text;
      ASSERT_EQ(posting.get_wdf(), at.get_wdf()) << text;
    }
    ASSERT_EQ(posting, bulk.postlist_end(text)) << text;
  }
  ASSERT_EQ(bulk_term, bulk.allterms_end());
}

/// The same walk against the batch itself, for what would take Xapian too long to write.
void expect_holds(const Xapian::Database& bulk, const Batch& batch) {
  ASSERT_EQ(bulk.get_doccount(), batch.doc_count);
  ASSERT_EQ(bulk.get_lastdocid(), batch.doc_count);
  auto at = bulk.allterms_begin();
  for (const auto& [text, term] : batch.terms) {
    ASSERT_NE(at, bulk.allterms_end());
    ASSERT_EQ(*at, text);
    ASSERT_EQ(at.get_termfreq(), term.docs.size());
    ++at;
    auto posting = bulk.postlist_begin(text);
    for (const DocId doc : term.docs) {
      ASSERT_EQ(*posting, doc + 1);
      ++posting;
    }
    ASSERT_EQ(posting, bulk.postlist_end(text));
  }
  ASSERT_EQ(at, bulk.allterms_end());
}

/// Skipping about gives what walking gives.
void expect_skips(const Xapian::Database& bulk, const Batch& batch, std::mt19937& random) {
  const auto jump = [&] { return static_cast<DocId>(random() % (batch.doc_count / 4 + 1)); };
  for (const auto& [text, term] : batch.terms) {
    auto posting = bulk.postlist_begin(text);
    for (DocId want = jump(); want < batch.doc_count; want += 1 + jump()) {
      const auto next = std::ranges::lower_bound(term.docs, want);
      posting.skip_to(want + 1);
      if (next == term.docs.end()) {
        ASSERT_EQ(posting, bulk.postlist_end(text));
        break;
      }
      ASSERT_EQ(*posting, *next + 1);
    }
  }
}

/// What stock tools do with a database: check, search, compact.
void expect_usable(const fs::path& path, const Xapian::Database& bulk, const Batch& batch) {
  std::ostringstream faults;
  ASSERT_EQ(Xapian::Database::check(path.string(), 0, &faults), 0U) << faults.str();
  if (batch.terms.empty()) return;
  const auto& [text, term] = *std::prev(batch.terms.end());
  Xapian::Enquire enquire(bulk);
  enquire.set_query(Xapian::Query(text));
  const auto hits = enquire.get_mset(0, 10, batch.doc_count);
  ASSERT_EQ(hits.get_matches_estimated(), term.docs.size());
  ASSERT_EQ(hits.size(), std::min<std::size_t>(10, term.docs.size()));
}

void expect_compacts(Xapian::Database& bulk) {
  const MemoryFile output;
  bulk.compact(output.path(), Xapian::DBCOMPACT_SINGLE_FILE | Xapian::Compactor::FULL);
  ASSERT_NO_FATAL_FAILURE(expect_same(Xapian::Database(output.path()), bulk));
}

class Glass : public ::testing::Test {
 protected:
  fs::path path() const { return directory_.path() / "bulk"; }

  Xapian::Database opened(const Batch& batch) {
    const auto written = value_of(write_bulk(path(), batch));
    EXPECT_EQ(written.bytes, fs::file_size(path()));
    EXPECT_EQ(written.checksum, value_of(measure_file(path())).checksum);
    return Xapian::Database(path().string());
  }

  /// Both writers, everything compared.
  void expect_twins(const Batch& batch) {
    const Xapian::Database bulk = opened(batch);
    const MemoryFile twin;
    write_stock(twin.path(), directory_.path() / "scratch", batch);
    ASSERT_NO_FATAL_FAILURE(expect_same(bulk, Xapian::Database(twin.path())));
    ASSERT_NO_FATAL_FAILURE(expect_skips(bulk, batch, random_));
    ASSERT_NO_FATAL_FAILURE(expect_usable(path(), bulk, batch));
  }

  /// Against the batch alone.
  void expect_written(const Batch& batch) {
    Xapian::Database bulk = opened(batch);
    ASSERT_NO_FATAL_FAILURE(expect_holds(bulk, batch));
    ASSERT_NO_FATAL_FAILURE(expect_skips(bulk, batch, random_));
    ASSERT_NO_FATAL_FAILURE(expect_usable(path(), bulk, batch));
    ASSERT_NO_FATAL_FAILURE(expect_compacts(bulk));
  }

  const test::TempDirectory directory_;
  std::mt19937 random_{7};
};

TEST_F(Glass, IsWhatXapianWritesForRandomBatches) {
  for (std::uint32_t seed = 0; seed < 3000 / kSlowness; ++seed) {
    RandomBatches batches(seed);
    ASSERT_NO_FATAL_FAILURE(expect_twins(batches.next(30, 30))) << "seed " << seed;
  }
}

TEST_F(Glass, IsWhatXapianWritesForLargerRandomBatches) {
  for (std::uint32_t seed = 0; seed < 40 / kSlowness; ++seed) {
    RandomBatches batches(1'000'000 + seed);
    ASSERT_NO_FATAL_FAILURE(expect_twins(batches.next(5000, 300))) << "seed " << seed;
    ASSERT_NO_FATAL_FAILURE(expect_twins(batches.next(20, 5000))) << "seed " << seed;
  }
}

TEST_F(Glass, HoldsBatchesThatTryItsLimits) {
  const std::string longest(kMaxTermBytes, 'x');
  const std::string nuls(kMaxTermBytes / 2, '\0');
  const struct {
    const char* what;
    Batch batch;
  } cases[] = {
      {"no terms", {3, {}}},
      {"no documents", {0, {}}},
      {"one posting", {1, {{"a", every(1, 1)}}}},
      {"longest terms",
       {2, {{longest, every(1, 2)}, {nuls, every(1, 1)}, {nuls + "x", every(1, 1)}}}},
      {"like keys of chunks",
       {2000,
        {{"a", every(1, 2000)},
         {"a\0"s, every(1, 2000)},
         {"a\0\x03\xE8"s, every(1, 2000)},
         {"a\0\0"s, every(1, 2000)},
         {"a\1"s, every(1, 2000)}}}},
      {"like the key of lengths",
       {2000,
        {{"\0\xE0"s, every(1, 2000)},
         {"\0"s, every(1, 2000)},
         {"\0\xE0\0"s, every(1, 1)},
         {"\0\xC0"s, every(1, 1)},
         {"\xFF", every(1, 1)}}}},
      {"longest keys of chunks", {70'000, {{longest, every(1, 70'000)}}}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    ASSERT_NO_FATAL_FAILURE(expect_twins(c.batch));
  }
}

TEST_F(Glass, CutsListsAtEveryLength) {
  const struct {
    std::uint32_t step;
    std::uint32_t from;
    std::uint32_t to;
  } cases[] = {{1, 960, 1010}, {1, 1950, 2010}, {200, 640, 680}};  // Two bytes, two, three each.
  for (const auto& c : cases) {
    for (std::uint32_t count = c.from; count < c.to; count += 1 + kSlowness / 4) {
      Batch batch{count * c.step, {}};
      batch.terms["long"] = every(c.step, count);
      batch.terms["short"] = every(c.step, 1);
      ASSERT_NO_FATAL_FAILURE(expect_holds(opened(batch), batch)) << count << " by " << c.step;
      ASSERT_EQ(Xapian::Database::check(path().string()), 0U) << count << " by " << c.step;
    }
  }
}

/// Items of every size meet the ends of blocks.
TEST_F(Glass, FillsBlocksToEveryByte) {
  for (std::uint32_t bytes = 1; bytes <= kMaxTermBytes; bytes += 1 + kSlowness / 4) {
    Batch batch{700, {}};
    for (std::uint32_t i = 0; i < 300; ++i) {
      const std::string number = std::to_string(10'000 + i);
      batch.terms[number + std::string(std::max<std::size_t>(bytes, 6) - 5, 'x')] =
          every(1, 1 + (i * bytes) % 700);
    }
    ASSERT_NO_FATAL_FAILURE(expect_holds(opened(batch), batch)) << bytes;
    ASSERT_EQ(Xapian::Database::check(path().string()), 0U) << bytes;
  }
}

TEST_F(Glass, HoldsATermOfEveryDocument) {
  Batch batch{200'000, {}};
  batch.terms["all"] = every(1, 200'000);
  batch.terms["half"] = every(2, 100'000);
  ASSERT_NO_FATAL_FAILURE(expect_written(batch));
}

/// Of terms that differ in their last bytes alone, so that a branch block has only some thirty.
TEST_F(Glass, HoldsTreesOfEveryHeight) {
  const struct {
    std::uint32_t terms;
    const char* levels;
  } cases[] = {{20, "levels=0"}, {500, "levels=1"}, {5000, "levels=2"}, {50'000, "levels=3"}};
  for (const auto& c : cases) {
    Batch batch{1000, {}};
    for (std::uint32_t i = 0; i < c.terms; ++i) {
      batch.terms[std::string(kMaxTermBytes - 6, 'x') + std::to_string(100'000 + i)].add(i % 1000,
                                                                                         0);
    }
    ASSERT_NO_FATAL_FAILURE(expect_written(batch)) << c.levels;
    std::ostringstream shown;
    Xapian::Database::check(path().string(), Xapian::DBCHECK_SHOW_STATS, &shown);
    ASSERT_NE(shown.str().find(c.levels), std::string::npos) << c.levels << shown.str();
  }
}

TEST_F(Glass, HoldsAMillionTermsOfOnePosting) {
  Batch batch{1000, {}};
  for (std::uint32_t i = 0; i < 1'000'000 / kSlowness; ++i) {
    batch.terms["LrequestParameters.some.path=" + std::to_string(10'000'000 + i)].add(i % 1000, 0);
  }
  const Xapian::Database bulk = opened(batch);
  ASSERT_NO_FATAL_FAILURE(expect_holds(bulk, batch));
  ASSERT_NO_FATAL_FAILURE(expect_usable(path(), bulk, batch));
}

TEST_F(Glass, HasEqualBytesForEqualInput) {
  RandomBatches batches(3);
  const Batch batch = batches.next(1000, 1000);
  const auto first = value_of(write_bulk(path(), batch));
  const auto second = value_of(write_bulk(directory_.path() / "again", batch));
  EXPECT_EQ(first.checksum, second.checksum);
  const auto other = value_of(write_bulk(directory_.path() / "other", batches.next(1000, 1000)));
  EXPECT_NE(Xapian::Database(path().string()).get_uuid(),
            Xapian::Database((directory_.path() / "other").string()).get_uuid());
  EXPECT_NE(first.checksum, other.checksum);
}

TEST_F(Glass, RefusesWhatWouldBreakIt) {
  struct Added {
    std::string term;
    std::vector<DocId> docs;
    std::vector<std::uint32_t> wdfs = {};
  };
  const struct {
    std::vector<Added> added;
    const char* message;
  } cases[] = {
      {{{"", {0}}}, "terms must ascend"},
      {{{"b", {0}}, {"a", {0}}}, "terms must ascend"},
      {{{"b", {0}}, {"b", {1}}}, "terms must ascend"},
      {{{std::string(kMaxTermBytes + 1, 'x'), {0}}}, "a term is too long"},
      {{{std::string(kMaxTermBytes / 2 + 1, '\0'), {0}}}, "a term is too long"},
      {{{"a", {}}}, "a term has no documents"},
      {{{"a", {1, 0}}}, "documents of a term must ascend"},
      {{{"a", {1, 1}}}, "documents of a term must ascend"},
      {{{"a", {0, 5}}}, "there is no such document"},
      {{{"a", {0, 1}, {1}}}, "expected a wdf per document"},
      {{{"a", {0, 1}, {0xFFFFFFFF, 1}}}, "a term occurs too often"},
      {{{"a", {0}, {1}}}, "lengths of documents are wrong"},
  };
  for (const auto& c : cases) {
    auto writer = value_of(GlassWriter::create(path(), 5));
    Result<void> done;
    for (const auto& [term, docs, wdfs] : c.added) {
      if (done) done = writer.add(term, docs, wdfs);
    }
    const auto failed = done ? writer.finish(false).map([](const auto&) {}) : done;
    ASSERT_FALSE(failed) << c.message;
    EXPECT_EQ(failed.error().code, ErrorCode::internal);
    EXPECT_EQ(failed.error().message, "cannot write the inverted index: "s + c.message);
  }
  EXPECT_FALSE(GlassWriter::create(path(), 0xFFFFFFFF));
  EXPECT_FALSE(GlassWriter::create(path(), 2, std::vector<std::uint32_t>{1}));
}

TEST_F(Glass, SaysSoWhenTheDiskIsFull) {
  Batch batch{10'000, {}};
  for (int i = 0; i < 100; ++i) batch.terms["term" + std::to_string(i)] = every(1, 10'000);
  struct rlimit unlimited {};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &unlimited), 0);
  ::signal(SIGXFSZ, SIG_IGN);
  for (const rlim_t limit : {0UL, 5'000UL, 300'000UL, 1'500'000UL}) {
    struct rlimit limited = unlimited;
    limited.rlim_cur = limit;
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &limited), 0);
    const auto failed = write_bulk(path(), batch);
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &unlimited), 0);
    ASSERT_FALSE(failed) << limit;
    EXPECT_EQ(failed.error().code, ErrorCode::io) << failed.error().message;
  }
  EXPECT_TRUE(write_bulk(path(), batch));
  const auto nowhere = GlassWriter::create(directory_.path() / "no" / "such", 1);
  ASSERT_FALSE(nowhere);
  EXPECT_EQ(nowhere.error().code, ErrorCode::not_found);
}

TEST(GlassSupport, HoldsForTheLibraryOfTheTests) {
  EXPECT_TRUE(glass_layout_is_tested());
}

}  // namespace
}  // namespace trailsift::store
