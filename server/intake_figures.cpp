#include "server/intake_figures.h"

#include "indexer/ledger.h"
#include "indexer/quarantine.h"

namespace trailsift::server {

Intake read_intake(const std::filesystem::path& data_directory) {
  Intake intake{indexer::ledger_sums(data_directory), indexer::count_quarantined(data_directory)};
  const auto is_missing = [](const auto& figure) {
    return !figure && figure.error().code == ErrorCode::not_found;
  };
  if (is_missing(intake.deliveries)) intake.deliveries = indexer::LedgerSums();
  if (is_missing(intake.quarantined)) intake.quarantined = 0;
  return intake;
}

}  // namespace trailsift::server
