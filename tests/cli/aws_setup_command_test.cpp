#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/cli/golden.h"
#include "tests/cli/staged_console.h"

namespace trailsift::cli {
namespace {

using Words = std::vector<std::string>;

Outcome setup(const std::string& job, Words words) {
  words.insert(words.begin(), {"aws", "setup", job, "--bucket", "example-trail-logs"});
  return run_words(words);
}

TEST(AwsSetup, PrintsTheCommandsGolden) {
  const Words plain{"--region", "us-east-1", "--account-id", "111122223333", "--dry-run"};
  const Words all{"--region",
                  "eu-west-1",
                  "--account-id",
                  "111122223333",
                  "--dry-run",
                  "--profile",
                  "audit team",
                  "--endpoint-url",
                  "http://127.0.0.1:5000",
                  "--trail",
                  "org.trail",
                  "--queue",
                  "logs",
                  "--topic",
                  "announced",
                  "--key-prefix",
                  "cloudtrail/main",
                  "--organization-id",
                  "o-exampleorgid",
                  "--kms-key-arn",
                  "arn:aws:kms:eu-west-1:111122223333:key/1234abcd",
                  "--expire-after-days",
                  "400",
                  "--reader-principal-arn",
                  "arn:aws:iam::444455556666:root"};
  const struct {
    std::string job, golden;
    Words words;
  } kCases[] = {{"create", "aws_setup_create.txt", plain},
                {"create", "aws_setup_create_all.txt", all},
                {"delete", "aws_setup_delete.txt", plain},
                {"delete", "aws_setup_delete_all.txt", all}};
  for (const auto& c : kCases) {
    const Outcome outcome = setup(c.job, c.words);
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    EXPECT_EQ(outcome.err, "");
    expect_golden(c.golden, outcome.out);
  }
}

TEST(AwsSetup, NamesWhatIsWrongWithTheOptions) {
  const Words dry{"--region", "eu-west-1", "--account-id", "111122223333", "--dry-run"};
  const struct {
    Words words;
    std::string want;
  } kCases[] = {
      {{"--bucket", "a/b"}, "expected --bucket only once"},
      {{"--trail", "-x-"},
       "expected --trail to be 3 to 57 letters, digits, '.', '-' and '_', got "
       "'-x-'"},
      {{"--trail", "x y z"},
       "expected --trail to be 3 to 57 letters, digits, '.', '-' and '_', "
       "got 'x y z'"},
      {{"--trail", "my.trail"},
       "expected --topic and --queue, as 'my.trail-deliveries' can be the name of neither"},
      {{"--queue", "https://x"},
       "expected --queue to be 1 to 64 letters, digits, '-' and '_', got "
       "'https://x'"},
      {{"--topic", "arn:x"},
       "expected --topic to be 1 to 64 letters, digits, '-' and '_', got "
       "'arn:x'"},
      {{"--key-prefix", "x/"},
       "expected --key-prefix to be a prefix such as cloudtrail/main, got "
       "'x/'"},
      {{"--key-prefix", "\"x"},
       "expected --key-prefix to be a prefix such as cloudtrail/main, got "
       "'\"x'"},
      {{"--organization-id", "org"},
       "expected --organization-id to be an id such as o-exampleorgid, got 'org'"},
      {{"--kms-key-arn", "alias/x"},
       "expected --kms-key-arn to be the ARN of a key, got "
       "'alias/x'"},
      {{"--reader-principal-arn", "*"},
       "expected --reader-principal-arn to be the ARN of a role, a user or an account, got '*'"},
      {{"--expire-after-days", "x"},
       "expected --expire-after-days to be a number from 0 to 36500, got 'x'"},
  };
  for (const auto& c : kCases) {
    Words words = dry;
    words.insert(words.end(), c.words.begin(), c.words.end());
    const Outcome outcome = setup("create", words);
    EXPECT_EQ(outcome.code, 2) << c.want;
    EXPECT_EQ(outcome.out, "") << c.want;
    EXPECT_EQ(outcome.err, "trailsift: " + c.want + "\nTry 'trailsift aws setup create --help'.\n");
  }
}

TEST(AwsSetup, AsksNobodyOnADryRunAndDeletesNothingByMistake) {
  const Outcome dry = setup("create", {"--region", "eu-west-1", "--dry-run"});
  EXPECT_EQ(dry.code, 2);
  EXPECT_TRUE(dry.err.starts_with("trailsift: expected --account-id ID with --dry-run")) << dry.err;
  const Outcome deleted = setup("delete", {"--region", "eu-west-1"});
  EXPECT_EQ(deleted.code, 2);
  EXPECT_TRUE(deleted.err.starts_with("trailsift: expected --yes, or --dry-run")) << deleted.err;
  const Outcome show = setup("show", {"--region", "eu-west-1", "--dry-run"});
  EXPECT_EQ(show.code, 2);
}

}  // namespace
}  // namespace trailsift::cli
