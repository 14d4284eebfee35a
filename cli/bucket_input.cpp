#include "cli/bucket_input.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "cli/aws_options.h"
#include "cli/delivery_options.h"

namespace trailsift::cli {
namespace {

constexpr std::array<std::string_view, 8> kBucketOptions = {
    "--from",  "--to",      "--accounts", "--regions",
    "--again", "--profile", "--region",   "--endpoint-url"};

Result<std::vector<indexer::S3Place>> places_of(const std::vector<std::string>& urls) {
  std::vector<indexer::S3Place> places;
  for (const std::string& url : urls) {
    auto place = indexer::parse_s3_url(url);
    if (!place) return tl::unexpected(place.error());
    places.push_back(std::move(*place));
  }
  return places;
}

}  // namespace

Result<std::optional<BucketRequest>> read_bucket_request(const Arguments& arguments,
                                                         Timestamp now) {
  const auto& paths = arguments.values("PATH");
  const auto urls = std::ranges::count_if(paths, indexer::is_s3_url);
  if (urls == 0) {
    const auto* const given = std::ranges::find_if(
        kBucketOptions, [&](std::string_view name) { return arguments.has(name); });
    if (given == kBucketOptions.end()) return std::nullopt;
    return fail(ErrorCode::bad_request,
                "expected s3://BUCKET/PREFIX with " + std::string(*given) + ", got a path");
  }
  if (static_cast<std::size_t>(urls) < paths.size()) {
    return fail(ErrorCode::bad_request, "expected paths, or s3://BUCKET/PREFIX, got both");
  }
  auto places = places_of(paths);
  if (!places) return tl::unexpected(places.error());
  BucketRequest request{std::move(*places), {}};
  const auto from = time_bound(arguments, "--from", now);
  if (!from) return tl::unexpected(from.error());
  const auto to = time_bound(arguments, "--to", now);
  if (!to) return tl::unexpected(to.error());
  if (*from && *to && **from > **to) {
    return fail(ErrorCode::bad_request, "expected --from to be before --to");
  }
  request.choice.from = *from;
  request.choice.to = *to;
  request.choice.accounts = comma_parts(arguments, "--accounts");
  request.choice.regions = comma_parts(arguments, "--regions");
  return request;
}

Result<std::unique_ptr<BucketInput>> BucketInput::open(const Arguments& arguments,
                                                       BucketRequest request,
                                                       const std::stop_token& stop) {
  auto session = open_session(arguments);
  if (!session) return tl::unexpected(session.error());
  std::unique_ptr<BucketInput> input(new BucketInput(std::move(*session), std::move(request)));
  for (const indexer::S3Place& place : input->request_.places) {
    const auto page = input->s3_.list({place.bucket, place.prefix, "", "", "", 1}, stop);
    if (!page) return tl::unexpected(page.error());
  }
  return input;
}

std::unique_ptr<indexer::S3Source> BucketInput::source(const std::filesystem::path& spool,
                                                       indexer::Ledger* ledger) {
  indexer::S3SourceOptions options;
  options.choice = request_.choice;
  options.fetch_limits.spool = spool;
  options.ledger = ledger;
  options.ledger_source = kBucketSource;
  return indexer::s3_source(s3_, request_.places, std::move(options));
}

}  // namespace trailsift::cli
