#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "aws/session.h"
#include "schema/error.h"
#include "schema/time.h"

namespace trailsift::aws {

/// Gets bytes in order; false ends the call as `cancelled`.
using BodySink = std::function<bool(std::string_view bytes)>;

/// One object, and which version of it.
struct ObjectName {
  std::string bucket;
  std::string key;         ///< As it is, not encoded; any bytes of UTF-8, at most 1024.
  std::string version_id;  ///< "": the current one.
};

struct ObjectInfo {
  std::uint64_t size = 0;
  std::string etag;  ///< Without quotes.
  std::string version_id;
  std::optional<Timestamp> last_modified;
  std::map<std::string, std::string> metadata;  ///< x-amz-meta-NAME, by NAME in lower case.
};

struct Object {
  ObjectInfo info;
  std::string bytes;
};

struct ListRequest {
  std::string bucket;
  std::string prefix;
  std::string delimiter;           ///< "/" gives one level, its folders as common_prefixes.
  std::string start_after;         ///< Keys behind this one.
  std::string continuation_token;  ///< Of the page before.
  std::size_t max_keys = 1000;     ///< 1 to 1000.
};

struct ListedObject {
  std::string key;
  std::uint64_t size = 0;
  std::string etag;  ///< Without quotes.
  Timestamp last_modified;
};

struct ListPage {
  std::vector<ListedObject> objects;  ///< In the order of the keys' UTF-8 bytes.
  std::vector<std::string> common_prefixes;
  std::string next_token;  ///< "": this was the last page.
};

constexpr std::size_t kMaxKeyBytes = 1024;

/// Objects of S3 and of stores that speak its protocol. A bucket in another region is found by
/// S3's own hint and remembered. Errors: aws/session.h. Any thread.
class S3 {
 public:
  explicit S3(Session& session) : session_(session) {}

  /// Needs s3:GetObject (with a version: s3:GetObjectVersion). Larger than `max_bytes` is
  /// `too_large` before anything is kept.
  Result<Object> get(const ObjectName& object, std::size_t max_bytes, const std::stop_token& stop);

  /// The object's bytes, as many as there are, go to `sink`, each once and in order: a broken
  /// connection is resumed where it broke, as long as the object is the same (etag). `sink` runs on
  /// this thread. Larger than `max_bytes` is `too_large`, before any byte where S3 tells the size.
  Result<ObjectInfo> get(const ObjectName& object, const BodySink& sink,
                         const std::stop_token& stop, std::size_t max_bytes = SIZE_MAX);

  /// Needs s3:GetObject.
  Result<ObjectInfo> head(const ObjectName& object, const std::stop_token& stop);

  /// One page. Needs s3:ListBucket.
  Result<ListPage> list(const ListRequest& request, const std::stop_token& stop);

 private:
  Session& session_;
};

}  // namespace trailsift::aws
