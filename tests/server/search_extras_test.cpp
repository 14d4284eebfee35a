// What searches answer beside hits and facets, in each dialect, and the routes beside search.

#include <span>
#include <string>

#include <gtest/gtest.h>

#include "server/search_answer.h"
#include "tests/server/served_store.h"

namespace trailsift::server {
namespace {

std::string answer_to(ServedStore& store, const std::string& target) {
  const HttpResponse response = store.get("/2013-01-01/" + target);
  return (response.status == 200 ? "" : std::to_string(response.status) + " ") +
         steady(response.body);
}

/// Each is a mistake that the answer explains in these words.
void expect_refusals(ServedStore& store, const std::string& path,
                     std::span<const AskedCase> cases) {
  for (const auto& [asked, want] : cases) {
    const std::string body = answer_to(store, path + asked);
    EXPECT_TRUE(body.starts_with("400 ")) << body;
    EXPECT_NE(
        body.find("\"message\":\"" + std::string(want) + "\",\"__type\":\"#SearchException\""),
        std::string::npos)
        << asked << " " << body;
  }
}

/// The XML with its request id and time replaced.
std::string steady_xml(std::string body) {
  for (const std::string_view key : {"rid=\"", "time-ms=\"", "<RequestId>"}) {
    const std::size_t at = body.find(key);
    if (at == std::string::npos) continue;
    const std::size_t begin = at + key.size();
    body.replace(begin, body.find_first_of("\"<", begin) - begin, "R");
  }
  return body;
}

TEST(SearchExtras, AnswerInXml) {
  ServedStore store;
  const HttpResponse response = store.get(
      "/2013-01-01/search?q.parser=structured&q=event_name:'GetObject'&size=1&format=xml"
      "&return=event_time,resources_arn,request_parameters&facet.event_source={}&stats.bytes_out={}"
      "&cursor=initial&histogram=1d");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.content_type, "application/xml");
  std::string body = steady_xml(response.body);
  const std::size_t cursor = body.find("cursor=\"");
  ASSERT_NE(cursor, std::string::npos);
  body.replace(cursor + 8, body.find('"', cursor + 8) - cursor - 8, "C");
  EXPECT_EQ(
      body,
      "<results><status rid=\"R\" time-ms=\"R\"/><hits found=\"2\" start=\"0\" cursor=\"C\">"
      "<hit id=\"e6\"><field name=\"event_time\">2021-07-29T12:00:00Z</field>"
      "<field name=\"resources_arn\">arn:aws:s3:::logs/a</field>"
      "<field name=\"resources_arn\">arn:aws:s3:::logs</field>"
      "<field name=\"request_parameters\">"
      "{&quot;bucketName&quot;:&quot;logs&quot;,&quot;key&quot;:&quot;a&quot;}</field></hit></hits>"
      "<facets><facet name=\"event_source\"><bucket value=\"s3.amazonaws.com\" "
      "count=\"2\"/></facet>"
      "</facets><stats><facet name=\"bytes_out\" min=\"1372.0\" max=\"1372.0\" count=\"1\" "
      "missing=\"1\" sum=\"1372.0\" sumOfSquares=\"1882384.0\" mean=\"1372.0\" "
      "stddev=\"0.0\"/></stats>"
      "<histogram interval-ms=\"86400000\"><bucket value=\"2021-07-28T00:00:00Z\" count=\"1\"/>"
      "<bucket value=\"2021-07-29T00:00:00Z\" count=\"1\"/></histogram></results>");
  EXPECT_EQ(store.get("/2013-01-01/search?fq=_id:'e4'&return=_no_fields&format=xml&pretty=true")
                .body.substr(0, 18),
            "<results>\n  <statu");
  const HttpResponse refused = store.get("/2013-01-01/search?q.parser=structured&q=(&format=xml");
  EXPECT_EQ(refused.content_type, "application/json");
}

TEST(SearchExtras, ReplaceWhatXmlCannotHold) {
  ServedStore store(
      {R"({"eventTime":"2021-07-29T12:00:00Z","eventID":"x","eventName":"a\u0001<\ufffe>&\"\n\t"})"});
  const std::string body =
      store.get("/2013-01-01/search?fq=matchall&return=event_name&format=xml").body;
  EXPECT_NE(
      body.find("<field name=\"event_name\">a\xEF\xBF\xBD&lt;\xEF\xBF\xBD&gt;&amp;&quot;&#10;&#9;"
                "</field>"),
      std::string::npos)
      << body;
}

TEST(SearchExtras, HaveStats) {
  ServedStore store({
      R"({"eventTime":"2021-07-29T12:00:00.5Z","eventID":"a","additionalEventData":{"bytesTransferredOut":1}})",
      R"({"eventTime":"2021-07-28T12:00:00Z","eventID":"b","additionalEventData":{"bytesTransferredOut":5}})",
      R"({"eventTime":"2021-07-27T12:00:00Z","eventID":"c"})",
  });
  const std::string stats =
      R"("stats":{"bytes_out":{"min":"1.0","max":"5.0","count":2,"missing":1,"sum":6.0,)"
      R"("sumOfSquares":26.0,"mean":"3.0","stddev":2.8284271247461905},)"
      R"("event_time":{"min":"2021-07-27T12:00:00.000Z","max":"2021-07-29T12:00:00.500Z","count":3,)"
      R"("missing":0}})";
  for (const char* parameters :
       {"stats.bytes_out={}&stats.event_time={}", "stats={bytes_out:{},event_time:{}}",
        "stats.bytes_out=&stats.event_time="}) {
    const std::string body =
        answer_to(store, "search?fq=matchall&size=0&" + std::string(parameters));
    EXPECT_NE(body.find(stats), std::string::npos) << body;
  }
  EXPECT_NE(
      answer_to(store, "search?fq=_id:'c'&size=0&stats.bytes_out={}")
          .find(
              R"("stats":{"bytes_out":{"count":0,"missing":1,"sum":0.0,"sumOfSquares":0.0,"stddev":0.0}})"),
      std::string::npos);
}

TEST(SearchExtras, HaveScores) {
  ServedStore store({
      R"({"eventTime":"2021-07-29T12:00:00Z","eventID":"a","errorMessage":"access denied"})",
      R"({"eventTime":"2021-07-28T12:00:00Z","eventID":"b","errorMessage":"denied is denied"})",
      R"({"eventTime":"2021-07-27T12:00:00Z","eventID":"c","eventName":"denied"})",
  });
  const auto hits = [&](const std::string& parameters) {
    const std::string body = answer_to(store, "search?" + parameters);
    const std::size_t at = body.find("\"hit\":");
    return at == std::string::npos ? body : body.substr(at + 6);
  };
  // Twice in three words, once in two; of raw, which all three have, it is log((0.5 / 3.5) / 2 +
  // 1). Of error_message, which two of three have, log((1.5 / 2.5) / 2 + 1), times 2f / (f + 0.5 +
  // l / 2).
  EXPECT_EQ(hits("q=denied&sort=_score+desc&return=_score"),
            R"([{"id":"b","fields":{"_score":"0.33853453"}},)"
            R"({"id":"a","fields":{"_score":"0.2761729"}},)"
            R"({"id":"c","fields":{"_score":"0.06899287"}}]}})");
  EXPECT_EQ(hits("q=denied&sort=_score+asc,event_time+desc&return=event_name,_score&size=1"),
            R"([{"id":"c","fields":{"event_name":"denied","_score":"0.06899287"}}]}})");
  EXPECT_EQ(hits("q=denied&return=_score&size=1&format=sdk"),
            R"([{"id":"a","fields":{"_score":["0.2761729"]},)"
            R"("exprs":{"_score":"0.2761729"}}]}})");
  EXPECT_NE(store.get("/2013-01-01/search?q=denied&return=_score&size=1&format=xml")
                .body.find("<hit id=\"a\"><field name=\"_score\">0.2761729</field></hit>"),
            std::string::npos);
  // A filter counts for nothing.
  EXPECT_EQ(hits("fq=error_message:'denied'&return=_score&sort=_score+desc"),
            R"([{"id":"a","fields":{"_score":"0.0"}},{"id":"b","fields":{"_score":"0.0"}}]}})");
  EXPECT_EQ(hits("q=denied&expr.x=_score*1000&sort=x+desc&return=_no_fields,x&size=2"),
            R"([{"id":"b","exprs":{"x":"339"}},{"id":"a","exprs":{"x":"276"}}]}})");
  // Weights of fields.
  EXPECT_EQ(hits("q=denied&sort=_score+desc&return=_no_fields&q.options={fields:['raw^9','error_"
                 "message']}"),
            R"([{"id":"a"},{"id":"b"},{"id":"c"}]}})");
  EXPECT_EQ(hits("q.parser=dismax&q=access+denied&q.options={defaultOperator:'or',"
                 "phraseFields:['error_message^9']}&sort=_score+desc&return=_no_fields&size=1"),
            R"([{"id":"a"}]}})");
  std::string cursor = "initial";
  std::string walked;
  for (int page = 0; page < 4; ++page) {
    const std::string body = answer_to(
        store, "search?q=denied&sort=_score+desc&size=1&return=_no_fields&cursor=" + cursor);
    const std::size_t begin = body.find("\"cursor\":\"") + 10;
    cursor = body.substr(begin, body.find('"', begin) - begin);
    const std::size_t id = body.find("\"id\":\"");
    walked += id == std::string::npos ? '-' : body[id + 6];
  }
  EXPECT_EQ(walked, "bac-");
}

TEST(SearchExtras, WorkOutExpressions) {
  ServedStore store({
      R"({"eventTime":"2021-07-29T12:00:00Z","eventID":"a","additionalEventData":{"bytesTransferredOut":1}})",
      R"({"eventTime":"2021-07-28T12:00:00Z","eventID":"b","additionalEventData":{"bytesTransferredOut":5}})",
      R"({"eventTime":"2021-07-27T12:00:00Z","eventID":"c"})",
  });
  const auto hits = [&](const std::string& parameters) {
    const std::string body = answer_to(store, "search?fq=matchall&" + parameters);
    const std::size_t at = body.find("\"hit\":");
    return at == std::string::npos ? body : body.substr(at + 6);
  };
  EXPECT_EQ(
      hits("expr.big=bytes_out*2%2B1&expr.age=(_time-event_time)/86400000&sort=big+desc"
           "&return=_no_fields,big,age"),
      R"([{"id":"b","exprs":{"big":"11","age":"2"}},{"id":"a","exprs":{"big":"3","age":"1"}},)"
      R"({"id":"c","exprs":{"big":"1","age":"3"}}]}})");
  EXPECT_EQ(hits("expr={small:'10-other',other:\"bytes_out\"}&sort=small+asc&return=_no_fields"),
            R"([{"id":"b"},{"id":"a"},{"id":"c"}]}})");
  // Ties are newest first; a page follows the other.
  EXPECT_EQ(hits("expr.one=1&sort=one+asc&return=_no_fields&size=1&start=1"), R"([{"id":"b"}]}})");
  std::string cursor = "initial";
  std::string walked;
  for (int page = 0; page < 4; ++page) {
    const std::string body = answer_to(store,
                                       "search?fq=matchall&expr.x=bytes_out&sort=x+desc&size=1"
                                       "&return=_no_fields&cursor=" +
                                           cursor);
    const std::size_t begin = body.find("\"cursor\":\"") + 10;
    cursor = body.substr(begin, body.find('"', begin) - begin);
    const std::size_t id = body.find("\"id\":\"");
    walked += id == std::string::npos ? '-' : body[id + 6];
  }
  EXPECT_EQ(walked, "bac-");
  EXPECT_TRUE(answer_to(store, "search?fq=matchall&expr.x=event_time&sort=x+desc&cursor=" + cursor)
                  .starts_with("400 "));
  const std::string xml =
      store.get("/2013-01-01/search?fq=_id:'b'&expr.x=bytes_out&return=_no_fields,x&format=xml")
          .body;
  EXPECT_NE(xml.find("<hit id=\"b\"><expr name=\"x\">5</expr></hit>"), std::string::npos) << xml;
}

TEST(SearchExtras, HighlightWhatWasAskedFor) {
  ServedStore store;
  const AskedCase kRows[] = {
      {"q=authorized&highlight.error_message={}",
       R"([{"id":"e5","highlights":{"error_message":"not <em>authorized</em> to perform&#x3A; iam&#x3A;CreateUser"}}])"},
      {"q=not+authorized&highlight={error_message:{format:'text',max_phrases:2}}",
       R"([{"id":"e5","highlights":{"error_message":"*not* *authorized* to perform: iam:CreateUser"}}])"},
      {"q=mallory&highlight.raw={format:text,pre_tag:'[',post_tag:']'}", R"(:\"[mallory]\"}, )"},
      {"q=mallory&highlight.error_message=", R"([{"id":"e5","highlights":{}}])"},
      {"q=matchall&q.parser=structured&size=1&fq='alice'&highlight.raw={}",
       R"([{"id":"e6","highlights":{}}])"},
  };
  for (const auto& [asked, want] : kRows) {
    const std::string body = answer_to(store, "search?return=_no_fields&" + std::string(asked));
    const std::string_view part = want;
    EXPECT_NE(body.find(part.substr(0, part.find("}, "))), std::string::npos) << asked << body;
  }
  const std::string xml = store
                              .get(
                                  "/2013-01-01/search?q=authorized&return=_no_fields&format=xml"
                                  "&highlight.error_message={format:'text'}")
                              .body;
  EXPECT_NE(xml.find("<highlight name=\"error_message\">not *authorized* to perform: iam:CreateUser"
                     "</highlight>"),
            std::string::npos)
      << xml;
}

TEST(SearchExtras, ExplainMistakes) {
  ServedStore store;
  const AskedCase kRows[] = {
      {"stats.event_name={}", "expected a field of numbers or times, got 'event_name'"},
      {"stats.raw={}", "field (raw) is not facet enabled"},
      {"stats.nope={}", "field (nope) does not exist."},
      {"stats.bytes_in={x:1}", "expected {}, as stats have no options"},
      {"stats={bytes_in:{},eventTime:5}", "expected {}, as stats have no options, got '5'"},
      {"stats={bytes_in:{}}&stats.bytes_in={}", "stats 'bytes_in' is asked for more than once"},
      {"highlight.event_name={}", "field (event_name) is not highlight enabled"},
      {"highlight.nope={}", "field (nope) does not exist."},
      {"highlight.raw={max_phrases:6}", "expected a number from 1 to 5 as max_phrases, got '6'"},
      {"highlight.raw={max_phrases:0}", "expected a number from 1 to 5 as max_phrases, got '0'"},
      {"highlight.raw={format:'pdf'}", "expected 'html' or 'text' as format, got 'pdf'"},
      {"highlight.raw={size:1}",
       "expected one of the options format, max_phrases, pre_tag, post_tag for parameter "
       "'highlight.raw', got 'size'"},
      {"highlight.raw={pre_tag:[]}", "expected a text of at most 1000 bytes as pre_tag"},
      {"highlight.raw=5", "expected an object such as {} or {format: 'text'}, got '5'"},
      {"highlight=5",
       "expected an object such as {event_name: {size: 5}} for parameter 'highlight', got '5'"},
  };
  expect_refusals(store, "search?fq=matchall&", kRows);
}

TEST(Suggest, AnswersWithValuesThatBeginSo) {
  ServedStore store;
  EXPECT_EQ(
      answer_to(store, "suggest?q=get&suggester=event_name"),
      R"({"status":{"rid":"R","time-ms":0},"suggest":{"query":"get","found":1,"suggestions":[)"
      R"({"suggestion":"GetObject","score":0,"id":"e6"}]}})");
  EXPECT_EQ(answer_to(store, "suggest?q=S&suggester=event_source&size=1&format=sdk"),
            R"({"status":{"rid":"R","timems":0},"suggest":{"query":"S","found":3,"suggestions":[)"
            R"({"suggestion":"s3.amazonaws.com","score":0,"id":"e6"}]}})");
  EXPECT_EQ(
      answer_to(store, "suggest?q=&suggester=event_name"),
      R"({"status":{"rid":"R","time-ms":0},"suggest":{"query":"","found":0,"suggestions":[]}})");
  EXPECT_EQ(
      steady_xml(store.get("/2013-01-01/suggest?q=g&suggester=event_name&format=xml").body),
      "<results><status rid=\"R\" time-ms=\"R\"/><suggest query=\"g\" found=\"1\"><suggestions>"
      "<item suggestion=\"GetObject\" score=\"0\" id=\"e6\"/></suggestions></suggest></results>");
  EXPECT_EQ(store.ask("POST", "/2013-01-01/suggest", "q=g&suggester=event_name").status, 200);
}

TEST(Suggest, ExplainsMistakes) {
  ServedStore store;
  const AskedCase kRows[] = {
      {"suggester=event_name", "Missing required parameter 'q'."},
      {"q=a", "Missing required parameter 'suggester'."},
      {"q=a&suggester=nope", "field (nope) does not exist."},
      {"q=a&suggester=raw", "field (raw) is not suggest enabled"},
      {"q=a&suggester=bytes_in", "expected a field with values of text, got 'bytes_in'"},
      {"q=a&suggester=event_name&size=-1",
       "expected a number from 0 to 1000 for parameter 'size', got '-1'"},
      {"q=a&suggester=event_name&format=x",
       "expected json, sdk or xml for parameter 'format', got 'x'"},
  };
  expect_refusals(store, "suggest?", kRows);
}

TEST(DescribeDomains, SaysThatTheyAreHere) {
  ServedStore store;
  const HttpResponse response = store.ask(
      "POST", "/", "Action=DescribeDomains&Version=2013-01-01&DomainNames.member.1=cloudtrail-1");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.content_type, "text/xml");
  EXPECT_EQ(
      steady_xml(response.body),
      "<DescribeDomainsResponse xmlns=\"http://cloudsearch.amazonaws.com/doc/2013-01-01/\">"
      "<DescribeDomainsResult><DomainStatusList><member>"
      "<DomainId>111122223333/cloudtrail-1</DomainId><DomainName>cloudtrail-1</DomainName>"
      "<ARN>arn:aws:cloudsearch:us-east-1:111122223333:domain/cloudtrail-1</ARN>"
      "<Created>true</Created><Deleted>false</Deleted><Processing>false</Processing>"
      "<RequiresIndexDocuments>false</RequiresIndexDocuments>"
      "<SearchPartitionCount>1</SearchPartitionCount><SearchInstanceCount>1</SearchInstanceCount>"
      "<DocService><Endpoint>localhost</Endpoint></DocService>"
      "<SearchService><Endpoint>localhost</Endpoint></SearchService></member></DomainStatusList>"
      "</DescribeDomainsResult><ResponseMetadata><RequestId>R</RequestId></ResponseMetadata>"
      "</DescribeDomainsResponse>");
  EXPECT_EQ(store.ask("POST", "/", "Action=DeleteDomain").status, 400);
  EXPECT_EQ(store.ask("POST", "/", "Action=DescribeDomains&DomainNames.member.1=<x>").status, 400);
}

TEST(SearchExtras, TellHowMuchWasSearched) {
  query::SearchResult result;
  result.partial = query::Coverage{2, 3};
  SearchCall call;
  EXPECT_EQ(to_json(call, result, "R", {}).value(),
            R"({"status":{"rid":"R","time-ms":0,"percent-searched":66},)"
            R"("hits":{"found":0,"start":0,"hit":[]}})");
  EXPECT_EQ(to_xml(call, result, "R", {}).value(),
            R"(<results><status rid="R" time-ms="0" percent-searched="66"/>)"
            R"(<hits found="0" start="0"/></results>)");
}

}  // namespace
}  // namespace trailsift::server
