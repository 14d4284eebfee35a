#include <array>
#include <chrono>
#include <memory>
#include <set>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "aws/s3.h"
#include "cli/aws_options.h"
#include "cli/quarantine_command.h"
#include "cli/terminal.h"
#include "indexer/intake.h"
#include "indexer/ledger.h"
#include "indexer/quarantine.h"
#include "indexer/replay.h"
#include "store/store.h"

namespace trailsift::cli {
namespace {

constexpr Option kIdOption{"ID", "", "", Arity::repeated,
                           "an entry's id, or its first four digits or more"};
constexpr std::array kReplayOptions = {
    kIdOption,
    kDataOption,
    Option{"--all", "", "", Arity::optional, "every entry of the list"},
    Option{"--bucket", "NAME", "", Arity::repeated,
           "fetch objects of this bucket, and of no other that is not named"},
    Option{"--account", "ID", "", Arity::repeated,
           "fetch files of this account, and of no other that is not named"},
    kProfileOption,
    kRegionOption,
    kEndpointOption,
};
constexpr std::array kDropOptions = {kReplayOptions[0], kReplayOptions[1], kReplayOptions[2]};

constexpr std::string_view kReplayDescription =
    "Reads the bytes of quarantine entries again, the way of delivered files, and indexes what are "
    "events now: after an upgrade, say, that reads what an earlier version could not. An entry "
    "that is indexed, or that the index has already, leaves the list; the others stay, and why is "
    "told. What messages announce is fetched from S3 and indexed.\n"
    "It writes to the index, so no `index` may run beside it. The exit code is 1 when an entry "
    "stays. Entries whose bytes were not kept can only be had from where they came.";

constexpr std::string_view kReplayExamples =
    "  trailsift quarantine replay 3f9a 77c0 --data index\n"
    "  trailsift quarantine replay --all --data index --bucket example-trail-logs\n";

constexpr std::string_view kDropDescription =
    "Takes entries off the quarantine list, with their bytes, for good. The index does not change.";

constexpr std::string_view kDropExamples =
    "  trailsift quarantine drop 3f9a --data index\n"
    "  trailsift quarantine drop --all --data index\n";

/// The whole ids that the command line means. bad_request: it is wrong.
Result<std::vector<std::string>> wanted_ids(const Arguments& arguments) {
  const std::string data = arguments.value("--data");
  const auto& given = arguments.values("ID");
  if (given.empty() != arguments.has("--all")) {
    return fail(ErrorCode::bad_request, "expected the ids of entries, or --all");
  }
  if (!given.empty()) return indexer::find_quarantined(data, given);
  std::vector<std::string> ids;
  const auto listed = indexer::for_each_quarantined(data, [&](const indexer::ListedEntry& entry) {
    ids.push_back(entry.id);
    return true;
  });
  if (!listed) return tl::unexpected(listed.error());
  return ids;
}

ExitCode report_ids(Console& console, std::string_view command, const Error& error) {
  return error.code == ErrorCode::bad_request ? report_usage(console, command, error)
                                              : report(console, error);
}

/// Whether one of the entries is a message, so that S3 may have to be asked.
Result<bool> holds_messages(const std::string& data, const std::vector<std::string>& ids) {
  const std::set<std::string_view> wanted(ids.begin(), ids.end());
  bool found = false;
  const auto listed = indexer::for_each_quarantined(data, [&](const indexer::ListedEntry& entry) {
    found = entry.kind == indexer::QuarantinedAs::message && wanted.contains(entry.id);
    return !found;
  });
  if (!listed) return tl::unexpected(listed.error());
  return found;
}

/// What takes the messages among the entries, from the session on.
struct MessageTaker {
  std::unique_ptr<aws::Session> session;
  std::unique_ptr<aws::S3> s3;
  std::unique_ptr<indexer::Quarantine> quarantine;
  std::unique_ptr<indexer::Intake> intake;
};

Result<MessageTaker> take_messages(const Arguments& arguments, store::Writer& writer,
                                   indexer::Ledger* ledger) {
  const std::string data = arguments.value("--data");
  MessageTaker taker;
  auto session = open_session(arguments);
  if (!session) return tl::unexpected(session.error());
  auto quarantine = indexer::Quarantine::open(data);
  if (!quarantine) return tl::unexpected(quarantine.error());
  taker.session = std::move(*session);
  taker.s3 = std::make_unique<aws::S3>(*taker.session);
  taker.quarantine = std::move(*quarantine);
  indexer::IntakeOptions options;
  options.buckets = arguments.values("--bucket");
  options.accounts = arguments.values("--account");
  options.ingest.ledger = ledger;
  options.fetch_limits.spool = data;
  taker.intake = indexer::Intake::start(writer, *taker.quarantine, taker.s3.get(), options);
  return taker;
}

Result<indexer::ReplayAccount> replay(const Arguments& arguments,
                                      const std::vector<std::string>& ids, Console& console) {
  if (ids.empty()) return indexer::ReplayAccount();  // There may be no store either.
  const std::string data = arguments.value("--data");
  const auto writer = store::Writer::open(data);
  if (!writer) return tl::unexpected(writer.error());
  const auto ledger = indexer::Ledger::open(data);
  if (!ledger) {
    console.err << "deliveries are not recorded: " << printable(ledger.error().message) << '\n';
  }
  indexer::ReplayOptions options;
  options.ledger = ledger ? ledger->get() : nullptr;
  options.on_kept = [&](const indexer::ListedEntry& entry, std::string_view why) {
    console.err << entry.id << " stays: " << printable(why) << '\n';
  };
  const auto messages = holds_messages(data, ids);
  if (!messages) return tl::unexpected(messages.error());
  if (!*messages) {
    return indexer::replay_quarantined(data, ids, **writer, options, console.stop);
  }
  const auto taker = take_messages(arguments, **writer, options.ledger);
  if (!taker) return tl::unexpected(taker.error());
  options.intake = taker->intake.get();
  const std::stop_callback on_stop(console.stop,
                                   [&] { taker->intake->stop(std::chrono::milliseconds(0)); });
  return indexer::replay_quarantined(data, ids, **writer, options, console.stop);
}

ExitCode run_quarantine_replay(const Arguments& arguments, Console& console) {
  const auto ids = wanted_ids(arguments);
  if (!ids) return report_ids(console, "quarantine replay", ids.error());
  const auto account = replay(arguments, *ids, console);
  if (!account) return report(console, account.error());
  console.out << "replayed " << grouped(account->replayed) << " of " << grouped(ids->size())
              << " entries: " << grouped(account->indexed) << " events indexed, "
              << grouped(account->duplicates) << " duplicates; " << grouped(account->kept)
              << " entries stay\n";
  if (console.stop.stop_requested()) return ExitCode::interrupted;
  return account->kept == 0 ? ExitCode::ok : ExitCode::failure;
}

ExitCode run_quarantine_drop(const Arguments& arguments, Console& console) {
  const auto ids = wanted_ids(arguments);
  if (!ids) return report_ids(console, "quarantine drop", ids.error());
  const auto dropped = indexer::drop_quarantined(arguments.value("--data"), *ids);
  if (!dropped) return report(console, dropped.error());
  console.out << "dropped " << grouped(*dropped) << " entries\n";
  return ExitCode::ok;
}

}  // namespace

const Command& quarantine_replay_command() {
  static const Command kCommand{.name = "quarantine replay",
                                .summary = "try again to index what was rejected",
                                .description = kReplayDescription,
                                .options = kReplayOptions,
                                .examples = kReplayExamples,
                                .run = run_quarantine_replay,
                                .interrupt = Interrupt::stops};
  return kCommand;
}

const Command& quarantine_drop_command() {
  static const Command kCommand{.name = "quarantine drop",
                                .summary = "take entries off the quarantine list",
                                .description = kDropDescription,
                                .options = kDropOptions,
                                .examples = kDropExamples,
                                .run = run_quarantine_drop};
  return kCommand;
}

}  // namespace trailsift::cli
