#include "cli/check_command.h"

#include <array>

#include "cli/terminal.h"
#include "indexer/ledger.h"
#include "indexer/quarantine.h"
#include "store/store.h"

namespace trailsift::cli {
namespace {

constexpr std::array kOptions = {kDataOption};

constexpr std::string_view kDescription =
    "Reads every byte of a data directory: checksums, the order and the ids of the events, the "
    "inverted index (with Xapian's own check), the ledger and the quarantine list (with SQLite's), "
    "and that nothing foreign lies beside them.\n"
    "Prints one line for each thing that is wrong and exits with 1; a clean index gives one line "
    "and 0. Nothing is changed. It may run beside `index` and `serve`.";

constexpr std::string_view kExamples =
    "  trailsift check --data index\n"
    "  trailsift check --data index || echo 'restore it from a backup, or index the logs again'\n";

ExitCode run_check(const Arguments& arguments, Console& console) {
  const std::string directory = arguments.value("--data");
  auto findings = store::check(directory);
  if (!findings) return report(console, findings.error());
  for (const auto check : {indexer::check_ledger, indexer::check_quarantine}) {
    const auto more = check(directory);
    if (!more) return report(console, more.error());
    findings->insert(findings->end(), more->begin(), more->end());
  }
  for (const std::string& finding : *findings) console.out << printable(finding) << '\n';
  if (!findings->empty()) return ExitCode::failure;

  const auto reader = store::Reader::open(directory);
  if (!reader) return report(console, reader.error());
  const auto snapshot = (*reader)->snapshot();
  if (!snapshot) return report(console, snapshot.error());
  console.out << "clean: " << grouped((*snapshot)->segments.size()) << " segments, "
              << grouped((*snapshot)->events()) << " events\n";
  return ExitCode::ok;
}

}  // namespace

const Command& check_command() {
  static const Command kCommand{.name = "check",
                                .summary = "verify every checksum of a data directory",
                                .description = kDescription,
                                .options = kOptions,
                                .examples = kExamples,
                                .run = run_check};
  return kCommand;
}

}  // namespace trailsift::cli
