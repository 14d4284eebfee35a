#include "aws/ini.h"

#include <gtest/gtest.h>

namespace trailsift::aws {
namespace {

TEST(Ini, ReadsWhatTheAwsCliWrites) {
  const auto file = parse_ini(
      "# a comment\r\n"
      "[default]\r\n"
      "Region = eu-west-1  # near\r\n"
      "aws_secret_access_key=a#b;c=d/+\n"
      "\n"
      "[profile audit]\n"
      "s3 =\n"
      "  addressing_style = path\n"
      "  region = us-east-1\n"
      "region=eu-central-1\n"
      "[profile  'two words' ]\n"
      "role_arn : x = y\n"
      "empty =\n"
      "[ default ]\n"
      "region = eu-west-2 ; later\n");
  ASSERT_TRUE(file) << file.error().message;
  const IniFile want = {
      {"default", {{"region", "eu-west-2"}, {"aws_secret_access_key", "a#b;c=d/+"}}},
      {"profile audit", {{"s3", ""}, {"region", "eu-central-1"}}},
      {"profile two words", {{"role_arn : x", "y"}, {"empty", ""}}},
  };
  EXPECT_EQ(*file, want);
}

TEST(Ini, NamesTheLineAndNotWhatItHolds) {
  const struct {
    const char* text;
    const char* want;
  } cases[] = {
      {"[default]\nsecret", "expected 'name = value' in line 2"},
      {"[default]\n= secret", "expected 'name = value' in line 2"},
      {"secret = 1", "expected a '[section]' before the first setting in line 1"},
      {"[secret", "expected '[section]' in line 1"},
      {"\n\n[ ]", "expected '[section]' in line 3"},
  };
  for (const auto& c : cases) {
    const auto file = parse_ini(c.text);
    ASSERT_FALSE(file) << c.text;
    EXPECT_EQ(file.error().message, c.want);
  }
  EXPECT_FALSE(parse_ini(std::string(kMaxIniBytes + 1, '\n')));
}

}  // namespace
}  // namespace trailsift::aws
