#include "indexer/sns_topic.h"

#include <algorithm>
#include <cstddef>
#include <map>

#include "indexer/object_event.h"
#include "indexer/quoted.h"

namespace trailsift::indexer {
namespace {

constexpr std::size_t kArnParts = 6;
constexpr std::size_t kAccountDigits = 12;
constexpr std::size_t kMaxUrlBytes = 2048;
constexpr std::string_view kCertificateName = "/SimpleNotificationService-";
constexpr std::string_view kCertificateType = ".pem";

bool is_digit(char byte) {
  return byte >= '0' && byte <= '9';
}

bool is_lower(char byte) {
  return byte >= 'a' && byte <= 'z';
}

bool is_alphanumeric(char byte) {
  return is_digit(byte) || is_lower(byte) || (byte >= 'A' && byte <= 'Z');
}

bool is_region(std::string_view text) {
  return text.size() >= 3 && text.size() <= 32 && is_lower(text.front()) &&
         std::ranges::all_of(
             text, [](char byte) { return is_lower(byte) || is_digit(byte) || byte == '-'; });
}

bool is_topic_name(std::string_view text) {
  return !text.empty() && text.size() <= 256 && std::ranges::all_of(text, [](char byte) {
    return is_alphanumeric(byte) || byte == '-' || byte == '_' || byte == '.';
  });
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(separator, begin), text.size());
    parts.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

/// Certificates of most regions have the one name of all; newer regions have their own, and China
/// and GovCloud have names that no scheme tells.
std::vector<std::string> names_of(const std::string& region, std::string_view partition,
                                  const std::string& domain) {
  std::vector<std::string> names = {"sns." + region + domain, "sns-signing." + region + domain};
  if (partition == "aws") {
    names.push_back("sns" + domain);
  } else {
    names.push_back("sns-" + region + domain);
  }
  if (partition == "aws-us-gov") names.push_back("sns-us-gov-west-1" + domain);
  return names;
}

}  // namespace

Result<SnsTopic> read_sns_topic(std::string_view arn) {
  const auto parts = split(arn.substr(0, kMaxUrlBytes), ':');
  const bool well_formed = parts.size() == kArnParts && parts[0] == "arn" && parts[2] == "sns" &&
                           is_region(parts[3]) && parts[4].size() == kAccountDigits &&
                           std::ranges::all_of(parts[4], is_digit) && is_topic_name(parts[5]);
  const bool known =
      well_formed && (parts[1] == "aws" || parts[1] == "aws-cn" || parts[1] == "aws-us-gov");
  if (!known) {
    return fail(ErrorCode::bad_request, "expected the ARN of a topic, got " + quoted(arn));
  }
  const std::string region(parts[3]);
  const std::string domain = parts[1] == "aws-cn" ? ".amazonaws.com.cn" : ".amazonaws.com";
  SnsTopic topic;
  topic.arn = arn;
  topic.host = "sns." + region + domain;
  topic.certificate_names = names_of(region, parts[1], domain);
  return topic;
}

Result<std::string> certificate_url(std::string_view url, const SnsTopic& topic) {
  const std::string begin = "https://" + topic.host + std::string(kCertificateName);
  const bool framed = url.size() <= kMaxUrlBytes &&
                      url.size() > begin.size() + kCertificateType.size() &&
                      url.starts_with(begin) && url.ends_with(kCertificateType);
  const auto name_size = framed ? url.size() - begin.size() - kCertificateType.size() : 0;
  if (!framed || !std::ranges::all_of(url.substr(begin.size(), name_size), is_alphanumeric)) {
    return fail(ErrorCode::bad_request, "expected a SigningCertURL of the form " + begin +
                                            "….pem, got " + quoted(url, kMaxUrlBytes));
  }
  return std::string(url);
}

Result<std::string> subscribe_url(std::string_view url, const SnsTopic& topic,
                                  std::string_view token) {
  const std::string begin = "https://" + topic.host + "/?";
  const auto refuse = [&] {
    return fail(ErrorCode::bad_request, "expected a SubscribeURL of the form " + begin +
                                            "Action=ConfirmSubscription&TopicArn=…&Token=… for "
                                            "the topic and token of the message, got " +
                                            quoted(url, kMaxUrlBytes));
  };
  const bool plain = std::ranges::all_of(
      url, [](char byte) { return byte > ' ' && byte < '\x7f' && byte != '#'; });
  if (url.size() > kMaxUrlBytes || !plain || !url.starts_with(begin)) return refuse();

  std::map<std::string, std::string> given;
  for (const std::string_view parameter : split(url.substr(begin.size()), '&')) {
    const std::size_t equals = std::min(parameter.find('='), parameter.size());
    const std::string_view value = parameter.substr(std::min(equals + 1, parameter.size()));
    const bool fresh =
        given.emplace(form_decoded(parameter.substr(0, equals)), form_decoded(value)).second;
    if (!fresh) return refuse();
  }
  const std::map<std::string, std::string> wanted = {
      {"Action", "ConfirmSubscription"},
      {"TopicArn", topic.arn},
      {"Token", std::string(token)},
  };
  if (token.empty() || given != wanted) return refuse();
  return std::string(url);
}

}  // namespace trailsift::indexer
