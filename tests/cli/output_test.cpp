#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include "cli/search_output.h"
#include "schema/flatten.h"
#include "tests/cli/golden.h"

namespace trailsift::cli {
namespace {

constexpr std::string_view kRecords[] = {
    R"({"eventVersion":"1.08","eventID":"e1","eventTime":"2021-07-29T23:53:26Z",
  "eventName":"PutObject","eventSource":"s3.amazonaws.com","awsRegion":"us-east-1",
  "sourceIPAddress":"203.0.113.7","readOnly":false,"userAgent":"aws-cli/2.0, \"quoted\"",
  "userIdentity":{"type":"IAMUser","userName":"alice","accountId":"111122223333",
    "arn":"arn:aws:iam::111122223333:user/alice"},
  "requestParameters":{"bucketName":"reports","key":"=1+1"},
  "additionalEventData":{"bytesTransferredIn":1372.0},
  "resources":[{"ARN":"arn:aws:s3:::reports"},{"ARN":"arn:aws:s3:::reports/a"}]})",
    R"({"eventID":"e0","eventTime":"2021-07-29T20:00:00.5Z","eventName":"DeleteBucket","eventSource":"s3.amazonaws.com","awsRegion":"eu-west-1","sourceIPAddress":"AWS Internal","errorCode":"AccessDenied","errorMessage":"-not allowed","userIdentity":{"type":"AWSService","invokedBy":"config.amazonaws.com"},"requestParameters":null})",
};

query::SearchResult sample_result() {
  query::SearchResult result;
  result.found = 1234;
  for (const std::string_view json : kRecords) {
    auto event = flatten(json);
    EXPECT_TRUE(event);
    if (event) result.hits.push_back(std::move(*event));
  }
  query::FacetResult facet{};
  facet.field = field_index("event_source");
  facet.buckets = {{"s3.amazonaws.com", 1000}, {"sqs.amazonaws.com", 230}, {"x", 1}};
  facet.distinct = 4;
  facet.missing = 1;
  result.facets.push_back(facet);
  query::HistogramResult histogram;
  histogram.interval = std::chrono::hours(1);
  histogram.buckets = {{*parse_time("2021-07-29T20:00:00Z"), 34},
                       {*parse_time("2021-07-29T21:00:00Z"), 0},
                       {*parse_time("2021-07-29T22:00:00Z"), 1200}};
  result.histogram = histogram;
  return result;
}

std::unique_ptr<SearchOutput> output_for(std::ostream& out, const SearchOptions& options) {
  switch (options.format) {
    case Format::json: return json_output(out, options);
    case Format::ndjson: return ndjson_output(out, options);
    case Format::csv: return csv_output(out, options);
    case Format::table: break;
  }
  return table_output(out, options);
}

std::string written(const query::SearchResult& result, const SearchOptions& options) {
  std::ostringstream out;
  const auto output = output_for(out, options);
  output->begin(result);
  for (const Event& event : result.hits) output->hit(event);
  output->end(result, result.hits.size());
  return out.str();
}

SearchOptions with_format(Format format, std::string_view fields = {}) {
  SearchOptions options;
  options.format = format;
  options.limit = 10;
  if (!fields.empty()) options.columns = *read_columns(fields, "--return");
  return options;
}

TEST(Output, TableGolden) {
  expect_golden("search_table.txt", written(sample_result(), with_format(Format::table)));
}

TEST(Output, ColoredNarrowTableGolden) {
  SearchOptions options = with_format(Format::table);
  options.color = options.to_terminal = true;
  options.width = 80;
  expect_golden("search_table_color.txt", written(sample_result(), options));
}

TEST(Output, TableOfChosenFieldsGolden) {
  expect_golden(
      "search_table_fields.txt",
      written(sample_result(),
              with_format(Format::table,
                          "event_id,bytes_in,resources_arn,requestParameters.bucketName")));
}

TEST(Output, JsonGolden) {
  query::SearchResult result = sample_result();
  result.cursor = "CUR-sor_1";
  expect_golden("search.json", written(result, with_format(Format::json)));
}

TEST(Output, NdjsonIsOneRecordALine) {
  expect_golden("search.ndjson", written(sample_result(), with_format(Format::ndjson)));
}

TEST(Output, CsvGolden) {
  expect_golden("search.csv",
                written(sample_result(), with_format(Format::csv,
                                                     "event_id,error_message,user_agent,bytes_in,"
                                                     "resources_arn,requestParameters.key")));
}

TEST(Output, NoHitsAreValidInEveryFormat) {
  const query::SearchResult none;
  EXPECT_EQ(written(none, with_format(Format::table)), "0 of 0 events\n");
  EXPECT_EQ(written(none, with_format(Format::json)), "{\"found\":0,\"hits\":[]}\n");
  EXPECT_EQ(written(none, with_format(Format::ndjson)), "");
  EXPECT_EQ(written(none, with_format(Format::csv, "event_id")), "event_id\r\n");
}

TEST(Output, JsonIsParsableAndTyped) {
  rapidjson::Document document;
  const std::string text = written(sample_result(), with_format(Format::json));
  document.Parse(text.c_str());
  ASSERT_FALSE(document.HasParseError()) << text;
  EXPECT_EQ(document["found"].GetUint64(), 1234U);
  const auto& fields = document["hits"][0]["fields"];
  EXPECT_EQ(fields["bytes_in"].GetInt64(), 1372);
  EXPECT_FALSE(fields["read_only"].GetBool());
  EXPECT_EQ(fields["resources_arn"].Size(), 2U);
  EXPECT_STREQ(fields["request_parameters"]["bucketName"].GetString(), "reports");
  EXPECT_FALSE(fields.HasMember("raw"));
}

TEST(CsvCell, IsSafeForSpreadsheets) {
  const struct {
    std::string text;
    bool number;
    std::string want;
  } kCases[] = {
      {"plain", false, "plain"},
      {"", false, ""},
      {"=1+1", false, "'=1+1"},
      {"+49", false, "'+49"},
      {"-5", false, "'-5"},
      {"-5", true, "-5"},
      {"@SUM(A1)", false, "'@SUM(A1)"},
      {"\t=1", false, "'\t=1"},
      {"\r=1", false, "\"'\r=1\""},
      {"\n=1", false, "\"'\n=1\""},
      {"＝1", false, "'＝1"},
      {"＋1", false, "'＋1"},
      {"－1", false, "'－1"},
      {"＠x", false, "'＠x"},
      {"=HYPERLINK(\"http://x\",\"y\")", false, "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\""},
      {"a,b", false, "\"a,b\""},
      {"a\"b", false, "\"a\"\"b\""},
      {"a\r\nb", false, "\"a\r\nb\""},
      {"a=b", false, "a=b"},
      {"\x1b[31m", false, "\\x1b[31m"},
      {"\u202Ex", false, "\\u{202e}x"},
  };
  for (const auto& c : kCases) EXPECT_EQ(csv_cell(c.text, c.number, false), c.want) << c.text;
}

TEST(CsvCell, OnATerminalHoldsNoControlCharacter) {
  EXPECT_EQ(csv_cell("a\r\nb\t", false, true), "a\\r\\nb\\t");
}

/// A record with `text` (as JSON spells it) in every field that takes text.
Event hostile_event(const std::string& text) {
  std::string json = R"({"eventID":"h1","eventTime":"2021-07-29T00:00:00Z")";
  for (const char* key : {"eventName", "eventSource", "awsRegion", "sourceIPAddress", "userAgent",
                          "errorCode", "errorMessage", "requestID", "eventType"}) {
    json += ",\"" + std::string(key) + "\":\"" + text + "\"";
  }
  json += R"(,"userIdentity":{"type":"IAMUser","userName":")" + text + R"(","arn":")" + text +
          R"("},"requestParameters":{")" + text + "\":\"" + text + "\"}}";
  auto event = flatten(json);
  EXPECT_TRUE(event) << json;
  return event ? std::move(*event) : Event{};
}

/// True when `out` holds a character that a terminal obeys, other than line ends.
bool holds_control(std::string_view out) {
  for (const char c : out) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 && c != '\n' && c != '\r') || byte == 0x7F) return true;
  }
  for (const std::string_view bad : {"\xc2\x9b", "\u202E", "\u2066", "\u200F"}) {
    if (out.find(bad) != std::string_view::npos) return true;
  }
  return false;
}

TEST(HostileData, NeverReachesATerminalRaw) {
  // The last two stand in the record as they are, the others as JSON escapes.
  const char* const kTexts[] = {R"(\u001b]0;owned\u0007)", R"(\u001b[2J\u001b[1;1H)",
                                R"(a\u0000b\u0008\u000b)", R"(\u202egnp.exe\u2066)",
                                R"(\u009b31m\u007f)",      "\u009b31m\x7f",
                                "\u202Egnp\u200F\u2066"};
  for (const char* const text : kTexts) {
    query::SearchResult result;
    result.found = 1;
    result.hits.push_back(hostile_event(text));
    const std::string value(*value_of(result.hits[0], field_index("event_name")));
    query::FacetResult facet{};
    facet.field = field_index("event_name");
    facet.buckets = {{value, 1}};
    facet.distinct = 1;
    result.facets.push_back(facet);
    for (const Format format : {Format::table, Format::json, Format::ndjson, Format::csv}) {
      SearchOptions options = with_format(format);
      options.to_terminal = true;
      EXPECT_FALSE(holds_control(written(result, options)))
          << text << " in format " << static_cast<int>(format);
      if (format == Format::ndjson) continue;  // Elsewhere it keeps the record's bytes.
      options.to_terminal = false;
      EXPECT_FALSE(holds_control(written(result, options)))
          << text << " in format " << static_cast<int>(format);
    }
  }
}

TEST(HostileData, TerminalNdjsonIsTheSameJson) {
  const Event event = hostile_event("\xc2\x9b\u202E\x7f");
  query::SearchResult result;
  result.hits.push_back(event);
  SearchOptions options = with_format(Format::ndjson);
  EXPECT_EQ(written(result, options), event.json + "\n");
  options.to_terminal = true;
  rapidjson::Document original, shown;
  original.Parse(event.json.c_str());
  shown.Parse(written(result, options).c_str());
  EXPECT_TRUE(original == shown);
}

}  // namespace
}  // namespace trailsift::cli
