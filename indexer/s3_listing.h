#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "aws/s3.h"
#include "indexer/delivery_choice.h"
#include "schema/error.h"

namespace trailsift::indexer {

/// "s3://BUCKET/PREFIX"; the prefix may be empty and need not end in '/'.
struct S3Place {
  std::string bucket;
  std::string prefix;

  std::string text() const { return "s3://" + bucket + "/" + prefix; }
};

/// Whether `text` begins like the URL of a bucket, be it right or not.
bool is_s3_url(std::string_view text);

Result<S3Place> parse_s3_url(std::string_view text);

/// The wanted objects of one place, in the order of the keys, page by page. Folders that hold
/// nothing wanted are jumped over: each costs a page at most. One thread.
class S3Listing {
 public:
  /// Borrows `s3`.
  S3Listing(aws::S3& s3, S3Place place, DeliveryChoice choice, std::size_t page_size = 1000)
      : s3_(s3), place_(std::move(place)), choice_(std::move(choice)), request_{place_.bucket,
                                                                                place_.prefix,
                                                                                "",
                                                                                "",
                                                                                "",
                                                                                page_size} {}

  /// The wanted objects of the next page, of which there may be none; nullopt when there are no
  /// more pages. Errors are those of aws::S3::list().
  Result<std::optional<std::vector<aws::ListedObject>>> next(const std::stop_token& stop);

  const S3Place& place() const { return place_; }

 private:
  std::vector<aws::ListedObject> choose(std::vector<aws::ListedObject> objects);

  aws::S3& s3_;
  const S3Place place_;
  const DeliveryChoice choice_;
  aws::ListRequest request_;
  std::string unwanted_up_to_;
  bool ended_ = false;
};

}  // namespace trailsift::indexer
