#include "server/parameters.h"

#include <gtest/gtest.h>

namespace trailsift::server {
namespace {

/// "name=value|name=value", or "STATUS? parameter: message".
std::string parsed(std::string_view query, std::string_view form = "") {
  const auto parameters = Parameters::parse(query, form);
  if (!parameters) return parameters.error().parameter + ": " + parameters.error().error.message;
  std::string out;
  for (const Parameter& p : parameters->all()) out += p.name + "=" + p.value + "|";
  return out;
}

TEST(Parameters, DecodesAndMerges) {
  const struct {
    const char *query, *form, *want;
  } kCases[] = {
      {"", "", ""},
      {"q=a&size=1", "", "q=a|size=1|"},
      {"q=a+b%20c%2Bd", "", "q=a b c+d|"},
      {"q=gr%c3%bc%C3%9F", "", "q=gr\xC3\xBC\xC3\x9F|"},
      {"q=gr\xC3\xBC", "", "q=gr\xC3\xBC|"},
      {"q=(and%20a:'b=c')", "", "q=(and a:'b=c')|"},
      {"q=a=b=c", "", "q=a=b=c|"},
      {"q&size=", "", "q=|size=|"},
      {"&&q=a&", "", "q=a|"},
      {"facet.a%62c={}", "", "facet.abc={}|"},
      {"q=a", "size=1&sort=x+desc", "q=a|size=1|sort=x desc|"},
      {"q=a&size=1", "q=a&start=2", "q=a|size=1|start=2|"},
      {"X-Amz-Date=1&x-amz-date=2&X-Amz-Signature=s&q=a", "", "q=a|"},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(parsed(c.query, c.form), c.want) << c.query << " and " << c.form;
  }
}

TEST(Parameters, RefusesWhatIsUnclear) {
  const struct {
    const char *query, *form, *want;
  } kCases[] = {
      {"q=a&q=b", "", "q: parameter 'q' is there more than once"},
      {"q=a&q=a", "", "q: parameter 'q' is there more than once"},
      {"", "size=1&size=1", "size: parameter 'size' is there more than once"},
      {"q=a", "q=b", "q: parameter 'q' differs between the URL and the body"},
      {"q=100%", "", "q: expected two hexadecimal digits after '%', got ''"},
      {"q=%4", "", "q: expected two hexadecimal digits after '%', got '4'"},
      {"q=%zz", "", "q: expected two hexadecimal digits after '%', got 'zz'"},
      {"q=%-1", "", "q: expected two hexadecimal digits after '%', got '-1'"},
      {"%=a", "", ": expected two hexadecimal digits after '%', got ''"},
      {"q=%ff", "", "q: expected UTF-8, got other bytes"},
      {"q=%c0%80", "", "q: expected UTF-8, got other bytes"},
      {"q=%ed%a0%80", "", "q: expected UTF-8, got other bytes"},
      {"q=%f5%80%80%80", "", "q: expected UTF-8, got other bytes"},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(parsed(c.query, c.form), c.want) << c.query << " and " << c.form;
  }
}

TEST(Parameters, AreLimitedInNumber) {
  std::string query;
  for (std::size_t i = 0; i <= kMaxParameters; ++i) query += "p" + std::to_string(i) + "=1&";
  const auto parameters = Parameters::parse(query, "");
  ASSERT_FALSE(parameters.has_value());
  EXPECT_EQ(parameters.error().error.code, ErrorCode::too_large);
  EXPECT_EQ(parameters.error().error.message,
            "the request has more than the limit of 1000 parameters");
}

TEST(Parameters, AreFoundByName) {
  const auto parameters = Parameters::parse("q=a&empty=", "");
  ASSERT_TRUE(parameters.has_value());
  ASSERT_NE(parameters->find("q"), nullptr);
  EXPECT_EQ(*parameters->find("q"), "a");
  EXPECT_EQ(parameters->find("Q"), nullptr);
  ASSERT_NE(parameters->find("empty"), nullptr);
  EXPECT_EQ(parameters->find_nonempty("empty"), nullptr);
}

}  // namespace
}  // namespace trailsift::server
