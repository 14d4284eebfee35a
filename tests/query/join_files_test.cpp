#include "query/join_files.h"

#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/temp_directory.h"

namespace trailsift::query {
namespace {

namespace fs = std::filesystem;

/// A data directory, and what is told of its files.
class JoinFilesTest : public testing::Test {
 protected:
  std::unique_ptr<JoinFiles> open(const std::optional<fs::path>& names = {}) {
    auto files = JoinFiles::open(directory_.path(), options(names));
    EXPECT_TRUE(files) << files.error().message;
    return files ? std::move(*files) : nullptr;
  }

  JoinOptions options(const std::optional<fs::path>& names) {
    return {names, [this](const std::string& line) { told_ += line + "\n"; }};
  }

  /// As programs do that care: a new file takes the place of the old one.
  void replace(const std::string& name, const std::string& text) const {
    std::ofstream(path("new"), std::ios::binary) << text;
    fs::rename(path("new"), path(name));
  }

  fs::path path(const std::string& name) const { return directory_.path() / name; }

  static std::string name_of(JoinFiles& files, const std::string& account) {
    return look_up(*files.current(), "account_name", account);
  }

  static std::string look_up(const Joins& joins, std::string_view field, const std::string& key) {
    const JoinTable& table = *joins.table(field_index(field));
    const auto number = table.find(key);
    return number ? table.values()[*number] : "-";
  }

  std::string told() { return std::exchange(told_, {}); }

 private:
  test::TempDirectory directory_;
  std::string told_;
};

TEST_F(JoinFilesTest, FilesOfTheDataDirectoryMayBeMissing) {
  const auto files = open();
  EXPECT_EQ(name_of(*files, "111122223333"), "-");
  EXPECT_EQ(files->current(), files->current());
  EXPECT_EQ(told(), "");
}

TEST_F(JoinFilesTest, AFileIsReadAgainWhenItChanges) {
  const auto files = open();
  replace("account-names.csv", "111122223333,Production\n");
  EXPECT_EQ(name_of(*files, "111122223333"), "Production");
  const auto before = files->current();
  EXPECT_EQ(files->current(), before);
  replace("account-names.csv", "111122223333,Prod\n");
  EXPECT_EQ(name_of(*files, "111122223333"), "Prod");
  EXPECT_EQ(look_up(*before, "account_name", "111122223333"), "Production");
  std::ofstream(path("account-names.csv"), std::ios::app) << "444455556666,Audit\n";
  EXPECT_EQ(name_of(*files, "444455556666"), "Audit");
  EXPECT_EQ(told(), "");
}

TEST_F(JoinFilesTest, OnlyWhatChangedIsANewTable) {
  replace("account-names.csv", "111122223333,Production\n");
  const auto files = open();
  const auto before = files->current();
  replace("integrity.csv", "log_file,integrity\na.json,tampered\n");
  const auto after = files->current();
  const FieldIndex names = field_index("account_name");
  EXPECT_EQ(after->table(names), before->table(names));
  EXPECT_EQ(look_up(*after, "integrity", "a.json"), "tampered");
  EXPECT_EQ(look_up(*before, "integrity", "a.json"), "-");
}

TEST_F(JoinFilesTest, ABrokenVersionLeavesTheTableAndIsToldOnce) {
  replace("account-names.csv", "111122223333,Production\n");
  const auto files = open();
  replace("account-names.csv", "<html>\n");
  const std::string file = path("account-names.csv").string();
  EXPECT_EQ(name_of(*files, "111122223333"), "Production");
  EXPECT_EQ(told(), "cannot read '" + file +
                        "': expected lines of accountId,accountName, got none; line 1: expected "
                        "two fields, accountId,accountName, got 1; what was read before stays\n");
  EXPECT_EQ(name_of(*files, "111122223333"), "Production");
  EXPECT_EQ(told(), "");

  fs::remove(path("account-names.csv"));
  fs::create_directory(path("account-names.csv"));
  EXPECT_EQ(name_of(*files, "111122223333"), "Production");
  EXPECT_EQ(told(), "cannot read '" + file + "': it is no file; what was read before stays\n");

  fs::remove(path("account-names.csv"));
  replace("account-names.csv", "111122223333,Prod\nx,y\n");
  EXPECT_EQ(name_of(*files, "111122223333"), "Prod");
  EXPECT_EQ(told(), "'" + file + "', line 2: expected an account id of 12 digits, got 'x'\n");
}

TEST_F(JoinFilesTest, ATooLargeVersionIsNotRead) {
  replace("account-names.csv", "111122223333,Production\n");
  const auto files = open();
  fs::resize_file(path("account-names.csv"), account_names_format().max_bytes + 1);
  EXPECT_EQ(name_of(*files, "111122223333"), "Production");
  EXPECT_NE(told().find("expected at most 16777216 bytes, got 16777217"), std::string::npos);
}

TEST_F(JoinFilesTest, AFileThatIsGoneIsEmpty) {
  replace("account-names.csv", "111122223333,Production\n");
  const auto files = open();
  fs::remove(path("account-names.csv"));
  EXPECT_EQ(name_of(*files, "111122223333"), "-");
  EXPECT_EQ(told(), "'" + path("account-names.csv").string() +
                        "', the file is gone, and so are its values\n");
  EXPECT_EQ(name_of(*files, "111122223333"), "-");
  EXPECT_EQ(told(), "");
}

TEST_F(JoinFilesTest, ANamedFileMustBeThereAndGood) {
  replace("account-names.csv", "111122223333,Default\n");
  replace("other.csv", "111122223333,Named\n");
  const auto files = open(path("other.csv"));
  EXPECT_EQ(name_of(*files, "111122223333"), "Named");

  const auto missing = JoinFiles::open(path(""), options(path("none.csv")));
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::not_found);
  EXPECT_EQ(missing.error().message, "there is no file '" + path("none.csv").string() + "'");

  replace("broken.csv", "what\n");
  const auto broken = JoinFiles::open(path(""), options(path("broken.csv")));
  ASSERT_FALSE(broken);
  EXPECT_TRUE(broken.error().message.starts_with("cannot read '"));

  // The same in the data directory is told, and nothing more.
  replace("account-names.csv", "what\n");
  told();
  EXPECT_EQ(name_of(*open(), "111122223333"), "-");
  EXPECT_TRUE(told().starts_with("cannot read '"));
}

TEST_F(JoinFilesTest, ManyThreadsSeeWholeVersions) {
  replace("account-names.csv", "111122223333,0\n444455556666,0\n");
  const auto files = open();
  std::vector<std::jthread> readers;
  std::vector<int> torn(4);
  for (int& count : torn) {
    readers.emplace_back([&files, &count](const std::stop_token& stop) {
      while (!stop.stop_requested()) {
        const auto joins = files->current();
        const auto first = look_up(*joins, "account_name", "111122223333");
        count += first != look_up(*joins, "account_name", "444455556666") ? 1 : 0;
      }
    });
  }
  for (int version = 1; version <= 50; ++version) {
    const std::string name = std::to_string(version);
    replace("account-names.csv", "111122223333," + name + "\n444455556666," + name + "\n");
  }
  readers.clear();
  EXPECT_EQ(torn, std::vector<int>(4));
  EXPECT_EQ(name_of(*files, "111122223333"), "50");
}

}  // namespace
}  // namespace trailsift::query
