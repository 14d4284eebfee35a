#include "cli/settings.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <utility>

#include "cli/setting_value.h"

namespace trailsift::cli {
namespace {

constexpr std::uint64_t kDay = 24UL * 60 * 60 * 1000;  // In milliseconds.
constexpr std::uint64_t kMiB = std::uint64_t{1} << 20;
using enum SettingType;

constexpr std::array kSettings = {
    Setting{"serve", "data", text, "", 0, 0, "--data", "the data directory that holds the index"},
    Setting{"serve", "listen", text, "127.0.0.1:8080", 0, 0, "--listen",
            "where to listen; port 0 takes a free one"},
    Setting{"serve", "threads", number, "0", 0, 1024, "--threads",
            "threads that answer requests; 0 means as many as cores"},
    Setting{"serve", "query_timeout", seconds, "30", 1000, kDay, "--query-timeout",
            "searches that take longer are refused"},
    Setting{"serve", "allow_hosts", texts, "", 0, 0, "--allow-host",
            "names that requests may call this server by, beside localhost and IP addresses"},
    Setting{"serve", "allow_remote", flag, "false", 0, 0, "--allow-remote",
            "listen on an address that others can reach, though there is no authentication"},
    Setting{"serve", "account_names", text, "", 0, 0, "--account-names",
            "csv with the names of accounts; without it `account-names.csv` in the data directory"},
    Setting{
        "push", "routes", texts, "", 0, 0, "--push",
        "endpoints that take events: `sns`, `firehose`, `awslogs`, `ingest`, `documents`, `bulk`"},
    Setting{"push", "token_file", text, "", 0, 0, "--push-token-file",
            "file with what senders have to know, 16 to 1024 characters"},
    Setting{"push", "topics", texts, "", 0, 0, "--topic",
            "ARNs of topics whose signed messages are believed"},
    Setting{"push", "sns_trusted_file", text, "", 0, 0, "",
            "PEM file of certificates to trust in place of the system's roots"},
    Setting{"push", "max_body", number, "67108864", 1024, 256 * kMiB, "",
            "bytes of one request to those endpoints"},
    Setting{"source", "type", text, "sqs", 0, 0, "", "`sqs`: a queue that announces files"},
    Setting{"source", "queue", text, "", 0, 0, "--queue", "URL, name or ARN of the queue"},
    Setting{"source", "receivers", number, "2", 1, 64, "", "receive calls at a time"},
    Setting{"source", "visibility", seconds, "120", 1'000, kDay / 2, "",
            "messages are hidden from others so long, again and again while in hand"},
    Setting{"source", "retry_after", seconds, "5", 1'000, 900'000, "",
            "a message that failed comes again after so long, then after twice as long, up to 15 "
            "minutes"},
    Setting{"aws", "region", text, "", 0, 0, "--region",
            "region of queues and buckets that do not say theirs"},
    Setting{"aws", "profile", text, "", 0, 0, "--profile",
            "profile of the AWS CLI's files whose credentials are used"},
    Setting{"aws", "endpoint_url", text, "", 0, 0, "--endpoint-url",
            "URL to ask instead of AWS, for stores and queues that speak its language"},
    Setting{"aws", "role_arn", text, "", 0, 0, "", "role to assume with the credentials found"},
    Setting{"aws", "external_id", text, "", 0, 0, "", "external id that the role asks for"},
    Setting{"intake", "buckets", texts, "", 0, 0, "--bucket",
            "buckets whose objects may be fetched; none means any that may be read"},
    Setting{"intake", "accounts", texts, "", 0, 0, "--account",
            "accounts whose objects below `AWSLogs/` may be fetched; none means any"},
    Setting{"intake", "commit_within", seconds, "1", 10, 60'000, "",
            "events are committed at the latest so long after their first file was begun, under a "
            "backlog up to ten times later"},
    Setting{"intake", "max_messages", number, "10000", 1, 100'000, "",
            "messages in hand at a time; more are refused or left in the queue"},
    Setting{"intake", "quarantine_at_attempt", number, "5", 0, 1000, "",
            "the attempt at which a message that cannot be used goes to the quarantine list; 0 "
            "means never"},
    Setting{"intake", "exclude", texts, "", 0, 0, "--exclude",
            "queries: events that match one are left out"},
    Setting{"intake", "exclude_describe_events", flag, "false", 0, 0, "--exclude-describe-events",
            "leave out the events whose name begins with `Describe`"},
    Setting{"retention", "deliveries_days", number, "90", 1, 36'500, "--deliveries-days",
            "days that the ledger keeps a delivery"},
    Setting{"retention", "deliveries_rows", number, "1000000", 1, 100'000'000, "--deliveries-rows",
            "deliveries that the ledger keeps"},
};

const Setting& row_of(std::string_view name) {
  const auto found = std::ranges::find_if(kSettings, [&](const Setting& row) {
    return name.size() == row.table.size() + 1 + row.key.size() && name.starts_with(row.table) &&
           name.ends_with(row.key) && name[row.table.size()] == '.';
  });
  assert(found != kSettings.end());
  return *found;
}

}  // namespace

std::span<const Setting> settings() {
  return kSettings;
}

void Settings::set(const Setting& row, GivenSetting given) {
  given_.insert_or_assign(full_name(row), std::move(given));
}

bool Settings::has(std::string_view name) const {
  return given(name) != nullptr;
}

const GivenSetting* Settings::given(std::string_view name) const {
  assert(row_of(name).key.size() > 0);
  const auto found = given_.find(name);
  return found == given_.end() ? nullptr : &found->second;
}

template <class T>
T Settings::value(std::string_view name) const {
  if (const GivenSetting* const found = given(name)) return std::get<T>(found->value);
  return std::get<T>(default_of(row_of(name)));
}

std::string Settings::text(std::string_view name) const {
  return value<std::string>(name);
}

std::vector<std::string> Settings::texts(std::string_view name) const {
  return value<std::vector<std::string>>(name);
}

std::uint64_t Settings::number(std::string_view name) const {
  return value<std::uint64_t>(name);
}

std::chrono::milliseconds Settings::duration(std::string_view name) const {
  return std::chrono::milliseconds(number(name));
}

bool Settings::flag(std::string_view name) const {
  return value<bool>(name);
}

Error Settings::mistake(std::string_view name, const Error& error,
                        std::optional<std::size_t> item) const {
  const GivenSetting* const found = given(name);
  Error placed = error;
  if (found == nullptr) return placed;
  const bool known = item && *item < found->where_items.size();
  placed.message = (known ? found->where_items[*item] : found->where) + ": " + error.message;
  return placed;
}

}  // namespace trailsift::cli
