#pragma once

#include <chrono>
#include <string>

#include "cli/console.h"
#include "indexer/ingest.h"

namespace trailsift::cli {

/// "1,234 of 3,872 files, 12,345 events, 8,210 events/s, 12 s left"; what is not known is left out.
std::string progress_text(const indexer::IngestProgress& progress);

/// Shows how far a run is: on a terminal one line that is drawn anew, with a bar; elsewhere a line
/// every few seconds. Borrows the console.
class ProgressView {
 public:
  explicit ProgressView(Console& console) : console_(console) {}
  ~ProgressView() { clear(); }
  ProgressView(const ProgressView&) = delete;
  ProgressView& operator=(const ProgressView&) = delete;

  void show(const indexer::IngestProgress& progress);
  /// On a terminal, a line such as "merging segments" in place of the figures.
  void show(const std::string& text);
  /// Takes the line away, so that something else can be printed.
  void clear();

 private:
  void draw(const std::string& line);

  Console& console_;
  bool drawn_ = false;
  std::chrono::steady_clock::duration next_line_ = std::chrono::seconds(5);
};

}  // namespace trailsift::cli
