#include "cli/progress_view.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "cli/terminal.h"

namespace trailsift::cli {
namespace {

constexpr std::chrono::seconds kLineInterval(5);
constexpr std::size_t kBarWidth = 20;
// Before that, the rate is no ground for a forecast.
constexpr double kLeastSeconds = 1.0;
constexpr double kLeastShare = 0.005;

double seconds(std::chrono::steady_clock::duration duration) {
  return std::chrono::duration<double>(duration).count();
}

/// How much of the source has been read, in [0, 1].
std::optional<double> share_done(const indexer::IngestProgress& progress) {
  if (!progress.total || progress.total->bytes == 0) return std::nullopt;
  const double share =
      static_cast<double>(progress.bytes_taken) / static_cast<double>(progress.total->bytes);
  return std::min(share, 1.0);
}

std::string duration_text(double duration) {
  const auto whole = static_cast<std::uint64_t>(std::llround(duration));
  if (whole < 60) return std::to_string(whole) + " s";
  if (whole < 3600) return std::to_string(whole / 60) + " min " + std::to_string(whole % 60) + " s";
  return grouped(whole / 3600) + " h " + std::to_string(whole / 60 % 60) + " min";
}

std::string bar_text(double share) {
  const auto filled = static_cast<std::size_t>(share * static_cast<double>(kBarWidth));
  const auto percent = static_cast<std::uint64_t>(share * 100);
  return '[' + std::string(filled, '#') + std::string(kBarWidth - filled, '.') + "] " +
         padded_left(std::to_string(percent), 3) + "%  ";
}

}  // namespace

std::string progress_text(const indexer::IngestProgress& progress) {
  const indexer::IngestAccount& account = progress.account;
  const double elapsed = seconds(progress.elapsed);
  std::string text = grouped(account.files + account.skipped);
  if (progress.total) text += " of " + grouped(progress.total->files);
  text += " files, " + grouped(account.read) + " events";
  if (elapsed >= kLeastSeconds) {
    const double rate = static_cast<double>(account.read) / elapsed;
    text += ", " + grouped(static_cast<std::uint64_t>(rate)) + " events/s";
  }
  const auto share = share_done(progress);
  if (share && *share >= kLeastShare && *share < 1 && elapsed >= kLeastSeconds) {
    text += ", " + duration_text(elapsed * (1 - *share) / *share) + " left";
  }
  if (share && *share >= 1) text += ", committing";
  return text;
}

void ProgressView::show(const indexer::IngestProgress& progress) {
  if (console_.err_is_terminal) {
    const auto share = share_done(progress);
    draw((share ? bar_text(*share) : "") + progress_text(progress));
  } else if (progress.elapsed >= next_line_) {
    next_line_ = progress.elapsed + kLineInterval;
    console_.err << progress_text(progress) << std::endl;
  }
}

void ProgressView::show(const std::string& text) {
  if (console_.err_is_terminal) draw(text);
}

void ProgressView::clear() {
  if (!drawn_) return;
  draw("");
  console_.err << '\r' << std::flush;
  drawn_ = false;
}

/// One column stays free: a full line would scroll some terminals.
void ProgressView::draw(const std::string& line) {
  const std::size_t room = std::max<std::size_t>(console_.width, 2) - 1;
  console_.err << '\r' << padded_right(fitted(line, room), room) << std::flush;
  drawn_ = true;
}

}  // namespace trailsift::cli
