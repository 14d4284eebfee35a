#include "server/page_files.h"

#include <set>

#include <gtest/gtest.h>

#include "tests/server/inflated.h"
#include "tests/server/served_store.h"

namespace trailsift::server {
namespace {

constexpr WebAsset kScript{"assets/app-D3Xy_a8k.js", "text/javascript; charset=utf-8", "export {};",
                           "\x1f\x8b compressed"};
constexpr WebAsset kIcon{"icon.svg", "image/svg+xml", "<svg/>", {}};

HttpRequest request_with(std::vector<std::pair<std::string, std::string>> headers) {
  HttpRequest request;
  request.method = "GET";
  request.host = "localhost";
  request.headers = std::move(headers);
  request.received = std::chrono::steady_clock::now();
  return request;
}

TEST(PageFiles, TellWhichNamesHoldAHash) {
  const struct {
    const char* path;
    bool hashed;
  } kCases[] = {
      {"assets/app-D3Xy_a8k.js", true},
      {"assets/app-D3Xy_a8k.js.map", true},
      {"assets/chunks/editor-view--Xya8k-1.js", true},
      {"assets/app-D3Xy_a8.js", false},
      {"assets/app-D3Xy.a8k.js", false},
      {"assets/app-D3Xy a8k.js", false},
      {"assets/-D3Xy_a8k.js", false},
      {"assets/app-D3Xy_a8k", false},
      {"app-D3Xy_a8k.js", false},
      {"assets/a-b-c-d-/x.js", false},
      {"index.html", false},
      {"", false},
  };
  for (const auto& c : kCases) EXPECT_EQ(is_hashed_name(c.path), c.hashed) << c.path;
}

TEST(PageFiles, ComeCompressedToWhoAcceptsIt) {
  const struct {
    const char* accepted;
    bool compressed;
  } kCases[] = {
      {"gzip", true},
      {"br, GZIP;q=0.5", true},
      {"gzip ; q=1.0", true},
      {"x-gzip", true},
      {"*", true},
      {"deflate, *;q=0.1", true},
      {"", false},
      {"br", false},
      {"gzip;q=0", false},
      {"gzip;q=0.000", false},
      {"identity, *;q=0", false},
      {"*, gzip;q=0", false},
      {"gzipped", false},
      {",,;;,", false},
  };
  for (const auto& c : kCases) {
    const auto answer = file_answer(kScript, request_with({{"accept-encoding", c.accepted}}));
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, c.compressed ? kScript.gzip_body : kScript.body) << c.accepted;
    EXPECT_EQ(header_of(answer, "Content-Encoding"), c.compressed ? "gzip" : "") << c.accepted;
    EXPECT_EQ(header_of(answer, "Vary"), "Accept-Encoding");
    EXPECT_EQ(answer.content_type, kScript.content_type);
  }
  const auto plain = file_answer(kIcon, request_with({{"accept-encoding", "gzip"}}));
  EXPECT_EQ(plain.body, kIcon.body);
  EXPECT_EQ(header_of(plain, "Content-Encoding"), "");
  EXPECT_EQ(header_of(plain, "Vary"), "");
}

TEST(PageFiles, AreKeptForEverWhereTheNameHoldsAHash) {
  EXPECT_EQ(header_of(file_answer(kScript, request_with({})), "Cache-Control"),
            "public, max-age=31536000, immutable");
  EXPECT_EQ(header_of(file_answer(kIcon, request_with({})), "Cache-Control"), "no-cache");
}

TEST(PageFiles, AreNotSentAgainToWhoHasThem) {
  const std::string tag = header_of(file_answer(kIcon, request_with({})), "ETag");
  EXPECT_EQ(tag.size(), 18U);
  for (const std::string& tags : {tag, "W/" + tag, "\"a\", " + tag, std::string("*")}) {
    const auto answer = file_answer(kIcon, request_with({{"if-none-match", tags}}));
    EXPECT_EQ(answer.status, 304) << tags;
    EXPECT_EQ(answer.body, "") << tags;
    EXPECT_EQ(header_of(answer, "ETag"), tag);
    EXPECT_EQ(header_of(answer, "Cache-Control"), "no-cache");
  }
  for (const std::string& tags : {std::string("\"a\""), tag.substr(1), std::string()}) {
    EXPECT_EQ(file_answer(kIcon, request_with({{"if-none-match", tags}})).status, 200) << tags;
  }
  // The two forms of a file are different bytes, so they have different tags.
  EXPECT_NE(header_of(file_answer(kScript, request_with({})), "ETag"),
            header_of(file_answer(kScript, request_with({{"accept-encoding", "gzip"}})), "ETag"));
}

TEST(PageFiles, PutTheNonceIntoPageAndPolicy) {
  constexpr WebAsset kPage{"index.html",
                           "text/html; charset=utf-8",
                           "<meta content=\"__NONCE__\"><style nonce=\"__NONCE__\">",
                           {}};
  const auto answer = page_answer(kPage, "n-0_N");
  EXPECT_EQ(answer.body, "<meta content=\"n-0_N\"><style nonce=\"n-0_N\">");
  EXPECT_EQ(header_of(answer, "Content-Security-Policy"),
            "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-n-0_N'; "
            "connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; "
            "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'");
}

TEST(PageFiles, NeverRepeatANonce) {
  std::set<std::string> nonces;
  for (int i = 0; i < 1000; ++i) nonces.insert(new_nonce());
  EXPECT_EQ(nonces.size(), 1000U);
  for (const std::string& nonce : nonces) {
    EXPECT_EQ(nonce.size(), 22U);
    EXPECT_EQ(nonce.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                      "0123456789-_"),
              std::string::npos)
        << nonce;
  }
}

TEST(PageFiles, AreServed) {
  ServedStore store;
  const HttpResponse page = store.get("/");
  const std::string policy = header_of(page, "Content-Security-Policy");
  const std::size_t at = policy.find("'nonce-");
  ASSERT_NE(at, std::string::npos) << policy;
  EXPECT_EQ(page.body.find(kNoncePlaceholder), std::string::npos);
  EXPECT_NE(policy, header_of(store.get("/"), "Content-Security-Policy"));
  EXPECT_EQ(header_of(page, "Cache-Control"), "no-store");
  EXPECT_EQ(store.get("/assets/index.html").status, 404);
  for (const WebAsset& file : web_assets()) {
    if (file.path == "index.html") continue;
    const bool below = file.path.starts_with("assets/");
    const HttpResponse got = store.get((below ? "/" : "/assets/") + std::string(file.path));
    EXPECT_EQ(got.status, 200) << file.path;
    EXPECT_EQ(got.body, file.body) << file.path;
    EXPECT_NE(header_of(got, "Cache-Control"), "no-store") << file.path;
    EXPECT_NE(header_of(got, "Content-Security-Policy"), "") << file.path;
  }
}

TEST(PageFiles, AreTheSameCompressed) {
  for (const WebAsset& file : web_assets()) {
    if (file.gzip_body.empty()) continue;
    EXPECT_EQ(inflated(file.gzip_body), file.body) << file.path;
  }
}

}  // namespace
}  // namespace trailsift::server
