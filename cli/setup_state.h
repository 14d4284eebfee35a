#pragma once

#include <string>
#include <vector>

#include "cli/aws_cli.h"
#include "cli/setup_plan.h"
#include "schema/error.h"

namespace trailsift::cli {

/// How a step's thing is now.
struct StepState {
  bool there = false;
  std::vector<std::string> differences;  ///< From what is wanted.

  bool fits() const { return there && differences.empty(); }
};

/// Asks AWS about each step. Sides of what is missing are missing, and are not asked about. Any
/// other refusal of AWS is an error.
Result<std::vector<StepState>> look_at(const std::vector<SetupStep>& plan, const AwsCli& aws);

/// Whether a bucket holds objects, old versions or markers of deletion.
Result<bool> holds_objects(const std::string& bucket, const AwsCli& aws);

}  // namespace trailsift::cli
