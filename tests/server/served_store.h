#pragma once

#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "query/joined_reader.h"
#include "schema/flatten.h"
#include "server/service.h"
#include "store/store.h"
#include "tests/support/batch_of.h"
#include "tests/support/temp_directory.h"

namespace trailsift::server {

/// What a handler answers, once it does.
inline HttpResponse answer_of(HttpHandler& handler, HttpRequest request) {
  auto answered = std::make_shared<std::promise<HttpResponse>>();
  auto response = answered->get_future();
  handler.answer(std::move(request),
                 [answered](HttpResponse given) { answered->set_value(std::move(given)); });
  return response.get();
}

/// A request or a part of one, and what the answer is or holds.
struct AskedCase {
  const char *asked, *want;
};

/// Six events, the newest first.
inline const std::vector<std::string>& sample_records() {
  static const std::vector<std::string> kRecords = {
      R"({"eventVersion":"1.08","userIdentity":{"type":"IAMUser","userName":"alice","accountId":"111122223333","arn":"arn:aws:iam::111122223333:user/alice"},"eventTime":"2021-07-29T12:00:00Z","eventSource":"s3.amazonaws.com","eventName":"GetObject","awsRegion":"us-east-1","sourceIPAddress":"198.51.100.7","userAgent":"aws-cli/2.2","requestParameters":{"bucketName":"logs","key":"a"},"additionalEventData":{"bytesTransferredOut":1372},"resources":[{"ARN":"arn:aws:s3:::logs/a","type":"AWS::S3::Object"},{"ARN":"arn:aws:s3:::logs","type":"AWS::S3::Bucket"}],"eventID":"e6"})",
      R"({"eventTime":"2021-07-29T11:30:00.250Z","eventSource":"iam.amazonaws.com","eventName":"CreateUser","awsRegion":"us-east-1","sourceIPAddress":"198.51.100.7","errorCode":"AccessDenied","errorMessage":"not authorized to perform: iam:CreateUser","requestParameters":{"userName":"mallory"},"eventID":"e5"})",
      R"({"eventTime":"2021-07-29T11:00:00Z","eventSource":"s3.amazonaws.com","eventName":"PutObject","awsRegion":"eu-west-1","sourceIPAddress":"203.0.113.9","eventID":"e4"})",
      R"({"eventTime":"2021-07-29T10:00:00Z","eventSource":"sts.amazonaws.com","eventName":"AssumeRole","awsRegion":"us-east-1","sourceIPAddress":"ec2.amazonaws.com","eventID":"e3"})",
      R"({"eventTime":"2021-07-28T10:00:00Z","eventSource":"s3.amazonaws.com","eventName":"GetObject","awsRegion":"us-east-1","sourceIPAddress":"203.0.113.9","eventID":"e2"})",
      R"({"eventTime":"2021-07-27T10:00:00Z","eventSource":"signin.amazonaws.com","eventName":"ConsoleLogin","awsRegion":"us-east-1","sourceIPAddress":"203.0.113.9","responseElements":{"ConsoleLogin":"Success"},"eventID":"e1"})",
  };
  return kRecords;
}

/// A store in a directory of its own, and the service over it. The clock stands at
/// 2021-07-30T00:00:00Z.
class ServedStore {
 public:
  explicit ServedStore(const std::vector<std::string>& records = sample_records(),
                       ServiceOptions options = {}) {
    commit(records);
    options.now = [] { return *parse_time("2021-07-30T00:00:00Z"); };
    options.data = directory();
    if (options.version.empty()) options.version = "1.2.3";
    reader_ = std::move(*query::JoinedReader::open(directory(), true, {}));
    service_ = std::make_unique<Service>(*reader_, std::move(options));
  }

  /// As another process would, while the service runs.
  void commit(const std::vector<std::string>& records) {
    if (records.empty()) return;
    store::WriterOptions options;
    options.durable = false;
    options.background_merges = false;
    auto writer = store::Writer::open(directory(), options);
    if (!writer) throw std::runtime_error(writer.error().message);
    std::vector<Event> batch;
    batch.reserve(records.size());
    for (const std::string& record : records) batch.push_back(flatten(record).value());
    const auto done = (*writer)->commit(test::batch_of(batch));
    if (!done) throw std::runtime_error(done.error().message);
  }

  Service& service() { return *service_; }
  std::filesystem::path directory() const { return temp_.path() / "data"; }

  HttpResponse ask(std::string method, std::string target, std::string form = {}) {
    HttpRequest request;
    request.method = std::move(method);
    request.target = std::move(target);
    if (!form.empty()) request.content_type = "application/x-www-form-urlencoded";
    request.body = std::move(form);
    return send(std::move(request));
  }
  HttpResponse get(std::string target) { return ask("GET", std::move(target)); }
  HttpResponse post_json(std::string target, std::string body) {
    HttpRequest request;
    request.method = "POST";
    request.target = std::move(target);
    request.content_type = "application/json";
    request.body = std::move(body);
    return send(std::move(request));
  }

 private:
  HttpResponse send(HttpRequest request) {
    request.host = "localhost";
    request.received = std::chrono::steady_clock::now();
    return answer_of(*service_, std::move(request));
  }

  test::TempDirectory temp_;
  std::unique_ptr<store::Reader> reader_;
  std::unique_ptr<Service> service_;
};

/// `name`'s value among the headers of a response, or "".
inline std::string header_of(const HttpResponse& response, std::string_view name) {
  for (const auto& [key, value] : response.headers) {
    if (key == name) return value;
  }
  return "";
}

/// `body` with what differs from one answer to the next replaced: the request's id and the time.
inline std::string steady(std::string body) {
  for (const std::string_view key :
       {"\"rid\":\"", "\"time-ms\":", "\"timems\":", "\"uptime_seconds\":"}) {
    const std::size_t at = body.find(key);
    if (at == std::string::npos) continue;
    const std::size_t begin = at + key.size();
    const std::size_t end = body.find_first_of("\",}", begin);
    body.replace(begin, end - begin, key.ends_with('"') ? "R" : "0");
  }
  return body;
}

}  // namespace trailsift::server
