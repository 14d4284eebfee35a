#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "indexer/record_reader.h"
#include "schema/error.h"
#include "schema/flatten.h"
#include "schema/time.h"

namespace trailsift::indexer {

/// What the bytes of an entry are. The numbers are on disk.
enum class QuarantinedAs : std::uint8_t {
  stretch = 0,  ///< A stretch of a file's text: a record, usually.
  file = 1,     ///< A delivered file, as it came (compressed).
  message = 2,  ///< A message that announces files or holds records.
};

/// One thing that came and was not indexed: a record, a file or a message.
struct QuarantineEntry {
  Timestamp seen;
  std::string source;        ///< The blob's name.
  std::uint64_t offset = 0;  ///< Where in the (inflated) file.
  Reject reason = Reject::invalid_json;
  std::string detail;
  std::string excerpt;  ///< The first bytes of the text there, at most kMaxExcerptBytes.
  QuarantinedAs kind = QuarantinedAs::stretch;
  std::string bytes = {};  ///< All of it, at most kMaxKeptBytes; empty when it was not kept.
  std::uint64_t size = 0;  ///< Of all of it, whether it was kept or not; 0 when not known.
};

/// An entry as it stands on the list.
struct ListedEntry : QuarantineEntry {
  /// Twelve hexadecimal digits, made of source, offset and reason: the same thing keeps its id.
  std::string id;
  bool has_bytes = false;  ///< Listings leave `bytes` out.
};

constexpr std::uint64_t kMaxQuarantineEntries = 100'000;
/// Of bytes that are kept whole; beyond it, entries have their excerpts alone.
constexpr std::uint64_t kMaxQuarantineBytes = 512ULL << 20;

/// The list of what was not indexed, in `quarantine.sqlite` of the data directory. One thread;
/// other processes may read and change the list at the same time.
class Quarantine {
 public:
  /// Takes over the entries of a list of the previous format, `quarantine.ndjson`: they have no
  /// bytes. `corrupt` when the list is damaged or of another format.
  static Result<std::unique_ptr<Quarantine>> open(const std::filesystem::path& data_directory);
  virtual ~Quarantine() = default;

  /// What is on the list already (same source, offset and reason) is not listed twice, but gets
  /// bytes that it lacks. False: not listed, as the list has kMaxQuarantineEntries; the account
  /// still counts it, and a delivery must not be acknowledged for it.
  virtual Result<bool> add(const QuarantineEntry& entry) = 0;
  /// Makes what was added durable.
  virtual Result<void> flush() = 0;
};

/// Calls `visit` for every entry, oldest first, until it returns false. No list yet means no
/// entries. `data_directory` must exist.
Result<void> for_each_quarantined(const std::filesystem::path& data_directory,
                                  const std::function<bool(const ListedEntry&)>& visit);

/// Some of the list, oldest first.
struct QuarantinePage {
  std::vector<ListedEntry> entries;
  std::string cursor;  ///< For the next page, whatever is dropped meanwhile; empty on the last.
};

/// At most `limit` entries from the cursor of the page before on; "": the first page. A bad cursor
/// is a bad_request.
Result<QuarantinePage> page_of_quarantined(const std::filesystem::path& data_directory,
                                           std::size_t limit, const std::string& cursor);

/// How many entries there are.
Result<std::uint64_t> count_quarantined(const std::filesystem::path& data_directory);

/// The whole ids that begin with the given texts, of at least four digits each, in the order of the
/// list. not_found when one fits no entry, bad_request when it fits several or is no id.
Result<std::vector<std::string>> find_quarantined(const std::filesystem::path& data_directory,
                                                  std::span<const std::string> beginnings);

/// The entry with its bytes.
Result<ListedEntry> read_quarantined(const std::filesystem::path& data_directory,
                                     const std::string& id);

/// Takes entries off the list, all of them or none; durable when it returns. Ids that are not on
/// the list are passed over. The number of entries that went.
Result<std::uint64_t> drop_quarantined(const std::filesystem::path& data_directory,
                                       std::span<const std::string> ids);

/// Reads every byte of the list. What is wrong, one line each.
Result<std::vector<std::string>> check_quarantine(const std::filesystem::path& data_directory);

/// "stretch", "file", "message".
std::string_view name(QuarantinedAs kind);

}  // namespace trailsift::indexer
