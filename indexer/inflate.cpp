#include "indexer/inflate.h"

#include <algorithm>
#include <new>
#include <string>
#include <string_view>
#include <utility>

#include <zlib.h>

namespace trailsift::indexer {
namespace {

constexpr std::size_t kInputBytes = 64UL << 10;
constexpr char kMagic0 = '\x1f';
constexpr char kMagic1 = '\x8b';
constexpr int kGzipOnly = 16 + MAX_WBITS;

Bytef* bytes_at(char* at) {
  return reinterpret_cast<Bytef*>(at);
}

bool is_checksum_fault(std::string_view zlib_message) {
  return zlib_message == "incorrect data check" || zlib_message == "incorrect length check";
}

}  // namespace

void Inflater::EndInflate::operator()(z_stream_s* stream) const {
  inflateEnd(stream);
  const std::unique_ptr<z_stream_s> owned(stream);
}

Inflater::Inflater(ByteStream& bytes, const IngestLimits& limits)
    : bytes_(bytes), limits_(limits), input_(kInputBytes) {}

Inflater::~Inflater() = default;

tl::expected<std::size_t, Rejection> Inflater::read(std::span<char> buffer) {
  if (format_ == Format::unknown) recognise();
  std::size_t size = 0;
  if (!failure_) size = format_ == Format::gzip ? read_gzip(buffer) : read_plain(buffer);
  // A fault is told only after the text before it.
  if (size == 0 && failure_) {
    failure_->offset = text_bytes_;
    return tl::unexpected(*failure_);
  }
  text_bytes_ += size;
  return size;
}

/// Puts more bytes behind those that are unread; false at the end or after a failure.
bool Inflater::refill() {
  if (at_end_) return false;
  std::copy(unread_.begin(), unread_.end(), input_.begin());
  const std::size_t kept = unread_.size();
  const auto size = bytes_.read(std::span(input_).subspan(kept));
  unread_ = std::span(input_).first(kept + size.value_or(0));
  bytes_taken_ += size.value_or(0);
  at_end_ = !size || *size == 0;
  if (!size) fail(Reject::unreadable, size.error().message);
  return !at_end_;
}

void Inflater::recognise() {
  while (unread_.size() < 2 && refill()) {
  }
  // A lone first magic byte is what is left of a gzip file, too.
  const bool gzip =
      !unread_.empty() && unread_[0] == kMagic0 && (unread_.size() < 2 || unread_[1] == kMagic1);
  format_ = gzip ? Format::gzip : Format::plain;
  if (!gzip || failure_) return;
  zlib_.reset(std::make_unique<z_stream_s>().release());
  if (inflateInit2(zlib_.get(), kGzipOnly) != Z_OK) throw std::bad_alloc();
}

std::size_t Inflater::read_plain(std::span<char> buffer) {
  if (!unread_.empty()) {
    const std::size_t size = std::min(buffer.size(), unread_.size());
    std::copy_n(unread_.begin(), size, buffer.begin());
    unread_ = unread_.subspan(size);
    return size;
  }
  if (at_end_) return 0;
  const auto size = bytes_.read(buffer);
  bytes_taken_ += size.value_or(0);
  at_end_ = !size || *size == 0;
  if (!size) fail(Reject::unreadable, size.error().message);
  return size.value_or(0);
}

std::size_t Inflater::read_gzip(std::span<char> buffer) {
  std::size_t produced = 0;
  while (produced == 0 && !failure_) {
    const bool more = !unread_.empty() || refill();
    if (between_members_ && !(more && next_member())) {
      if (!more) return 0;
      continue;
    }
    // Even without more bytes: some text may have had no room before.
    if (!failure_) produced = inflate_some(buffer);
    if (!more && produced == 0 && !between_members_ && !failure_) {
      fail(Reject::gzip_truncated, "the compressed data ends inside a gzip member");
    }
  }
  return within_limits(produced);
}

/// True when a member begins at the unread bytes. Zero bytes before it are padding.
bool Inflater::next_member() {
  const auto begin = std::ranges::find_if(unread_, [](char byte) { return byte != '\0'; });
  unread_ = unread_.subspan(static_cast<std::size_t>(begin - unread_.begin()));
  if (unread_.empty()) return false;
  if (unread_[0] != kMagic0) {
    fail(Reject::gzip_corrupt, "expected a gzip member or the end, got other bytes");
    return false;
  }
  between_members_ = false;
  inflateReset(zlib_.get());
  return true;
}

std::size_t Inflater::inflate_some(std::span<char> buffer) {
  z_stream_s& stream = *zlib_;
  stream.next_in = bytes_at(unread_.data());
  stream.avail_in = static_cast<uInt>(unread_.size());
  stream.next_out = bytes_at(buffer.data());
  stream.avail_out = static_cast<uInt>(std::min<std::size_t>(buffer.size(), 1UL << 30));
  const uInt room = stream.avail_out;
  const int status = inflate(&stream, Z_NO_FLUSH);
  unread_ = unread_.last(stream.avail_in);
  follow(status);
  return room - stream.avail_out;
}

void Inflater::follow(int status) {
  if (status == Z_OK || status == Z_BUF_ERROR) return;
  if (status == Z_STREAM_END) {
    between_members_ = true;
    return;
  }
  if (status == Z_MEM_ERROR) throw std::bad_alloc();
  const std::string message = zlib_->msg == nullptr ? "invalid data" : zlib_->msg;
  fail(is_checksum_fault(message) ? Reject::gzip_checksum : Reject::gzip_corrupt,
       "cannot inflate: " + message);
}

/// How many of the bytes that were just produced may be given out.
std::size_t Inflater::within_limits(std::size_t produced) {
  const std::uint64_t total = text_bytes_ + produced;
  if (total > limits_.max_inflated_bytes) {
    failure_.reset();
    fail(Reject::inflate_size,
         "inflates to more than " + std::to_string(limits_.max_inflated_bytes) + " bytes");
    return static_cast<std::size_t>(limits_.max_inflated_bytes - text_bytes_);
  }
  const std::uint64_t used = bytes_taken_ - unread_.size();
  if (total > limits_.ratio_free_bytes && total / limits_.max_inflate_ratio > used) {
    failure_.reset();
    fail(Reject::inflate_ratio,
         "inflates to more than " + std::to_string(limits_.max_inflate_ratio) + " times its size");
    return 0;
  }
  return produced;
}

void Inflater::fail(Reject reason, std::string detail) {
  failure_ = Rejection{reason, std::move(detail)};
}

}  // namespace trailsift::indexer
