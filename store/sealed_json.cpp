#include "store/sealed_json.h"

#include "store/checksum.h"

namespace trailsift::store {
namespace {

constexpr std::string_view kBefore = R"({"xxh3":")";
constexpr std::string_view kBetween = R"(","content":)";
constexpr std::string_view kAfter = "}\n";

std::string opening(std::string_view content) {
  return std::string(kBefore) + hex(checksum(content)) + std::string(kBetween);
}

}  // namespace

std::string seal(std::string_view content) {
  return opening(content) + std::string(content) + std::string(kAfter);
}

Result<std::string_view> unseal(std::string_view text) {
  const std::size_t begin = kBefore.size() + hex(0).size() + kBetween.size();
  if (text.size() < begin + kAfter.size()) return fail(ErrorCode::corrupt, "it is too short");
  const auto content = text.substr(begin, text.size() - begin - kAfter.size());
  if (!text.starts_with(opening(content)) || !text.ends_with(kAfter)) {
    return fail(ErrorCode::corrupt, "its checksum is wrong");
  }
  return content;
}

}  // namespace trailsift::store
