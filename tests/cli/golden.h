#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace trailsift::cli {

/// Compares `text` with tests/cli/golden/`name`. With TRAILSIFT_UPDATE_GOLDEN=1 in the environment
/// the file is rewritten instead; review the difference.
inline void expect_golden(std::string_view name, const std::string& text) {
  const std::filesystem::path path =
      std::filesystem::path(TRAILSIFT_SOURCE_DIR "/tests/cli/golden") / name;
  if (const char* update = std::getenv("TRAILSIFT_UPDATE_GOLDEN"); update != nullptr) {
    std::ofstream(path, std::ios::binary) << text;
    return;
  }
  std::ifstream file(path, std::ios::binary);
  ASSERT_TRUE(file) << "cannot open " << path << "; TRAILSIFT_UPDATE_GOLDEN=1 writes it";
  const std::string want{std::istreambuf_iterator<char>(file), {}};
  EXPECT_EQ(text, want) << path << "; TRAILSIFT_UPDATE_GOLDEN=1 rewrites it";
}

}  // namespace trailsift::cli
