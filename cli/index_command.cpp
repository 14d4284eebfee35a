#include "cli/index_command.h"

#include <array>
#include <chrono>
#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

#include <fmt/format.h>

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
           "a file, a directory tree, or - for standard input"},
    kDataOption,
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
    "An event that is in the index already is counted as a duplicate and changes nothing, so a run "
    "that was ended by Ctrl-C or a crash is finished by running it again. A damaged record or file "
    "is put on the quarantine list, and everything around it is indexed.\n"
    "--exclude takes queries in the language of `trailsift search`: what matches one of them is "
    "not indexed.\n"
    "The account at the end adds up: read = indexed + duplicates + filtered + rejected. The exit "
    "code is 1 when a PATH is missing, nothing could be read, or the index could not be written; "
    "130 after Ctrl-C.";

constexpr std::string_view kExamples =
    "  trailsift index AWSLogs/ --data index\n"
    "  aws s3 cp s3://bucket/AWSLogs/....json.gz - | trailsift index - --data index\n"
    "  trailsift index AWSLogs/ --data index --json | jq .rejected\n"
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

std::string account_json(const indexer::IngestAccount& account, double seconds) {
  return fmt::format(
      R"({{"files":{},"skipped":{},"read":{},"indexed":{},"duplicates":{},"filtered":{},)"
      R"("rejected":{},"bytes":{},"seconds":{:.3f}}})",
      account.files, account.skipped, account.read, account.indexed, account.duplicates,
      account.filtered, account.rejected, account.bytes, seconds);
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

std::string account_text(const indexer::IngestAccount& account, double seconds) {
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
  return text;
}

/// Reads everything, then merges what is due, so that the store is left tidy.
Result<indexer::IngestAccount> run_ingest(const std::vector<std::string>& paths,
                                          const std::filesystem::path& data,
                                          const store::WriterOptions& writer_options,
                                          const indexer::LedgerOptions& retention,
                                          indexer::IngestOptions options, Console& console) {
  const auto writer = store::Writer::open(data, writer_options);
  if (!writer) return tl::unexpected(writer.error());
  const auto quarantine = indexer::Quarantine::open(data);
  if (!quarantine) return tl::unexpected(quarantine.error());

  const auto ledger = indexer::Ledger::open(data, retention);
  if (!ledger) {
    console.err << "deliveries are not recorded: " << printable(ledger.error().message) << '\n';
  }
  options.ledger = ledger ? ledger->get() : nullptr;

  ProgressView view(console);
  options.progress = [&](const indexer::IngestProgress& progress) {
    if (console.stop.stop_requested()) {
      view.show("stopping: committing what was read (Ctrl-C again ends at once)");
    } else {
      view.show(progress);
    }
  };
  const auto source = indexer::file_source(paths);
  auto account = indexer::ingest(*source, **writer, **quarantine, options, console.stop);
  if (!account || console.stop.stop_requested()) return account;
  view.show("merging segments");
  if (const auto merged = (*writer)->merge_all(); !merged) {
    console.err << "cannot merge segments, which changes no answer: "
                << printable(merged.error().message) << '\n';
  }
  return account;
}

ExitCode conclude(const indexer::IngestAccount& account, const std::string& data,
                  Console& console) {
  if (account.rejected > 0) {
    console.err << grouped(account.rejected) << " rejected: 'trailsift quarantine list --data "
                << printable(data) << "' tells why\n";
  }
  if (account.unrecorded) {
    console.err << "not all deliveries were recorded: " << printable(account.unrecorded->message)
                << '\n';
  }
  if (console.stop.stop_requested()) {
    console.err << "stopped: everything counted here is kept; run the same command again to go "
                   "on\n";
    return ExitCode::interrupted;
  }
  const bool nothing_readable = account.files == 0 && account.skipped == 0 && account.rejected > 0;
  return nothing_readable ? ExitCode::failure : ExitCode::ok;
}

ExitCode run_index(const Arguments& arguments, Console& console) {
  const auto begin = std::chrono::steady_clock::now();
  const auto threads = arguments.number("--threads", 0, kMostThreads);
  if (!threads) return report_usage(console, "index", threads.error());
  const auto batch = arguments.number("--batch", 1, kLargestBatch);
  if (!batch) return report_usage(console, "index", batch.error());
  const auto retention = read_retention_options(arguments);
  if (!retention) return report_usage(console, "index", retention.error());
  const auto exclude = read_exclude_options(arguments, read_join_options(arguments, console));
  if (!exclude) {
    const auto& [error, source] = exclude.error();
    return source.empty() ? report(console, error) : report_usage(console, "index", error, source);
  }
  const std::vector<std::string>& paths = arguments.values("PATH");
  if (const auto checked = check_paths(paths); !checked) return report(console, checked.error());

  const std::string data = arguments.value("--data");
  indexer::IngestOptions options;
  options.workers = *threads;
  options.batch_events = *batch;
  options.exclude = *exclude;
  store::WriterOptions writer_options;
  if (arguments.has("--reference-writer")) {
    writer_options.terms_writer = store::TermsWriter::reference;
  }
  const auto account =
      run_ingest(paths, data, writer_options, *retention, std::move(options), console);
  if (!account) return report(console, account.error());
  const double seconds = seconds_since(begin);
  console.out << (arguments.has("--json") ? account_json(*account, seconds) + "\n"
                                          : account_text(*account, seconds))
              << std::flush;
  return conclude(*account, data, console);
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
