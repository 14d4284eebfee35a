#include "store/sealed_json.h"

#include <utility>

#include "store/checksum.h"
#include "store/file.h"

namespace trailsift::store {
namespace {

constexpr std::string_view kBefore = R"({"xxh3":")";
constexpr std::string_view kBetween = R"(","content":)";
constexpr std::string_view kAfter = "}\n";

std::string opening(std::string_view content) {
  return std::string(kBefore) + hex(checksum(content)) + std::string(kBetween);
}

tl::unexpected<Error> other_format(const std::filesystem::path& path, std::uint64_t format,
                                   std::string_view age, std::uint64_t expected,
                                   std::string_view advice) {
  std::string message = "cannot read '" + path.string() + "': its format " + std::to_string(format);
  message.append(" is ").append(age).append(" than this program's, which is ");
  message.append(std::to_string(expected)).append(advice);
  return fail(ErrorCode::corrupt, std::move(message));
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

Result<rapidjson::Document> sealed_object(const std::filesystem::path& path, std::string_view text,
                                          FormatRange formats, std::string_view advice) {
  const auto content = unseal(text);
  if (!content) return corrupt_file(path, content.error().message, advice);
  rapidjson::Document json;
  json.Parse<rapidjson::kParseIterativeFlag>(content->data(), content->size());
  if (json.HasParseError() || !json.IsObject())
    return corrupt_file(path, "it is no JSON object", advice);
  const auto format = number_member(json, "format");
  if (!format) return corrupt_file(path, "it has no format version", advice);
  if (*format > formats.newest) return other_format(path, *format, "newer", formats.newest, "");
  if (*format < formats.oldest) {
    return other_format(path, *format, "older", formats.oldest,
                        "; index the files again into a new data directory");
  }
  return json;
}

tl::unexpected<Error> corrupt_file(const std::filesystem::path& path, std::string_view why,
                                   std::string_view advice) {
  std::string message = "'" + path.string() + "' is corrupt: ";
  message.append(why);
  if (!advice.empty()) message.append("; ").append(advice);
  return fail(ErrorCode::corrupt, std::move(message));
}

Result<void> write_sealed(const std::filesystem::path& path, std::string_view json, bool durable) {
  auto file = FileWriter::create(path);
  if (!file) return tl::unexpected(file.error());
  if (auto done = file->append(seal(json)); !done) return done;
  if (auto done = file->finish(durable); !done) return tl::unexpected(done.error());
  return {};
}

Result<void> replace_sealed(const std::filesystem::path& path, std::string_view json,
                            bool durable) {
  const std::filesystem::path temporary = path.string() + std::string(kReplacementSuffix);
  if (auto done = write_sealed(temporary, json, durable); !done) return done;
  if (auto done = rename_file(temporary, path); !done) return done;
  return durable ? sync_directory(path.parent_path()) : Result<void>();
}

std::optional<std::uint64_t> number_member(const rapidjson::Value& object, const char* name) {
  const auto found = object.FindMember(name);
  if (found == object.MemberEnd() || !found->value.IsUint64()) return std::nullopt;
  return found->value.GetUint64();
}

}  // namespace trailsift::store
