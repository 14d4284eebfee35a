#include "server/keyed_documents.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <system_error>
#include <utility>

#include <rapidjson/document.h>

#include "server/json_out.h"
#include "store/checksum.h"
#include "store/file.h"
#include "store/sealed_json.h"

namespace trailsift::server {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kFormat = 1;
constexpr std::size_t kMaxFileBytes = std::size_t{64} << 20;

constexpr std::string_view kAdvice = "put back a copy, or move it away to begin anew";

std::optional<std::string> text_of(const rapidjson::Value& object, const char* name) {
  const auto found = object.FindMember(name);
  if (found == object.MemberEnd() || !found->value.IsString()) return std::nullopt;
  return std::string(found->value.GetString(), found->value.GetStringLength());
}

std::optional<KeyedDocument> document_of(const rapidjson::Value& row) {
  if (!row.IsObject()) return std::nullopt;
  auto key = text_of(row, "key");
  auto text = text_of(row, "text");
  const auto created = parse_time(text_of(row, "created").value_or(""));
  const auto updated = parse_time(text_of(row, "updated").value_or(""));
  if (!key || !text || !created || !updated) return std::nullopt;
  return KeyedDocument{std::move(*key), std::move(*text), *created, *updated};
}

Result<std::vector<KeyedDocument>> parse(const fs::path& file, std::string_view sealed) {
  const auto json = store::sealed_object(file, sealed, {kFormat, kFormat}, kAdvice);
  if (!json) return tl::unexpected(json.error());
  const rapidjson::Value& root = *json;
  const auto rows = root.FindMember("documents");
  if (rows == root.MemberEnd() || !rows->value.IsArray()) {
    return store::corrupt_file(file, "it has no documents", kAdvice);
  }
  std::vector<KeyedDocument> documents;
  for (const auto& row : rows->value.GetArray()) {
    auto document = document_of(row);
    if (!document) return store::corrupt_file(file, "a document lacks a member", kAdvice);
    documents.push_back(std::move(*document));
  }
  return documents;
}

std::string to_json(const std::vector<KeyedDocument>& documents) {
  JsonOut out;
  out.begin_object();
  out.member("format", kFormat);
  out.key("documents");
  out.begin_array();
  for (const KeyedDocument& document : documents) {
    out.begin_object();
    out.member("key", document.key);
    out.member("text", document.text);
    out.member("created", format_time(document.created));
    out.member("updated", format_time(document.updated));
    out.end_object();
  }
  out.end_array();
  out.end_object();
  return out.text();
}

/// Keeps other processes out for as long as it lives.
Result<store::FileDescriptor> lock(const fs::path& file) {
  const fs::path path = file.string() + ".lock";
  auto fd = store::open_file(path, O_RDWR | O_CREAT);
  if (!fd) return fd;
  while (::flock(fd->get(), LOCK_EX) != 0) {
    if (errno == EINTR) continue;
    return fail(ErrorCode::io,
                "cannot lock '" + path.string() + "': " + std::generic_category().message(errno));
  }
  return fd;
}

bool is_as_expected(const std::vector<KeyedDocument>& documents,
                    std::vector<KeyedDocument>::const_iterator found, const Expectation& expected) {
  const bool there = found != documents.end();
  if (expected.nothing && there) return false;
  if (!expected.tag) return true;
  return there && (*expected.tag == "*" || *expected.tag == found->tag());
}

}  // namespace

std::string KeyedDocument::tag() const {
  return '"' + store::hex(store::checksum(key + '\0' + text + '\0' + format_time(updated))) + '"';
}

Result<std::vector<KeyedDocument>> KeyedDocuments::all() const {
  const auto text = store::read_file(file_, kMaxFileBytes);
  if (text) return parse(file_, *text);
  if (text.error().code == ErrorCode::not_found) return std::vector<KeyedDocument>();
  return tl::unexpected(text.error());
}

Result<std::optional<KeyedDocument>> KeyedDocuments::find(std::string_view key) const {
  auto documents = all();
  if (!documents) return tl::unexpected(documents.error());
  const auto found = std::ranges::find(*documents, key, &KeyedDocument::key);
  if (found == documents->end()) return std::optional<KeyedDocument>();
  return std::optional(std::move(*found));
}

Result<std::optional<KeyedDocument>> KeyedDocuments::put(std::string_view key, std::string text,
                                                         Timestamp now,
                                                         const Expectation& expected) {
  const std::lock_guard guard(mutex_);
  if (auto made = store::make_directory(file_.parent_path()); !made) {
    return tl::unexpected(made.error());
  }
  const auto locked = lock(file_);
  if (!locked) return tl::unexpected(locked.error());
  auto documents = all();
  if (!documents) return tl::unexpected(documents.error());
  const auto found = std::ranges::find(*documents, key, &KeyedDocument::key);
  if (!is_as_expected(*documents, found, expected)) return std::optional<KeyedDocument>();
  KeyedDocument changed{std::string(key), std::move(text), now, now};
  if (found != documents->end()) {
    changed.created = found->created;
    // A change within the clock's step is one all the same.
    changed.updated = std::max(now, found->updated + std::chrono::milliseconds(1));
    documents->erase(found);
  }
  documents->push_back(changed);
  if (auto done = make_room(*documents); !done) return tl::unexpected(done.error());
  if (auto done = write(*documents); !done) return tl::unexpected(done.error());
  return std::optional(std::move(changed));
}

Result<KeyedDocuments::Removed> KeyedDocuments::remove(std::string_view key,
                                                       const Expectation& expected) {
  const std::lock_guard guard(mutex_);
  auto documents = all();  // Where there is no file, there may be no directory for a lock either.
  if (!documents) return tl::unexpected(documents.error());
  if (documents->empty()) return Removed::not_there;
  const auto locked = lock(file_);
  if (!locked) return tl::unexpected(locked.error());
  documents = all();
  if (!documents) return tl::unexpected(documents.error());
  const auto found = std::ranges::find(*documents, key, &KeyedDocument::key);
  if (found == documents->end()) return Removed::not_there;
  if (!is_as_expected(*documents, found, expected)) return Removed::not_as_expected;
  documents->erase(found);
  if (auto done = write(*documents); !done) return tl::unexpected(done.error());
  return Removed::yes;
}

Result<void> KeyedDocuments::make_room(std::vector<KeyedDocument>& documents) const {
  std::size_t bytes = 0;
  for (const KeyedDocument& document : documents)
    bytes += document.key.size() + document.text.size();
  std::size_t dropped = 0;
  const auto fits = [&] {
    return documents.size() - dropped <= limits_.documents && bytes <= limits_.bytes;
  };
  while (limits_.evicts && !fits() && dropped + 1 < documents.size()) {
    bytes -= documents[dropped].key.size() + documents[dropped].text.size();
    ++dropped;
  }
  if (!fits()) {
    return fail(ErrorCode::too_large, "there is no room: the limits are " +
                                          std::to_string(limits_.documents) + " of them and " +
                                          std::to_string(limits_.bytes) + " bytes");
  }
  documents.erase(documents.begin(), documents.begin() + static_cast<std::ptrdiff_t>(dropped));
  return {};
}

Result<void> KeyedDocuments::write(const std::vector<KeyedDocument>& documents) const {
  return store::replace_sealed(file_, to_json(documents), true);
}

}  // namespace trailsift::server
