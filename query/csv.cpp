#include "query/csv.h"

#include <algorithm>
#include <exception>
#include <new>
#include <utility>
#include <vector>

#include <csv.h>

namespace trailsift::query {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// libcsv, one line at a time.
class LineParser {
 public:
  LineParser() { begin(); }
  ~LineParser() { csv_free(&parser_); }
  LineParser(const LineParser&) = delete;
  LineParser& operator=(const LineParser&) = delete;

  /// The fields of the line; none of an empty line.
  Result<std::span<const std::string>> parse(std::string_view line) {
    fields_.clear();
    const bool parsed =
        csv_parse(&parser_, line.data(), line.size(), add_field, end_row, this) == line.size() &&
        csv_fini(&parser_, add_field, end_row, this) == 0;
    const int error = csv_error(&parser_);
    if (!parsed) restart();
    if (failed_ || (!parsed && error != CSV_EPARSE)) throw std::bad_alloc();
    if (!parsed) {
      return fail(ErrorCode::bad_request,
                  "expected quotes around a whole field, and doubled inside of it");
    }
    return std::span<const std::string>(fields_);
  }

 private:
  void begin() {
    csv_init(&parser_, CSV_STRICT | CSV_STRICT_FINI);
    csv_set_term_func(&parser_, [](unsigned char) { return 0; });  // Lines come one by one.
  }
  void restart() {
    csv_free(&parser_);
    begin();
  }

  /// No exception may pass through the library, which is C.
  static void add_field(void* text, std::size_t size, void* self) {
    auto& parser = *static_cast<LineParser*>(self);
    try {
      parser.fields_.emplace_back(static_cast<const char*>(text), size);
    } catch (const std::exception&) {
      parser.failed_ = true;
    }
  }
  static void end_row(int /*terminator*/, void* /*self*/) {}

  csv_parser parser_{};
  std::vector<std::string> fields_;
  bool failed_ = false;
};

}  // namespace

void read_csv(std::string_view text, const CsvTaker& taker) {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  LineParser parser;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.size() > kMaxCsvLineBytes) {
      taker.refuse(number, "expected at most " + std::to_string(kMaxCsvLineBytes) + " bytes, got " +
                               std::to_string(line.size()));
      continue;
    }
    const auto fields = parser.parse(line);
    if (fields && fields->empty()) continue;
    const auto taken = fields ? taker.take(*fields) : Result<void>(tl::unexpected(fields.error()));
    if (!taken) taker.refuse(number, taken.error().message);
  }
}

}  // namespace trailsift::query
