#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "indexer/source.h"
#include "tests/indexer/staged_run.h"

namespace trailsift::indexer::testing {
namespace {

namespace fs = std::filesystem;

std::string content(const Blob& blob) {
  const auto stream = blob.open({});
  if (!stream) return "!" + stream.error().message;
  std::string text;
  std::string buffer(3, '\0');
  while (true) {
    const auto size = (*stream)->read(buffer);
    if (!size) return "!" + size.error().message;
    if (*size == 0) return text;
    text.append(buffer, 0, *size);
  }
}

/// `name=content` of every blob, with `root` cut from the names.
std::vector<std::string> all(std::vector<std::string> paths, const fs::path& root) {
  const auto source = file_source(std::move(paths));
  std::vector<std::string> found;
  while (true) {
    auto blob = source->next();
    EXPECT_TRUE(blob) << blob.error().message;
    if (!blob || *blob == nullptr) return found;
    std::string line = (*blob)->name() + "=" + content(**blob);
    for (auto at = line.find(root.native()); at != std::string::npos;
         at = line.find(root.native())) {
      line.erase(at, root.native().size());
    }
    found.push_back(std::move(line));
  }
}

using Lines = std::vector<std::string>;

TEST(FileSource, WalksTreesInOrderOfNames) {
  const TempDirectory directory;
  directory.write("b/2.json", "2");
  directory.write("b/10.json", "10");
  directory.write("a.json", "a");
  directory.write("c/d/e/f.json", "f");
  directory.write("empty/x", "");
  fs::create_directory(directory.path() / "nothing");
  EXPECT_EQ(all({directory.path()}, directory.path()),
            (Lines{"/a.json=a", "/b/10.json=10", "/b/2.json=2", "/c/d/e/f.json=f", "/empty/x="}));
}

TEST(FileSource, TakesPathsInTheOrderGiven) {
  const TempDirectory directory;
  const std::string b = directory.write("b", "1");
  const std::string a = directory.write("a", "2");
  directory.write("t/x", "3");
  EXPECT_EQ(all({b, directory.path() / "t", a}, directory.path()),
            (Lines{"/b=1", "/t/x=3", "/a=2"}));
}

TEST(FileSource, NamesFilesAsTheyWereTyped) {
  const TempDirectory directory;
  directory.write("t/x", "3");
  const fs::path before = fs::current_path();
  fs::current_path(directory.path());
  EXPECT_EQ(all({"t/"}, "//"), (Lines{"t/x=3"}));
  EXPECT_EQ(all({"./t"}, "//"), (Lines{"./t/x=3"}));
  fs::current_path(before);
}

TEST(FileSource, NamesAreUtf8) {
  const TempDirectory directory;
  directory.write("a\xff", "1");
  EXPECT_EQ(all({directory.path()}, directory.path()), (Lines{"/a\uFFFD=1"}));
}

TEST(FileSource, FollowsLinksOnlyWhenGiven) {
  const TempDirectory directory;
  const fs::path& root = directory.path();
  directory.write("outside/o", "o");
  directory.write("tree/f", "f");
  fs::create_symlink(root / "outside", root / "tree/dir_link");
  fs::create_symlink(root / "outside/o", root / "tree/file_link");
  fs::create_symlink(root / "tree", root / "tree/loop");
  fs::create_symlink("nowhere", root / "tree/broken");
  fs::create_symlink(root / "outside/o", root / "given_file");
  fs::create_symlink(root / "tree", root / "given_dir");
  EXPECT_EQ(all({root / "tree"}, root), (Lines{"/tree/f=f"}));
  EXPECT_EQ(all({root / "given_file", root / "given_dir"}, root),
            (Lines{"/given_file=o", "/given_dir/f=f"}));
}

TEST(FileSource, PassesOverSpecialFilesInTrees) {
  const TempDirectory directory;
  directory.write("f", "f");
  ASSERT_EQ(mkfifo((directory.path() / "pipe").c_str(), 0600), 0);
  EXPECT_EQ(all({directory.path()}, directory.path()), (Lines{"/f=f"}));
}

TEST(FileSource, ReadsAPipeThatIsGiven) {
  const TempDirectory directory;
  const fs::path pipe = directory.path() / "pipe";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  const std::jthread writer([&] { std::ofstream(pipe) << "through a pipe"; });
  EXPECT_EQ(all({pipe}, directory.path()), (Lines{"/pipe=through a pipe"}));
}

TEST(FileSource, StopsWaitingForAPipe) {
  const TempDirectory directory;
  const fs::path pipe = directory.path() / "pipe";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  std::stop_source stop;
  std::ofstream writer;
  std::jthread opener([&] { writer.open(pipe); });  // Opens both ends, and writes nothing.
  const auto source = file_source({pipe});
  const auto stream = (*source->next())->open(stop.get_token());
  ASSERT_TRUE(stream);
  opener.join();
  stop.request_stop();
  std::string buffer(3, '\0');
  EXPECT_FALSE((*stream)->read(buffer));
}

TEST(FileSource, WhatCannotBeReadIsAFileThatDoesNotOpen) {
  const TempDirectory directory;
  const std::string good = directory.write("good", "1");
  EXPECT_EQ(all({directory.path() / "missing", good}, directory.path()),
            (Lines{"/missing=!cannot open '/missing': No such file or directory", "/good=1"}));
}

TEST(FileSource, GoesOnBehindAFolderThatCannotBeListed) {
  if (geteuid() == 0) GTEST_SKIP() << "root may list everything";
  const TempDirectory directory;
  directory.write("a/x", "x");
  directory.write("b/y", "y");
  fs::permissions(directory.path() / "a", fs::perms::none);
  EXPECT_EQ(all({directory.path()}, directory.path()),
            (Lines{"/a=!cannot open '/a': Permission denied", "/b/y=y"}));
  fs::permissions(directory.path() / "a", fs::perms::owner_all);
}

TEST(FileSource, CountsInAdvance) {
  const TempDirectory directory;
  directory.write("t/a", "12345");
  directory.write("t/u/b", "123");
  const std::string c = directory.write("c", "1");
  const auto source = file_source({directory.path() / "t", c, directory.path() / "missing"});
  const auto total = source->total({});
  ASSERT_TRUE(total);
  EXPECT_EQ(total->files, 4U);
  EXPECT_EQ(total->bytes, 9U);
  EXPECT_FALSE(file_source({"-", c})->total({})) << "nobody knows how much standard input holds";
}

TEST(FileSource, StopsCounting) {
  const TempDirectory directory;
  directory.write("t/a", "12345");
  std::stop_source stop;
  stop.request_stop();
  EXPECT_FALSE(file_source({directory.path()})->total(stop.get_token()));
}

}  // namespace
}  // namespace trailsift::indexer::testing
