// /api/export, /api/stats, /api/explain and /api/suggest over the sample store.

#include <future>
#include <string>

#include <gtest/gtest.h>

#include "query/syntax.h"
#include "server/completion_place.h"
#include "tests/server/inflated.h"
#include "tests/server/served_store.h"

namespace trailsift::server {
namespace {

std::string without_time(std::string body) {
  const std::size_t at = body.rfind(",\"took_ms\":");
  return at == std::string::npos ? body : body.replace(at, body.find('}', at) - at, "");
}

/// The whole of a streamed body; "cut" where it has no end.
std::string streamed(const HttpResponse& response) {
  std::string all;
  while (true) {
    std::promise<std::optional<BodyStream::Chunk>> given;
    response.stream->next([&](auto chunk) { given.set_value(std::move(chunk)); });
    const auto chunk = given.get_future().get();
    if (!chunk) return "cut";
    all += chunk->bytes;
    if (chunk->last) return all;
  }
}

TEST(Export, GivesTheOriginalRecordsNewestFirst) {
  ServedStore store;
  const HttpResponse response = store.get("/api/export");
  ASSERT_TRUE(response.stream);
  EXPECT_EQ(response.content_type, "application/x-ndjson");
  EXPECT_EQ(header_of(response, "Content-Disposition"),
            "attachment; filename=\"trailsift-20210730T000000Z.ndjson\"");
  std::string want;
  for (const std::string& record : sample_records()) want += record + "\n";
  EXPECT_EQ(streamed(response), want);
}

TEST(Export, KeepsARecordOnOneLine) {
  ServedStore store(
      {"{\"eventID\":\"e1\",\r\n "
       "\"eventTime\":\"2021-07-27T10:00:00Z\",\n\"eventName\":\"A\\nB\"}"});
  EXPECT_EQ(
      streamed(store.get("/api/export")),
      "{\"eventID\":\"e1\",   \"eventTime\":\"2021-07-27T10:00:00Z\", \"eventName\":\"A\\nB\"}\n");
}

TEST(Export, WritesColumnsThatSpreadsheetsDoNotRun) {
  ServedStore store(
      {R"({"eventID":"e1","eventTime":"2021-07-27T10:00:00Z","eventName":"=1+1","userAgent":"a \"b\", c","additionalEventData":{"bytesTransferredOut":-5},"resources":[{"ARN":"y"},{"ARN":"x"}],"requestParameters":{"x":"@y"}})",
       R"({"eventID":"e2","eventTime":"2021-07-26T10:00:00Z"})"});
  const HttpResponse plain = store.post_json(
      "/api/export",
      R"({"format":"csv","columns":["event_time","event_name","user_agent","bytes_out","resources_arn"]})");
  EXPECT_EQ(plain.content_type, "text/csv; charset=utf-8");
  EXPECT_EQ(streamed(plain),
            "event_time,event_name,user_agent,bytes_out,resources_arn\r\n"
            "2021-07-27T10:00:00Z,\"'=1+1\",\"a \"\"b\"\", c\",-5,x | y\r\n"
            "2021-07-26T10:00:00Z,,,,\r\n");
  EXPECT_EQ(streamed(store.get("/api/export?format=csv&columns=_id,requestParameters.x,bytes_out")),
            "_id,requestParameters.x,bytes_out\r\ne1,\"'@y\",-5\r\ne2,,\r\n");
  EXPECT_EQ(streamed(store.get(
                "/api/export?format=csv&columns=event_name&syntax=structured&q=event_name:'none'")),
            "event_name\r\n");
}

TEST(Export, AnswersOnlyWhatIsAskedFor) {
  ServedStore store;
  const std::string text = streamed(store.post_json(
      "/api/export",
      R"({"syntax":"structured","q":"event_source:'s3.amazonaws.com'","filters":[{"field":"aws_region","include":["eu-west-1"]}]})"));
  EXPECT_EQ(text, sample_records()[2] + "\n");
  EXPECT_EQ(store.get("/api/export?format=xlsx").status, 400);
  EXPECT_EQ(store.get("/api/export?syntax=structured&q=(").status, 400);
}

TEST(Export, HoldsFewLargeRecordsAtATime) {
  constexpr std::size_t kLarge = 200'000;
  std::vector<std::string> records;
  for (int i = 0; i < 100; ++i) {
    records.push_back(R"({"eventID":"e)" + std::to_string(i) +
                      R"(","eventTime":"2021-07-29T12:00:00Z","requestParameters":{"x":")" +
                      std::string(kLarge, 'x') + "\"}}");
  }
  ServedStore store(records);
  for (const char* target : {"/api/export", "/api/export?format=csv&columns=raw"}) {
    const HttpResponse response = store.get(target);
    std::size_t all = 0;
    for (bool last = false; !last;) {
      response.stream->next([&](const std::optional<BodyStream::Chunk>& chunk) {
        ASSERT_TRUE(chunk);
        EXPECT_LT(chunk->bytes.size(), BodyStream::kChunkBytes + 20 * kLarge) << target;
        all += chunk->bytes.size();
        last = chunk->last;
      });
    }
    EXPECT_GT(all, 100 * kLarge);
  }
}

TEST(Export, IsCompressedForWhoAcceptsIt) {
  std::vector<std::string> records;
  for (int i = 0; i < 3000; ++i) {
    const std::string number = std::to_string(10'000 + i);
    records.push_back(R"({"eventID":"e)" + number + R"(","eventTime":"2021-07-29T12:00:00Z",)" +
                      R"("userAgent":")" + std::string(200, static_cast<char>('a' + i % 26)) +
                      "\"}");
  }
  ServedStore store(records);
  for (const char* target : {"/api/export", "/api/export?format=csv", "/api/export?q=nothing"}) {
    const HttpResponse plain = store.get(target);
    EXPECT_EQ(header_of(plain, "Content-Encoding"), "");
    EXPECT_EQ(header_of(plain, "Vary"), "Accept-Encoding");
    HttpRequest request;
    request.method = "GET";
    request.target = target;
    request.host = "localhost";
    request.headers = {{"accept-encoding", "gzip, deflate, br"}};
    request.received = std::chrono::steady_clock::now();
    const HttpResponse compressed = answer_of(store.service(), std::move(request));
    EXPECT_EQ(header_of(compressed, "Content-Encoding"), "gzip");
    EXPECT_EQ(compressed.content_type, plain.content_type);
    const std::string bytes = streamed(compressed);
    EXPECT_EQ(inflated(bytes), streamed(plain)) << target;
    EXPECT_LT(bytes.size(), 200'000U) << target;
  }
}

TEST(Stats, CountByFieldsAndTime) {
  ServedStore store;
  const AskedCase kCases[] = {
      {"/api/stats",
       R"({"total":6,"group_count":1,"groups":[{"by":{},"count":6,"first_seen":"2021-07-27T10:00:00Z","last_seen":"2021-07-29T12:00:00Z"}]})"},
      {"/api/stats?by=eventSource,error_code&syntax=structured&q=event_name:'CreateUser'",
       R"({"total":1,"group_count":1,"groups":[{"by":{"eventSource":"iam.amazonaws.com","error_code":"AccessDenied"},"count":1,"first_seen":"2021-07-29T11:30:00.250Z","last_seen":"2021-07-29T11:30:00.250Z"}]})"},
      {"/api/stats?by=event_source&distinct=event_name&size=1",
       R"({"total":6,"group_count":4,"groups":[{"by":{"event_source":"s3.amazonaws.com"},"count":3,"distinct":2,"first_seen":"2021-07-28T10:00:00Z","last_seen":"2021-07-29T12:00:00Z"}]})"},
      {"/api/stats?interval=1d&sort=time&size=2",
       R"({"total":6,"group_count":3,"groups":[{"by":{},"time":"2021-07-27T00:00:00Z","count":1,"first_seen":"2021-07-27T10:00:00Z","last_seen":"2021-07-27T10:00:00Z"},{"by":{},"time":"2021-07-28T00:00:00Z","count":1,"first_seen":"2021-07-28T10:00:00Z","last_seen":"2021-07-28T10:00:00Z"}]})"},
      {"/api/stats?by=error_code&sort=rare&size=1",
       R"({"total":6,"group_count":2,"groups":[{"by":{"error_code":"AccessDenied"},"count":1,"first_seen":"2021-07-29T11:30:00.250Z","last_seen":"2021-07-29T11:30:00.250Z"}]})"},
  };
  for (const auto& c : kCases) EXPECT_EQ(without_time(store.get(c.asked).body), c.want);
  EXPECT_NE(store.get("/api/stats?by=raw").body.find("a column for 'by', got 'raw'"),
            std::string::npos);
  EXPECT_EQ(store.get("/api/stats?by=a,b,c,d").status, 413);
  EXPECT_EQ(store.get("/api/stats?interval=auto").status, 400);
  EXPECT_EQ(store.get("/api/stats?by=event_time").status, 400);
}

TEST(Explain, SaysWhyThereIsNothing) {
  ServedStore store;
  const HttpResponse response = store.post_json(
      "/api/explain",
      R"x({"syntax":"structured","q":"(and event_name:'GetObject' (not aws_region:'us-east-1'))","from":"2021-07-29",)x"
      R"x("filters":[{"field":"event_source","include":["s3.amazonaws.com"]}]})x");
  EXPECT_EQ(
      response.body,
      R"x({"total":0,"syntax":"structured","meaning":"(and event_name=\"GetObject\" (not aws_region=\"us-east-1\") event_source=\"s3.amazonaws.com\")",)x"
      R"x("time":{"from":"2021-07-29T00:00:00Z","without":0},"clauses":[)x"
      R"x({"kind":"and","member":"q","at":{"begin":0,"end":57},"text":"(and event_name:'GetObject' (not aws_region:'us-east-1'))",)x"
      R"x("meaning":"(and event_name=\"GetObject\" (not aws_region=\"us-east-1\"))","hits":0,"without":2,"clauses":[)x"
      R"x({"kind":"condition","member":"q","at":{"begin":5,"end":27},"text":"event_name:'GetObject'","meaning":"event_name=\"GetObject\"","hits":1,"without":1},)x"
      R"x({"kind":"not","member":"q","at":{"begin":28,"end":56},"text":"(not aws_region:'us-east-1')","meaning":"(not aws_region=\"us-east-1\")","hits":1,"without":1,"clauses":[)x"
      R"x({"kind":"condition","member":"q","at":{"begin":33,"end":55},"text":"aws_region:'us-east-1'","meaning":"aws_region=\"us-east-1\"","hits":3,"without":1}]}]},)x"
      R"x({"kind":"condition","member":"filters[0]","meaning":"event_source=\"s3.amazonaws.com\"","hits":2,"without":0}]})x");
  EXPECT_EQ(store.get("/api/explain").status, 200);
  const std::string kql =
      store.get("/api/explain?syntax=kql&q=event_name:GetObject%20and%20not%20aws_region:us-east-1")
          .body;
  EXPECT_NE(kql.find(R"("at":{"begin":25,"end":49},"text":"not aws_region:us-east-1",)"),
            std::string::npos)
      << kql;
  for (const auto& syntax : query::syntaxes()) {
    const HttpResponse each =
        store.get("/api/explain?q=GetObject&syntax=" + std::string(syntax.name));
    EXPECT_EQ(each.status, syntax.name == "structured" ? 400 : 200) << syntax.name << each.body;
  }
  EXPECT_EQ(store.get("/api/explain?syntax=structured&q=(or").status, 400);
}

TEST(Suggest, CompletesWhatStandsAtTheCursor) {
  ServedStore store;
  const AskedCase kCases[] = {
      {"/api/suggest?field=event_name&text=get",
       R"({"replace":{"begin":0,"end":3},"field":"event_name","values":[{"value":"GetObject","count":2}],"complete":true})"},
      {"/api/suggest?syntax=structured&text=(and%20event_name:'Get",
       R"({"replace":{"begin":17,"end":20},"field":"event_name","values":[{"value":"GetObject","count":2}],"complete":true})"},
      {"/api/suggest?syntax=structured&text=event_name:'Get'&cursor=12",
       R"({"replace":{"begin":12,"end":12},"field":"event_name","values":[{"value":"GetObject","count":2},{"value":"AssumeRole","count":1},{"value":"ConsoleLogin","count":1},{"value":"CreateUser","count":1},{"value":"PutObject","count":1}],"complete":true})"},
      {"/api/suggest?syntax=structured&text=event_na",
       R"({"replace":{"begin":0,"end":8},"fields":[{"name":"event_name","path":"eventName","type":"keyword","help":"the API action, such as ConsoleLogin"},{"name":"insight_event_name",)"},
      {"/api/suggest?syntax=structured&text=(an&size=1",
       R"x("operators":[{"text":"(and ","help":"all of several conditions"}])x"},
      {"/api/suggest?syntax=structured&text='some%20word", R"({"replace":{"begin":1,"end":10}})"},
  };
  for (const auto& c : kCases) {
    const HttpResponse response = store.get(c.asked);
    EXPECT_EQ(response.status, 200);
    EXPECT_NE(response.body.find(c.want), std::string::npos) << c.asked << response.body;
  }
  EXPECT_EQ(store.get("/api/suggest?syntax=structured&text=abc&cursor=4").status, 400);
  EXPECT_EQ(store.get("/api/suggest?field=raw").status, 400);
}

TEST(CompletionPlace, KnowsWhoseValueIsWritten) {
  const struct {
    const char *before, *field, *written;
  } kCases[] = {
      {"", "", ""},
      {"eve", "", "eve"},
      {"event_name:", "event_name", ""},
      {"event_name:Get", "event_name", "Get"},
      {"event_name: Get", "event_name", "Get"},
      {"event_name:Get ", "", ""},
      {"event_name:Get and aws", "", "aws"},
      {"event_name:(Get or P", "event_name", "P"},
      {"event_name:(Get or Put) and x", "", "x"},
      {"actor:'al", "actor", "al"},
      {"actor:\"a b", "actor", "a b"},
      {"actor:'a\\'b", "actor", "a\\'b"},
      {"(and actor:'x' event_name:'G", "event_name", "G"},
      {"(prefix field=event_name 'Del", "event_name", "Del"},
      {"(prefix field=eve", "", "eve"},
      {"(and (prefix field=event_name 'Del') 'some", "", "some"},
      {"requestParameters.bucketName:lo", "requestParameters.bucketName", "lo"},
      {"a:b:c", "a", "b:c"},
      {"((((", "", ""},
      {"))))x", "", "x"},
  };
  for (const auto& c : kCases) {
    const std::string text = std::string(c.before) + "-behind the cursor";
    const CompletionPlace place = find_completion(text, std::string_view(c.before).size());
    EXPECT_EQ(place.field, c.field) << c.before;
    EXPECT_EQ(place.written, c.written) << c.before;
    EXPECT_EQ(place.end, std::string_view(c.before).size());
    EXPECT_EQ(text.substr(place.begin, place.end - place.begin), place.written);
  }
}

}  // namespace
}  // namespace trailsift::server
