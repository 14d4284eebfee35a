#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "aws/s3.h"
#include "aws/session.h"
#include "cli/command.h"
#include "indexer/delivery_choice.h"
#include "indexer/ledger.h"
#include "indexer/s3_listing.h"
#include "indexer/s3_source.h"
#include "schema/error.h"

namespace trailsift::cli {

inline constexpr Option kFirstDayOption{
    "--from", "DAY", "", Arity::optional,
    "of s3://: only files delivered on this day (2026-07-29, UTC; -30d) or later"};
inline constexpr Option kLastDayOption{
    "--to", "DAY", "", Arity::optional,
    "of s3://: only files delivered until the day after this one, which hold its last events"};
inline constexpr Option kAgainOption{"--again", "", "", Arity::optional,
                                     "of s3://: read what the ledger has as indexed before, too"};

/// What `index s3://…` was asked for.
struct BucketRequest {
  std::vector<indexer::S3Place> places;
  indexer::DeliveryChoice choice;
};

/// nullopt when what is to be read are paths. The error is a mistake in the command line.
Result<std::optional<BucketRequest>> read_bucket_request(const Arguments& arguments, Timestamp now);

/// Buckets that are there and may be listed.
class BucketInput {
 public:
  /// Lists one key of each place. Errors are those of aws::Session and aws::S3::list().
  static Result<std::unique_ptr<BucketInput>> open(const Arguments& arguments,
                                                   BucketRequest request,
                                                   const std::stop_token& stop);

  /// Where the objects come from that are not settled in `ledger` (nullptr: all objects). Large
  /// ones are kept in files of `spool`. Borrows this.
  std::unique_ptr<indexer::S3Source> source(const std::filesystem::path& spool,
                                            indexer::Ledger* ledger);

 private:
  BucketInput(std::unique_ptr<aws::Session> session, BucketRequest request)
      : session_(std::move(session)), s3_(*session_), request_(std::move(request)) {}

  std::unique_ptr<aws::Session> session_;
  aws::S3 s3_;
  BucketRequest request_;
};

/// The ledger's `source` of objects that were read so.
constexpr std::string_view kBucketSource = "s3";

}  // namespace trailsift::cli
