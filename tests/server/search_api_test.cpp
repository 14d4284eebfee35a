#include <algorithm>
#include <fstream>
#include <regex>
#include <set>

#include <gtest/gtest.h>

#include "server/search_parameters.h"
#include "tests/server/served_store.h"

namespace trailsift::server {
namespace {

constexpr const char* kSearch = "/2013-01-01/search?q.parser=structured&";

std::string answer_to(ServedStore& store, const std::string& parameters) {
  const HttpResponse response = store.get(kSearch + parameters);
  EXPECT_EQ(response.content_type, "application/json");
  return (response.status == 200 ? "" : std::to_string(response.status) + " ") +
         steady(response.body);
}

/// The ids of the hits, in order: "e6 e5".
std::string ids(const std::string& body) {
  static const std::regex kId("\\{\"id\":\"([^\"]*)\"");
  std::string out;
  for (std::sregex_iterator it(body.begin(), body.end(), kId), end; it != end; ++it) {
    out += (out.empty() ? "" : " ") + (*it)[1].str();
  }
  return out;
}

std::string found(const std::string& body) {
  static const std::regex kFound("\"found\":([0-9]+),\"start\":([0-9]+)");
  std::smatch match;
  return std::regex_search(body, match, kFound) ? match[1].str() + "@" + match[2].str() : body;
}

TEST(SearchApi, AnswersInTheJsonDialect) {
  ServedStore store;
  EXPECT_EQ(
      answer_to(store,
                "q=event_name:'GetObject'&size=1&return=event_time,event_name,resources_arn,"
                "bytes_out,error_code&facet.event_source={}&histogram=1d"),
      R"({"status":{"rid":"R","time-ms":0},)"
      R"("hits":{"found":2,"start":0,"hit":[{"id":"e6","fields":{)"
      R"("event_time":"2021-07-29T12:00:00Z","event_name":"GetObject",)"
      R"("resources_arn":["arn:aws:s3:::logs/a","arn:aws:s3:::logs"],"bytes_out":"1372"}}]},)"
      R"("facets":{"event_source":{"buckets":[{"value":"s3.amazonaws.com","count":2}]}},)"
      R"("histogram":{"interval-ms":86400000,"buckets":[)"
      R"({"value":"2021-07-28T00:00:00Z","count":1},{"value":"2021-07-29T00:00:00Z","count":1}]}})");
}

TEST(SearchApi, AnswersInTheSdkDialect) {
  ServedStore store;
  EXPECT_EQ(answer_to(store,
                      "format=sdk&q=event_name:'GetObject'&size=1&return=event_time,resources_arn,"
                      "bytes_out,request_parameters&facet={%22event_source%22:{%22size%22:5}}"),
            R"({"status":{"rid":"R","timems":0},)"
            R"("hits":{"found":2,"start":0,"hit":[{"id":"e6","fields":{)"
            R"("event_time":["2021-07-29T12:00:00Z"],)"
            R"("resources_arn":["arn:aws:s3:::logs/a","arn:aws:s3:::logs"],"bytes_out":["1372"],)"
            R"("request_parameters":["{\"bucketName\":\"logs\",\"key\":\"a\"}"]}}]},)"
            R"("facets":{"event_source":{"buckets":[{"value":"s3.amazonaws.com","count":2}]}}})");
}

TEST(SearchApi, ReturnsTheFieldsAskedForUnderTheirNamesAskedFor) {
  ServedStore store;
  const AskedCase kCases[] = {
      {"_no_fields", R"([{"id":"e4"}])"},
      {"event_name", R"([{"id":"e4","fields":{"event_name":"PutObject"}}])"},
      {"eventName,event.action",
       R"([{"id":"e4","fields":{"eventName":"PutObject","event.action":"PutObject"}}])"},
      {"error_code", R"([{"id":"e4","fields":{}}])"},
      {"event_name,event_name", R"([{"id":"e4","fields":{"event_name":"PutObject"}}])"},
      {" event_name , _id ", R"([{"id":"e4","fields":{"event_name":"PutObject","_id":"e4"}}])"},
      {"response_elements", R"([{"id":"e4","fields":{}}])"},
  };
  for (const auto& c : kCases) {
    std::string returned = c.asked;
    std::ranges::replace(returned, ' ', '+');
    const std::string body = answer_to(store, "q=_id:'e4'&return=" + returned);
    EXPECT_NE(body.find(std::string("\"hit\":") + c.want), std::string::npos)
        << c.asked << ": " << body;
  }
}

TEST(SearchApi, ReturnsEveryFieldAndTheRecordByDefault) {
  ServedStore store;
  const std::string body = answer_to(store, "q=_id:'e1'");
  EXPECT_EQ(body, answer_to(store, "q=_id:'e1'&return=_all_fields"));
  EXPECT_EQ(
      body,
      R"({"status":{"rid":"R","time-ms":0},"hits":{"found":1,"start":0,"hit":[{"id":"e1","fields":{)"
      R"("event_time":"2021-07-27T10:00:00Z","event_name":"ConsoleLogin",)"
      R"("event_source":"signin.amazonaws.com","event_id":"e1","aws_region":"us-east-1",)"
      R"("source_ip_address":"203.0.113.9","actor_type":"unknown","event_outcome":"success","integrity":"unverified",)"
      R"("raw":"{\"eventTime\":\"2021-07-27T10:00:00Z\",\"eventSource\":\"signin.amazonaws.com\",)"
      R"(\"eventName\":\"ConsoleLogin\",\"awsRegion\":\"us-east-1\",)"
      R"(\"sourceIPAddress\":\"203.0.113.9\",\"responseElements\":{\"ConsoleLogin\":\"Success\"},)"
      R"(\"eventID\":\"e1\"}"}}]}})");
}

/// "FOUND@START ids" of a search with whatever q.parser it names.
TEST(SearchApi, AsksInEachLanguage) {
  ServedStore store;
  const AskedCase kCases[] = {
      {"q=mallory", "1@0 e5"},
      {"q=GetObject+alice", "1@0 e6"},
      {"q=GetObject+-alice", "1@0 e2"},
      {"q=mallory+|alice", "2@0 e6 e5"},
      {"q=%22not+authorized%22", "1@0 e5"},
      {"q=Get*&q.parser=simple", "2@0 e6 e2"},
      {"q=mallory+logs&q.options={defaultOperator:'or'}", "2@0 e6 e5"},
      {"q=GetObject&q.options={fields:['event_name^2','raw']}", "2@0 e6 e2"},
      {"q=-alice&q.options={operators:[not]}", "1@0 e6"},
      {"q=us-east-1&fq=event_name:'GetObject'", "2@0 e6 e2"},
      {"q=", "400"},
      {"q=---", "0@0 "},
      {"q=matchall", "0@0 "},
      {"q=*", "6@0 e6 e5 e4 e3 e2 e1"},
      {"q=event_name:Get*+AND+-alice&q.parser=lucene", "1@0 e2"},
      {"q=bytes_out:[1000+TO+*]&q.parser=lucene", "1@0 e6"},
      {"q=error_code:*&q.parser=%22lucene%22", "1@0 e5"},
      {"q=mallory+OR+logs&q.parser=lucene", "2@0 e6 e5"},
      {"q=GetObject+-alice&q.parser=dismax", "1@0 e2"},
      {"q=GetObject+alice+mallory&q.parser=dismax&q.options={defaultOperator:67%25}", "1@0 e6"},
      {"q=GetObject+mallory&q.parser=dismax&q.options={defaultOperator:0%25,tieBreaker:0.1,"
       "phraseFields:['raw^3'],phraseSlop:2}",
       "3@0 e6 e5 e2"},
  };
  for (const auto& c : kCases) {
    const HttpResponse response = store.get("/2013-01-01/search?" + std::string(c.asked));
    const std::string got = response.status == 200 ? found(response.body) + " " + ids(response.body)
                                                   : std::to_string(response.status);
    EXPECT_EQ(got, c.want) << c.asked;
  }
}

TEST(SearchApi, IndentsWhenAsked) {
  ServedStore store;
  EXPECT_EQ(answer_to(store, "q=_id:'e4'&return=_no_fields&pretty=true").substr(0, 20),
            "{\n  \"status\": {\n    ");
}

TEST(SearchApi, KeepsEmptyHits) {
  ServedStore store;
  EXPECT_EQ(answer_to(store, "q=event_name:'Nothing'"),
            R"({"status":{"rid":"R","time-ms":0},"hits":{"found":0,"start":0,"hit":[]}})");
  EXPECT_EQ(answer_to(store, "q=matchall&size=0"),
            R"({"status":{"rid":"R","time-ms":0},"hits":{"found":6,"start":0,"hit":[]}})");
}

TEST(SearchApi, SelectsSortsAndPages) {
  ServedStore store;
  const struct {
    const char *parameters, *found, *ids;
  } kCases[] = {
      {"q=matchall", "6@0", "e6 e5 e4 e3 e2 e1"},
      {"q=&fq=matchall", "6@0", "e6 e5 e4 e3 e2 e1"},
      {"fq=event_name:'GetObject'", "2@0", "e6 e2"},
      {"q=event_source:'s3.amazonaws.com'&fq=aws_region:'us-east-1'", "2@0", "e6 e2"},
      {"q=(not+aws_region:'us-east-1')", "1@0", "e4"},
      {"q='mallory'", "1@0", "e5"},
      {"q='logs'", "1@0", "e6"},
      {"q='mallory+logs'", "0@0", ""},
      {"q='mallory+logs'&q.options={defaultOperator:'or'}", "2@0", "e6 e5"},
      {"q='mallory+logs'&fq='mallory+logs'&q.options={defaultOperator:'or'}", "0@0", ""},
      {"q='createuser'&q.options={fields:['error_message^2']}", "1@0", "e5"},
      {"q='mallory'&q.options={fields:['error_message']}", "0@0", ""},
      {"q=matchall&size=2&start=1", "6@1", "e5 e4"},
      {"q=matchall&size=2&start=5", "6@5", "e1"},
      {"q=matchall&size=2&start=6", "6@6", ""},
      {"q=matchall&sort=event_time+asc", "6@0", "e1 e2 e3 e4 e5 e6"},
      {"q=matchall&sort=_id+asc&size=2", "6@0", "e1 e2"},
      {"q=matchall&sort=aws_region+asc,event_name+desc", "6@0", "e4 e6 e2 e5 e1 e3"},
      {"q=matchall&sort=error_code+desc,+_id+asc&size=2", "6@0", "e5 e1"},
      {"q=matchall&sort=error_code+asc,_id+asc&size=2", "6@0", "e5 e1"},
      {"q=matchall&from=2021-07-28&to=2021-07-29T11:00:00Z", "2@0", "e3 e2"},
      {"q=matchall&from=now-24h", "4@0", "e6 e5 e4 e3"},
      {"q=matchall&to=now-2d", "1@0", "e1"},
      {"q=matchall&from=&to=&sort=&return=&cursor=initial&size=1", "6@0", "e6"},
      {"q=matchall&partial=true&highlighter=x&unknown=1&size=1", "6@0", "e6"},
      {"q=matchall&X-Amz-Signature=1&X-Amz-Signature=2&size=1", "6@0", "e6"},
  };
  for (const auto& c : kCases) {
    const std::string body = answer_to(store, c.parameters);
    EXPECT_EQ(found(body), c.found) << c.parameters;
    EXPECT_EQ(ids(body), c.ids) << c.parameters;
  }
}

TEST(SearchApi, TakesParametersFromUrlAndBodyTogether) {
  ServedStore store;
  const struct {
    const char *target, *form, *ids;
  } kCases[] = {
      {"/2013-01-01/search", "q=matchall&q.parser=structured&size=1", "e6"},
      {"/2013-01-01/search?q=matchall&q.parser=structured", "size=1", "e6"},
      {"/2013-01-01/search?q=matchall&q.parser=structured", "size=1&q=matchall", "e6"},
      {"/base//2013-01-01/search", "q=matchall", ""},
      {"//2013-01-01//search?q=_id:'e3'&q.parser=%22structured%22", "", "e3"},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(ids(store.ask("POST", c.target, c.form).body), c.ids) << c.target << " " << c.form;
  }
}

TEST(SearchApi, IgnoresABodyThatIsNoForm) {
  ServedStore store;
  HttpRequest request;
  request.method = "POST";
  request.target = std::string(kSearch) + "q=_id:'e3'";
  request.host = "localhost";
  request.content_type = "application/json";
  request.body = "{}";
  request.received = std::chrono::steady_clock::now();
  EXPECT_EQ(ids(answer_of(store.service(), request).body), "e3");
  request.content_type = "Application/X-WWW-Form-Urlencoded; charset=UTF-8";
  request.body = "size=0";
  EXPECT_EQ(ids(answer_of(store.service(), request).body), "");
}

std::string facets_of(ServedStore& store, const std::string& parameters) {
  const std::string body = answer_to(store, "size=0&q=matchall&" + parameters);
  const std::size_t at = body.find("\"facets\":");
  return at == std::string::npos ? body : body.substr(at + 9, body.size() - at - 10);
}

TEST(SearchApi, CountsFacets) {
  ServedStore store;
  const AskedCase kCases[] = {
      {"facet.aws_region={}",
       R"({"aws_region":{"buckets":[{"value":"us-east-1","count":5},{"value":"eu-west-1","count":1}]}})"},
      {"facet.awsRegion=",
       R"({"awsRegion":{"buckets":[{"value":"us-east-1","count":5},{"value":"eu-west-1","count":1}]}})"},
      {"facet.aws_region={sort:'bucket',size:1}",
       R"({"aws_region":{"buckets":[{"value":"eu-west-1","count":1}]}})"},
      {"facet={aws_region:{size:1},error_code:{}}",
       R"({"aws_region":{"buckets":[{"value":"us-east-1","count":5}]},)"
       R"("error_code":{"buckets":[{"value":"AccessDenied","count":1}]}})"},
      {"facet.aws_region={buckets:['eu-west-1','us-east-1','EU-WEST-1'],method:'filter'}",
       R"({"aws_region":{"buckets":[{"value":"eu-west-1","count":1},)"
       R"({"value":"us-east-1","count":5},{"value":"EU-WEST-1","count":0}]}})"},
      {"facet.bytes_out={buckets:['[1000,2000]','[1372,1372}','{1372,}','{,1372]',1372]}",
       R"({"bytes_out":{"buckets":[{"value":"[1000,2000]","count":1},)"
       R"({"value":"[1372,1372}","count":0},{"value":"{1372,}","count":0},)"
       R"({"value":"{,1372]","count":1},{"value":"1372","count":1}]}})"},
      {"facet.event_time={buckets:[%22['2021-07-29T00:00:00Z','2021-07-30T00:00:00Z'}%22]}",
       R"({"event_time":{"buckets":[{"value":"['2021-07-29T00:00:00Z','2021-07-30T00:00:00Z'}","count":4}]}})"},
      {"facet.event_name={buckets:[%22['A','G']%22]}",
       R"({"event_name":{"buckets":[{"value":"['A','G']","count":3}]}})"},
      {"facet.resources_type={}",
       R"({"resources_type":{"buckets":[{"value":"AWS::S3::Bucket","count":1},)"
       R"({"value":"AWS::S3::Object","count":1}]}})"},
  };
  for (const auto& c : kCases) EXPECT_EQ(facets_of(store, c.asked), c.want) << c.asked;
}

std::string cursor_of(const std::string& body) {
  static const std::regex kCursor("\"cursor\":\"([A-Za-z0-9_-]+)\"");
  std::smatch match;
  return std::regex_search(body, match, kCursor) ? match[1].str() : "";
}

TEST(SearchApi, WalksWithACursor) {
  ServedStore store;
  const std::string query = "q=matchall&sort=event_name+asc&size=2&return=_no_fields&cursor=";
  std::string cursor = "initial";
  std::string walked;
  for (int page = 0; page < 4; ++page) {
    const std::string body = answer_to(store, query + cursor);
    EXPECT_EQ(found(body), "6@0");
    walked += ids(body) + "|";
    cursor = cursor_of(body);
    ASSERT_NE(cursor, "") << body;
  }
  EXPECT_EQ(walked, "e3 e1|e5 e6|e2 e4||");
  const std::string other = answer_to(store, "q=_id:'e1'&cursor=" + cursor);
  EXPECT_TRUE(other.starts_with("400 ")) << other;
}

TEST(SearchApi, SeesCommitsWhileItRuns) {
  ServedStore store{{}};
  EXPECT_EQ(found(answer_to(store, "q=matchall")), "0@0");
  store.commit({sample_records()[0]});
  EXPECT_EQ(found(answer_to(store, "q=matchall")), "1@0");
  store.commit(sample_records());
  EXPECT_EQ(found(answer_to(store, "q=matchall")), "6@0");
}

TEST(SearchApi, StopsWhenTheTimeIsOver) {
  ServiceOptions options;
  options.query_timeout = std::chrono::milliseconds(-1);
  ServedStore store(sample_records(), options);
  const std::string body = answer_to(store, "q='logs'");
  EXPECT_TRUE(body.starts_with("400 ")) << body;
  EXPECT_NE(body.find("\"code\":\"too_large\""), std::string::npos) << body;
}

TEST(SearchApi, TablesParametersOnce) {
  std::set<std::string_view> names;
  for (const SearchParameter& row : kSearchParameters) {
    EXPECT_TRUE(names.insert(row.name).second) << row.name;
    EXPECT_FALSE(row.help.empty()) << row.name;
  }
}

std::string at_account(const std::string& id, const std::string& account) {
  return R"({"eventTime":"2021-07-29T12:00:0)" + id + R"(Z","recipientAccountId":")" + account +
         R"(","eventID":")" + id + "\"}";
}

TEST(SearchApi, KnowsTheNamesOfAccountsAsTheyAreNow) {
  ServedStore store({at_account("1", "111122223333"), at_account("2", "444455556666")});
  const std::string question =
      "q=account_name:'Audit'&return=account_name,integrity&facet.account_name={}"
      "&sort=account_name%20asc";
  const auto answer = [](const std::string& hits, const std::string& buckets) {
    return R"({"status":{"rid":"R","time-ms":0},"hits":)" + hits +
           R"(,"facets":{"account_name":{"buckets":[)" + buckets + "]}}}";
  };
  EXPECT_EQ(answer_to(store, question), answer(R"({"found":0,"start":0,"hit":[]})", ""));
  std::ofstream(store.directory() / "account-names.csv") << "444455556666,Audit\n";
  EXPECT_EQ(answer_to(store, question),
            answer(R"({"found":1,"start":0,"hit":[{"id":"2","fields":{"account_name":"Audit",)"
                   R"("integrity":"unverified"}}]})",
                   R"({"value":"Audit","count":1})"));
  EXPECT_EQ(ids(answer_to(store, "q='audit'")), "2");
  std::ofstream(store.directory() / "account-names.csv", std::ios::app) << "111122223333,Audit\n";
  EXPECT_EQ(ids(answer_to(store, question)), "2 1");
}

}  // namespace
}  // namespace trailsift::server
