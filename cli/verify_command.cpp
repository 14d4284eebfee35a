#include "cli/verify_command.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "cli/terminal.h"
#include "cli/verify_output.h"
#include "indexer/directory_store.h"
#include "indexer/integrity_table.h"
#include "indexer/verify.h"
#include "schema/time.h"

namespace trailsift::cli {
namespace {

constexpr std::uint64_t kMostThreads = 1024;

constexpr std::array kOptions = {
    Option{"DIR", "", "", Arity::required, "a tree of delivered files: what the bucket holds"},
    Option{"--keys", "PATH", "", Arity::required,
           "CloudTrail's public keys: a file, or a directory of them, as `aws cloudtrail "
           "list-public-keys` prints them, PEM or DER"},
    Option{"--from", "TIME", "", Arity::optional,
           "files delivered at or after: 2026-07-29T23:00:00Z, a day, now-24h"},
    Option{"--to", "TIME", "", Arity::optional, "files delivered at or before"},
    Option{"--accounts", "IDS", "", Arity::repeated, "only of these accounts, by commas"},
    Option{"--regions", "NAMES", "", Arity::repeated, "only of these regions, by commas"},
    Option{"--key-prefix", "PREFIX", "", Arity::optional,
           "what stands before DIR in the bucket, when less than the whole bucket was copied"},
    Option{"--data", "DIR", "", Arity::optional,
           "keep the result for each log file in this data directory"},
    Option{"--threads", "N", "0", Arity::optional,
           "threads that read log files; 0 means as many as cores"},
    Option{"--verbose", "", "", Arity::optional, "name valid files too"},
    Option{"--json", "", "", Arity::optional, "one object a line, every file, for programs"},
};

constexpr std::string_view kDescription =
    "Verifies that log files are what CloudTrail delivered: the signatures of its digest files, "
    "the "
    "chain from each digest to the one before, the hash of every log file that they list, and that "
    "there are no log files which none of them lists. Says what `aws cloudtrail validate-logs` "
    "says, "
    "and more (docs/integrity.md), without asking AWS.\n"
    "A copy on disk has no metadata, where the newest digest's signature is; that digest is "
    "'unverified' unless a file NAME.metadata.json beside it holds what `aws s3api head-object` "
    "prints.\n"
    "With --data the result becomes the field `integrity` of the events that were indexed from "
    "these "
    "files under the same names: give DIR as it was given to `index`.\n"
    "The exit code is 1 when anything is invalid.";

constexpr std::string_view kExamples =
    "  aws cloudtrail list-public-keys --start-time 2026-07-01 > keys.json\n"
    "  trailsift verify logs --keys keys.json\n"
    "  trailsift verify logs --keys keys.json --from 2026-07-29 --to 2026-07-30 --data index\n"
    "  trailsift verify logs --keys keys.json --json | jq -r 'select(.status == "
    "\"invalid\").name'\n";

/// The parts between the commas of everything given.
std::set<std::string, std::less<>> parts(const std::vector<std::string>& lists) {
  std::set<std::string, std::less<>> parts;
  for (const std::string& list : lists) {
    std::size_t begin = 0;
    while (begin <= list.size()) {
      const std::size_t end = std::min(list.find(',', begin), list.size());
      if (end > begin) parts.insert(list.substr(begin, end - begin));
      begin = end + 1;
    }
  }
  return parts;
}

Result<std::optional<Timestamp>> bound(const Arguments& arguments, std::string_view name,
                                       Timestamp now) {
  const auto given = arguments.given(name);
  if (!given) return std::nullopt;
  const auto time = parse_time_bound(*given, now);
  if (time) return *time;
  return fail(ErrorCode::bad_request, std::string(name) + ": " + time.error().message);
}

Result<indexer::VerifyOptions> options_of(const Arguments& arguments, const Console& console) {
  indexer::VerifyOptions options;
  const Timestamp now = console.now();
  const auto from = bound(arguments, "--from", now);
  if (!from) return tl::unexpected(from.error());
  const auto to = bound(arguments, "--to", now);
  if (!to) return tl::unexpected(to.error());
  const auto threads = arguments.number("--threads", 0, kMostThreads);
  if (!threads) return tl::unexpected(threads.error());
  if (*from && *to && **from > **to) {
    return fail(ErrorCode::bad_request, "expected --from to be before --to");
  }
  options.from = *from;
  options.to = *to;
  options.threads = static_cast<unsigned>(*threads);
  options.accounts = parts(arguments.values("--accounts"));
  options.regions = parts(arguments.values("--regions"));
  return options;
}

Result<std::unique_ptr<indexer::ObjectStore>> open_tree(const Arguments& arguments) {
  const std::string directory = arguments.value("DIR");
  std::error_code failed;
  if (!std::filesystem::is_directory(directory, failed)) {
    return fail(ErrorCode::not_found, "cannot read '" + directory + "': expected a directory");
  }
  std::string prefix = arguments.value("--key-prefix");
  if (!prefix.empty() && !prefix.ends_with('/')) prefix += '/';
  return indexer::directory_store(directory, std::move(prefix));
}

/// Prints, and keeps the integrity of log files when it is wanted.
class KeepIntegrity : public indexer::VerdictSink {
 public:
  KeepIntegrity(VerifyOutput& output, bool keep) : output_(output), keep_(keep) {}

  void on_file(const indexer::FileVerdict& verdict) override {
    output_.on_file(verdict);
    if (!keep_ || verdict.kind != indexer::FileVerdict::Kind::log) return;
    auto& integrity = table_[verdict.name];
    integrity = std::max(integrity, verdict.integrity);
  }
  void on_gap(const indexer::DigestGap& gap) override { output_.on_gap(gap); }

  const indexer::IntegrityTable& table() const { return table_; }

 private:
  VerifyOutput& output_;
  const bool keep_;
  indexer::IntegrityTable table_;
};

ExitCode verify_store(const Arguments& arguments, indexer::ObjectStore& store,
                      const indexer::VerifyOptions& options, Console& console) {
  const auto keys = indexer::public_keys_of(arguments.value("--keys"));
  if (!keys) return report(console, keys.error());
  const auto data = arguments.given("--data");
  // A damaged table should not be found after hours of reading.
  if (data) {
    if (const auto table = indexer::load_integrity(*data); !table) {
      return report(console, table.error());
    }
  }
  const auto output = arguments.has("--json")
                          ? verify_json(console.out)
                          : verify_text(console.out, arguments.has("--verbose"));
  KeepIntegrity sink(*output, data.has_value());
  const auto account = indexer::verify(store, **keys, options, sink, console.stop);
  if (!account) return report(console, account.error());
  output->finish(*account);
  if (data) {
    if (const auto kept = indexer::update_integrity(*data, sink.table()); !kept) {
      return report(console, kept.error());
    }
  }
  if (console.stop.stop_requested()) {
    console.err << "stopped: what was not reached is not counted\n";
    return ExitCode::interrupted;
  }
  return account->is_clean() ? ExitCode::ok : ExitCode::failure;
}

ExitCode run_verify(const Arguments& arguments, Console& console) {
  const auto options = options_of(arguments, console);
  if (!options) return report_usage(console, "verify", options.error());
  const auto store = open_tree(arguments);
  if (!store) return report(console, store.error());
  return verify_store(arguments, **store, *options, console);
}

}  // namespace

const Command& verify_command() {
  static const Command command{.name = "verify",
                               .summary = "check log files against CloudTrail's signed digests",
                               .description = kDescription,
                               .options = kOptions,
                               .examples = kExamples,
                               .run = run_verify,
                               .interrupt = Interrupt::stops};
  return command;
}

}  // namespace trailsift::cli
