#include "cli/index_command.h"

#include <array>
#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "cli/aws_options.h"
#include "cli/bucket_input.h"
#include "cli/delivery_options.h"
#include "cli/exclude_options.h"
#include "cli/join_options.h"
#include "cli/progress_view.h"
#include "cli/retention_options.h"
#include "cli/terminal.h"
#include "indexer/ingest.h"
#include "indexer/quarantine.h"
#include "store/store.h"

namespace trailsift::cli {
namespace {

constexpr std::uint64_t kMostThreads = 1024;
constexpr std::uint64_t kLargestBatch = 1'000'000;

constexpr std::array kOptions = {
    Option{"PATH", "", "", Arity::repeated_required,
           "a file, a directory tree, - for standard input, or s3://BUCKET/PREFIX"},
    kDataOption,
    kFirstDayOption,
    kLastDayOption,
    kAccountsOption,
    kRegionsOption,
    kAgainOption,
    kProfileOption,
    kRegionOption,
    kEndpointOption,
    kExcludeOption,
    kExcludeDescribeOption,
    kAccountNamesOption,
    kDeliveriesDaysOption,
    kDeliveriesRowsOption,
    Option{"--threads", "N", "0", Arity::optional,
           "threads that read files; 0 means as many as cores"},
    Option{"--batch", "EVENTS", "100000", Arity::optional,
           "events of one commit: fewer are searchable sooner, more are indexed faster"},
    Option{"--reference-writer", "", "", Arity::optional,
           "write the inverted index through Xapian's own writer: the same index, far slower"},
    Option{"--json", "", "", Arity::optional, "the account as one object, for programs"},
};

constexpr std::string_view kDescription =
    "Reads delivered CloudTrail files into the data directory, which is made when missing: "
    "compressed or not, {\"Records\": [...]}, bare arrays, bare records and one record a line. "
    "Digests, AWS Config files and others that are no CloudTrail logs are skipped.\n"
    "s3://BUCKET/PREFIX reads every object whose key begins so, straight from the bucket; several "
    "may be given, but no paths beside them. --from, --to, --accounts and --regions choose by the "
    "folders that CloudTrail delivers to; folders that hold nothing wanted are passed over. "
    "Objects "
    "that the ledger has as read before are not fetched again. Needs s3:ListBucket and "
    "s3:GetObject (docs/aws.md).\n"
    "An event that is in the index already is counted as a duplicate and changes nothing, so a run "
    "that was ended by Ctrl-C or a crash is finished by running it again. A damaged record or file "
    "is put on the quarantine list, and everything around it is indexed.\n"
    "--exclude takes queries in CloudSearch's structured syntax: what matches one of them is not "
    "indexed.\n"
    "The account at the end adds up: read = indexed + duplicates + filtered + rejected. The exit "
    "code is 1 when a PATH is missing, nothing could be read, an object could not be fetched, or "
    "the "
    "index could not be written; 130 after Ctrl-C.";

constexpr std::string_view kExamples =
    "  trailsift index AWSLogs/ --data index\n"
    "  aws s3 cp s3://bucket/AWSLogs/....json.gz - | trailsift index - --data index\n"
    "  trailsift index AWSLogs/ --data index --json | jq .rejected\n"
    "  trailsift index s3://bucket/AWSLogs/ --data index --from 2026-07-01 --to 2026-07-31\n"
    "  trailsift index AWSLogs/ --data index --exclude-describe-events \\\n"
    "    --exclude \"(and event_source:'kms.amazonaws.com' event_name:'Decrypt')\"\n";

Result<void> check_paths(const std::vector<std::string>& paths) {
  for (const std::string& path : paths) {
    std::error_code failed;
    if (path == "-" || std::filesystem::exists(path, failed)) continue;
    const std::string why = failed ? failed.message() : "no such file or directory";
    return fail(ErrorCode::not_found, fmt::format("cannot read '{}': {}", path, why));
  }
  return {};
}

double seconds_since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

/// What became of a run; of buckets also what the listing and fetching came to.
struct Outcome {
  indexer::IngestAccount account;
  indexer::S3SourceFigures buckets;
};

std::string outcome_json(const Outcome& outcome, double seconds) {
  const indexer::IngestAccount& account = outcome.account;
  return fmt::format(
      R"({{"files":{},"skipped":{},"already_indexed":{},"read":{},"indexed":{},"duplicates":{},)"
      R"("filtered":{},"rejected":{},"bytes":{},"seconds":{:.3f}}})",
      account.files, account.skipped, outcome.buckets.settled, account.read, account.indexed,
      account.duplicates, account.filtered, account.rejected, account.bytes, seconds);
}

std::string skipped_text(const indexer::IngestAccount& account) {
  std::string kinds;
  for (std::size_t kind = 0; kind < indexer::kFileKinds; ++kind) {
    const std::uint64_t count = account.skipped_by_kind.at(kind);
    if (count == 0) continue;
    kinds += fmt::format("{}{} {}", kinds.empty() ? "" : ", ", grouped(count),
                         name(static_cast<indexer::FileKind>(kind)));
  }
  return fmt::format("skipped {} that are no CloudTrail logs: {}\n", grouped(account.skipped),
                     kinds);
}

std::string outcome_text(const Outcome& outcome, double seconds) {
  const indexer::IngestAccount& account = outcome.account;
  std::string text =
      fmt::format("read {} events from {} files ({}) in {:.1f} s\n", grouped(account.read),
                  grouped(account.files), byte_text(account.bytes), seconds);
  const std::array rows = {
      std::pair{"indexed", account.indexed}, std::pair{"duplicates", account.duplicates},
      std::pair{"filtered", account.filtered}, std::pair{"rejected", account.rejected}};
  for (const auto& [what, count] : rows) {
    text += fmt::format("  {:<10} {:>14}\n", what, grouped(count));
  }
  if (account.skipped > 0) text += skipped_text(account);
  if (outcome.buckets.settled > 0) {
    text += fmt::format("already indexed: {} objects\n", grouped(outcome.buckets.settled));
  }
  return text;
}

/// One run, from the command line on.
class IndexRun {
 public:
  IndexRun(const Arguments& arguments, Console& console)
      : arguments_(arguments), console_(console) {}

  ExitCode run();

 private:
  Result<void> open_input(std::optional<BucketRequest> request);
  Result<Outcome> read_all();
  Result<Outcome> ingest_all(store::Writer& writer, indexer::Quarantine& quarantine,
                             indexer::Ledger* ledger);
  ExitCode conclude(const Outcome& outcome);
  bool report_buckets(const indexer::S3SourceFigures& figures);

  std::string data() const { return arguments_.value("--data"); }

  const Arguments& arguments_;
  Console& console_;
  indexer::IngestOptions options_;
  indexer::LedgerOptions retention_;
  std::unique_ptr<BucketInput> buckets_;  // nullptr: paths.
};

ExitCode IndexRun::run() {
  const auto begin = std::chrono::steady_clock::now();
  const auto threads = arguments_.number("--threads", 0, kMostThreads);
  if (!threads) return report_usage(console_, "index", threads.error());
  const auto batch = arguments_.number("--batch", 1, kLargestBatch);
  if (!batch) return report_usage(console_, "index", batch.error());
  const auto retention = read_retention_options(arguments_);
  if (!retention) return report_usage(console_, "index", retention.error());
  retention_ = *retention;
  auto request = read_bucket_request(arguments_, console_.now());
  if (!request) return report_usage(console_, "index", request.error());
  const auto exclude = read_exclude_options(arguments_, read_join_options(arguments_, console_));
  if (!exclude) {
    const auto& [error, source] = exclude.error();
    return source.empty() ? report(console_, error)
                          : report_usage(console_, "index", error, source);
  }
  options_.workers = *threads;
  options_.batch_events = *batch;
  options_.exclude = *exclude;
  if (auto opened = open_input(std::move(*request)); !opened) {
    return console_.stop.stop_requested() ? ExitCode::interrupted
                                          : report(console_, opened.error());
  }
  const auto outcome = read_all();
  if (!outcome) return report(console_, outcome.error());
  const double seconds = seconds_since(begin);
  console_.out << (arguments_.has("--json") ? outcome_json(*outcome, seconds) + "\n"
                                            : outcome_text(*outcome, seconds))
               << std::flush;
  return conclude(*outcome);
}

/// Before anything is written.
Result<void> IndexRun::open_input(std::optional<BucketRequest> request) {
  if (!request) return check_paths(arguments_.values("PATH"));
  auto opened = BucketInput::open(arguments_, std::move(*request), console_.stop);
  if (!opened) return tl::unexpected(opened.error());
  buckets_ = std::move(*opened);
  options_.source = kBucketSource;
  return {};
}

/// Reads everything, then merges what is due, so that the store is left tidy.
Result<Outcome> IndexRun::read_all() {
  store::WriterOptions writer_options;
  if (arguments_.has("--reference-writer")) {
    writer_options.terms_writer = store::TermsWriter::reference;
  }
  const auto writer = store::Writer::open(data(), writer_options);
  if (!writer) return tl::unexpected(writer.error());
  const auto quarantine = indexer::Quarantine::open(data());
  if (!quarantine) return tl::unexpected(quarantine.error());
  const auto ledger = indexer::Ledger::open(data(), retention_);
  if (!ledger) {
    console_.err << "deliveries are not recorded: " << printable(ledger.error().message) << '\n';
  }
  auto outcome = ingest_all(**writer, **quarantine, ledger ? ledger->get() : nullptr);
  if (!outcome || console_.stop.stop_requested()) return outcome;
  ProgressView view(console_);
  view.show("merging segments");
  if (const auto merged = (*writer)->merge_all(); !merged) {
    console_.err << "cannot merge segments, which changes no answer: "
                 << printable(merged.error().message) << '\n';
  }
  return outcome;
}

Result<Outcome> IndexRun::ingest_all(store::Writer& writer, indexer::Quarantine& quarantine,
                                     indexer::Ledger* ledger) {
  ProgressView view(console_);
  options_.ledger = ledger;
  options_.progress = [&](const indexer::IngestProgress& progress) {
    if (console_.stop.stop_requested()) {
      view.show("stopping: committing what was read (Ctrl-C again ends at once)");
    } else {
      view.show(progress);
    }
  };
  const auto ingest = [&](indexer::Source& source) {
    return indexer::ingest(source, writer, quarantine, options_, console_.stop);
  };
  if (buckets_ == nullptr) {
    const auto source = indexer::file_source(arguments_.values("PATH"));
    const auto account = ingest(*source);
    if (!account) return tl::unexpected(account.error());
    return Outcome{*account, {}};
  }
  const auto source = buckets_->source(data(), arguments_.has("--again") ? nullptr : ledger);
  const auto account = ingest(*source);
  if (!account) return tl::unexpected(account.error());
  return Outcome{*account, source->figures()};
}

/// Whether everything wanted was had.
bool IndexRun::report_buckets(const indexer::S3SourceFigures& figures) {
  if (figures.unsettled) {
    console_.err << "objects were fetched whether or not they were indexed before: "
                 << printable(figures.unsettled->message) << '\n';
  }
  if (buckets_ != nullptr && figures.listed == 0 && !figures.failure &&
      !console_.stop.stop_requested()) {
    console_.err << "no such objects were found\n";
  }
  if (figures.first_unfetched) {
    console_.err << grouped(figures.unfetched) << " objects could not be fetched; the first: "
                 << printable(figures.first_unfetched->message)
                 << "\nrun the same command again to try them again\n";
  }
  if (figures.failure) report(console_, *figures.failure);
  return !figures.first_unfetched && !figures.failure;
}

ExitCode IndexRun::conclude(const Outcome& outcome) {
  const indexer::IngestAccount& account = outcome.account;
  if (account.rejected > 0) {
    console_.err << grouped(account.rejected) << " rejected: 'trailsift quarantine list --data "
                 << printable(data()) << "' tells why\n";
  }
  if (account.unrecorded) {
    console_.err << "not all deliveries were recorded: " << printable(account.unrecorded->message)
                 << '\n';
  }
  const bool complete = report_buckets(outcome.buckets);
  if (console_.stop.stop_requested()) {
    console_.err << "stopped: everything counted here is kept; run the same command again to go "
                    "on\n";
    return ExitCode::interrupted;
  }
  const bool nothing_readable = account.files == 0 && account.skipped == 0 && account.rejected > 0;
  return nothing_readable || !complete ? ExitCode::failure : ExitCode::ok;
}

ExitCode run_index(const Arguments& arguments, Console& console) {
  return IndexRun(arguments, console).run();
}

}  // namespace

const Command& index_command() {
  static const Command kCommand{.name = "index",
                                .summary = "read CloudTrail files into a data directory",
                                .description = kDescription,
                                .options = kOptions,
                                .examples = kExamples,
                                .run = run_index,
                                .interrupt = Interrupt::stops};
  return kCommand;
}

}  // namespace trailsift::cli
