#include "aws/s3.h"

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <utility>

#include "aws/call.h"
#include "aws/s3_xml.h"
#include "schema/number.h"

namespace trailsift::aws {
namespace {

// SHA-256 of nothing: libcurl does not add the header, and S3 demands it.
constexpr const char* kEmptySha256 =
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
constexpr std::string_view kMetadataPrefix = "x-amz-meta-";

/// Where a call goes once the bucket's region is known.
struct S3Request {
  std::string bucket;
  std::string key;
  Parameters parameters;
};

Result<void> aim(Caller& caller, const S3Request& request, const std::string& region, Call& call) {
  const auto address = bucket_address(caller.settings().endpoints, region, request.bucket);
  if (!address) return tl::unexpected(address.error());
  call.region = region;
  call.http.url =
      make_url(address->origin, address->path_prefix + "/" + request.key, request.parameters);
  return {};
}

/// The region that S3 named instead of the one that was tried, or "".
std::string other_region(const CallError& error, const std::string& tried) {
  const Failure& failure = error.failure;
  const bool redirected = failure.status == 301 || failure.status == 307 || failure.status == 400;
  return redirected && failure.bucket_region != tried ? failure.bucket_region : "";
}

Result<std::string> first_region(Caller& caller, const std::string& bucket,
                                 const std::stop_token& stop) {
  if (auto known = caller.bucket_region(bucket); !known.empty()) return known;
  auto region = caller.region(stop);
  // S3 itself says where the bucket is, so that any region will do to begin with.
  if (!region && region.error().code == ErrorCode::not_found) return std::string("us-east-1");
  return region;
}

Result<HttpResponse> ask(Caller& caller, const S3Request& request, Call call,
                         const std::stop_token& stop) {
  const auto region = first_region(caller, request.bucket, stop);
  if (!region) return tl::unexpected(region.error());
  call.service = Service::s3;
  call.http.allow_http = caller.is_overridden(Service::s3);
  call.http.headers.push_back({"x-amz-content-sha256", kEmptySha256});
  if (auto aimed = aim(caller, request, *region, call); !aimed)
    return tl::unexpected(aimed.error());
  auto response = caller.try_call(call, stop);
  if (response) {
    caller.remember_bucket(request.bucket, *region);
    return std::move(*response);
  }
  const std::string moved = other_region(response.error(), *region);
  if (moved.empty()) return tl::unexpected(std::move(response.error().error));
  if (auto aimed = aim(caller, request, moved, call); !aimed) return tl::unexpected(aimed.error());
  response = caller.try_call(std::move(call), stop);
  if (!response) return tl::unexpected(std::move(response.error().error));
  caller.remember_bucket(request.bucket, moved);
  return std::move(*response);
}

std::string bucket_arn(const Caller& caller, const std::string& bucket) {
  return "arn:" + std::string(partition_of(caller.settings().region)) + ":s3:::" + bucket;
}

Result<Call> make_object_call(Caller& caller, const ObjectName& object, std::string operation) {
  if (object.key.empty() || object.key.size() > kMaxKeyBytes)
    return fail(ErrorCode::bad_request, "expected a key of 1 to " + std::to_string(kMaxKeyBytes) +
                                            " bytes, got " + std::to_string(object.key.size()));
  Call call;
  call.names.operation = std::move(operation);
  call.names.resource = "s3://" + object.bucket + "/" + object.key;
  call.names.action = object.version_id.empty() ? "s3:GetObject" : "s3:GetObjectVersion";
  call.names.arn = bucket_arn(caller, object.bucket) + "/" + printable_line(object.key, 2'000);
  return call;
}

S3Request make_object_request(const ObjectName& object) {
  S3Request request{object.bucket, object.key, {}};
  if (!object.version_id.empty()) request.parameters.emplace_back("versionId", object.version_id);
  return request;
}

/// "Wed, 21 Oct 2015 07:28:00 GMT"
std::optional<Timestamp> parse_http_date(std::string_view text) {
  constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
  if (text.size() != 29 || !text.ends_with(" GMT")) return std::nullopt;
  const std::size_t month = kMonths.find(text.substr(8, 3));
  if (month == std::string_view::npos || month % 3 != 0) return std::nullopt;
  const std::string number = std::to_string(101 + month / 3).substr(1);
  const auto time =
      parse_time(std::string(text.substr(12, 4)) + "-" + number + "-" +
                 std::string(text.substr(5, 2)) + "T" + std::string(text.substr(17, 8)) + "Z");
  return time ? std::optional(*time) : std::nullopt;
}

ObjectInfo object_info(const HttpResponse& head) {
  ObjectInfo info;
  const std::string_view range = head.header("content-range");  // "bytes 5-9/10"
  const auto size =
      range.empty() ? head.header("content-length") : range.substr(range.rfind('/') + 1);
  info.size = parse_number<std::uint64_t>(size).value_or(0);
  std::string_view etag = head.header("etag");
  if (etag.size() >= 2 && etag.front() == '"') etag = etag.substr(1, etag.size() - 2);
  info.etag = etag;
  info.version_id = head.header("x-amz-version-id");
  info.last_modified = parse_http_date(head.header("last-modified"));
  for (const HttpHeader& header : head.headers) {
    if (header.name.starts_with(kMetadataPrefix))
      info.metadata.emplace(header.name.substr(kMetadataPrefix.size()), header.value);
  }
  return info;
}

/// A body that may need several connections: what has come, and how to ask for the rest.
class ResumableBody {
 public:
  ResumableBody(const BodySink& sink, std::size_t max_bytes) : sink_(sink), max_bytes_(max_bytes) {}

  void prepare(HttpRequest& request) {
    skip_ = 0;
    begins_ = true;
    if (received_ == 0) return;
    request.headers.push_back({"range", "bytes=" + std::to_string(received_) + "-"});
    request.headers.push_back({"if-match", etag_});
  }

  bool take(const HttpResponse& head, std::string_view bytes) {
    if (begins_ && !begin(head)) return false;
    const std::size_t known = std::min<std::uint64_t>(skip_, bytes.size());
    skip_ -= known;
    bytes.remove_prefix(known);
    received_ += bytes.size();
    is_too_large_ = received_ > max_bytes_;
    if (is_too_large_) return false;
    return bytes.empty() || sink_(bytes);
  }

  /// The rest is not the rest of what came before.
  bool has_changed() const { return has_changed_; }
  /// Its parts are, together.
  bool is_too_large() const { return is_too_large_; }

 private:
  bool begin(const HttpResponse& head) {
    begins_ = false;
    if (received_ == 0) {
      etag_ = head.header("etag");
      return true;
    }
    // A store that does not know ranges sends everything again.
    if (head.status != 206) skip_ = received_;
    const bool fits =
        head.status != 206 ||
        head.header("content-range").starts_with("bytes " + std::to_string(received_) + "-");
    has_changed_ = head.header("etag") != etag_ || !fits;
    return !has_changed_;
  }

  const BodySink& sink_;
  const std::size_t max_bytes_;
  std::string etag_;
  std::uint64_t received_ = 0;
  std::uint64_t skip_ = 0;
  bool begins_ = true;
  bool has_changed_ = false;
  bool is_too_large_ = false;
};

}  // namespace

Result<Object> S3::get(const ObjectName& object, std::size_t max_bytes,
                       const std::stop_token& stop) {
  auto call = make_object_call(session_.caller(), object, "GetObject");
  if (!call) return tl::unexpected(call.error());
  call->http.max_response_bytes = max_bytes;
  call->http.timeout = {};  // The idle timeout bounds it: objects may be large, and lines slow.
  auto response = ask(session_.caller(), make_object_request(object), std::move(*call), stop);
  if (!response) return tl::unexpected(response.error());
  ObjectInfo info = object_info(*response);
  info.size = response->body.size();
  return Object{std::move(info), std::move(response->body)};
}

Result<ObjectInfo> S3::get(const ObjectName& object, const BodySink& sink,
                           const std::stop_token& stop, std::size_t max_bytes) {
  auto call = make_object_call(session_.caller(), object, "GetObject");
  if (!call) return tl::unexpected(call.error());
  ResumableBody body(sink, max_bytes);
  call->http.max_response_bytes = max_bytes;
  call->http.timeout = {};
  call->http.sink = [&body](const HttpResponse& head, std::string_view bytes) {
    return body.take(head, bytes);
  };
  call->before_attempt = [&body](HttpRequest& request) { body.prepare(request); };
  const auto response = ask(session_.caller(), make_object_request(object), std::move(*call), stop);
  if (body.has_changed())
    return fail(ErrorCode::unavailable,
                "'s3://" + object.bucket + "/" + object.key + "' was replaced while it was read");
  if (body.is_too_large())
    return fail(ErrorCode::too_large, "'s3://" + object.bucket + "/" + object.key +
                                          "' is larger than " + std::to_string(max_bytes) +
                                          " bytes");
  if (!response) return tl::unexpected(response.error());
  return object_info(*response);
}

Result<ObjectInfo> S3::head(const ObjectName& object, const std::stop_token& stop) {
  auto call = make_object_call(session_.caller(), object, "HeadObject");
  if (!call) return tl::unexpected(call.error());
  call->http.method = "HEAD";
  const auto response = ask(session_.caller(), make_object_request(object), std::move(*call), stop);
  if (!response) return tl::unexpected(response.error());
  return object_info(*response);
}

Result<ListPage> S3::list(const ListRequest& request, const std::stop_token& stop) {
  S3Request wanted{request.bucket, "", {{"list-type", "2"}, {"encoding-type", "url"}}};
  const auto add = [&wanted](const char* parameter, const std::string& value) {
    if (!value.empty()) wanted.parameters.emplace_back(parameter, value);
  };
  add("prefix", request.prefix);
  add("delimiter", request.delimiter);
  add("start-after", request.start_after);
  add("continuation-token", request.continuation_token);
  add("max-keys", std::to_string(std::clamp<std::size_t>(request.max_keys, 1, 1000)));
  Call call;
  call.names.operation = "ListObjectsV2";
  call.names.resource = "s3://" + request.bucket + "/" + request.prefix;
  call.names.action = "s3:ListBucket";
  call.names.arn = bucket_arn(session_.caller(), request.bucket);
  const CallNames names = call.names;
  const auto response = ask(session_.caller(), wanted, std::move(call), stop);
  if (!response) return tl::unexpected(response.error());
  auto page = parse_list_page(response->body);
  if (page && !page->next_token.empty() && page->next_token == request.continuation_token)
    page = fail(ErrorCode::corrupt, "the answer's NextContinuationToken does not move on");
  if (!page)
    return fail(page.error().code, "cannot list '" + names.resource + "': " + page.error().message);
  return page;
}

}  // namespace trailsift::aws
