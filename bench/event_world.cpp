#include "bench/event_world.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <iterator>

#include "bench/random.h"

namespace trailsift::bench {
namespace {

constexpr std::array<std::string_view, kAccountCount> kAccounts = {
    "111122223333", "222233334444", "333344445555", "444455556666", "555566667777"};
constexpr std::array<std::string_view, kRegionCount> kRegions = {
    "us-east-1", "eu-west-1", "us-west-2", "eu-central-1", "ap-southeast-2"};

constexpr std::string_view kEnvironments[] = {"prod", "staging", "dev", "sandbox", "shared"};
constexpr std::string_view kUsages[] = {"logs",    "assets",  "backup", "exports", "invoices",
                                        "uploads", "reports", "models", "cache",   "artifacts"};
constexpr std::string_view kServices[] = {"orders", "billing", "search", "checkout", "mailer",
                                          "images", "reports", "login",  "stock",    "audit"};
constexpr std::string_view kUsers[] = {"alice", "bruno", "chen",   "deploy-bot", "elif",
                                       "farid", "greta", "hugo",   "iris",       "jenkins",
                                       "kofi",  "lena",  "mallory"};
constexpr std::string_view kTypes[] = {"t3.micro", "t3.large", "m6i.xlarge", "c6g.2xlarge"};

// How many of each kind of resource an account has in a region.
constexpr std::size_t kInstances = 400;
constexpr std::size_t kKeys = 12;
constexpr std::size_t kNetworks = 20;

void append_number(std::uint64_t value, std::string& out) {
  out += std::to_string(value);
}

// A stable number for resource `index` of a kind in an account and region.
std::uint64_t resource(const Scene& scene, std::uint64_t kind, std::size_t index) {
  return mix(mix(scene.account * kRegionCount + scene.region, kind), index);
}

void append_id(std::string_view prefix, const Scene& scene, std::size_t index, std::string& out) {
  out += prefix;
  std::uint64_t kind = 0;
  for (const char c : prefix) kind = kind * 31 + static_cast<unsigned char>(c);
  const std::uint64_t id = resource(scene, kind, index);
  append_hex(id, 16, out);
  append_hex(mix(id, 1), 1, out);
}

void append_bucket(const Scene& scene, std::uint64_t draw, std::string& out) {
  out += "acme-";
  out += kEnvironments[scene.account];
  out += '-';
  out += choose_skewed(draw, kUsages);
  out += '-';
  out += kRegions[scene.region];
}

void append_object_key(const Scene& scene, std::uint64_t draw, std::string& out) {
  out += choose_skewed(draw, kServices);
  out += '/';
  append_time(scene.time_s, out);
  out.resize(out.size() - 10);  // The date alone.
  out += "/part-";
  append_hex(mix(draw, 1), 8, out);
  out += ".parquet";
}

void append_role_name(const Scene& scene, std::uint64_t draw, std::string& out) {
  out += choose_skewed(draw, kServices);
  out += '-';
  out += kEnvironments[scene.account];
  out += "-role";
}

void append_function(const Scene& scene, std::uint64_t draw, std::string& out) {
  out += choose_skewed(draw, kServices);
  out += '-';
  out += kEnvironments[scene.account];
  out += "-handler";
}

void append_instance(const Scene& scene, std::uint64_t draw, std::string& out) {
  append_id("i-0", scene, skewed(draw, kInstances), out);
  out.pop_back();  // Seventeen digits with the leading zero.
}

void append_log_stream(const Scene& scene, std::uint64_t draw, std::string& out) {
  append_time(scene.time_s, out);
  out.resize(out.size() - 10);
  std::replace(out.end() - 10, out.end(), '-', '/');
  out += "/[$LATEST]";
  append_hex(draw, 16, out);
  append_hex(mix(draw, 1), 16, out);
}

void append_network(std::string_view prefix, const Scene& scene, std::uint64_t draw,
                    std::string& out) {
  append_id(prefix, scene, skewed(draw, kNetworks), out);
}

void append_private_ip(std::uint64_t draw, std::string& out) {
  out += "10.0.";
  append_number(below(draw, 16), out);
  out += '.';
  append_number(1 + below(mix(draw, 1), 254), out);
}

struct SlotRow {
  std::string_view name;
  void (*append)(const Scene&, std::uint64_t draw, std::string&);
};

// clang-format off
constexpr SlotRow kSlots[] = {
  {"account",   [](const Scene& s, std::uint64_t, std::string& out) { out += kAccounts[s.account]; }},
  {"region",    [](const Scene& s, std::uint64_t, std::string& out) { out += kRegions[s.region]; }},
  {"zone",      [](const Scene& s, std::uint64_t d, std::string& out) { out += kRegions[s.region]; out += "abc"[below(d, 3)]; }},
  {"env",       [](const Scene& s, std::uint64_t, std::string& out) { out += kEnvironments[s.account]; }},
  {"time",      [](const Scene& s, std::uint64_t, std::string& out) { append_time(s.time_s, out); }},
  {"expiry",    [](const Scene& s, std::uint64_t, std::string& out) { append_time(s.time_s + 3600, out); }},
  {"millis",    [](const Scene& s, std::uint64_t, std::string& out) { out += std::to_string(s.time_s * 1000); }},
  {"uuid",      [](const Scene&, std::uint64_t d, std::string& out) { append_uuid(d, out); }},
  {"hex",       [](const Scene&, std::uint64_t d, std::string& out) { append_hex(d, 16, out); }},
  {"number",    [](const Scene&, std::uint64_t d, std::string& out) { append_number(skewed(d, 100'000), out); }},
  {"port",      [](const Scene&, std::uint64_t d, std::string& out) { static constexpr int kPorts[] = {443, 22, 80, 5432, 3389}; out += std::to_string(choose_skewed(d, kPorts)); }},
  {"user",      [](const Scene&, std::uint64_t d, std::string& out) { out += choose_skewed(d, kUsers); }},
  {"service",   [](const Scene&, std::uint64_t d, std::string& out) { out += choose_skewed(d, kServices); }},
  {"itype",     [](const Scene&, std::uint64_t d, std::string& out) { out += choose_skewed(d, kTypes); }},
  {"privateip", [](const Scene&, std::uint64_t d, std::string& out) { append_private_ip(d, out); }},
  {"cidr",      [](const Scene&, std::uint64_t d, std::string& out) { out += d % 4 == 0 ? "0.0.0.0/0" : "203.0.113.0/24"; }},
  {"accesskey", [](const Scene&, std::uint64_t d, std::string& out) { append_key_id("AKIA", d, out); }},
  {"tempkey",   [](const Scene&, std::uint64_t d, std::string& out) { append_key_id("ASIA", d, out); }},
  {"userid",    [](const Scene&, std::uint64_t d, std::string& out) { append_key_id("AIDA", d, out); }},
  {"roleid",    [](const Scene&, std::uint64_t d, std::string& out) { append_key_id("AROA", d, out); }},
  {"bucket",    append_bucket},
  {"key",       append_object_key},
  {"role",      append_role_name},
  {"function",  append_function},
  {"instance",  append_instance},
  {"logstream", append_log_stream},
  {"kmskey",    [](const Scene& s, std::uint64_t d, std::string& out) { append_uuid(resource(s, 'k', skewed(d, kKeys)), out); }},
  {"image",     [](const Scene& s, std::uint64_t d, std::string& out) { append_network("ami-", s, d, out); }},
  {"group",     [](const Scene& s, std::uint64_t d, std::string& out) { append_network("sg-", s, d, out); }},
  {"vpc",       [](const Scene& s, std::uint64_t d, std::string& out) { append_network("vpc-", s, d, out); }},
  {"subnet",    [](const Scene& s, std::uint64_t d, std::string& out) { append_network("subnet-", s, d, out); }},
  {"volume",    [](const Scene& s, std::uint64_t d, std::string& out) { append_id("vol-", s, skewed(d, kInstances), out); }},
  {"eni",       [](const Scene& s, std::uint64_t d, std::string& out) { append_id("eni-", s, skewed(d, kInstances), out); }},
  {"endpoint",  [](const Scene& s, std::uint64_t d, std::string& out) { append_network("vpce-", s, d, out); }},
};
// clang-format on

}  // namespace

std::string_view account_id(std::size_t account) {
  return kAccounts[account];
}
std::string_view region_name(std::size_t region) {
  return kRegions[region];
}

void append_hex(std::uint64_t draw, std::size_t digits, std::string& out) {
  for (std::size_t i = 0; i < digits; ++i, draw >>= 4) out += "0123456789abcdef"[draw & 15];
}

void append_key_id(std::string_view prefix, std::uint64_t draw, std::string& out) {
  out += prefix;
  for (int i = 0; i < 16; ++i) {
    out += "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[draw & 31];
    draw = (draw >> 5) | (draw << 59);
  }
}

void append_uuid(std::uint64_t draw, std::string& out) {
  const std::uint64_t low = mix(draw, 1);
  append_hex(draw, 8, out);
  out += '-';
  append_hex(draw >> 32, 4, out);
  out += "-4";
  append_hex(draw >> 48, 3, out);
  out += '-';
  out += "89ab"[draw >> 62];
  append_hex(low, 3, out);
  out += '-';
  append_hex(low >> 12, 12, out);
}

void append_time(std::int64_t time_s, std::string& out) {
  using std::chrono::days, std::chrono::sys_days, std::chrono::year_month_day;
  const std::int64_t day = time_s / 86'400;
  const auto second = static_cast<unsigned>(time_s % 86'400);
  const year_month_day date{sys_days{days{day}}};
  const auto two = [&out](unsigned value, char after) {
    out += static_cast<char>('0' + value / 10);
    out += static_cast<char>('0' + value % 10);
    out += after;
  };
  out += std::to_string(static_cast<int>(date.year()));
  out += '-';
  two(static_cast<unsigned>(date.month()), '-');
  two(static_cast<unsigned>(date.day()), 'T');
  two(second / 3600, ':');
  two(second / 60 % 60, ':');
  two(second % 60, 'Z');
}

std::optional<Slot> find_slot(std::string_view name) {
  const auto* row = std::ranges::find(kSlots, name, &SlotRow::name);
  if (row == std::end(kSlots)) return std::nullopt;
  return static_cast<Slot>(row - kSlots);
}

void append_slot(Slot slot, const Scene& scene, std::string& out) {
  kSlots[slot].append(scene, mix(scene.draw, 100 + slot), out);
}

}  // namespace trailsift::bench
