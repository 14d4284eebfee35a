// Odd requests against every push route: no crash, no 5xx, flat memory.
#include <fstream>
#include <future>
#include <random>

#include <gtest/gtest.h>
#include <zlib.h>

#include "indexer/quarantine.h"
#include "server/json_out.h"
#include "tests/server/push_fixture.h"

namespace trailsift::server {
namespace {

const char* const kHeads[] = {
    "/sns/\r\nX-Aws-Sqsd-Msgid: 1",
    "/firehose\r\nX-Amz-Firehose-Request-Id: 1",
    "/awslogs",
    "/ingest?name=odd",
};

/// A server with an intake, whose events are only counted.
struct Stage {
  test::TempDirectory temp;
  std::unique_ptr<store::Writer> writer = std::move(*store::Writer::open(temp.path(), {}));
  std::unique_ptr<indexer::Quarantine> quarantine =
      std::move(*indexer::Quarantine::open(temp.path()));
  std::unique_ptr<indexer::Intake> intake =
      indexer::Intake::start(*writer, *quarantine, nullptr, {});
  StagedSources sources{*intake};
  PushServer server{&sources};

  ~Stage() { intake->stop(std::chrono::seconds(10)); }
};

std::string gzip_of_spaces(std::size_t size, const std::string& before = "") {
  z_stream stream{};
  if (deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
    throw std::runtime_error("cannot compress");
  }
  std::string out;
  std::string in = before + std::string(1UL << 20, ' ');
  char buffer[65536];
  for (std::size_t done = 0; done <= size; done += in.size()) {
    const bool last = done + in.size() > size;
    stream.next_in = reinterpret_cast<Bytef*>(in.data());
    stream.avail_in = static_cast<uInt>(in.size());
    do {
      stream.next_out = reinterpret_cast<Bytef*>(buffer);
      stream.avail_out = sizeof buffer;
      deflate(&stream, last ? Z_FINISH : Z_NO_FLUSH);
      out.append(buffer, sizeof buffer - stream.avail_out);
    } while (stream.avail_out == 0);
    if (done == 0) in.assign(1UL << 20, ' ');
  }
  deflateEnd(&stream);
  return out;
}

std::string base64(const std::string& bytes) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    unsigned group = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      group = group << 8U | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    }
    for (unsigned k = 0; k < 4; ++k) {
      out += i + k > bytes.size() ? '=' : kDigits[group >> (18 - 6 * k) & 63U];
    }
  }
  return out;
}

std::string json_string(const std::string& text) {
  JsonOut out;
  out.string(text);
  return out.text();
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::size_t kMaxPeak = SIZE_MAX;  // Their memory is not ours.
#else
constexpr std::size_t kMaxPeak = 384UL << 20;
#endif

/// The most memory that this process ever had, in bytes.
std::size_t peak_memory() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmHWM:")) return std::stoul(line.substr(6)) * 1024;
  }
  return 0;
}

void forget_peak_memory() {
  std::ofstream("/proc/self/clear_refs") << "5";
}

TEST(PushAbuse, IsAnsweredAsTheSendersFault) {
  Stage stage;
  std::string nested;
  for (int i = 0; i < 20; ++i) {
    nested = R"({"Type":"Notification","Message":)" + json_string(nested) + "}";
    if (nested.size() > 200'000) break;
  }
  std::string names;
  for (int i = 0; i < 300; ++i) names += "\"m" + std::to_string(i) + "\":1,";
  std::vector<std::string> bodies = {
      " ",
      "null",
      "true",
      "0",
      "-1e999",
      "\"\"",
      "[]",
      "{}",
      "[[]]",
      "[{}]",
      "{",
      "}",
      "\x1f\x8b",
      std::string("\0", 1),
      "\xef\xbb\xbf",
      "\xff\xfe{\0}\0",
      std::string(1000, '\0'),
      std::string(50'000, '['),
      std::string(50'000, '{'),
      std::string(100'000, '"'),
      "{" + names + "\"z\":1}",
      nested,
      R"({"Records":null})",
      R"({"Records":{}})",
      R"({"Records":"x"})",
      R"({"Records":[null,1,[]]})",
      R"({"Records":[{"eventSource":"aws:s3"}]})",
      R"({"awslogs":{"data":1}})",
      R"({"awslogs":{"data":"not base64"}})",
      R"({"awslogs":{"data":"H4sI"}})",
      R"({"awslogs":[]})",
      R"({"records":[{"data":null}]})",
      R"({"records":[{"data":"AAAA"},{}]})",
      R"({"requestId":7,"records":1})",
      R"({"s3Bucket":1,"s3ObjectKey":2})",
      R"({"s3Bucket":"../..","s3ObjectKey":"\u0000"})",
      R"({"s3Bucket":"b","s3ObjectKey":[[]]})",
      R"({"Type":"Notification"})",
      R"({"Type":"Notification","Message":1})",
      R"({"Type":"SubscriptionConfirmation","Message":"x","SubscribeURL":"http://127.0.0.1:1/"})",
      R"({"detail-type":"Object Created","source":"aws.s3","detail":7})",
      "eventID=1&eventTime=2",
      "<xml/>",
      "--boundary\r\nContent-Disposition: form-data\r\n",
      gzip_of_spaces(100'000).substr(0, 60),
      gzip_of_spaces(1000) + "tail",
  };
  std::mt19937_64 random(20210729);
  for (int i = 0; i < 40; ++i) {
    std::string bytes(random() % 300, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random());
    bodies.push_back(i % 2 == 0 ? bytes : "\x1f\x8b\x08" + bytes);
  }
  for (const char* head : kHeads) {
    for (const std::string& body : bodies) {
      const std::string got = stage.server.ask(head, body);
      const std::string status = status_of(got);
      EXPECT_TRUE(status == "200" || status == "400" || status == "413")
          << head << " " << body.substr(0, 200) << "\n"
          << got;
      EXPECT_TRUE(got.ends_with("}") || (status == "200" && content_of(got).empty())) << got;
    }
  }
}

TEST(PushAbuse, BombsCostNoMemory) {
  // Half a GiB out of half a MiB, in every envelope.
  const std::string bomb = gzip_of_spaces(std::size_t{512} << 20U, "{\"Records\":[");
  const std::string text = base64(bomb);
  const std::string kBodies[] = {
      bomb,
      R"({"awslogs":{"data":")" + text + "\"}}",
      R"({"requestId":"1","records":[{"data":")" + text + "\"}]}",
      R"({"Records":[{"eventSource":"aws:kinesis","kinesis":{"data":")" + text + "\"}}]}",
      R"({"Type":"Notification","Message":)" +
          json_string(R"({"awslogs":{"data":")" + text + "\"}}") + "}",
      gzip_of_spaces(0, bomb),
  };
  Stage stage;
  forget_peak_memory();
  const std::size_t before = peak_memory();
  for (std::size_t i = 0; i < std::size(kBodies); ++i) {
    const char* head = kHeads[i % 3];
    const std::string got = stage.server.ask(head, kBodies[i]);
    EXPECT_EQ(status_of(got), "413") << head << got;
  }
  std::vector<std::future<std::string>> together;
  for (std::size_t i = 0; i < 6; ++i) {
    together.push_back(std::async(std::launch::async, [&stage, &kBodies, i] {
      return stage.server.ask(kHeads[i % 3], kBodies[1]);
    }));
  }
  for (auto& one : together) EXPECT_EQ(status_of(one.get()), "413");
  EXPECT_LT(peak_memory() - before, kMaxPeak);
}

TEST(PushAbuse, BombsInFilesAreRejected) {
  Stage stage;
  const std::string bomb = gzip_of_spaces(std::size_t{512} << 20U, "{\"Records\":[");
  forget_peak_memory();
  const std::size_t before = peak_memory();
  const std::string got = stage.server.ask(kHeads[3], bomb);
  EXPECT_EQ(status_of(got), "200") << got;
  EXPECT_NE(got.find(R"("indexed":0,"duplicates":0,"filtered":0,"rejected":1)"), std::string::npos)
      << got;
  EXPECT_LT(peak_memory() - before, kMaxPeak);
}

TEST(PushAbuse, SlowBodiesHoldNobodyUp) {
  HandIntake intake;
  StagedSources sources(intake);
  HttpOptions http;
  http.threads = 1;
  http.limits.body_timeout = std::chrono::milliseconds(200);
  PushServer server(&sources, http);
  std::vector<std::unique_ptr<RawConnection>> slow;
  for (int i = 0; i < 100; ++i) {
    slow.push_back(std::make_unique<RawConnection>(server.port()));
    slow.back()->send(
        "POST /ingest HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9000\r\n\r\nabc");
  }
  auto quick = std::async(std::launch::async, [&] { return server.ask("/ingest", "quick"); });
  intake.next().second({});
  EXPECT_EQ(status_of(quick.get()), "200");
  for (auto& connection : slow) EXPECT_EQ(connection->read_all(), "");
  EXPECT_FALSE(intake.take()) << "half a body is no message";
}

}  // namespace
}  // namespace trailsift::server
