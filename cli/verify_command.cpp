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

#include "aws/cloudtrail.h"
#include "aws/s3.h"
#include "cli/aws_options.h"
#include "cli/delivery_options.h"
#include "cli/terminal.h"
#include "cli/verify_output.h"
#include "indexer/cloudtrail_keys.h"
#include "indexer/directory_store.h"
#include "indexer/integrity_table.h"
#include "indexer/s3_listing.h"
#include "indexer/s3_store.h"
#include "indexer/verify.h"
#include "schema/time.h"

namespace trailsift::cli {
namespace {

constexpr std::uint64_t kMostThreads = 1024;
constexpr unsigned kBucketThreads = 16;

constexpr std::array kOptions = {
    Option{"DIR", "", "", Arity::required,
           "a tree of delivered files: what the bucket holds; or s3://BUCKET/PREFIX"},
    Option{"--keys", "PATH", "", Arity::optional,
           "CloudTrail's public keys: a file, or a directory of them, as `aws cloudtrail "
           "list-public-keys` prints them, PEM or DER; of s3:// CloudTrail is asked without it"},
    Option{"--from", "TIME", "", Arity::optional,
           "files delivered at or after: 2026-07-29T23:00:00Z, a day, now-24h"},
    Option{"--to", "TIME", "", Arity::optional, "files delivered at or before"},
    kAccountsOption,
    kRegionsOption,
    Option{"--key-prefix", "PREFIX", "", Arity::optional,
           "what stands before DIR in the bucket, when less than the whole bucket was copied"},
    Option{"--data", "DIR", "", Arity::optional,
           "keep the result for each log file in this data directory"},
    Option{"--threads", "N", "0", Arity::optional,
           "threads that read log files; 0 means as many as cores, of s3:// 16"},
    kProfileOption,
    kRegionOption,
    kEndpointOption,
    Option{"--verbose", "", "", Arity::optional, "name valid files too"},
    Option{"--json", "", "", Arity::optional, "one object a line, every file, for programs"},
};

constexpr std::string_view kDescription =
    "Verifies that log files are what CloudTrail delivered: the signatures of its digest files, "
    "the "
    "chain from each digest to the one before, the hash of every log file that they list, and that "
    "there are no log files which none of them lists. Says what `aws cloudtrail validate-logs` "
    "says, "
    "and more (docs/integrity.md), about a copy without asking AWS.\n"
    "s3://BUCKET/PREFIX is verified in the bucket, for which it needs s3:ListBucket, s3:GetObject "
    "and, without --keys, cloudtrail:ListPublicKeys.\n"
    "A copy on disk has no metadata, where the newest digest's signature is; that digest is "
    "'unverified' unless a file NAME.metadata.json beside it holds what `aws s3api head-object` "
    "prints.\n"
    "With --data the result becomes the field `integrity` of the events that were indexed from "
    "these "
    "files under the same names: give DIR as it was given to `index`.\n"
    "The exit code is 1 when anything is invalid.";

constexpr std::string_view kExamples =
    "  trailsift verify s3://bucket/ --from 2026-07-29 --to 2026-07-30\n"
    "  aws cloudtrail list-public-keys --start-time 2026-07-01 > keys.json\n"
    "  trailsift verify logs --keys keys.json\n"
    "  trailsift verify logs --keys keys.json --from 2026-07-29 --to 2026-07-30 --data index\n"
    "  trailsift verify logs --keys keys.json --json | jq -r 'select(.status == "
    "\"invalid\").name'\n";

Result<indexer::VerifyOptions> options_of(const Arguments& arguments, const Console& console) {
  indexer::VerifyOptions options;
  const Timestamp now = console.now();
  const auto from = time_bound(arguments, "--from", now);
  if (!from) return tl::unexpected(from.error());
  const auto to = time_bound(arguments, "--to", now);
  if (!to) return tl::unexpected(to.error());
  const auto threads = arguments.number("--threads", 0, kMostThreads);
  if (!threads) return tl::unexpected(threads.error());
  if (*from && *to && **from > **to) {
    return fail(ErrorCode::bad_request, "expected --from to be before --to");
  }
  options.from = *from;
  options.to = *to;
  options.threads = static_cast<unsigned>(*threads);
  options.accounts = comma_parts(arguments, "--accounts");
  options.regions = comma_parts(arguments, "--regions");
  return options;
}

/// What is verified, and by which keys. What comes first is borrowed by what follows.
struct Subject {
  std::unique_ptr<aws::Session> session;
  std::unique_ptr<aws::S3> s3;
  std::unique_ptr<aws::CloudTrail> cloudtrail;
  std::unique_ptr<indexer::ObjectStore> store;
  std::unique_ptr<indexer::PublicKeys> keys;
};

Result<void> open_tree(const Arguments& arguments, Subject& subject) {
  const std::string directory = arguments.value("DIR");
  std::error_code failed;
  if (!std::filesystem::is_directory(directory, failed)) {
    return fail(ErrorCode::not_found, "cannot read '" + directory + "': expected a directory");
  }
  std::string prefix = arguments.value("--key-prefix");
  if (!prefix.empty() && !prefix.ends_with('/')) prefix += '/';
  subject.store = indexer::directory_store(directory, std::move(prefix));
  return {};
}

Result<void> open_bucket(const Arguments& arguments, Console& console, Subject& subject) {
  auto session = open_session(arguments);
  if (!session) return tl::unexpected(session.error());
  subject.session = std::move(*session);
  subject.s3 = std::make_unique<aws::S3>(*subject.session);
  subject.store = indexer::s3_store(*subject.s3, console.stop);
  if (arguments.has("--keys")) return {};
  subject.cloudtrail = std::make_unique<aws::CloudTrail>(*subject.session);
  subject.keys = indexer::cloudtrail_keys(*subject.cloudtrail, console.stop);
  return {};
}

Result<void> open_keys(const Arguments& arguments, Subject& subject) {
  if (subject.keys) return {};
  auto keys = indexer::public_keys_of(arguments.value("--keys"));
  if (!keys) return tl::unexpected(keys.error());
  subject.keys = std::move(*keys);
  return {};
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

ExitCode verify_store(const Arguments& arguments, const Subject& subject,
                      const indexer::VerifyOptions& options, Console& console) {
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
  const auto account = indexer::verify(*subject.store, *subject.keys, options, sink, console.stop);
  const bool stopped = console.stop.stop_requested();
  if (!account && !stopped) return report(console, account.error());
  if (account) output->finish(*account);
  if (data) {
    if (const auto kept = indexer::update_integrity(*data, sink.table()); !kept) {
      return report(console, kept.error());
    }
  }
  if (stopped) {
    console.err << "stopped: what was not reached is not counted\n";
    return ExitCode::interrupted;
  }
  return account->is_clean() ? ExitCode::ok : ExitCode::failure;
}

/// Of a bucket the prefix is what is looked at, and threads wait more than they work.
Result<void> aim_at_bucket(const Arguments& arguments, indexer::VerifyOptions& options) {
  const auto place = indexer::parse_s3_url(arguments.value("DIR"));
  if (!place) return tl::unexpected(place.error());
  if (arguments.has("--key-prefix")) {
    return fail(ErrorCode::bad_request, "expected a directory with --key-prefix, got s3://");
  }
  options.bucket = place->bucket;
  options.prefix = place->prefix;
  if (options.threads == 0) options.threads = kBucketThreads;
  return {};
}

/// Of a directory there are no AWS options, and keys must be given.
Result<void> check_directory_options(const Arguments& arguments) {
  for (const std::string_view name : {"--profile", "--region", "--endpoint-url"}) {
    if (!arguments.has(name)) continue;
    return fail(ErrorCode::bad_request,
                "expected s3://BUCKET/PREFIX with " + std::string(name) + ", got a directory");
  }
  if (arguments.has("--keys")) return {};
  return fail(ErrorCode::bad_request, "expected --keys with a directory, got none");
}

ExitCode run_verify(const Arguments& arguments, Console& console) {
  auto options = options_of(arguments, console);
  if (!options) return report_usage(console, "verify", options.error());
  const bool is_bucket = indexer::is_s3_url(arguments.value("DIR"));
  const auto checked =
      is_bucket ? aim_at_bucket(arguments, *options) : check_directory_options(arguments);
  if (!checked) return report_usage(console, "verify", checked.error());
  Subject subject;
  auto opened =
      is_bucket ? open_bucket(arguments, console, subject) : open_tree(arguments, subject);
  if (opened) opened = open_keys(arguments, subject);
  if (!opened) return report(console, opened.error());
  return verify_store(arguments, subject, *options, console);
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
