#include "indexer/integrity_table.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "tests/support/temp_directory.h"

namespace trailsift::indexer {
namespace {

void write(const std::filesystem::path& directory, std::string_view text) {
  std::ofstream(directory / "integrity.csv", std::ios::binary) << text;
}

std::string text_in(const std::filesystem::path& directory) {
  std::ifstream file(directory / "integrity.csv", std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(IntegrityTable, KeepsWhatWasSaidOfOtherFiles) {
  const test::TempDirectory directory;
  const auto none = load_integrity(directory.path());
  ASSERT_TRUE(none);
  EXPECT_TRUE(none->empty());

  ASSERT_TRUE(update_integrity(directory.path(),
                               {{"b", Integrity::verified}, {"a", Integrity::unverified}}));
  ASSERT_TRUE(
      update_integrity(directory.path(), {{"c", Integrity::missing}, {"b", Integrity::tampered}}));
  EXPECT_EQ(text_in(directory.path()),
            "log_file,integrity\r\na,unverified\r\nb,tampered\r\nc,missing\r\n");
  // Nothing is left beside it.
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(directory.path()), {}), 1);
}

TEST(IntegrityTable, NamesMayHoldAnything) {
  const test::TempDirectory directory;
  const IntegrityTable table = {{"a,b", Integrity::verified},
                                {"\"quoted\"", Integrity::missing},
                                {"two\r\nlines", Integrity::tampered},
                                {"", Integrity::unverified},
                                {"plain \xc3\xa9", Integrity::verified}};
  ASSERT_TRUE(update_integrity(directory.path(), table));
  const auto loaded = load_integrity(directory.path());
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_EQ(*loaded, table);
}

TEST(IntegrityTable, RefusesWhatIsNone) {
  const std::pair<std::string_view, int> rows[] = {
      {"", 1},
      {"log_file\r\n", 1},
      {"log_file,integrity\r\na\r\n", 2},
      {"log_file,integrity\r\na,verified\r\nb,broken\r\n", 3},
      {"log_file,integrity\r\na,verified,more\r\n", 2},
      {"log_file,integrity\r\n\"a,verified\r\n", 2},
      {"log_file,integrity\r\n\"a\"b,verified\r\n", 2},
  };
  for (const auto& [text, line] : rows) {
    const test::TempDirectory directory;
    write(directory.path(), text);
    const auto table = load_integrity(directory.path());
    ASSERT_FALSE(table) << text;
    EXPECT_EQ(table.error().code, ErrorCode::corrupt);
    EXPECT_NE(table.error().message.find("in line " + std::to_string(line) + " of"),
              std::string::npos)
        << table.error().message;
    EXPECT_FALSE(update_integrity(directory.path(), {})) << "it would be lost";
    EXPECT_EQ(text_in(directory.path()), text);
  }
}

}  // namespace
}  // namespace trailsift::indexer
