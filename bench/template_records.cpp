#include "bench/template_records.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>

#include "bench/delivered_events.h"
#include "bench/random.h"
#include "schema/time.h"

namespace trailsift::bench {
namespace {

// How many of each resource of the real records there are in an account and region.
constexpr std::size_t kVariants = 40;
constexpr std::uint64_t kVariantUse = 31, kOwnUse = 32;
// A time further from the event than this means "never", and stays.
constexpr std::int64_t kFarSeconds = std::int64_t{10} * 366 * 86'400;

constexpr std::array<std::string_view, 9> kKeyPrefixes = {"AKIA", "ASIA", "AROA", "AIDA", "AGPA",
                                                          "AIPA", "ANPA", "ANVA", "ABIA"};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_hex(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f');
}
bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}
bool is_alphanumeric(char c) {
  return is_digit(c) || is_lower(c) || (c >= 'A' && c <= 'Z');
}
bool is_key_char(char c) {
  return is_digit(c) || (c >= 'A' && c <= 'Z');
}

std::uint64_t hash(std::string_view text) {
  std::uint64_t result = text.size();
  for (const char c : text) result = mix(result, static_cast<unsigned char>(c));
  return result;
}

// The length of the text's front that is like `pattern`, in which 0 stands for a digit, x for a
// lower-case hexadecimal digit, and all else for itself; 0 when it is not, or does not end there.
std::size_t like(std::string_view text, std::string_view pattern) {
  if (text.size() < pattern.size()) return 0;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const bool same = pattern[i] == '0'   ? is_digit(text[i])
                      : pattern[i] == 'x' ? is_hex(text[i])
                                          : text[i] == pattern[i];
    if (!same) return 0;
  }
  const bool ends = text.size() == pattern.size() || !is_alphanumeric(text[pattern.size()]);
  return ends ? pattern.size() : 0;
}

std::size_t run(std::string_view text, bool (*is)(char)) {
  return static_cast<std::size_t>(std::ranges::find_if_not(text, is) - text.begin());
}

std::size_t key_length(std::string_view text) {
  const std::size_t size = run(text, is_key_char);
  const bool known = std::ranges::find(kKeyPrefixes, text.substr(0, 4)) != kKeyPrefixes.end();
  const bool ends = size == text.size() || !is_alphanumeric(text[size]);
  return known && ends && size >= 16 && size <= 24 ? size : 0;
}

// The length of the part of a resource's id that stays, "sg-0" of "sg-0123456789abcdef0" and "sg-"
// of "sg-01234567"; 0 for other texts.
std::size_t resource_prefix(std::string_view text) {
  const std::size_t letters = run(text, is_lower);
  if (letters == 0 || letters > 12 || letters == text.size() || text[letters] != '-') return 0;
  const std::string_view id = text.substr(letters + 1);
  const std::size_t digits = run(id, is_hex);
  const bool ends = digits == id.size() || !is_alphanumeric(id[digits]);
  if (!ends || (digits != 8 && digits != 17)) return 0;
  return letters + (digits == 17 && id[0] == '0' ? 2 : 1);
}

// The length of an IPv4 address that is a whole string of the record.
std::size_t address_length(std::string_view text, char before) {
  if (before != '"') return 0;
  const std::size_t size = std::min(text.find('"'), text.size());
  const std::string_view address = text.substr(0, size);
  const bool digits = std::ranges::all_of(address, [](char c) { return is_digit(c) || c == '.'; });
  return digits && std::ranges::count(address, '.') == 3 ? size : 0;
}

}  // namespace

// Cuts one record into pieces.
class TemplateRecords::Compiler {
 public:
  explicit Compiler(const Event& event) : event_(event) {
    region_ = value_of(event, field_index("aws_region")).value_or("");
    request_ = value_of(event, field_index("request_id")).value_or("");
    for (const char* field : {"recipient_account_id", "user_identity_account_id"}) {
      if (account_.empty()) account_ = value_of(event, field_index(field)).value_or("");
    }
  }

  // nullopt when the event's id or time could not be replaced.
  std::optional<Record> compile() {
    std::string text = event_.json;
    std::ranges::replace_if(
        text, [](char c) { return c == '\n' || c == '\r'; }, ' ');
    std::string_view rest = text;
    for (char before = ' '; !rest.empty(); before = last_) {
      const std::size_t size = is_alphanumeric(before) ? 0 : take_special(rest, before);
      if (size == 0) take(Kind::literal, rest.substr(0, 1));
      rest.remove_prefix(std::max<std::size_t>(size, 1));
    }
    if (!has_id_ || !has_time_) return std::nullopt;
    return std::move(record_);
  }

 private:
  // Takes what the text begins with, when that is to be replaced; its length.
  std::size_t take_special(std::string_view text, char before) {
    if (const auto size = like(text, "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx")) {
      return take_uuid(text.substr(0, size));
    }
    if (const auto size = like(text, "0000-00-00T00:00:00Z"))
      return take_time(text.substr(0, size));
    if (const auto size = like(text, "000000000000")) return take_account(text.substr(0, size));
    if (const auto size = key_length(text)) return take(Kind::key, text.substr(0, size));
    if (const auto size = resource_prefix(text)) {
      take(Kind::literal, text.substr(0, size));
      return size + take(Kind::hex, text.substr(size, run(text.substr(size), is_hex)));
    }
    if (const auto size = address_length(text, before)) {
      return take(Kind::address, text.substr(0, size));
    }
    if (!region_.empty() && text.starts_with(region_)) {
      return take(Kind::region, text.substr(0, region_.size()));
    }
    return 0;
  }

  std::size_t take(Kind kind, std::string_view text) {
    last_ = text.back();
    if (kind == Kind::literal && !record_.empty() && record_.back().kind == Kind::literal) {
      record_.back().text += text;
    } else {
      record_.push_back({kind, std::string(text), hash(text), 0});
    }
    return text.size();
  }

  std::size_t take_uuid(std::string_view text) {
    has_id_ = has_id_ || text == event_.id;
    return take(text == event_.id || text == request_ ? Kind::own_uuid : Kind::uuid, text);
  }

  std::size_t take_time(std::string_view text) {
    const auto time = parse_time(text);
    const std::int64_t offset = time ? (*time - event_.time).count() / 1000 : kFarSeconds;
    if (std::abs(offset) >= kFarSeconds) return take(Kind::literal, text);
    take(Kind::time, text);
    record_.back().offset = offset;
    has_time_ = has_time_ || offset == 0;
    return text.size();
  }

  std::size_t take_account(std::string_view text) {
    take(Kind::account, text);
    const std::size_t others = 1 + record_.back().seed % (kAccountCount - 1);
    record_.back().offset = text == account_ ? 0 : static_cast<std::int64_t>(others);
    return text.size();
  }

  const Event& event_;
  std::string_view region_, request_, account_;
  Record record_;
  char last_ = ' ';
  bool has_id_ = false, has_time_ = false;
};

Result<TemplateRecords> TemplateRecords::read(const std::filesystem::path& directory) {
  TemplateRecords templates;
  for_each_event(directory, [&](const Event& event) {
    auto record = Compiler(event).compile();
    if (record) templates.records_.push_back(*std::move(record));
    return true;
  });
  if (templates.records_.empty()) {
    return fail(ErrorCode::not_found, "cannot find a record below '" + directory.string() + "'");
  }
  return templates;
}

void TemplateRecords::append_event(std::size_t index, const Scene& scene, std::string& out) const {
  for (const Piece& piece : records_[index]) append_piece(piece, scene, out);
}

void TemplateRecords::append_piece(const Piece& piece, const Scene& scene, std::string& out) {
  const std::uint64_t variant = skewed(mix(scene.draw, kVariantUse), kVariants);
  const std::uint64_t place = mix(scene.account * kRegionCount + scene.region, variant);
  const std::uint64_t shared = mix(piece.seed, place);
  switch (piece.kind) {
    case Kind::literal: out += piece.text; return;
    case Kind::own_uuid: append_uuid(mix(scene.draw, mix(piece.seed, kOwnUse)), out); return;
    case Kind::uuid: append_uuid(shared, out); return;
    case Kind::time: append_time(scene.time_s + piece.offset, out); return;
    case Kind::account:
      out += account_id((scene.account + static_cast<std::size_t>(piece.offset)) % kAccountCount);
      return;
    case Kind::region: out += region_name(scene.region); return;
    case Kind::key:
      append_key_id(piece.text.substr(0, 4), shared, out);
      append_hex(0, piece.text.size() > 20 ? piece.text.size() - 20 : 0, out);
      return;
    case Kind::hex:
      append_hex(shared, std::min<std::size_t>(piece.text.size(), 16), out);
      if (piece.text.size() > 16) append_hex(mix(shared, 1), piece.text.size() - 16, out);
      return;
    case Kind::address:
      out += shared % 2 == 0 ? "198.51.100." : "203.0.113.";
      out += std::to_string(1 + (shared >> 8) % 254);
      return;
  }
}

}  // namespace trailsift::bench
