#include "indexer/message_blob.h"

#include <algorithm>
#include <utility>

namespace trailsift::indexer {
namespace {

class TextStream final : public ByteStream {
 public:
  TextStream(std::string text, MemoryBudget::Held held)
      : text_(std::move(text)), held_(std::move(held)) {}
  Result<std::size_t> read(std::span<char> buffer) override {
    const std::size_t size = text_.copy(buffer.data(), buffer.size(), at_);
    at_ += size;
    return size;
  }

 private:
  const std::string text_;
  const MemoryBudget::Held held_;
  std::size_t at_ = 0;
};

class ObjectStream final : public ByteStream {
 public:
  ObjectStream(std::unique_ptr<ByteStream> bytes, MemoryBudget::Held held)
      : bytes_(std::move(bytes)), held_(std::move(held)) {}
  Result<std::size_t> read(std::span<char> buffer) override { return bytes_->read(buffer); }

 private:
  const std::unique_ptr<ByteStream> bytes_;
  const MemoryBudget::Held held_;
};

/// A delivery out of a message. Its bytes go with the stream, so that only they are held no longer
/// than needed.
class MessageBlob : public Blob {
 public:
  MessageBlob(BlobAbout about, MemoryBudget::Held held)
      : about_(std::move(about)), held_(std::move(held)) {}

  const std::string& name() const override { return about_.name; }
  std::string source() const override { return about_.source; }
  std::optional<Timestamp> received() const override { return about_.received; }
  std::shared_ptr<Receipt> receipt() const override { return about_.receipt; }

 protected:
  MemoryBudget::Held take_held() const { return std::move(held_); }

 private:
  const BlobAbout about_;
  mutable MemoryBudget::Held held_;
};

class TextBlob final : public MessageBlob {
 public:
  TextBlob(BlobAbout about, MemoryBudget::Held held, std::string text)
      : MessageBlob(std::move(about), std::move(held)),
        size_(text.size()),
        text_(std::move(text)) {}
  std::optional<std::uint64_t> size() const override { return size_; }
  Result<std::unique_ptr<ByteStream>> open(std::stop_token /*stop*/) const override {
    return std::make_unique<TextStream>(std::move(text_), take_held());
  }

 private:
  const std::uint64_t size_;
  mutable std::string text_;
};

class ObjectBlob final : public MessageBlob {
 public:
  ObjectBlob(BlobAbout about, MemoryBudget::Held held, std::unique_ptr<FetchedObject> object)
      : MessageBlob(std::move(about), std::move(held)), object_(std::move(object)) {}
  std::string etag() const override { return object_->etag(); }
  std::optional<std::uint64_t> size() const override { return object_->size(); }
  Result<std::unique_ptr<ByteStream>> open(std::stop_token /*stop*/) const override {
    return std::make_unique<ObjectStream>(object_->open(), take_held());
  }

 private:
  const std::unique_ptr<FetchedObject> object_;
};

}  // namespace

std::unique_ptr<Blob> text_blob(BlobAbout about, MemoryBudget::Held held, std::string text) {
  return std::make_unique<TextBlob>(std::move(about), std::move(held), std::move(text));
}

std::unique_ptr<Blob> object_blob(BlobAbout about, MemoryBudget::Held held,
                                  std::unique_ptr<FetchedObject> object) {
  return std::make_unique<ObjectBlob>(std::move(about), std::move(held), std::move(object));
}

}  // namespace trailsift::indexer
