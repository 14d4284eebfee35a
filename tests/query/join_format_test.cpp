#include "query/join_format.h"

#include <string>

#include <gtest/gtest.h>

namespace trailsift::query {
namespace {

std::string look_up(const Result<ReadJoin>& read, std::string_view key) {
  if (!read) return "error: " + read.error().message;
  const auto number = read->table.find(key);
  return number ? read->table.values()[*number] : "-";
}

std::string faults_of(const Result<ReadJoin>& read) {
  if (!read) return "error: " + read.error().message;
  std::string all;
  for (const std::string& fault : read->faults) all += fault + "\n";
  return all;
}

TEST(AccountNames, WithOrWithoutAHeader) {
  for (const std::string header : {"", "accountId,accountName\n", "\"AccountID\",ACCOUNTNAME\r\n",
                                   "\xEF\xBB\xBF"
                                   "accountId,accountName\n"}) {
    const auto read =
        read_join_table(header + "111122223333,Production\n444455556666,\"Archive, logs\"\n",
                        account_names_format());
    EXPECT_EQ(look_up(read, "111122223333"), "Production") << header;
    EXPECT_EQ(look_up(read, "444455556666"), "Archive, logs");
    EXPECT_EQ(look_up(read, "777788889999"), "-");
    EXPECT_EQ(look_up(read, "accountId"), "-");
    EXPECT_EQ(faults_of(read), "");
  }
}

TEST(AccountNames, PutsBackTheZerosThatSpreadsheetsDrop) {
  const auto read = read_join_table("11122223333,Old\n", account_names_format());
  EXPECT_EQ(look_up(read, "011122223333"), "Old");
  EXPECT_EQ(look_up(read, "11122223333"), "-");
}

TEST(AccountNames, NamesTheLinesThatAreWrongAndKeepsTheOthers) {
  const std::string good = "111122223333,Production\n";
  const struct {
    std::string line, fault;
  } kCases[] = {
      {"1.11122E+11,x", "expected an account id of 12 digits, got '1.11122E+11'"},
      {"1111222233334,x", "expected an account id of 12 digits, got '1111222233334'"},
      {",x", "expected an account id of 12 digits, got ''"},
      {"444455556666,", "expected an account name, got ''"},
      {"444455556666", "expected two fields, accountId,accountName, got 1"},
      {"444455556666,a,b", "expected two fields, accountId,accountName, got 3"},
      {"444455556666,\"a", "expected quotes around a whole field, and doubled inside of it"},
      {"444455556666,a\tb",
       "expected an account name of at most 256 bytes of UTF-8 without control characters, got "
       "'a?b'"},
      {"444455556666,\xC2\x9B"
       "31m",
       "expected an account name of at most 256 bytes of UTF-8 without control characters, got "
       "'\xC2\x9B"
       "31m'"},
      {"accountId,accountName", "expected an account id of 12 digits, got 'accountId'"},
  };
  for (const auto& c : kCases) {
    const auto read =
        read_join_table(good + c.line + "\n777788889999,Audit\n", account_names_format());
    EXPECT_EQ(faults_of(read), "line 2: " + c.fault + "\n");
    EXPECT_EQ(look_up(read, "111122223333"), "Production") << c.line;
    EXPECT_EQ(look_up(read, "777788889999"), "Audit") << c.line;
    EXPECT_EQ(look_up(read, "444455556666"), "-") << c.line;
  }
  for (const std::string& name : {std::string(257, 'x'), std::string("Zo\xEB")}) {
    const auto read = read_join_table(good + "444455556666," + name, account_names_format());
    EXPECT_EQ(look_up(read, "444455556666"), "-");
    EXPECT_TRUE(faults_of(read).starts_with("line 2: expected an account name of at most 256"));
  }
}

TEST(AccountNames, CountsFaultsBeyondTheFirst) {
  std::string text = "111122223333,Production\n";
  for (int i = 0; i < 15; ++i) text += "x,y\n";
  const auto read = read_join_table(text, account_names_format());
  ASSERT_TRUE(read);
  ASSERT_EQ(read->faults.size(), kMaxJoinFaults + 1);
  EXPECT_EQ(read->faults.back(), "and 5 lines more");
}

TEST(AccountNames, ATextOfOtherLinesIsAnError) {
  EXPECT_EQ(faults_of(read_join_table("<html>\n<body>\n", account_names_format())),
            "error: expected lines of accountId,accountName, got none; line 1: expected two "
            "fields, accountId,accountName, got 1");
  for (const char* text : {"", "\n\n", "accountId,accountName\n"}) {
    EXPECT_EQ(faults_of(read_join_table(text, account_names_format())), "") << text;
  }
}

TEST(Integrity, KnowsFourVerdicts) {
  const auto read = read_join_table(
      "log_file,integrity\na.json.gz,verified\n\"b,1.json\",tampered\nc,missing\nd,unverified\n"
      "e,fine\n",
      integrity_format());
  EXPECT_EQ(look_up(read, "a.json.gz"), "verified");
  EXPECT_EQ(look_up(read, "b,1.json"), "tampered");
  EXPECT_EQ(look_up(read, "c"), "missing");
  EXPECT_EQ(look_up(read, "d"), "unverified");
  EXPECT_EQ(look_up(read, "log_file"), "-");
  EXPECT_EQ(faults_of(read),
            "line 6: expected verified, unverified, missing or tampered, got 'fine'\n");
}

}  // namespace
}  // namespace trailsift::query
