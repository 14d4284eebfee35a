#pragma once

#include <array>
#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "aws/session.h"
#include "indexer/intake.h"
#include "indexer/ledger.h"
#include "indexer/replay.h"
#include "indexer/sns_signature.h"
#include "indexer/sqs_poller.h"
#include "schema/error.h"

namespace trailsift::server {

/// Endpoints that take events; each is closed unless it was opened.
enum class PushRoute : std::uint8_t { sns, firehose, awslogs, ingest, documents, bulk };
constexpr std::size_t kPushRoutes = 6;
/// "sns", …, as options and routes have it.
std::string_view name(PushRoute route);
std::optional<PushRoute> push_route_named(std::string_view wanted);

struct PushOptions {
  std::array<bool, kPushRoutes> open{};
  /// What senders have to know; "": anybody on this machine may send, and nobody else.
  std::string token;
  indexer::SnsPolicy sns;  ///< Messages of these topics are believed by their signatures.
  std::size_t max_body_bytes = 64UL << 20;
};

/// Where a server's events come from while it runs. With none of them it only reads.
struct SourcesOptions {
  PushOptions push;
  std::vector<indexer::SqsPollerOptions> queues;  ///< `log` is set by whoever serves.
  aws::SessionOptions session;
  indexer::IntakeOptions intake;
  indexer::LedgerOptions ledger;
  std::chrono::milliseconds stop_grace{10'000};

  bool any() const;
};

/// The sources of a server that runs: the writer of its data directory, its intake and pollers.
class Sources {
 public:
  /// Opens the data directory for writing, so no other process may be writing it. Connects to
  /// nothing yet: what is wrong with a queue is logged and tried again.
  static Result<std::unique_ptr<Sources>> start(const std::filesystem::path& data,
                                                SourcesOptions options,
                                                std::function<void(const std::string&)> log);
  /// Stops as stop() does.
  virtual ~Sources() = default;

  virtual indexer::Intake& intake() = 0;
  virtual store::Writer& writer() = 0;
  virtual const PushOptions& push() const = 0;
  /// Of messages at /sns/; nullptr when no topic is allowed.
  virtual indexer::SnsVerifier* sns() = 0;
  /// Only where there are queues, or /sns/ is open.
  virtual aws::Session& session() = 0;
  virtual std::vector<indexer::SqsPollerFigures> queues() const = 0;

  /// Reads entries of the quarantine list again, as indexer/replay.h says. `unavailable` while
  /// another call of this is under way.
  virtual Result<indexer::ReplayAccount> replay(
      std::span<const std::string> ids,
      std::function<void(const indexer::ListedEntry&, std::string_view why)> on_kept,
      const std::stop_token& stop) = 0;

  /// Pollers first, then the intake.
  virtual void stop() = 0;
};

}  // namespace trailsift::server
