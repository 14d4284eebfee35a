#include "store/terms.h"

#include <algorithm>
#include <cctype>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "schema/flatten.h"
#include "schema/words.h"
#include "tests/store/terms_of.h"
#include "tests/support/random_events.h"

namespace trailsift::store {
namespace {

using Strings = std::vector<std::string>;

const Field& field(std::string_view name) {
  return *find_field(name);
}

std::size_t counted(std::string_view term) {
  return term.size() + static_cast<std::size_t>(std::ranges::count(term, '\0'));
}

/// Terms of a record with these further members, but for those of its id and time.
Strings terms(const std::string& members) {
  const auto bare = flatten(R"({"eventID":"e","eventTime":"2021-07-29T23:53:26Z"})");
  const auto event =
      flatten(R"({"eventID":"e","eventTime":"2021-07-29T23:53:26Z",)" + members + "}");
  Strings out;
  std::ranges::set_difference(terms_of(*event), terms_of(*bare), std::back_inserter(out));
  return out;
}

TEST(Terms, HaveTheDocumentedForm) {
  const struct {
    std::string term;
    std::string want;
  } cases[] = {
      {exact_term(field("event_name"), "GetObject"), "Fevent_name=GetObject"},
      {exact_term(field("read_only"), "true"), "Fread_only=true"},
      {leaf_term("requestParameters.a.b", "x=y\\z"), "LrequestParameters.a.b=x=y\\z"},
      {leaf_term("requestParameters.a=b\\c", "v"), "LrequestParameters.a\\=b\\\\c=v"},
      {piece_term("0abc"), "T0abc"},
      {identifier_term(Strings{"arn", "aws", "s3"}), "Warn aws s3"},
  };
  for (const auto& c : cases) EXPECT_EQ(c.term, c.want);
}

TEST(Terms, EscapedPathsAreNotConfusedWithValues) {
  EXPECT_NE(leaf_term("r.a", "b=c"), leaf_term("r.a=b", "c"));
  EXPECT_NE(leaf_term("r.a\\", "b"), leaf_term("r.a", "\\b"));
}

TEST(Terms, OfAnEventAreFieldsLeavesPiecesAndIdentifiers) {
  const struct {
    const char* members;
    Strings want;
  } cases[] = {
      // A keyword field answers for its leaf.
      {R"("eventName":"GetObject")", {"Fevent_name=GetObject", "Tgetobject"}},
      // A text field is no exact field: its leaf has a term.
      {R"("userAgent":"Boto3")", {"LuserAgent=Boto3", "Tboto3"}},
      // What a field does not say as the record does, a leaf term says.
      {R"("readOnly":"TRUE")", {"Fread_only=true", "LreadOnly=TRUE", "Ttrue"}},
      {R"("eventName":"A","eventName":"B")", {"Fevent_name=B", "LeventName=A", "Ta", "Tb"}},
      {R"("readOnly":"maybe")", {"LreadOnly=maybe", "Tmaybe"}},
      {R"("requestParameters":{"id":"i-0ABC"})",
       {"LrequestParameters.id=i-0ABC", "T0abc", "Ti", "Wi 0abc"}},
      {R"("requestParameters":{"k":["a","a"]})", {"LrequestParameters.k=a", "Ta"}},
      {R"("eventSource":"s3.amazonaws.com")",
       {"Fevent_source=s3.amazonaws.com", "Tamazonaws", "Tcom", "Ts3", "Ws3 amazonaws com"}},
      {R"("resources":[{"ARN":"x"},{"ARN":"y"}])",
       {"Fresources_arn=x", "Fresources_arn=y", "Tx", "Ty"}},
      {R"("requestParameters":{"a":"--"})", {"LrequestParameters.a=--"}},
      {R"("requestParameters":{"p":"arn:aws:s3:::my-b/key"})",
       {"LrequestParameters.p=arn:aws:s3:::my-b/key", "Tarn", "Taws", "Tb", "Tkey", "Tmy", "Ts3",
        "Warn aws s3 my b key", "Wmy b"}},
  };
  for (const auto& c : cases) {
    Strings found = terms(c.members);
    // The outcome is derived from every record.
    std::erase_if(found, [](const std::string& term) {
      return term.starts_with("Factor") || term.starts_with("Fevent_outcome");
    });
    EXPECT_EQ(found, c.want) << c.members;
  }
}

TEST(Terms, TheEventTimeHasNoExactTerm) {
  EXPECT_FALSE(has_exact_terms(field("event_time")));
  EXPECT_TRUE(has_exact_terms(field("session_creation_date")));
  EXPECT_FALSE(has_exact_terms(field("user_agent")));
  EXPECT_FALSE(has_exact_terms(field("raw")));
  const auto event = flatten(R"({"eventID":"e","eventTime":"2021-07-29T23:53:26Z"})");
  for (const auto& term : terms_of(*event)) {
    EXPECT_FALSE(term.starts_with("Fevent_time=") || term.starts_with("LeventTime")) << term;
  }
}

TEST(Terms, AreAtMostWhatXapianCanHold) {
  const Field& name = field("event_name");
  const std::size_t room = kMaxTermBytes - exact_term(name, "").size();
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
    const std::string term = exact_term(name, c.value);
    EXPECT_LE(counted(term), kMaxTermBytes) << c.value.size();
    EXPECT_EQ(is_hashed(term), c.hashed) << c.value.size();
    EXPECT_EQ(counted(term) == kMaxTermBytes, c.hashed) << c.value.size();
    EXPECT_EQ(term == "Fevent_name=" + c.value, !c.hashed) << c.value.size();
  }
}

TEST(Terms, HashedTermsTellValuesApart) {
  const std::string head(400, 'x');
  Strings all;
  for (const char* tail : {"", "a", "b", "ab", " "}) {
    all.push_back(leaf_term("requestParameters.p", head + tail));
    all.push_back(exact_term(field("event_name"), head + tail));
    all.push_back(piece_term(head + tail));
  }
  all.push_back(leaf_term("requestParameters.q", head));
  std::ranges::sort(all);
  EXPECT_EQ(std::ranges::adjacent_find(all), all.end());
}

/// For any prefix: terms of values that begin so begin with the head; when it is exact, no others.
TEST(Terms, PrefixesCoverTheirTermsAndExactOnesNoMore) {
  const Field& name = field("event_name");
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
    const TermPrefix found = exact_term_prefix(name, prefix);
    for (const auto& value : values) {
      const bool term_begins_so = exact_term(name, value).starts_with(found.head);
      if (value.starts_with(prefix)) {
        EXPECT_TRUE(term_begins_so) << prefix.size() << " in " << value.size();
      } else if (found.exact) {
        EXPECT_FALSE(term_begins_so) << prefix.size() << " in " << value.size();
      }
    }
  }
}

TEST(Terms, PrefixesHaveTheFormOfTheirTerms) {
  EXPECT_EQ(exact_term_prefix(field("event_name"), "Get").head, "Fevent_name=Get");
  EXPECT_EQ(leaf_term_prefix("r.a=b", "v").head, "Lr.a\\=b=v");
  EXPECT_EQ(piece_term_prefix("ab").head, "Tab");
  EXPECT_TRUE(piece_term_prefix("ab").exact);
  EXPECT_FALSE(piece_term_prefix(std::string(300, 'a')).exact);
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

TEST(Terms, OfRandomEventsAreSortedOnceAndBounded) {
  constexpr std::uint64_t kSeed = 1;
  test::RandomEvents random(kSeed);
  std::size_t hashed = 0;
  for (int i = 0; i < 500; ++i) {
    const auto found = terms_of(random.event());
    EXPECT_TRUE(std::ranges::is_sorted(found));
    EXPECT_EQ(std::ranges::adjacent_find(found), found.end());
    for (const auto& term : found) {
      EXPECT_LE(counted(term), kMaxTermBytes);
      EXPECT_TRUE(std::string_view("FLTW").find(term.front()) != std::string_view::npos);
      hashed += is_hashed(term) ? 1 : 0;
    }
  }
  EXPECT_GT(hashed, 100U);
}

}  // namespace
}  // namespace trailsift::store
