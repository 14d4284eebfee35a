#include "indexer/directory_store.h"

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/temp_directory.h"

namespace trailsift::indexer {
namespace {

namespace fs = std::filesystem;

class DirectoryStoreTest : public ::testing::Test {
 protected:
  DirectoryStoreTest() {
    for (const std::string_view key : {"a/CloudTrail/1", "a/CloudTrail/2", "a/CloudTrail-Digest/1",
                                       "a/CloudTrail.txt", "b", "a-b/c", "a/b/c/d"}) {
      put(std::string(key), "at " + std::string(key));
    }
  }

  void put(const std::string& key, std::string_view text) const {
    fs::create_directories((root() / key).parent_path());
    std::ofstream(root() / key, std::ios::binary) << text;
  }

  fs::path root() const { return directory_.path() / "tree"; }

  std::string listed(const std::string& key_prefix, const std::string& prefix,
                     const std::string& after, std::size_t most = 100) const {
    const auto store = directory_store(root(), key_prefix);
    std::string keys;
    std::size_t count = 0;
    const auto done = store->list("any", prefix, after, [&](const std::string& key) {
      keys += key + " ";
      return ++count < most;
    });
    EXPECT_TRUE(done);
    return keys;
  }

  test::TempDirectory directory_;
};

TEST_F(DirectoryStoreTest, ListsInTheOrderOfTheBytesOfKeys) {
  const std::string all =
      "a-b/c a/CloudTrail-Digest/1 a/CloudTrail.txt a/CloudTrail/1 "
      "a/CloudTrail/2 a/b/c/d b ";
  EXPECT_EQ(listed("", "", ""), all);
  EXPECT_EQ(listed("", "", "", 2), "a-b/c a/CloudTrail-Digest/1 ");
  EXPECT_EQ(listed("", "a/CloudTrail", ""),
            "a/CloudTrail-Digest/1 a/CloudTrail.txt a/CloudTrail/1 a/CloudTrail/2 ");
  EXPECT_EQ(listed("", "a/CloudTrail/", "a/CloudTrail/1"), "a/CloudTrail/2 ");
  EXPECT_EQ(listed("", "", "a/CloudTrail0"), "a/b/c/d b ");
  EXPECT_EQ(listed("", "", "c"), "");
  EXPECT_EQ(listed("", "absent/", ""), "");
}

TEST_F(DirectoryStoreTest, MayBeAPartOfTheBucket) {
  EXPECT_EQ(listed("p/q/", "p/q/a/b", ""), "p/q/a/b/c/d ");
  EXPECT_EQ(listed("p/q/", "p/", "p/q/a/b"), "p/q/a/b/c/d p/q/b ");
  EXPECT_EQ(listed("p/q/", "x/", ""), "");
  EXPECT_EQ(listed("p/q/", "", "p/r"), "");
  EXPECT_EQ(listed("p/q/", "", "p/a"), listed("p/q/", "", ""));
  const auto store = directory_store(root(), "p/q/");
  EXPECT_EQ(store->get("any", "p/q/b")->bytes, "at b");
  EXPECT_EQ(store->name("any", "p/q/b"), (root() / "b").native());
  EXPECT_EQ(store->get("any", "b").error().code, ErrorCode::not_found);
}

TEST_F(DirectoryStoreTest, StaysInItsTree) {
  put("../outside", "secret");
  fs::create_symlink(directory_.path() / "outside", root() / "link");
  fs::create_directory_symlink(directory_.path(), root() / "up");
  const auto store = directory_store(root(), "");
  for (const std::string key : {"../outside", "a/../../outside", "/etc/passwd", "", "a//b", "./b",
                                "b/", "b/c", "absent", "link", "up/outside", "a"}) {
    EXPECT_FALSE(store->get("any", key)) << key;
  }
  EXPECT_FALSE(store->get("any", std::string("b\0c", 3)));
  EXPECT_EQ(listed("", "", "b"), "");
  EXPECT_EQ(store->get("any", "b")->bytes, "at b");
}

TEST_F(DirectoryStoreTest, TakesMetadataFromBesideTheObject) {
  const auto store = directory_store(root(), "");
  EXPECT_FALSE(store->has_metadata());
  EXPECT_TRUE(store->get("any", "b")->metadata.empty());
  put("b.metadata.json", R"({"ContentLength":4,"Metadata":{"signature":"50ab","n":7}})");
  const std::map<std::string, std::string> want = {{"signature", "50ab"}};
  EXPECT_EQ(store->get("any", "b")->metadata, want);
  put("b.metadata.json", R"({"signature":"50ab"})");
  EXPECT_EQ(store->get("any", "b")->metadata, want);
  for (const std::string_view wrong : {"", "[]", "{\"Metadata\":7}", "50ab"}) {
    put("b.metadata.json", wrong);
    const auto object = store->get("any", "b");
    ASSERT_FALSE(object) << wrong;
    EXPECT_EQ(object.error().code, ErrorCode::corrupt);
  }
}

}  // namespace
}  // namespace trailsift::indexer
