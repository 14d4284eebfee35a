#include "server/sources.h"

#include <algorithm>
#include <array>
#include <mutex>
#include <stop_token>
#include <utility>

#include "aws/http_client.h"
#include "aws/s3.h"

namespace trailsift::server {
namespace {

constexpr std::array<std::string_view, kPushRoutes> kRouteNames = {"sns",    "firehose",  "awslogs",
                                                                   "ingest", "documents", "bulk"};
constexpr std::chrono::seconds kCertificateTimeout{5};

/// Fetches what SnsCertificates asks for: its URLs are checked there.
indexer::CertificateFetcher certificate_fetcher(std::shared_ptr<aws::HttpClient> http) {
  return [http = std::move(http)](const std::string& url) -> Result<std::string> {
    aws::HttpRequest request;
    request.url = url;
    request.timeout = request.connect_timeout = kCertificateTimeout;
    request.max_response_bytes = indexer::kMaxCertificateBytes;
    request.allow_http = true;
    request.public_address_only = true;
    auto response = http->send(request, {});
    if (!response) return tl::unexpected(response.error());
    if (!response->ok()) {
      return fail(ErrorCode::unavailable, "status " + std::to_string(response->status));
    }
    return std::move(response->body);
  };
}

class RunningSources final : public Sources {
 public:
  RunningSources(SourcesOptions options, std::function<void(const std::string&)> log)
      : options_(std::move(options)), log_(std::move(log)) {}
  ~RunningSources() override { stop(); }

  Result<void> open(const std::filesystem::path& data);

  indexer::Intake& intake() override { return *intake_; }
  store::Writer& writer() override { return *writer_; }
  const PushOptions& push() const override { return options_.push; }
  indexer::SnsVerifier* sns() override { return sns_.get(); }
  aws::Session& session() override { return *session_; }
  std::vector<indexer::SqsPollerFigures> queues() const override;
  Result<indexer::ReplayAccount> replay(
      std::span<const std::string> ids,
      std::function<void(const indexer::ListedEntry&, std::string_view why)> on_kept,
      const std::stop_token& stop) override;
  void stop() override;

 private:
  Result<void> open_aws();
  Result<void> open_index(const std::filesystem::path& data);
  void start(const std::filesystem::path& data);

  SourcesOptions options_;
  std::filesystem::path data_;
  std::mutex replaying_;  // Held by the one replay that is under way.
  const std::function<void(const std::string&)> log_;
  std::unique_ptr<indexer::SnsVerifier> sns_;
  std::unique_ptr<aws::Session> session_;
  std::unique_ptr<aws::S3> s3_;
  std::unique_ptr<store::Writer> writer_;
  std::unique_ptr<indexer::Quarantine> quarantine_;
  std::unique_ptr<indexer::Ledger> ledger_;
  // Each uses what stands before it.
  std::unique_ptr<indexer::Intake> intake_;
  std::vector<std::unique_ptr<indexer::SqsPoller>> pollers_;
};

Result<void> RunningSources::open(const std::filesystem::path& data) {
  data_ = data;
  if (auto opened = open_aws(); !opened) return opened;
  if (auto opened = open_index(data); !opened) return opened;
  start(data);
  return {};
}

/// Whoever takes no announcements of objects needs nothing of AWS.
Result<void> RunningSources::open_aws() {
  const bool takes_sns = options_.push.open.at(static_cast<std::size_t>(PushRoute::sns));
  if (!takes_sns && options_.queues.empty()) return {};
  auto session = aws::Session::open(options_.session);
  if (!session) return tl::unexpected(session.error());
  session_ = std::move(*session);
  s3_ = std::make_unique<aws::S3>(*session_);
  if (!takes_sns || options_.push.sns.topics.empty()) return {};
  auto http = aws::HttpClient::make();
  if (!http) return tl::unexpected(http.error());
  auto verifier =
      indexer::SnsVerifier::make(options_.push.sns, certificate_fetcher(std::move(*http)));
  if (!verifier) return tl::unexpected(verifier.error());
  sns_ = std::move(*verifier);
  return {};
}

Result<void> RunningSources::open_index(const std::filesystem::path& data) {
  auto writer = store::Writer::open(data);
  if (!writer) return tl::unexpected(writer.error());
  auto quarantine = indexer::Quarantine::open(data);
  if (!quarantine) return tl::unexpected(quarantine.error());
  auto ledger = indexer::Ledger::open(data, options_.ledger);
  if (!ledger && log_) log_("deliveries are not recorded: " + ledger.error().message);
  writer_ = std::move(*writer);
  quarantine_ = std::move(*quarantine);
  if (ledger) ledger_ = std::move(*ledger);
  return {};
}

void RunningSources::start(const std::filesystem::path& data) {
  options_.intake.ingest.ledger = ledger_.get();
  options_.intake.fetch_limits.spool = data;
  intake_ = indexer::Intake::start(*writer_, *quarantine_, s3_.get(), options_.intake);
  for (indexer::SqsPollerOptions queue : options_.queues) {
    queue.log = log_;
    pollers_.push_back(indexer::SqsPoller::start(*session_, *intake_, std::move(queue)));
  }
}

std::vector<indexer::SqsPollerFigures> RunningSources::queues() const {
  std::vector<indexer::SqsPollerFigures> figures;
  figures.reserve(pollers_.size());
  for (const auto& poller : pollers_) figures.push_back(poller->figures());
  return figures;
}

Result<indexer::ReplayAccount> RunningSources::replay(
    std::span<const std::string> ids,
    std::function<void(const indexer::ListedEntry&, std::string_view why)> on_kept,
    const std::stop_token& stop) {
  const std::unique_lock only(replaying_, std::try_to_lock);
  if (!only) return fail(ErrorCode::unavailable, "another replay is under way");
  indexer::ReplayOptions options;
  options.ledger = ledger_.get();
  options.intake = intake_.get();
  options.on_kept = std::move(on_kept);
  return indexer::replay_quarantined(data_, ids, *writer_, options, stop);
}

void RunningSources::stop() {
  for (const auto& poller : pollers_) poller->stop_receiving();
  if (intake_) intake_->stop(options_.stop_grace);
  for (const auto& poller : pollers_) poller->stop();
}

}  // namespace

std::string_view name(PushRoute route) {
  return kRouteNames.at(static_cast<std::size_t>(route));
}

std::optional<PushRoute> push_route_named(std::string_view wanted) {
  const auto found = std::ranges::find(kRouteNames, wanted);
  if (found == kRouteNames.end()) return std::nullopt;
  return static_cast<PushRoute>(found - kRouteNames.begin());
}

bool SourcesOptions::any() const {
  return !queues.empty() || std::ranges::find(push.open, true) != push.open.end();
}

Result<std::unique_ptr<Sources>> Sources::start(const std::filesystem::path& data,
                                                SourcesOptions options,
                                                std::function<void(const std::string&)> log) {
  auto sources = std::make_unique<RunningSources>(std::move(options), std::move(log));
  if (auto opened = sources->open(data); !opened) return tl::unexpected(opened.error());
  return sources;
}

}  // namespace trailsift::server
