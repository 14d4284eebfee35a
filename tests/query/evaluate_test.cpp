#include "query/evaluate.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "query/load_event.h"
#include "query/matches.h"
#include "tests/query/test_store.h"

namespace trailsift::query {
namespace {

using store::Column;
using store::Segment;
using store::SegmentSize;
using store::TermReader;

/// Passes everything on and counts the records that are read.
class CountingSegment : public Segment {
 public:
  explicit CountingSegment(const Segment& segment) : segment_(segment) {}

  std::size_t records_read() const { return records_read_; }

  const std::string& name() const override { return segment_.name(); }
  DocId size() const override { return segment_.size(); }
  Timestamp oldest() const override { return segment_.oldest(); }
  Timestamp newest() const override { return segment_.newest(); }
  SegmentSize bytes() const override { return segment_.bytes(); }
  Result<Timestamp> time(DocId doc) const override { return segment_.time(doc); }
  Result<DocRange> in_time(std::optional<Timestamp> from,
                           std::optional<Timestamp> to) const override {
    return segment_.in_time(from, to);
  }
  Result<std::vector<DocId>> first_before(std::span<const Timestamp> moments) const override {
    return segment_.first_before(moments);
  }
  Result<const Column*> column(FieldIndex field) const override { return segment_.column(field); }
  Result<const store::WordIndex*> words() const override { return segment_.words(); }
  Result<std::shared_ptr<TermReader>> terms() const override { return segment_.terms(); }
  Result<std::string> record(DocId doc) const override {
    ++records_read_;
    return segment_.record(doc);
  }
  Result<bool> contains(std::string_view id) const override { return segment_.contains(id); }
  Result<std::optional<DocId>> find(std::string_view id) const override {
    return segment_.find(id);
  }

 private:
  const Segment& segment_;
  mutable std::size_t records_read_ = 0;
};

struct Answer {
  std::string ids;  ///< Newest first, separated by spaces.
  std::size_t records_read = 0;
};

Answer answer(const Tree& tree, const TestStore& store) {
  Answer answer;
  const auto snapshot = store.snapshot();
  for (const auto& segment : snapshot->segments) {
    const CountingSegment counting(*segment);
    const auto docs = evaluate(tree, counting);
    if (!docs) return {"error: " + docs.error().message};
    answer.records_read += counting.records_read();
    for (const DocId doc : docs->first(docs->count())) {
      const auto event = load_event(*segment, doc);
      if (!event) return {"error: " + event.error().message};
      EXPECT_TRUE(matches(tree, *event)) << to_string(tree) << ": " << event->id;
      if (!answer.ids.empty()) answer.ids += ' ';
      answer.ids += event->id;
    }
  }
  return answer;
}

Answer answer(const std::string& query, const TestStore& store) {
  return answer(parsed(query), store);
}

/// Five events, each the only one with a trait that a query below asks for.
std::vector<Event> five_events() {
  return {
      event("a", "2021-07-29T10:00:00Z",
            R"("eventName":"GetObject","awsRegion":"us-east-1","userAgent":"aws-cli/2.1 Python",
               "requestParameters":{"bucketName":"logs-1","instance":"i-0abc"},"readOnly":true)"),
      event("b", "2021-07-29T11:00:00Z",
            R"("eventName":"GetBucketAcl","awsRegion":"us-east-1","userAgent":"Boto3/1.9 aws-cli",
               "requestParameters":{"bucketName":"logs-2"},
               "additionalEventData":{"bytesTransferredOut":1000},"readOnly":true)"),
      event("c", "2021-07-29T12:00:00Z",
            R"("eventName":"PutObject","awsRegion":"eu-west-1","errorMessage":"Access denied, bob",
               "resources":[{"ARN":"arn:aws:s3:::x"},{"ARN":"arn:aws:s3:::y"}],
               "additionalEventData":{"bytesTransferredOut":99},"readOnly":false)"),
      event("d", "2021-07-29T13:00:00Z",
            R"("eventName":"RunInstances","responseElements":{"instance":"i-0abcdef","i":"x 0abc"},
               "resources":[{"ARN":"arn:aws:s3:::y"}],
               "additionalEventData":{"bytesTransferredOut":-7})"),
      event("e", "2021-07-29T14:00:00Z",
            R"("eventName":"AssumeRole","awsRegion":"eu-west-1",
               "requestParameters":{"roleArn":"arn:aws:iam::111122223333:role/Admin"})"),
  };
}

TEST(Evaluate, AnswersEveryKindOfCondition) {
  const TestStore store{five_events()};
  const struct {
    const char *query, *ids;
  } kCases[] = {
      {"matchall", "e d c b a"},
      {"event_name:'GetObject'", "a"},
      {"event_name:'getobject'", ""},
      {"event_name:'Nothing'", ""},
      {"error_code:'AccessDenied'", ""},
      {"read_only:'true'", "b a"},
      {"bytes_out:99", "c"},
      {"event_time:'2021-07-29T12:00:00Z'", "c"},
      {"event_time:['2021-07-29T11:00:00Z','2021-07-29T13:00:00Z'}", "c b"},
      {"(prefix field=event_name 'Get')", "b a"},
      {"(prefix field=event_name 'Gets')", ""},
      {"bytes_out:[99,1000]", "c b"},
      {"bytes_out:{99,}", "b"},
      {"bytes_out:{,99}", "d"},
      {"event_name:['Get','Put']", "b a"},
      {"event_name:{'GetObject','PutObject']", "c"},
      {"event_name:['z','a']", ""},
      {"resources_arn:'arn:aws:s3:::y'", "d c"},
      {"resources_arn:'arn:aws:s3:::x'", "c"},
      {"requestParameters.bucketName:'logs-1'", "a"},
      {"requestParameters.bucketName:'LOGS-1'", ""},
      {"(prefix field='requestParameters.bucketName' 'logs')", "b a"},
      {"(wildcard field=event_name 'G*t')", "a"},
      {"(wildcard field=event_name 'G*')", "b a"},
      {"(wildcard field=event_name 'g*')", ""},
      {"(wildcard field='requestParameters.bucketName' '*o?s*')", "b a"},
      {"requestParameters.bucketName:['logs-1','logs-2'}", "a"},
      {"user_agent:'AWS-CLI'", "b a"},
      {"(phrase field=user_agent 'cli 2')", "a"},
      {"(prefix field=user_agent 'pyth')", "a"},
      {"(near field=error_message distance=1 'bob access')", "c"},
      {"(near field=error_message 'bob denied')", "c"},
      {"(near field=error_message distance=1 'denied access bob bob')", ""},
      {"'logs'", "b a"},
      {"'i-0abc'", "a"},
      {"'X 0ABC'", "d"},
      {"(prefix field=raw 'i-0abc')", "d a"},
      {"(prefix field=raw '0abcd')", "d"},
      {"request_parameters:'i-0abc'", "a"},
      {"response_elements:'i-0abc'", ""},
      {"(prefix field=response_elements 'i 0abc')", "d"},
      {"'arn:aws:iam::111122223333:role/admin'", "e"},
      {"(near field=raw distance=5 'admin iam')", "e"},
      {"(near field=raw distance=1 'admin iam')", ""},
      {"(not read_only:'true')", "e d c"},
      {"(not 'i-0abc')", "e d c b"},
      {"(not (prefix field=raw 'i-0abc'))", "e c b"},
      {"(and aws_region:'us-east-1' (not 'i-0abc'))", "b"},
      {"(or event_name:'AssumeRole' (phrase field=request_parameters 'i 0abc') bytes_out:99)",
       "e c a"},
      {"(and (or 'logs' 'admin') (not (or event_name:'GetObject' request_parameters:'role')))",
       "b"},
  };
  for (const auto& c : kCases) EXPECT_EQ(answer(c.query, store).ids, c.ids) << c.query;
}

TEST(Evaluate, AnswersTreesThatNoQueryMakes) {
  const TestStore store{five_events()};
  const FieldIndex time = event_time_field();
  const FieldIndex bytes = field_index("bytes_out");
  const FieldIndex name = field_index("event_name");
  std::vector<std::pair<Tree, std::string>> cases;
  cases.emplace_back(Tree{Nothing{}}, "");
  cases.emplace_back(Tree{Equals{time, "2021-07-29T12:00:00Z"}}, "c");
  cases.emplace_back(Tree{StartsWith{time, "2021-07-29T11"}}, "b");
  cases.emplace_back(Tree{StartsWith{bytes, "9"}}, "c");
  cases.emplace_back(Tree{StartsWith{bytes, "1"}}, "b");
  cases.emplace_back(Tree{StartsWith{bytes, ""}}, "d c b");
  cases.emplace_back(Tree{Equals{name, ""}}, "");
  cases.emplace_back(Tree{Between{bytes, std::nullopt, std::nullopt}}, "d c b");
  cases.emplace_back(
      Tree{Between{time, Between::Bound{"2021-07-29T12:00:00Z", false}, std::nullopt}}, "e d");
  cases.emplace_back(Tree{InTime{at("2021-07-29T13:00:00Z"), at("2021-07-29T12:00:00Z")}}, "");
  cases.emplace_back(Tree{Phrase{name, {"getobject"}}}, "a");
  cases.emplace_back(Tree{Near{field_index("raw"), {"s3", "s3"}, 3}}, "");
  for (const auto& [tree, ids] : cases) EXPECT_EQ(answer(tree, store).ids, ids) << to_string(tree);
}

TEST(Evaluate, ReadsOnlyRecordsThatCanChangeTheAnswer) {
  const TestStore store{five_events()};
  const struct {
    const char* query;
    std::string ids;
    std::size_t records_read;
  } kCases[] = {
      {"event_name:'GetObject'", "a", 0},
      // All leaves are rare: a record confirms them. d has both pieces, but never side by side.
      {"'i-0abc'", "a", 2},
      {"(and event_name:'GetObject' 'i-0abc')", "a", 1},
      {"(and event_name:'GetObject' (not 'i-0abc'))", "", 1},
      {"(or event_name:'RunInstances' 'i-0abc')", "d a", 1},
      {"(or (near field=raw distance=1 'admin iam') event_name:'AssumeRole')", "e", 0},
      {"user_agent:'aws-cli'", "b a", 0},
      {"(phrase field=request_parameters 'logs 1')", "a", 1},
      {"(phrase field=request_parameters '1 logs')", "", 1},
      {"(near field=raw distance=5 'admin iam')", "e", 1},
      {"(near field=raw distance=1 'admin iam')", "", 1},
      {"(phrase field=raw '29t10 00')", "a", 0},
      {"(and event_name:'RunInstances' (phrase field=raw '29t10 00'))", "", 0},
      {"(prefix field=raw 'i-0abc')", "d a", 2},
  };
  for (const auto& c : kCases) {
    const Answer got = answer(c.query, store);
    EXPECT_EQ(got.ids, c.ids) << c.query;
    EXPECT_EQ(got.records_read, c.records_read) << c.query;
  }
}

/// The terms of both subtrees begin alike.
TEST(Evaluate, TellsSubtreesApart) {
  const TestStore store{
      {event("a", "2021-07-29T10:00:00Z", R"("requestParameters":"logs 1")"),
       event("b", "2021-07-29T10:00:00Z", R"("requestParameters":{"k":"logs 1"})"),
       event("c", "2021-07-29T10:00:00Z", R"("requestParametersOld":"logs 1")"),
       event("d", "2021-07-29T10:00:00Z", R"("x":{"requestParameters":"logs 1"})")}};
  EXPECT_EQ(answer("(phrase field=request_parameters 'logs 1')", store).ids, "a b");
  EXPECT_EQ(answer("(near field=raw '1 logs')", store).ids, "a b c d");
}

/// Values that no term can hold whole.
TEST(Evaluate, TellsLongValuesApart) {
  const std::string head(300, 'k');
  const auto with_key = [](const std::string& id, const std::string& value) {
    return event(id, "2021-07-29T10:00:00Z",
                 R"("userIdentity":{"principalId":")" + value +
                     R"("},"requestParameters":{"key":")" + value + R"("})");
  };
  const TestStore store{{with_key("a", head + "1"), with_key("b", head + "2"),
                         with_key("c", head.substr(0, 210)), with_key("d", "short")}};
  const struct {
    std::string query, ids;
  } kCases[] = {
      {"requestParameters.key:'" + head + "1'", "a"},
      {"requestParameters.key:'" + head + "'", ""},
      {"user_identity_principal_id:'" + head + "2'", "b"},
      {"(prefix field='requestParameters.key' '" + head + "')", "a b"},
      {"(prefix field='requestParameters.key' '" + head + "2')", "b"},
      {"(prefix field='requestParameters.key' '" + head.substr(0, 150) + "')", "a b c"},
      {"(prefix field='requestParameters.key' '" + head.substr(0, 205) + "')", "a b c"},
      {"(prefix field=user_identity_principal_id '" + head + "')", "a b"},
      {"requestParameters.key:['" + head + "1','" + head + "2'}", "a"},
      {"requestParameters.key:['k',}", "a b c d"},
      {"requestParameters.key:{,'l'}", "a b c"},
      {"'" + head + "1'", "a"},
      {"(prefix field=raw '" + head + "')", "a b"},
      {"(prefix field=raw '" + head + "1')", "a"},
      {"(prefix field=raw '" + head.substr(0, 9) + "')", "a b c"},
      {"(phrase field=raw '" + head + "1 x')", ""},
  };
  for (const auto& c : kCases) EXPECT_EQ(answer(c.query, store).ids, c.ids) << c.query;
}

/// The bytes of a beginning may end inside a character, which then says nothing of its piece:
/// folded, it may be another.
TEST(Evaluate, FindsBeginningsThatEndInsideACharacter) {
  const TestStore store{
      {event("a", "2021-07-29T10:00:00Z", "\"requestParameters\":{\"key\":\"i-0ff\xC3\x84-1\"}"),
       event("b", "2021-07-29T11:00:00Z", "\"requestParameters\":{\"key\":\"i-0\xE2\x84\xAA\"}"),
       event("c", "2021-07-29T12:00:00Z", R"("requestParameters":{"key":"i"})")}};
  const LeafPath key{"requestParameters.key"};
  const struct {
    std::string prefix, ids;
  } kCases[] = {{"i-0ff\xC3", "a"},
                {"i-0\xE2\x84", "b"},
                {"i-0", "b a"},
                {"i-0ff\xC3\x84", "a"},
                {"i\xC3", ""}};
  for (const auto& c : kCases) {
    EXPECT_EQ(answer(Tree{StartsWith{key, c.prefix}}, store).ids, c.ids) << c.prefix;
  }
}

/// 400 events, of which few have the rare value: it is looked up, the frequent one is scanned for.
TEST(Evaluate, FindsRareAndFrequentValues) {
  std::vector<Event> events;
  for (int i = 0; i < 400; ++i) {
    const std::string name = i % 100 == 7 ? "Rare" : "Frequent";
    std::string members = R"("eventName":")";
    members += name;
    members += R"(","userAgent":"agent )";
    members += name;
    members += " " + std::to_string(i % 50) + "\"";
    events.push_back(event(std::to_string(1000 + i), "2021-07-29T10:00:00Z", members));
  }
  const TestStore store{std::move(events)};
  const std::string rare = "1007 1107 1207 1307";
  for (const char* query : {"event_name:'Rare'", "user_agent:'rare'", "'rare'",
                            "(and event_name:'Rare' (not event_name:'Frequent'))",
                            "(and user_agent:'agent' (prefix field=user_agent 'rar'))",
                            "(and (phrase field=user_agent 'rare 7') event_name:'Rare')",
                            "(not event_name:'Frequent')", "(not (prefix field=raw 'freq'))"}) {
    EXPECT_EQ(answer(query, store).ids, rare) << query;
  }
}

/// One document against thousands of terms: its record is read instead.
TEST(Evaluate, DoesNotExpandTermsForOneDocument) {
  std::vector<Event> events;
  for (int i = 0; i < 3500; ++i) {
    const std::string number = std::to_string(10000 + i);
    events.push_back(event(number, "2021-07-29T10:00:00Z",
                           R"("requestParameters":{"key":"common key-)" + number + R"("})"));
  }
  const TestStore store{std::move(events)};
  const Answer wildcard = answer("(and event_id:'10005' (prefix field=raw 'key-1'))", store);
  EXPECT_EQ(wildcard.ids, "10005");
  EXPECT_EQ(wildcard.records_read, 1U);
  const Answer frequent =
      answer("(and event_id:'10005' (phrase field=request_parameters 'common key'))", store);
  EXPECT_EQ(frequent.ids, "10005");
  EXPECT_EQ(frequent.records_read, 1U);
  EXPECT_EQ(answer("(and event_id:'10005' (prefix field=raw 'nosuch'))", store).ids, "");
}

TEST(Evaluate, KeepsToTheTimeRange) {
  const TestStore store{five_events()};
  const auto snapshot = store.snapshot();
  const InTime noon{at("2021-07-29T12:00:00Z"), at("2021-07-29T12:00:00.001Z")};
  const auto docs = evaluate(parsed("(not read_only:'true')"), *snapshot->segments[0], noon);
  ASSERT_TRUE(docs);
  EXPECT_EQ(docs->count(), 1U);
  EXPECT_TRUE(docs->contains(2));
}

TEST(Evaluate, StopsAtTheDeadline) {
  const TestStore store{five_events()};
  const auto snapshot = store.snapshot();
  const Deadline passed(Deadline::Clock::now() - std::chrono::seconds(1));
  for (const char* query : {"read_only:'true'", "'logs'", "(prefix field=raw 'lo')",
                            "(near field=raw 'x 0abc')", "user_agent:'aws-cli'"}) {
    const auto docs = evaluate(parsed(query), *snapshot->segments[0], {}, passed);
    ASSERT_FALSE(docs) << query;
    EXPECT_EQ(docs.error().code, ErrorCode::too_large) << query;
    EXPECT_TRUE(docs.error().message.starts_with("the query took longer than ")) << query;
  }
}

TEST(CoveringTime, HoldsEverythingThatCanMatch) {
  const struct {
    const char *query, *covering;
  } kCases[] = {
      {"matchall", "event_time:{,}"},
      {"event_time:['2021-07-29T00:00:00Z','2021-07-30T00:00:00Z'}",
       "event_time:[2021-07-29T00:00:00Z,2021-07-30T00:00:00Z}"},
      {"(and event_name:'x' event_time:['2021-07-29T00:00:00Z',} "
       "(and event_time:['2021-07-28T00:00:00Z','2021-07-30T00:00:00Z'}))",
       "event_time:[2021-07-29T00:00:00Z,2021-07-30T00:00:00Z}"},
      {"(or event_name:'x' event_time:['2021-07-29T00:00:00Z',})", "event_time:{,}"},
      {"(not event_time:['2021-07-29T00:00:00Z',})", "event_time:{,}"},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(to_string(Tree{covering_time(parsed(c.query))}), c.covering) << c.query;
  }
}

}  // namespace
}  // namespace trailsift::query
