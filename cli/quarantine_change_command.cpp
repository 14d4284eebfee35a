#include <array>
#include <string>
#include <vector>

#include "cli/quarantine_command.h"
#include "cli/terminal.h"
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
};
constexpr auto kDropOptions = kReplayOptions;

constexpr std::string_view kReplayDescription =
    "Reads the bytes of quarantine entries again, the way of delivered files, and indexes what are "
    "events now: after an upgrade, say, that reads what an earlier version could not. An entry "
    "that is indexed, or that the index has already, leaves the list; the others stay, and why is "
    "told.\n"
    "It writes to the index, so no `index` may run beside it. The exit code is 1 when an entry "
    "stays. Entries whose bytes were not kept can only be had from where they came.";

constexpr std::string_view kReplayExamples =
    "  trailsift quarantine replay 3f9a 77c0 --data index\n"
    "  trailsift quarantine replay --all --data index\n";

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

Result<indexer::ReplayAccount> replay(const std::string& data, const std::vector<std::string>& ids,
                                      Console& console) {
  if (ids.empty()) return indexer::ReplayAccount();  // There may be no store either.
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
  return indexer::replay_quarantined(data, ids, **writer, options, console.stop);
}

ExitCode run_quarantine_replay(const Arguments& arguments, Console& console) {
  const auto ids = wanted_ids(arguments);
  if (!ids) return report_ids(console, "quarantine replay", ids.error());
  const auto account = replay(arguments.value("--data"), *ids, console);
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
