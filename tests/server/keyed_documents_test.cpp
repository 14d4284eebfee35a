#include "server/keyed_documents.h"

#include <csignal>
#include <fstream>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include <gtest/gtest.h>

#include "tests/support/temp_directory.h"

namespace trailsift::server {
namespace {

Timestamp at(int second) {
  return *parse_time("2024-06-01T08:00:00Z") + std::chrono::seconds(second);
}

class KeyedDocumentsTest : public testing::Test {
 protected:
  std::filesystem::path file() const { return directory_.path() / "new" / "page-test.json"; }

  static std::string keys_of(const KeyedDocuments& documents) {
    std::string keys;
    const auto all = documents.all();
    if (!all) return all.error().message;
    for (const KeyedDocument& document : *all) keys += document.key + " ";
    return keys;
  }

  std::string content() const {
    std::ifstream stream(file(), std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }

  test::TempDirectory directory_;
};

TEST_F(KeyedDocumentsTest, KeepsWhatIsPut) {
  KeyedDocuments documents(file(), {});
  EXPECT_EQ(keys_of(documents), "");
  const std::string odd("a\"\\\n\0\u202e\xf0\x9f\x8e\x89", 12);
  ASSERT_TRUE(documents.put("one", odd, at(0)));
  ASSERT_TRUE(documents.put("two", "b", at(1)));
  const KeyedDocuments again(file(), {});
  EXPECT_EQ(keys_of(again), "one two ");
  EXPECT_EQ((*again.find("one"))->text, odd);
  EXPECT_FALSE(*again.find("three"));
  const auto changed = documents.put("one", "c", at(2));
  EXPECT_EQ((*changed)->created, at(0));
  EXPECT_EQ((*changed)->updated, at(2));
  EXPECT_EQ(keys_of(again), "two one ");
  EXPECT_EQ(*documents.remove("two"), KeyedDocuments::Removed::yes);
  EXPECT_EQ(*documents.remove("two"), KeyedDocuments::Removed::not_there);
  EXPECT_EQ(keys_of(again), "one ");
}

TEST_F(KeyedDocumentsTest, ChangesOnlyWhatIsAsExpected) {
  KeyedDocuments documents(file(), {});
  EXPECT_FALSE(*documents.put("a", "1", at(0), {.tag = "*", .nothing = false}));
  const auto first = documents.put("a", "1", at(0), {.tag = {}, .nothing = true});
  ASSERT_TRUE(first && *first);
  EXPECT_FALSE(*documents.put("a", "2", at(0), {.tag = {}, .nothing = true}));
  // The same text at the same time is a change all the same.
  const auto second = documents.put("a", "1", at(0), {.tag = (*first)->tag(), .nothing = false});
  ASSERT_TRUE(second && *second);
  EXPECT_NE((*first)->tag(), (*second)->tag());
  EXPECT_FALSE(*documents.put("a", "3", at(1), {.tag = (*first)->tag(), .nothing = false}));
  EXPECT_EQ(*documents.remove("a", {.tag = (*first)->tag(), .nothing = false}),
            KeyedDocuments::Removed::not_as_expected);
  EXPECT_EQ((*documents.find("a"))->text, "1");
  EXPECT_EQ(*documents.remove("a", {.tag = (*second)->tag(), .nothing = false}),
            KeyedDocuments::Removed::yes);
}

TEST_F(KeyedDocumentsTest, HasLimits) {
  KeyedDocuments few(file(), {.documents = 2, .bytes = 100, .evicts = false});
  ASSERT_TRUE(few.put("a", "1", at(0)));
  ASSERT_TRUE(few.put("b", "1", at(1)));
  EXPECT_EQ(few.put("c", "1", at(2)).error().code, ErrorCode::too_large);
  ASSERT_TRUE(few.put("b", std::string(90, 'x'), at(3)));
  EXPECT_EQ(few.put("a", std::string(90, 'x'), at(4)).error().message,
            "there is no room: the limits are 2 of them and 100 bytes");
  EXPECT_EQ(keys_of(few), "a b ");
}

TEST_F(KeyedDocumentsTest, DropsTheOldestWhereThatIsWanted) {
  KeyedDocuments links(file(), {.documents = 3, .bytes = 100, .evicts = true});
  for (const char* key : {"a", "b", "c"}) ASSERT_TRUE(links.put(key, "1", at(0)));
  ASSERT_TRUE(links.put("a", "1", at(1)));
  ASSERT_TRUE(links.put("d", "1", at(2)));
  EXPECT_EQ(keys_of(links), "c a d ");
  ASSERT_TRUE(links.put("e", std::string(96, 'x'), at(3)));
  EXPECT_EQ(keys_of(links), "d e ");
  EXPECT_EQ(links.put("f", std::string(100, 'x'), at(4)).error().code, ErrorCode::too_large);
  EXPECT_EQ(keys_of(links), "d e ");
}

TEST_F(KeyedDocumentsTest, TellsOfDamageAndTouchesNothing) {
  KeyedDocuments documents(file(), {});
  ASSERT_TRUE(documents.put("a", "text", at(0)));
  const std::string good = content();
  std::vector<std::string> damaged = {"", "{", good.substr(0, good.size() / 2), good + "x"};
  for (std::size_t i = 0; i < good.size(); i += 7) {
    damaged.push_back(good);
    damaged.back()[i] ^= 0x11;
  }
  for (const std::string& bad : damaged) {
    std::ofstream(file(), std::ios::binary) << bad;
    const auto all = documents.all();
    ASSERT_FALSE(all) << bad;
    EXPECT_EQ(all.error().code, ErrorCode::corrupt);
    EXPECT_NE(all.error().message.find(file().string()), std::string::npos);
    EXPECT_EQ(documents.put("b", "x", at(1)).error().code, ErrorCode::corrupt);
    EXPECT_EQ(documents.remove("a").error().code, ErrorCode::corrupt);
    EXPECT_EQ(content(), bad);
  }
  std::ofstream(file(), std::ios::binary) << good;
  EXPECT_EQ(keys_of(documents), "a ");
}

TEST_F(KeyedDocumentsTest, LosesNothingToManyWriters) {
  // Objects of their own, as those of several processes are.
  KeyedDocuments first(file(), {});
  KeyedDocuments second(file(), {});
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] {
      KeyedDocuments& documents = i % 2 == 0 ? first : second;
      for (int j = 0; j < 10; ++j) {
        EXPECT_TRUE(documents.put(std::to_string(i) + "-" + std::to_string(j), "x", at(j)));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(first.all()->size(), 40U);
}

TEST_F(KeyedDocumentsTest, LosesNothingToKills) {
  KeyedDocuments documents(file(), {});
  int known = 0;  // How many were told to be there.
  for (const int told : {1, 2, 3, 5, 8}) {
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      KeyedDocuments mine(file(), {});
      for (int i = known;; ++i) {
        if (!mine.put("key" + std::to_string(i), std::string(1000, 'x'), at(i))) _exit(1);
        const char done = '.';
        if (write(ends[1], &done, 1) != 1) _exit(1);
      }
    }
    close(ends[1]);
    char done = 0;
    for (int i = 0; i < told; ++i) ASSERT_EQ(read(ends[0], &done, 1), 1);
    kill(child, SIGKILL);
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFSIGNALED(status));
    int more = 0;  // That were told between the last read and the kill.
    while (read(ends[0], &done, 1) == 1) ++more;
    close(ends[0]);
    known += told + more;
    const auto all = documents.all();
    ASSERT_TRUE(all) << all.error().message;
    EXPECT_GE(all->size(), static_cast<std::size_t>(known));
    EXPECT_LE(all->size(), static_cast<std::size_t>(known) + 1);
    for (int i = 0; i < known; ++i) EXPECT_TRUE(*documents.find("key" + std::to_string(i))) << i;
    known = static_cast<int>(all->size());
  }
}

}  // namespace
}  // namespace trailsift::server
