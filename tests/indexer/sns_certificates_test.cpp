#include "indexer/sns_certificates.h"

#include <chrono>
#include <fstream>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "tests/indexer/sns_authority.h"
#include "tests/support/temp_directory.h"

namespace trailsift::indexer::testing {
namespace {

using std::chrono::days;

const Timestamp kNow = *parse_time("2024-05-01T10:00:00Z");
const std::string kUrl = "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-a.pem";
const std::string kIssuerUrl = "http://crt.r2m01.amazontrust.com/r2m01.cer";
const std::vector<std::string> kNames = {
    "sns.eu-west-1.amazonaws.com", "sns-signing.eu-west-1.amazonaws.com", "sns.amazonaws.com"};

CertificatePlan plan(const std::string& name, std::vector<std::string> names = {}) {
  CertificatePlan made;
  made.name = name;
  made.names = std::move(names);
  made.from = kNow - days(100);
  made.to = kNow + days(100);
  return made;
}

CertificatePlan authority(const std::string& name) {
  CertificatePlan made = plan(name);
  made.is_authority = true;
  return made;
}

/// Keys take a while to make, and stay the same in all tests.
struct Authorities {
  Identity root = make_identity(authority("Root"), nullptr);
  Identity intermediate = make_identity(authority("Intermediate"), &root);
  Identity leaf = make_identity(plan("sns.amazonaws.com"), &intermediate);
};

const Authorities& authorities() {
  static const Authorities kAuthorities;
  return kAuthorities;
}

class SnsCertificatesTest : public ::testing::Test {
 protected:
  std::unique_ptr<SnsCertificates> trusting(const std::string& pem) {
    const auto path = directory_.path() / "trusted.pem";
    std::ofstream(path, std::ios::binary) << pem;
    auto made = SnsCertificates::make(path.string(), [this](const std::string& url) {
      fetched_.push_back(url);
      const auto page = pages_.find(url);
      return page == pages_.end() ? Result<std::string>(fail(ErrorCode::io, "status 404"))
                                  : Result<std::string>(page->second);
    });
    EXPECT_TRUE(made) << made.error().message;
    return std::move(*made);
  }

  /// "" or what is wrong with the certificate, asked for once.
  std::string verdict(const std::string& trusted, Timestamp now = kNow) {
    const auto certificates = trusting(trusted);
    const auto key = certificates->public_key(kUrl, kNames, now);
    if (key) return "";
    return std::string(name(key.error().code)) + " " + key.error().message;
  }

  test::TempDirectory directory_;
  std::map<std::string, std::string> pages_;
  std::vector<std::string> fetched_;
};

TEST_F(SnsCertificatesTest, ChainsEndAtWhatIsTrusted) {
  const auto& [root, intermediate, leaf] = authorities();
  const Identity stranger = make_identity(authority("Root"), nullptr);
  const std::string untrusted = "bad_request cannot trust the certificate at '" + kUrl + "': ";
  const struct {
    const char* what;
    std::string page, trusted, want;
  } rows[] = {
      {"with its chain", leaf.pem() + intermediate.pem(), root.pem(), ""},
      {"with the root as well", leaf.pem() + intermediate.pem() + root.pem(), root.pem(), ""},
      {"pinned intermediate", leaf.pem(), intermediate.pem(), ""},
      {"pinned certificate", leaf.pem(), leaf.pem(), ""},
      {"pinned among others", leaf.pem(), stranger.pem() + intermediate.pem() + root.pem(), ""},
      {"no issuer", leaf.pem(), root.pem(), untrusted + "unable to get local issuer certificate"},
      {"a stranger's root of the same name", leaf.pem() + intermediate.pem(), stranger.pem(),
       untrusted + "certificate signature failure"},
      {"signed by itself", make_identity(plan("sns.amazonaws.com"), nullptr).pem(), root.pem(),
       untrusted + "self-signed certificate"},
      {"issued by what is no authority",
       make_identity(plan("x", {"sns.amazonaws.com"}), &leaf).pem() + leaf.pem() +
           intermediate.pem(),
       root.pem(), untrusted + "invalid CA certificate"},
      {"no certificate", "<html>", root.pem(), "bad_request expected a certificate, got none"},
      {"nothing", "", root.pem(), "bad_request expected a certificate, got none"},
      {"too long", leaf.pem() + intermediate.pem() + std::string(kMaxCertificateBytes, '\n'),
       root.pem(), "bad_request expected a certificate, got none"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.what);
    pages_[kUrl] = row.page;
    EXPECT_EQ(verdict(row.trusted), row.want);
  }
}

TEST_F(SnsCertificatesTest, DatesAreChecked) {
  const auto& [root, intermediate, leaf] = authorities();
  pages_[kUrl] = leaf.pem() + intermediate.pem();
  const std::string untrusted = "bad_request cannot trust the certificate at '" + kUrl + "': ";
  EXPECT_EQ(verdict(root.pem(), kNow + days(99)), "");
  EXPECT_EQ(verdict(root.pem(), kNow + days(101)), untrusted + "certificate has expired");
  EXPECT_EQ(verdict(root.pem(), kNow - days(101)), untrusted + "certificate is not yet valid");

  const auto certificates = trusting(root.pem());
  EXPECT_TRUE(certificates->public_key(kUrl, kNames, kNow));
  EXPECT_FALSE(certificates->public_key(kUrl, kNames, kNow + days(101))) << "kept ones as well";
}

TEST_F(SnsCertificatesTest, NamesAreThoseOfSns) {
  const auto& [root, intermediate, leaf] = authorities();
  const struct {
    std::string name;
    std::vector<std::string> names;
    bool trusted;
  } rows[] = {
      {"sns.amazonaws.com", {}, true},
      {"x", {"sns.amazonaws.com"}, true},
      {"x", {"a.example", "sns.eu-west-1.amazonaws.com"}, true},
      {"sns-signing.eu-west-1.amazonaws.com", {}, true},
      {"sns.us-east-1.amazonaws.com", {}, false},
      {"s3.amazonaws.com", {}, false},
      {"x", {"*.amazonaws.com"}, false},
      {"x", {"*.eu-west-1.amazonaws.com"}, false},
      {"sns.amazonaws.com", {"evil.example"}, false},  // Names beside the common one count alone.
      {"sns.amazonaws.com.evil.example", {}, false},
  };
  for (const auto& row : rows) {
    pages_[kUrl] =
        make_identity(plan(row.name, row.names), &intermediate).pem() + intermediate.pem();
    const std::string want =
        row.trusted ? ""
                    : "bad_request expected a certificate of 'sns.eu-west-1.amazonaws.com', got "
                      "one with other names";
    EXPECT_EQ(verdict(root.pem()), want) << row.name;
  }
}

TEST_F(SnsCertificatesTest, WeakKeysAreRefused) {
  const auto& [root, intermediate, leaf] = authorities();
  CertificatePlan weak = plan("sns.amazonaws.com");
  weak.bits = 1024;
  pages_[kUrl] = make_identity(weak, &intermediate).pem() + intermediate.pem();
  EXPECT_EQ(verdict(root.pem()), "bad_request cannot trust the certificate at '" + kUrl +
                                     "': EE certificate key too weak");
}

TEST_F(SnsCertificatesTest, IssuersComeFromAmazonsStoreAlone) {
  const auto& [root, intermediate, leaf] = authorities();
  const struct {
    std::string url;
    bool asked;
  } rows[] = {
      {kIssuerUrl, true},
      {"http://crt.rootca1.amazontrust.com/rootca1.cer", true},
      {"http://evil.example/r2m01.cer", false},
      {"http://crt.r2m01.amazontrust.com.evil.example/r2m01.cer", false},
      {"http://crt.evil.example/.amazontrust.com/r2m01.cer", false},
      {"http://crt.r2m01.amazontrust.com@evil.example/r2m01.cer", false},
      {"http://crt.r2m01.amazontrust.com:81/r2m01.cer", false},
      {"http://crt.r2m01.amazontrust.com/../r2m01.cer", false},
      {"http://crt.r2m01.amazontrust.com/r2m01.cer?x.cer", false},
      {"http://169.254.169.254/r2m01.cer", false},
      {"file:///etc/passwd", false},
      {"ldap://crt.r2m01.amazontrust.com/r2m01.cer", false},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.url);
    CertificatePlan made = plan("sns.amazonaws.com");
    made.issuer_url = row.url;
    pages_ = {{kUrl, make_identity(made, &intermediate).pem()}, {row.url, intermediate.der()}};
    fetched_.clear();
    EXPECT_EQ(verdict(root.pem()).empty(), row.asked);
    EXPECT_EQ(fetched_.size(), row.asked ? 2 : 1);
  }
}

TEST_F(SnsCertificatesTest, ChainsOfIssuersEnd) {
  // Each of these is issued by one of the same name whose place it tells, for ever.
  const auto& [root, intermediate, leaf] = authorities();
  CertificatePlan endless = authority("Endless");
  endless.issuer_url = kIssuerUrl;
  const Identity other = make_identity(endless, nullptr);
  endless.issuer_url = kIssuerUrl;
  const Identity middle = make_identity(endless, &intermediate);
  CertificatePlan made = plan("sns.amazonaws.com");
  made.issuer_url = kIssuerUrl;
  pages_ = {{kUrl, make_identity(made, &middle).pem()}, {kIssuerUrl, middle.pem()}};
  EXPECT_FALSE(verdict(root.pem()).empty());
  EXPECT_LE(fetched_.size(), 4);
}

TEST_F(SnsCertificatesTest, WhatCannotBeHadIsUnavailable) {
  const auto& [root, intermediate, leaf] = authorities();
  EXPECT_EQ(verdict(root.pem()), "unavailable cannot get '" + kUrl + "': status 404");
  CertificatePlan made = plan("sns.amazonaws.com");
  made.issuer_url = kIssuerUrl;
  pages_[kUrl] = make_identity(made, &intermediate).pem();
  EXPECT_EQ(verdict(root.pem()), "unavailable cannot get '" + kIssuerUrl + "': status 404");
}

TEST_F(SnsCertificatesTest, FetchesAreBounded) {
  const auto& [root, intermediate, leaf] = authorities();
  const auto certificates = trusting(root.pem());
  pages_[kUrl] = leaf.pem() + intermediate.pem();
  const auto ask = [&](int i, Timestamp now) {
    const auto key = certificates->public_key(kUrl + std::to_string(i), kNames, now);
    return key.error().message;
  };
  for (int i = 0; i < 100; ++i) ask(i, kNow);
  EXPECT_EQ(fetched_.size(), 20);
  EXPECT_NE(ask(0, kNow).find("more than 20 certificates were asked for in a minute"),
            std::string::npos);
  ask(0, kNow + std::chrono::seconds(61));
  EXPECT_EQ(fetched_.size(), 21);
  for (int i = 0; i < 100; ++i) {
    EXPECT_TRUE(certificates->public_key(kUrl, kNames, kNow + std::chrono::seconds(61)));
  }
  EXPECT_EQ(fetched_.size(), 22) << "what is kept costs nothing";
}

TEST_F(SnsCertificatesTest, ManyThreadsMayAsk) {
  const auto& [root, intermediate, leaf] = authorities();
  const std::string page = leaf.pem() + intermediate.pem();
  const auto path = directory_.path() / "root.pem";
  std::ofstream(path, std::ios::binary) << root.pem();
  const auto certificates =
      *SnsCertificates::make(path.string(), [&](const std::string&) -> Result<std::string> {
        return page;  // By any thread.
      });
  std::vector<std::jthread> threads;
  threads.reserve(4);
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int j = 0; j < 50; ++j) EXPECT_TRUE(certificates->public_key(kUrl, kNames, kNow));
    });
  }
}

}  // namespace
}  // namespace trailsift::indexer::testing
