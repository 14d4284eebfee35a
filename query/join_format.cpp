#include "query/join_format.h"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "query/csv.h"
#include "query/quote.h"
#include "schema/utf8.h"
#include "schema/words.h"

namespace trailsift::query {
namespace {

constexpr std::size_t kMiB = std::size_t{1} << 20;

tl::unexpected<Error> expected(std::string_view wanted, std::string_view got) {
  return fail(ErrorCode::bad_request,
              "expected " + std::string(wanted) + ", got " + in_quotes(got));
}

/// Whether it is UTF-8 without the control characters C0, DEL and C1.
bool is_plain(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x20 || byte == 0x7F) return false;
    const bool c1 =
        byte == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0;
    if (c1) return false;
  }
  return !find_invalid_utf8(text);
}

Result<std::string> read_account_id(const std::string& text) {
  constexpr std::size_t kDigits = 12;
  const bool digits = !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
  if (!digits || text.size() > kDigits) return expected("an account id of 12 digits", text);
  return std::string(kDigits - text.size(), '0') + text;
}

Result<std::string> read_account_name(const std::string& text) {
  if (text.empty()) return expected("an account name", text);
  if (text.size() > kMaxAccountNameBytes || !is_plain(text)) {
    return expected("an account name of at most " + std::to_string(kMaxAccountNameBytes) +
                        " bytes of UTF-8 without control characters",
                    text);
  }
  return text;
}

Result<std::string> read_log_file(const std::string& text) {
  if (text.empty()) return expected("the name of a log file", text);
  return text;
}

Result<std::string> read_integrity(const std::string& text) {
  constexpr std::array kVerdicts = {"verified", "unverified", "missing", "tampered"};
  if (std::ranges::find(kVerdicts, text) != kVerdicts.end()) return text;
  return expected("verified, unverified, missing or tampered", text);
}

/// Takes the lines of one file.
class JoinReader {
 public:
  explicit JoinReader(const JoinFormat& format) : format_(format) {}

  Result<ReadJoin> read(std::string_view text) {
    read_csv(text, {[this](auto fields) { return take(fields); },
                    [this](auto line, const auto& why) { refuse(line, why); }});
    if (taken_ == 0 && refused_ > 0) {
      return fail(ErrorCode::bad_request,
                  "expected lines of " + names() + ", got none; " + faults_.front());
    }
    if (refused_ > kMaxJoinFaults) {
      faults_.push_back("and " + std::to_string(refused_ - kMaxJoinFaults) + " lines more");
    }
    return ReadJoin{rows_.build(), std::move(faults_)};
  }

 private:
  std::string names() const {
    return std::string(format_.key_name) + "," + std::string(format_.value_name);
  }

  Result<void> take(std::span<const std::string> fields) {
    if (fields.size() != 2) {
      return fail(ErrorCode::bad_request,
                  "expected two fields, " + names() + ", got " + std::to_string(fields.size()));
    }
    if (std::exchange(first_, false) && is_header(fields)) return {};
    auto key = format_.read_key(fields[0]);
    if (!key) return tl::unexpected(key.error());
    auto value = format_.read_value(fields[1]);
    if (!value) return tl::unexpected(value.error());
    rows_.add(*key, *value);
    ++taken_;
    return {};
  }

  bool is_header(std::span<const std::string> fields) const {
    return fold(fields[0]) == fold(format_.key_name) && fold(fields[1]) == fold(format_.value_name);
  }

  void refuse(std::size_t line, const std::string& why) {
    if (refused_++ < kMaxJoinFaults) faults_.push_back("line " + std::to_string(line) + ": " + why);
  }

  const JoinFormat& format_;
  JoinTable::Builder rows_;
  std::vector<std::string> faults_;
  std::size_t taken_ = 0;
  std::size_t refused_ = 0;
  bool first_ = true;
};

}  // namespace

const JoinFormat& account_names_format() {
  static constexpr JoinFormat kFormat{.field = "account_name",
                                      .key_name = "accountId",
                                      .value_name = "accountName",
                                      .max_bytes = 16 * kMiB,
                                      .read_key = read_account_id,
                                      .read_value = read_account_name};
  return kFormat;
}

const JoinFormat& integrity_format() {
  static constexpr JoinFormat kFormat{.field = "integrity",
                                      .key_name = "log_file",
                                      .value_name = "integrity",
                                      .max_bytes = 512 * kMiB,
                                      .read_key = read_log_file,
                                      .read_value = read_integrity};
  return kFormat;
}

Result<ReadJoin> read_join_table(std::string_view text, const JoinFormat& format) {
  return JoinReader(format).read(text);
}

}  // namespace trailsift::query
