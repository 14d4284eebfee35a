#include "indexer/s3_store.h"

#include <utility>

#include "indexer/fetched_object.h"

namespace trailsift::indexer {
namespace {

constexpr std::size_t kMostObjectBytes = std::size_t{512} << 20;

class S3Store : public ObjectStore {
 public:
  S3Store(aws::S3& s3, std::stop_token stop) : s3_(s3), stop_(std::move(stop)) {}

  Result<Object> get(const std::string& bucket, const std::string& key) override {
    auto object = s3_.get({bucket, key, ""}, kMostObjectBytes, stop_);
    if (!object) return tl::unexpected(object.error());
    return Object{std::move(object->bytes), std::move(object->info.metadata)};
  }

  Result<void> list(const std::string& bucket, const std::string& prefix,
                    const std::string& start_after, const KeyVisitor& visitor) override {
    aws::ListRequest request{bucket, prefix, "", start_after, "", 1000};
    do {
      const auto page = s3_.list(request, stop_);
      if (!page) return tl::unexpected(page.error());
      for (const aws::ListedObject& object : page->objects) {
        // A store that does not know start-after sends what comes before, too.
        if (object.key > start_after && !visitor(object.key)) return {};
      }
      request.continuation_token = page->next_token;
    } while (!request.continuation_token.empty());
    return {};
  }

  std::string name(const std::string& bucket, const std::string& key) const override {
    return object_name(bucket, key);
  }

  bool has_metadata() const override { return true; }

 private:
  aws::S3& s3_;
  const std::stop_token stop_;
};

}  // namespace

std::unique_ptr<ObjectStore> s3_store(aws::S3& s3, std::stop_token stop) {
  return std::make_unique<S3Store>(s3, std::move(stop));
}

}  // namespace trailsift::indexer
