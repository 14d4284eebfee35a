#include "store/terms.h"

#include <algorithm>
#include <cctype>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "store/batch_terms.h"
#include "store/term_hash.h"
#include "tests/store/loose_leaves.h"
#include "tests/support/random_events.h"

namespace trailsift::store {
namespace {

using Strings = std::vector<std::string>;

std::size_t counted(std::string_view term) {
  return term.size() + static_cast<std::size_t>(std::ranges::count(term, '\0'));
}

TEST(Terms, HaveTheDocumentedForm) {
  const struct {
    std::string term;
    std::string want;
  } cases[] = {
      {rare_term("requestParameters.a=b"), "RrequestParameters.a=b"},
      {uuid_term("11112222-3333-4444-5555-666677778888"), "U11112222-3333-4444-5555-666677778888"},
      {leaf_term("requestParameters.a.b", "x=y\\z"), "LrequestParameters.a.b=x=y\\z"},
      {leaf_term("requestParameters.a=b\\c", "v"), "LrequestParameters.a\\=b\\\\c=v"},
      {piece_term("0abc"), "T0abc"},
      {identifier_term(Strings{"arn", "aws", "s3"}), "Warn aws s3"},
  };
  for (const auto& c : cases) EXPECT_EQ(c.term, c.want);
}

TEST(Terms, HashLongTextByTheFirstHalfOfSha256) {
  EXPECT_EQ(term_hash("abc"), "ba7816bf8f01cfea414140de5dae2223");
}

TEST(Terms, EscapedPathsAreNotConfusedWithValues) {
  EXPECT_NE(leaf_term("r.a", "b=c"), leaf_term("r.a=b", "c"));
  EXPECT_NE(leaf_term("r.a\\", "b"), leaf_term("r.a", "\\b"));
}

/// The terms of a batch of one record with these further members, and the documents of each.
Strings terms(const std::string& members, int records = 1) {
  EventBatch batch;
  std::vector<std::uint32_t> order;
  for (int i = 0; i < records; ++i) {
    const std::string json = R"({"eventID":"e)" + std::to_string(i) +
                             R"(","eventTime":"2021-07-29T23:53:26Z",)" + members + "}";
    EXPECT_TRUE(batch.read(json)) << json;
    batch.add_read("file");
    order.push_back(static_cast<std::uint32_t>(i));
  }
  const LeafPostings postings(batch, order);
  Strings out;
  const BatchTerms all(batch, postings);
  EXPECT_TRUE(all.for_each([&](std::string_view term, std::span<const DocId> docs) {
    EXPECT_EQ(docs.size(), order.size());
    out.emplace_back(term);
    return Result<void>();
  }));
  return out;
}

TEST(Terms, OfRareLeavesAreTheirPathsAndPieces) {
  const struct {
    const char* members;
    Strings want;
  } cases[] = {
      {R"("eventName":"GetObject")", {}},                // A column holds it,
      {R"("userAgent":"Boto3")", {}},                    // also when it is text.
      {R"("resources":[{"ARN":"x"},{"ARN":"y"}])", {}},  // So are all values of a field.
      // What a field does not say as the record does is a leaf of its own.
      {R"("readOnly":"TRUE")", {"RreadOnly", "Ttrue"}},
      {R"("eventName":"A","eventName":"B")", {"ReventName", "Ta"}},
      {R"("readOnly":"maybe")", {"RreadOnly", "Tmaybe"}},
      {R"("eventTime":"2021-07-29T23:53:26.000Z")",
       {"ReventTime", "T000z", "T07", "T2021", "T26", "T29t23", "T53"}},
      {R"("requestParameters":{"id":"i-0ABC"})", {"RrequestParameters.id", "T0abc", "Ti"}},
      {R"("requestParameters":{"k":["a","a"]})", {"RrequestParameters.k", "Ta"}},
      // A resource id can be found as it stands at once.
      {R"("requestParameters":{"id":"eni-0abc1234def567890"})",
       {"RrequestParameters.id", "T0abc1234def567890", "Teni", "Weni 0abc1234def567890"}},
      {R"("requestParameters":{"k":"11112222-3333-4444-5555-666677778888"})",
       {"RrequestParameters.k", "U11112222-3333-4444-5555-666677778888"}},
      // Without a piece it cannot be found by one.
      {R"("requestParameters":{"a":"--"})", {"LrequestParameters.a=--"}},
      {R"("requestParameters":{"a":"abcdefghijklmnopqrstuvwxy"})",
       {"RrequestParameters.a", "Xabcdefghijkl69b980549d"}},
  };
  for (const auto& c : cases) EXPECT_EQ(terms(c.members), c.want) << c.members;
}

TEST(Terms, OfOtherLeavesAreAlsoValuesAndIdentifiers) {
  const int kMany = BatchTerms::kRareDocuments + 1;
  const struct {
    const char* members;
    Strings want;
  } cases[] = {
      {R"("requestParameters":{"id":"i-0ABC"})",
       {"LrequestParameters.id=i-0ABC", "T0abc", "Ti", "Wi 0abc"}},
      {R"("requestParameters":{"p":"arn:aws:s3:::my-b/key"})",
       {"LrequestParameters.p=arn:aws:s3:::my-b/key", "Tarn", "Taws", "Tb", "Tkey", "Tmy", "Ts3",
        "Warn aws s3 my b key", "Wmy b"}},
      {R"("readOnly":"TRUE")", {"LreadOnly=TRUE", "Ttrue"}},
      // A UUID is told by its record, however often it comes.
      {R"("requestParameters":{"k":"11112222-3333-4444-5555-666677778888"})",
       {"RrequestParameters.k", "U11112222-3333-4444-5555-666677778888"}},
  };
  for (const auto& c : cases) EXPECT_EQ(terms(c.members, kMany), c.want) << c.members;
}

TEST(Terms, AreAtMostWhatXapianCanHold) {
  const std::string path = "requestParameters.p";
  const std::size_t room = kMaxTermBytes - leaf_term(path, "").size();
  const struct {
    std::string value;
    bool hashed;
  } cases[] = {
      {std::string(room - 1, 'x'), false},
      {std::string(room, 'x'), true},
      {std::string(room + 1, 'x'), true},
      {std::string(18'000, 'x'), true},
      {std::string((room - 1) / 2, '\0'), false},
      {std::string(room / 2 + 1, '\0'), true},
      {"a" + std::string(room / 2 + 1, '\0'), true},
      {std::string(300, '\0'), true},
  };
  for (const auto& c : cases) {
    const std::string term = leaf_term(path, c.value);
    EXPECT_LE(counted(term), kMaxTermBytes) << c.value.size();
    EXPECT_EQ(is_hashed(term), c.hashed) << c.value.size();
    EXPECT_EQ(counted(term) == kMaxTermBytes, c.hashed) << c.value.size();
    EXPECT_EQ(term == "LrequestParameters.p=" + c.value, !c.hashed) << c.value.size();
  }
}

TEST(Terms, HashedTermsTellValuesApart) {
  const std::string head(400, 'x');
  Strings all;
  for (const char* tail : {"", "a", "b", "ab", " "}) {
    all.push_back(leaf_term("requestParameters.p", head + tail));
    all.push_back(rare_term(head + tail));
    all.push_back(piece_term(head + tail));
  }
  all.push_back(leaf_term("requestParameters.q", head));
  std::ranges::sort(all);
  EXPECT_EQ(std::ranges::adjacent_find(all), all.end());
}

/// For any prefix: terms of values that begin so begin with the head; when it is exact, no others.
TEST(Terms, PrefixesCoverTheirTermsAndExactOnesNoMore) {
  const std::string path = "event_name";
  Strings values;
  for (const std::size_t length : {0UL, 1UL, 150UL, 195UL, 198UL, 199UL, 200UL, 201UL, 202UL, 203UL,
                                   220UL, 231UL, 232UL, 233UL, 234UL, 235UL, 400UL}) {
    for (const char* tail : {"", "y", " ", " z"}) {
      values.push_back(std::string(length, 'x') + tail);
      values.push_back(std::string(length, 'x') + '\0' + tail);
      values.push_back(std::string(length / 2, '\0') + tail);
    }
  }
  for (const auto& prefix : values) {
    const TermPrefix found = leaf_term_prefix(path, prefix);
    for (const auto& value : values) {
      const bool term_begins_so = leaf_term(path, value).starts_with(found.head);
      if (value.starts_with(prefix)) {
        EXPECT_TRUE(term_begins_so) << prefix.size() << " in " << value.size();
      } else if (found.exact) {
        EXPECT_FALSE(term_begins_so) << prefix.size() << " in " << value.size();
      }
    }
  }
}

TEST(Terms, PrefixesHaveTheFormOfTheirTerms) {
  EXPECT_EQ(leaf_term_prefix("r.a=b", "v").head, "Lr.a\\=b=v");
  const auto heads = [](const std::string& piece) {
    Strings found;
    for (const auto& [head, exact] : piece_term_prefixes(piece)) {
      found.push_back(head + (exact ? "" : "?"));
    }
    return found;
  };
  EXPECT_EQ(heads("ab"), (Strings{"Tab", "Xab"}));
  EXPECT_EQ(heads("abcdefghijklm"), (Strings{"Tabcdefghijklm", "Xabcdefghijkl?"}));
  EXPECT_EQ(heads(std::string(300, 'a')), (Strings{"Xaaaaaaaaaaaa?"}));
}

TEST(Terms, OfLeavesCanBeSplit) {
  const struct {
    std::string path, value, escaped_path;
  } kCases[] = {
      {"r.a", "v=w", "r.a"}, {"r.a=b", "=", "r.a\\=b"}, {"r.a\\", "v", "r.a\\\\"}, {"r", "", "r"}};
  for (const auto& c : kCases) {
    const std::string term = leaf_term(c.path, c.value);
    EXPECT_EQ(split_leaf_term(term).path, c.escaped_path) << term;
    EXPECT_EQ(split_leaf_term(term).value, c.value) << term;
  }
}

/// For any beginning of a piece: its term is under one of the heads, and under an exact one no
/// other piece's is.
TEST(Terms, PiecesAreUnderTheirBeginnings) {
  Strings pieces;
  for (const std::size_t length : {1UL, 11UL, 12UL, 13UL, 23UL, 24UL, 25UL, 26UL, 300UL}) {
    for (const char* tail : {"", "y", "yz"}) pieces.push_back(std::string(length, 'x') + tail);
  }
  for (const auto& beginning : pieces) {
    for (const auto& piece : pieces) {
      bool found = false;
      for (const auto& [head, exact] : piece_term_prefixes(beginning)) {
        const bool under = piece_term(piece).starts_with(head);
        found = found || under;
        EXPECT_TRUE(!under || !exact || piece.starts_with(beginning)) << beginning << ' ' << piece;
      }
      EXPECT_TRUE(found || !piece.starts_with(beginning)) << beginning << ' ' << piece;
    }
  }
}

TEST(Terms, OfRandomEventsAreBounded) {
  constexpr std::uint64_t kSeed = 1;
  test::RandomEvents random(kSeed);
  std::size_t hashed = 0;
  for (int i = 0; i < 500; ++i) {
    for (const LooseLeaf& leaf : loose_leaves(random.event())) {
      auto all = leaf.words;
      all.insert(leaf.identifiers.begin(), leaf.identifiers.end());
      all.insert({leaf.value, leaf.rare});
      for (const auto& term : all) {
        EXPECT_LE(counted(term), kMaxTermBytes);
        hashed += is_hashed(term) ? 1 : 0;
      }
    }
  }
  EXPECT_GT(hashed, 50U);
}

}  // namespace
}  // namespace trailsift::store
