#include "tests/support/temp_directory.h"

#include <stdexcept>
#include <stdlib.h>
#include <string>
#include <system_error>

namespace trailsift::test {

TempDirectory::TempDirectory() {
  std::string name = (std::filesystem::temp_directory_path() / "trailsift-test-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make " + name);
  path_ = name;
}

TempDirectory::~TempDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace trailsift::test
