#pragma once

#include <memory>
#include <ostream>

#include "indexer/verify.h"

namespace trailsift::cli {

/// Prints what a verification finds as it is found, and its end.
class VerifyOutput : public indexer::VerdictSink {
 public:
  virtual void finish(const indexer::VerifyAccount& account) = 0;
};

/// Lines as `aws cloudtrail validate-logs` prints them; valid files only when `verbose`. Borrows
/// the stream.
std::unique_ptr<VerifyOutput> verify_text(std::ostream& out, bool verbose);

/// One object a line, every file, and the sums at the end. Borrows the stream.
std::unique_ptr<VerifyOutput> verify_json(std::ostream& out);

}  // namespace trailsift::cli
