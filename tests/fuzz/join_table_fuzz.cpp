// A csv file of a joined field: whatever its bytes, every line is taken or refused, and what is in
// the table is what its field allows.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "query/join_format.h"

namespace {

using namespace trailsift::query;

void require(bool condition) {
  if (!condition) std::abort();
}

void expect_good_table(std::string_view text, const JoinFormat& format) {
  const auto read = read_join_table(text, format);
  if (!read) return require(!read.error().message.empty());
  require(read->faults.size() <= kMaxJoinFaults + 1);
  for (const auto& value : read->table.values()) {
    const auto again = format.read_value(value);
    require(again && *again == value);
  }
  require(read->table.values().size() <= text.size());
  require(read->table.size() <= text.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  expect_good_table(text, account_names_format());
  expect_good_table(text, integrity_format());
  return 0;
}
