#include "indexer/s3_listing.h"

#include <utility>

#include "aws/endpoint.h"
#include "indexer/quoted.h"

namespace trailsift::indexer {
namespace {

constexpr std::string_view kScheme = "s3://";

}  // namespace

bool is_s3_url(std::string_view text) {
  return text.starts_with(kScheme);
}

Result<S3Place> parse_s3_url(std::string_view text) {
  if (is_s3_url(text)) {
    const std::string_view rest = text.substr(kScheme.size());
    const std::size_t slash = rest.find('/');
    const std::string_view bucket = rest.substr(0, slash);
    const std::string_view prefix =
        slash == std::string_view::npos ? std::string_view() : rest.substr(slash + 1);
    if (aws::is_bucket_name(bucket) && prefix.size() <= aws::kMaxKeyBytes) {
      return S3Place{std::string(bucket), std::string(prefix)};
    }
  }
  return fail(ErrorCode::bad_request, "expected s3://BUCKET/PREFIX, got " + quoted(text));
}

Result<std::optional<std::vector<aws::ListedObject>>> S3Listing::next(const std::stop_token& stop) {
  if (ended_) return std::nullopt;
  auto page = s3_.list(request_, stop);
  if (!page) return tl::unexpected(page.error());
  auto wanted = choose(std::move(page->objects));
  ended_ = page->next_token.empty();
  // A store that does not know start-after is listed on.
  if (unwanted_up_to_ > request_.start_after) {
    request_.start_after = unwanted_up_to_;
    request_.continuation_token.clear();
  } else {
    request_.continuation_token = std::move(page->next_token);
  }
  return wanted;
}

std::vector<aws::ListedObject> S3Listing::choose(std::vector<aws::ListedObject> objects) {
  std::vector<aws::ListedObject> wanted;
  for (aws::ListedObject& object : objects) {
    if (object.key <= unwanted_up_to_) continue;
    unwanted_up_to_.clear();
    KeyJudgement judged = judge_key(object.key, choice_);
    unwanted_up_to_ = std::move(judged.up_to);
    if (judged.wanted) wanted.push_back(std::move(object));
  }
  return wanted;
}

}  // namespace trailsift::indexer
