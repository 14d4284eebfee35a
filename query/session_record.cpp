#include "query/session_record.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include "schema/field.h"
#include "schema/number.h"

namespace trailsift::query {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kTemporaryKey = "ASIA";

std::string leaf_of(const Event& event, std::string_view path) {
  const auto found = std::ranges::find(event.leaves, path, &Leaf::path);
  return found == event.leaves.end() ? std::string() : found->value;
}

std::optional<int> number_of(std::string_view text) {
  const auto number = parse_number<int>(text);
  return number && *number >= 0 ? number : std::nullopt;
}

/// What stands between blanks, commas, colons and bytes beyond ASCII (a narrow space before "AM").
std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  const auto parts = [](char c) {
    return c == ' ' || c == ',' || c == ':' || static_cast<unsigned char>(c) >= 0x80;
  };
  while (!text.empty()) {
    const auto end = static_cast<std::size_t>(std::ranges::find_if(text, parts) - text.begin());
    if (end > 0) words.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

std::optional<unsigned> month_of(std::string_view word) {
  constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto found = std::ranges::find(kMonths, word);
  if (found == kMonths.end()) return std::nullopt;
  return static_cast<unsigned>(found - kMonths.begin()) + 1;
}

/// Hours of the day of `12` and "AM".
std::optional<int> hour_of(std::string_view hour, std::string_view half) {
  const auto number = number_of(hour);
  if (!number || *number < 1 || *number > 12 || (half != "AM" && half != "PM")) return std::nullopt;
  return *number % 12 + (half == "PM" ? 12 : 0);
}

std::chrono::seconds duration_of(const Event& event, const std::string& name) {
  const auto told = number_of(leaf_of(event, session_paths::kDuration));
  if (told && *told > 0 && std::chrono::seconds(*told) <= kLongestSession) {
    return std::chrono::seconds(*told);
  }
  return name.starts_with("AssumeRole") ? 1h : 12h;
}

bool is_sign_in(const Event& event, const std::string& name) {
  return name == "ConsoleLogin" && leaf_of(event, session_paths::kConsoleLogin) == "Success" &&
         !identity_of(event).is_session();
}

std::string first_leaf(const Event& event, std::string_view one, std::string_view other) {
  std::string found = leaf_of(event, one);
  return found.empty() ? leaf_of(event, other) : found;
}

}  // namespace

std::string text_of(const Event& event, const char* field) {
  return std::string(value_of(event, field_index(field)).value_or(std::string_view()));
}

bool SessionIdentity::is_session() const {
  return type == "AssumedRole" || type == "FederatedUser" || created.has_value() ||
         access_key_id.starts_with(kTemporaryKey);
}

std::string SessionIdentity::session_name() const {
  const std::size_t colon = principal_id.find(':');
  return colon == std::string::npos ? "" : principal_id.substr(colon + 1);
}

SessionIdentity identity_of(const Event& event) {
  SessionIdentity who;
  who.type = text_of(event, "user_identity_type");
  who.principal_id = text_of(event, "user_identity_principal_id");
  who.arn = text_of(event, "user_identity_arn");
  who.account_id = text_of(event, "user_identity_account_id");
  who.access_key_id = text_of(event, "user_identity_access_key_id");
  who.invoked_by = text_of(event, "user_identity_invoked_by");
  who.issuer_arn = text_of(event, "session_issuer_arn");
  who.source_identity = text_of(event, "source_identity");
  who.actor = text_of(event, "actor");
  who.actor_type = text_of(event, "actor_type");
  // With a long-term key the date is that of nothing that somebody else opened.
  const bool lasting = !who.access_key_id.empty() && !who.access_key_id.starts_with(kTemporaryKey);
  const auto created = parse_time(text_of(event, "session_creation_date"));
  const bool of_role = who.type == "AssumedRole" || who.type == "FederatedUser";
  if (created && (of_role || !lasting)) who.created = *created;
  return who;
}

std::optional<Issuance> issuance_of(const Event& event) {
  const std::string error = text_of(event, "error_code");
  if (!error.empty() && error != "200") return std::nullopt;
  const std::string name = text_of(event, "event_name");
  Issuance issued;
  issued.access_key_id = leaf_of(event, session_paths::kAccessKey);
  issued.is_sign_in = is_sign_in(event, name);
  const bool of_role =
      name.starts_with("AssumeRole") && text_of(event, "event_source") == "sts.amazonaws.com";
  if (issued.access_key_id.empty() && !issued.is_sign_in && !of_role) return std::nullopt;
  issued.at = event.time;
  const auto told = parse_expiration(leaf_of(event, session_paths::kExpiration));
  const bool sound = told && *told > event.time && *told - event.time <= kLongestSession;
  issued.expires = sound ? *told : event.time + duration_of(event, name);
  issued.session_id = first_leaf(event, session_paths::kRoleId, session_paths::kUserId);
  issued.session_arn = first_leaf(event, session_paths::kRoleSessionArn, session_paths::kUserArn);
  issued.role_arn = leaf_of(event, session_paths::kRoleArn);
  issued.session_name = leaf_of(event, session_paths::kSessionName);
  issued.source_identity = leaf_of(event, session_paths::kSourceIdentity);
  return issued;
}

std::optional<Timestamp> parse_expiration(std::string_view text) {
  if (const auto time = parse_time(text)) return *time;
  const auto words = words_of(text);
  if (words.size() != 7) return std::nullopt;
  const auto month = month_of(words[0]);
  const auto day = number_of(words[1]);
  const auto year = number_of(words[2]);
  const auto hour = hour_of(words[3], words[6]);
  const auto minute = number_of(words[4]);
  const auto second = number_of(words[5]);
  if (!month || !day || !year || !hour || !minute || !second) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year), std::chrono::month(*month),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok() || *year > 9998 || *minute > 59 || *second > 60) return std::nullopt;
  return std::chrono::sys_days(date) + std::chrono::hours(*hour) + std::chrono::minutes(*minute) +
         std::chrono::seconds(*second);
}

}  // namespace trailsift::query
