#include <sstream>
#include <string_view>
#include <utility>

#include "schema/flatten.h"
#include "store/columns_reader.h"
#include "store/file.h"
#include "store/segment.h"
#include "store/segment_info.h"
#include "store/xapian_guard.h"

namespace trailsift::store {
namespace {

namespace fs = std::filesystem;

/// Beyond this many, more faults of one kind tell nothing.
constexpr std::size_t kMaxFaults = 20;

class SegmentCheck {
 public:
  explicit SegmentCheck(fs::path directory) : directory_(std::move(directory)) {}

  std::vector<std::string> run() {
    const auto info = read_segment_info(directory_);
    if (!info) {
      add(info.error().message);
      return faults_;
    }
    check_part(kColumnsFile, info->columns);
    check_part(kRecordsFile, info->records);
    // Xapian trusts the bytes it checks, so it only sees those that are what was written.
    if (check_part(kTermsFile, info->terms)) check_terms(info->events);
    check_columns();
    const auto segment = open_segment(directory_);
    if (!segment) {
      add(segment.error().message);
    } else if (faults_.empty()) {  // Else every document would only repeat them.
      check_documents(**segment, *info);
    }
    return faults_;
  }

 private:
  void add(std::string fault) {
    if (faults_.size() < kMaxFaults) faults_.push_back(std::move(fault));
  }
  void add(std::string_view part, const std::string& fault) {
    add("'" + (directory_ / part).string() + "': " + fault);
  }

  bool check_part(std::string_view part, const WrittenFile& expected) {
    const auto found = measure_file(directory_ / part);
    if (!found) {
      add(found.error().message);
      return false;
    }
    const bool same = found->bytes == expected.bytes && found->checksum == expected.checksum;
    if (!same) add(part, "it is not what was written (size or checksum)");
    return same;
  }

  void check_terms(std::uint32_t events) {
    const fs::path path = directory_ / kTermsFile;
    std::ostringstream output;
    const auto errors = guarded(path.string(), [&]() -> Result<std::size_t> {
      const Xapian::Database database(path.string());
      if (database.get_doccount() != events) add(kTermsFile, "it has too few or many documents");
      return Xapian::Database::check(path.string(), 0, &output);
    });
    if (!errors) {
      add(errors.error().message);
    } else if (*errors != 0) {
      add(kTermsFile, "Xapian finds " + std::to_string(*errors) + " errors: " + output.str());
    }
  }

  void check_columns() {
    const auto columns = ColumnsReader::open(directory_ / kColumnsFile);
    if (!columns) return;  // open_segment() says so.
    for (auto& fault : (*columns)->check()) add(std::move(fault));
  }

  void check_documents(const Segment& segment, const SegmentInfo& info) {
    std::string last_id;
    Timestamp last_time = info.newest;
    for (DocId doc = 0; doc < segment.size(); ++doc) {
      const auto event = stored_event(segment, doc);
      if (!event) {
        add(kRecordsFile, event.error().message);
        continue;
      }
      check_document(segment, doc, *event);
      if (event->time > last_time || (event->time == last_time && event->id <= last_id)) {
        add(kColumnsFile, "document " + std::to_string(doc) + " is out of order");
      }
      last_id = event->id;
      last_time = event->time;
    }
    if (last_time != info.oldest) add(kSegmentInfoFile, "the oldest time is wrong");
    const auto first = segment.time(0);
    if (first && *first != info.newest) add(kSegmentInfoFile, "the newest time is wrong");
  }

  static Result<Event> stored_event(const Segment& segment, DocId doc) {
    const auto json = segment.record(doc);
    if (!json) return tl::unexpected(json.error());
    auto event = flatten(*json);
    if (event) return std::move(*event);
    return fail(ErrorCode::corrupt, "document " + std::to_string(doc) +
                                        " is no CloudTrail record: " + event.error().detail);
  }

  /// The columns must say of the document what its record says.
  void check_document(const Segment& segment, DocId doc, const Event& event) {
    const auto time = segment.time(doc);
    if (!time || *time != event.time) {
      add(kColumnsFile, "the time of document " + std::to_string(doc) + " is not its record's");
    }
    const auto ids = segment.column(event_id_field());
    const std::uint32_t ordinal = ids && *ids != nullptr ? (*ids)->ordinal(doc) : 0;
    if (ordinal == 0 || (*ids)->value(ordinal - 1) != event.id) {
      add(kColumnsFile, "the id of document " + std::to_string(doc) + " is not its record's");
    }
    const auto known = segment.contains(event.id);
    if (!known || !*known) {
      add(kColumnsFile, "the id of document " + std::to_string(doc) + " cannot be found");
    }
  }

  const fs::path directory_;
  std::vector<std::string> faults_;
};

}  // namespace

std::vector<std::string> check_segment(const fs::path& directory) {
  return SegmentCheck(directory).run();
}

}  // namespace trailsift::store
