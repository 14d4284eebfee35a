#include "query/matches.h"

#include <string>

#include <gtest/gtest.h>

#include "query/bind.h"
#include "query/parse.h"
#include "query/parser.h"
#include "schema/flatten.h"

namespace trailsift::query {
namespace {

constexpr std::string_view kRecord = R"({
  "eventVersion": "1.08", "eventID": "e1", "eventTime": "2021-07-29T23:53:26Z",
  "eventName": "GetObject", "eventSource": "s3.amazonaws.com", "awsRegion": "us-east-1",
  "sourceIPAddress": "198.51.100.7", "userAgent": "[aws-cli/1.18.69 Python/3.8.10 Linux]",
  "errorCode": "AccessDenied", "errorMessage": "Access Denied for caf\u00e9",
  "readOnly": true, "recipientAccountId": "111122223333",
  "userIdentity": {"type": "IAMUser", "userName": "O'Brien\\x",
                   "arn": "arn:aws:iam::111122223333:user/alice",
                   "sessionContext": {"attributes": {"creationDate": "2021-07-29T20:00:00Z"}}},
  "resources": [{"ARN": "arn:aws:s3:::one"}, {"ARN": "arn:aws:s3:::two/key"}],
  "requestParameters": {"bucketName": "my-Bucket", "x-amz-acl:y": "private", "maxKeys": 1372.0,
                        "tags": [{"Key": "team"}, {"Key": "Cost Center"}], "none": null,
                        "policy": "{\"Effect\":\"Allow\",\"Action\":\"s3:Put*\"}"},
  "responseElements": {"instance": {"id": "i-0abc12"}},
  "additionalEventData": {"bytesTransferredIn": 9, "bytesTransferredOut": 1372.0}
})";

bool matches_record(std::string_view query) {
  const auto event = flatten(kRecord);
  const auto tree = parse_structured(query);
  EXPECT_TRUE(event) << event.error().detail;
  EXPECT_TRUE(tree) << render(tree.error(), query);
  if (!event || !tree) return false;
  const bool simplified = matches(*tree, *event);
  EXPECT_EQ(matches(*bind(*parse_syntax(query), {}), *event), simplified)
      << "simplify() changed the answer of " << query;
  return simplified;
}

struct Case {
  std::string_view query;
  bool want;
};

void expect_matches(std::span<const Case> cases) {
  for (const auto& c : cases) EXPECT_EQ(matches_record(c.query), c.want) << "query: " << c.query;
}

TEST(Matches, ComparesFieldsExactly) {
  const Case kCases[] = {
      {"matchall", true},
      {"event_name:'GetObject'", true},
      {"event_name:'getobject'", false},
      {"event_name:'Get'", false},
      {"eventName:'GetObject'", true},
      {"_id:'e1'", true},
      {"event_source:'s3.amazonaws.com'", true},
      {"recipient_account_id:111122223333", true},
      {"read_only:'true'", true},
      {"read_only:'TRUE'", true},
      {"read_only:'false'", false},
      {"bytes_in:9", true},
      {"bytes_out:1372", true},
      {"bytes_out:1372.0", true},
      {"user_identity_user_name:'O\\'Brien\\\\x'", true},
      {"session_creation_date:'2021-07-29T22:00:00+02:00'", true},
      {"event_outcome:'failure'", true},
      {"vpc_endpoint_id:'x'", false},
      {"event_name:''", false},
  };
  expect_matches(kCases);
}

TEST(Matches, TakesAnyOfSeveralValues) {
  const Case kCases[] = {
      {"resources_arn:'arn:aws:s3:::one'", true},
      {"resources_arn:'arn:aws:s3:::two/key'", true},
      {"resources_arn:'arn:aws:s3:::two'", false},
      {"(prefix field=resources_arn 'arn:aws:s3:::two')", true},
      {"requestParameters.tags.Key:'team'", true},
      {"requestParameters.tags.Key:'Cost Center'", true},
      {"requestParameters.tags.Key:['a','u']", true},
  };
  expect_matches(kCases);
}

TEST(Matches, ComparesLeavesExactly) {
  const Case kCases[] = {
      {"requestParameters.bucketName:'my-Bucket'", true},
      {"requestParameters.bucketName:'my-bucket'", false},
      {"requestParameters.bucketname:'my-Bucket'", false},
      {"request_parameters.bucketName:'my-Bucket'", true},
      {"(term field='requestParameters.x-amz-acl:y' 'private')", true},
      {"requestParameters.maxKeys:1372", true},
      {"requestParameters.maxKeys:'1372'", true},
      {"responseElements.instance.id:'i-0abc12'", true},
      {"responseElements.instance:'i-0abc12'", false},
      {"(prefix field=requestParameters.bucketName 'my-')", true},
      {"(prefix field=requestParameters.bucketName 'My-')", false},
      {"requestParameters.none:{,}", false},
      {"requestParameters.bucketName:{,}", true},
  };
  expect_matches(kCases);
}

TEST(Matches, ComparesRangesInTheOrderOfTheType) {
  const Case kCases[] = {
      {"event_name:['GetObject','GetObject']", true},
      {"event_name:{'GetObject',}", false},
      {"event_name:{,'GetObject'}", false},
      {"event_name:['Get','Gf'}", true},
      {"event_name:['a','z']", false},
      {"bytes_in:[5,10]", true},
      {"bytes_in:{9,10]", false},
      {"bytes_in:[5,9}", false},
      {"bytes_in:[9,9]", true},
      {"bytes_out:[999,}", true},
      {"requestParameters.maxKeys:['13','14']", true},
      {"requestParameters.maxKeys:[999,}", false},
      {"user_agent:['[a','[b']", true},
      {"error_code:{,}", true},
      {"vpc_endpoint_id:{,}", false},
      {"session_creation_date:['2021-07-29T20:00:00Z','2021-07-29T20:00:00Z']", true},
      {"session_creation_date:{'2021-07-29T20:00:00Z',}", false},
  };
  expect_matches(kCases);
}

TEST(Matches, ComparesEventTimeByTheMillisecond) {
  const Case kCases[] = {
      {"event_time:'2021-07-29T23:53:26Z'", true},
      {"event_time:'2021-07-29T23:53:26.001Z'", false},
      {"event_time:['2021-07-29T23:53:26Z','2021-07-29T23:53:26Z']", true},
      {"event_time:{'2021-07-29T23:53:26Z',}", false},
      {"event_time:{'2021-07-29T23:53:25.999Z',}", true},
      {"event_time:{,'2021-07-29T23:53:26Z'}", false},
      {"event_time:{,'2021-07-29T23:53:26.001Z'}", true},
      {"event_time:{,}", true},
  };
  expect_matches(kCases);
}

TEST(Matches, FindsIdentifiersWholeAndInPieces) {
  const Case kCases[] = {
      {"'i-0abc12'", true},
      {"'I-0ABC12'", true},
      {"'0abc12'", true},
      {"'0abc'", false},
      {"'arn:aws:iam::111122223333:user/alice'", true},
      {"'user/alice'", true},
      {"'alice user'", true},
      {"(phrase 'alice user')", false},
      {"'s3.amazonaws.com'", true},
      {"'amazonaws'", true},
      {"'getobject'", true},
      {"'object'", false},
      {"'CAF\xC3\x89'", true},
      {"'cafe'", false},
      {"'Put*'", true},
      {"'O\\'Brien'", true},
      // Keys are not text.
      {"'bucketName'", false},
      {"'requestParameters'", false},
  };
  expect_matches(kCases);
}

TEST(Matches, LooksForWordsInAllLeavesAndForPhrasesInOne) {
  const Case kCases[] = {
      {"'alice my-bucket getobject'", true},
      {"(phrase 'team cost')", false},
      {"(phrase 'cost center')", true},
      {"(near distance=3 'team cost')", false},
      {"(near distance=1 'access for')", true},
      {"(near distance=1 'access caf\xC3\xA9')", false},
      {"(near distance=2 'caf\xC3\xA9 access')", true},
      {"user_agent:'linux'", true},
      {"user_agent:'python aws-cli'", true},
      {"user_agent:'alice'", false},
      {"(phrase field=user_agent 'cli 1.18')", true},
      {"error_message:'denied'", true},
      {"request_parameters:'allow private'", true},
      {"request_parameters:'alice'", false},
      {"request_parameters:'i-0abc12'", false},
      {"response_elements:'i-0abc12'", true},
      {"service_event_details:'team'", false},
  };
  expect_matches(kCases);
}

TEST(Matches, TakesTheBeginningOfAPiece) {
  const Case kCases[] = {
      {"(prefix 'ali')", true},
      {"(prefix 'lice')", false},
      {"(prefix 'i-0AB')", true},
      {"(prefix 'user/al')", true},
      {"(prefix 'us/alice')", false},
      {"(prefix 'CAF')", true},
      {"(prefix field=user_agent 'pyth')", true},
      {"(prefix field=request_parameters 'ali')", false},
      {"(prefix field=event_name 'Get')", true},
      {"(prefix field=event_name 'get')", false},
  };
  expect_matches(kCases);
}

TEST(Matches, CombinesConditions) {
  const Case kCases[] = {
      {"(and event_name:'GetObject' 'alice')", true},
      {"(and event_name:'GetObject' 'bob')", false},
      {"(or event_name:'PutObject' 'alice')", true},
      {"(or event_name:'PutObject' 'bob')", false},
      {"(not 'bob')", true},
      {"(not 'alice')", false},
      {"(and (prefix field=event_name 'Get') (not user_identity_type:'AWSService'))", true},
      // A missing value is matched by no condition and always by its negation.
      {"(not vpc_endpoint_id:'x')", true},
      {"(not (range field=vpc_endpoint_id {,}))", true},
      {"(and matchall (not event_name:'AssumeRole'))", true},
      {"(and event_name:'GetObject' '---')", true},
      {"(or event_name:'PutObject' '---')", false},
      {"'---'", false},
  };
  expect_matches(kCases);
}

TEST(Matches, FindsLettersThatFoldToMoreThanOne) {
  const auto event = flatten(R"({"eventID":"e","eventTime":"2021-01-01T00:00:00Z",)"
                             "\"requestParameters\":{\"a\":\"Stra\xC3\x9F"
                             "e \xE2\x84\xAA"
                             "elvin\"}}");
  ASSERT_TRUE(event);
  const Case kCases[] = {
      {"'STRASSE'", true},
      {"'stra\xC3\x9F"
       "e'",
       true},
      {"'kelvin'", true},
      {"(prefix 'strass')", true},
      {"'strase'", false},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(matches(*parse_structured(c.query), *event), c.want) << "query: " << c.query;
  }
}

}  // namespace
}  // namespace trailsift::query
