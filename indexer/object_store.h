#pragma once

#include <functional>
#include <map>
#include <string>

#include "schema/error.h"

namespace trailsift::indexer {

/// Where delivered objects are looked up by bucket and key.
class ObjectStore {
 public:
  struct Object {
    std::string bytes;
    /// User metadata, by lower-case names without `x-amz-meta-`.
    std::map<std::string, std::string> metadata;
  };
  /// False: nothing more is wanted.
  using KeyVisitor = std::function<bool(const std::string& key)>;

  virtual ~ObjectStore() = default;

  /// The whole object; not_found when there is none, too_large beyond the store's limit. Any
  /// thread.
  virtual Result<Object> get(const std::string& bucket, const std::string& key) = 0;

  /// Tells each key that begins with `prefix` and comes after `start_after`, in the order of the
  /// bytes. Memory does not grow with the number of keys.
  virtual Result<void> list(const std::string& bucket, const std::string& prefix,
                            const std::string& start_after, const KeyVisitor& visitor) = 0;

  /// What the object is called in `log_file` when it was indexed from here, and in messages.
  virtual std::string name(const std::string& bucket, const std::string& key) const = 0;

  /// Whether objects come with the metadata they were delivered with, so that a digest without a
  /// signature was replaced.
  virtual bool has_metadata() const = 0;
};

}  // namespace trailsift::indexer
