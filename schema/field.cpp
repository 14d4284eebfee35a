#include "schema/field.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>
#include <unordered_map>
#include <utility>

#include "schema/ascii.h"
#include "schema/number.h"
#include "schema/similar.h"
#include "schema/time.h"

namespace trailsift {
namespace {

using enum FieldType;
using enum Origin;

constexpr bool kColumn = true;
constexpr bool kNoColumn = false;
constexpr bool kMulti = true;
constexpr bool kSingle = false;

// clang-format off
constexpr std::array kFields = {
  // The fifteen fields of the original CloudSearch domain and what stands beside them in a record.
  Field{"event_time",                "eventTime",                 "@timestamp",                       time,    kColumn,   kSingle, record,   "when the call was made"},
  Field{"event_name",                "eventName",                 "event.action",                     keyword, kColumn,   kSingle, record,   "the API action, such as ConsoleLogin"},
  Field{"event_source",              "eventSource",               "event.provider",                   keyword, kColumn,   kSingle, record,   "the service that was called, such as s3.amazonaws.com"},
  Field{"event_id",                  "eventID",                   "event.id _id",                     keyword, kColumn,   kSingle, record,   "the event's unique id"},
  Field{"event_type",                "eventType",                 "aws.cloudtrail.event_type",        keyword, kColumn,   kSingle, record,   "what made the event, such as AwsApiCall"},
  Field{"event_category",            "eventCategory",             "aws.cloudtrail.event_category",    keyword, kColumn,   kSingle, record,   "Management, Data, Insight or NetworkActivity"},
  Field{"event_version",             "eventVersion",              "aws.cloudtrail.event_version",     keyword, kColumn,   kSingle, record,   "version of the record's format"},
  Field{"aws_region",                "awsRegion",                 "cloud.region",                     keyword, kColumn,   kSingle, record,   "the region the call was made to"},
  Field{"source_ip_address",         "sourceIPAddress",           "source.ip source.address",         ip,      kColumn,   kSingle, record,   "where the call came from: an address, or the calling AWS service"},
  Field{"user_agent",                "userAgent",                 "user_agent.original",              text,    kColumn,   kSingle, record,   "the program that made the call"},
  Field{"error_code",                "errorCode",                 "aws.cloudtrail.error_code",        keyword, kColumn,   kSingle, record,   "why the call failed; absent when it succeeded"},
  Field{"error_message",             "errorMessage",              "aws.cloudtrail.error_message",     text,    kColumn,   kSingle, record,   "the failure in words"},
  Field{"request_id",                "requestID",                 "aws.cloudtrail.request_id",        keyword, kColumn,   kSingle, record,   "the service's id of the request"},
  Field{"read_only",                 "readOnly",                  "aws.cloudtrail.read_only",         boolean, kColumn,   kSingle, record,   "whether the call can change nothing"},
  Field{"management_event",          "managementEvent",           "aws.cloudtrail.management_event",  boolean, kColumn,   kSingle, record,   "whether the event is a management event"},
  Field{"recipient_account_id",      "recipientAccountId",        "aws.cloudtrail.recipient_account_id cloud.account.id", keyword, kColumn, kSingle, record, "the account that received the event"},
  Field{"shared_event_id",           "sharedEventID",             "aws.cloudtrail.shared_event_id",   keyword, kColumn,   kSingle, record,   "the id that copies of one action in several accounts share"},
  Field{"vpc_endpoint_id",           "vpcEndpointId",             "aws.cloudtrail.vpc_endpoint_id",   keyword, kColumn,   kSingle, record,   "the VPC endpoint the call went through"},
  Field{"vpc_endpoint_account_id",   "vpcEndpointAccountId",      "",                                 keyword, kColumn,   kSingle, record,   "the account that owns the VPC endpoint"},
  Field{"api_version",               "apiVersion",                "aws.cloudtrail.api_version",       keyword, kColumn,   kSingle, record,   "version of the service's API"},

  // Who it was: the best answer first, then what the record says of the identity.
  Field{"actor",                     "",                          "",                                 keyword, kColumn,   kSingle, derived,  "the best answer to who did it, for every kind of identity"},
  Field{"actor_type",                "",                          "",                                 keyword, kColumn,   kSingle, derived,  "human, workload, service, account or unknown"},
  Field{"session_name",              "",                          "",                                 keyword, kColumn,   kSingle, derived,  "name of the role session or federated session"},
  Field{"client",                    "",                          "",                                 keyword, kColumn,   kSingle, derived,  "kind of program that made the call: console, browser, cli, sdk, iac, service or other"},
  Field{"event_outcome",             "",                          "event.outcome",                    keyword, kColumn,   kSingle, derived,  "success or failure"},
  Field{"user_identity_type",        "userIdentity.type",         "aws.cloudtrail.user_identity.type", keyword, kColumn,  kSingle, record,   "kind of identity, such as AssumedRole"},
  Field{"user_identity_user_name",   "userIdentity.userName",     "user.name",                        keyword, kColumn,   kSingle, record,   "name of the IAM user"},
  Field{"user_identity_arn",         "userIdentity.arn",          "aws.cloudtrail.user_identity.arn", text,    kColumn,   kSingle, record,   "ARN of the identity"},
  Field{"user_identity_account_id",  "userIdentity.accountId",    "aws.cloudtrail.user_identity.account_id", keyword, kColumn, kSingle, record, "the account the identity belongs to"},
  Field{"user_identity_principal_id", "userIdentity.principalId", "user.id",                          keyword, kColumn,   kSingle, record,   "unique id of the identity"},
  Field{"user_identity_access_key_id", "userIdentity.accessKeyId", "aws.cloudtrail.user_identity.access_key_id", keyword, kColumn, kSingle, record, "the access key that signed the call"},
  Field{"user_identity_invoked_by",  "userIdentity.invokedBy",    "aws.cloudtrail.user_identity.invoked_by", keyword, kColumn, kSingle, record, "the AWS service that made the call for the identity"},
  Field{"user_identity_identity_provider", "userIdentity.identityProvider", "",                       keyword, kColumn,   kSingle, record,   "the external identity provider"},
  Field{"user_identity_credential_id", "userIdentity.credentialId", "",                              keyword, kColumn,   kSingle, record,   "id of an Identity Center user's credential"},
  Field{"session_issuer_type",       "userIdentity.sessionContext.sessionIssuer.type",        "aws.cloudtrail.user_identity.session_context.session_issuer.type",         keyword, kColumn, kSingle, record, "what issued the session, such as Role"},
  Field{"session_issuer_user_name",  "userIdentity.sessionContext.sessionIssuer.userName",    "aws.cloudtrail.user_identity.session_context.session_issuer.user_name",    keyword, kColumn, kSingle, record, "name of the role or user that issued the session"},
  Field{"session_issuer_arn",        "userIdentity.sessionContext.sessionIssuer.arn",         "aws.cloudtrail.user_identity.session_context.session_issuer.arn",          keyword, kColumn, kSingle, record, "ARN of the role or user that issued the session"},
  Field{"session_issuer_principal_id", "userIdentity.sessionContext.sessionIssuer.principalId", "aws.cloudtrail.user_identity.session_context.session_issuer.principal_id", keyword, kColumn, kSingle, record, "unique id of the role or user that issued the session"},
  Field{"session_issuer_account_id", "userIdentity.sessionContext.sessionIssuer.accountId",   "aws.cloudtrail.user_identity.session_context.session_issuer.account_id",   keyword, kColumn, kSingle, record, "account of the role or user that issued the session"},
  Field{"session_creation_date",     "userIdentity.sessionContext.attributes.creationDate",   "aws.cloudtrail.user_identity.session_context.creation_date",               time,    kColumn, kSingle, record, "when the session began"},
  Field{"mfa_authenticated",         "userIdentity.sessionContext.attributes.mfaAuthenticated", "aws.cloudtrail.user_identity.session_context.mfa_authenticated",         boolean, kColumn, kSingle, record, "whether the session was opened with a second factor"},
  Field{"source_identity",           "userIdentity.sessionContext.sourceIdentity",            "",  keyword, kColumn, kSingle, record, "the person behind a role session, where the session was told"},
  Field{"federated_provider",        "userIdentity.sessionContext.webIdFederationData.federatedProvider", "", keyword, kColumn, kSingle, record, "the provider that vouched for a web identity"},
  Field{"ec2_role_delivery",         "userIdentity.sessionContext.ec2RoleDelivery",           "",  keyword, kColumn, kSingle, record, "version of the instance metadata service that gave out the credentials"},
  Field{"assumed_root",              "userIdentity.sessionContext.assumedRoot",               "",  boolean, kColumn, kSingle, record, "whether the session is a centrally assumed root session"},
  Field{"session_credential_from_console", "sessionCredentialFromConsole",                    "",  boolean, kColumn, kSingle, record, "whether the credentials came from a console session"},
  Field{"on_behalf_of_user_id",      "userIdentity.onBehalfOf.userId",                        "",  keyword, kColumn, kSingle, record, "Identity Center user on whose behalf the call was made"},
  Field{"on_behalf_of_identity_store_arn", "userIdentity.onBehalfOf.identityStoreArn",        "",  keyword, kColumn, kSingle, record, "identity store of that user"},
  Field{"in_scope_of_source_arn",    "userIdentity.inScopeOf.sourceArn",                      "",  keyword, kColumn, kSingle, record, "the resource that a service's call was made for"},
  Field{"in_scope_of_source_account", "userIdentity.inScopeOf.sourceAccount",                 "",  keyword, kColumn, kSingle, record, "account of that resource"},
  Field{"in_scope_of_issuer_type",   "userIdentity.inScopeOf.issuerType",                     "",  keyword, kColumn, kSingle, record, "type of that resource"},
  Field{"in_scope_of_credentials_issued_to", "userIdentity.inScopeOf.credentialsIssuedTo",    "",  keyword, kColumn, kSingle, record, "who the credentials were issued to"},
  Field{"invoked_by_delegate_account_id", "userIdentity.invokedByDelegate.accountId",         "",  keyword, kColumn, kSingle, record, "account of the delegate that made the call"},

  // What it was done to, and how.
  Field{"resources_arn",             "resources.ARN",             "aws.cloudtrail.resources.arn",        keyword, kColumn, kMulti,  record, "ARNs of the resources the call touched"},
  Field{"resources_arn_prefix",      "resources.ARNPrefix",       "",                                    keyword, kColumn, kMulti,  record, "ARN prefixes of the resources the call touched"},
  Field{"resources_account_id",      "resources.accountId",       "aws.cloudtrail.resources.account_id", keyword, kColumn, kMulti,  record, "accounts that own those resources"},
  Field{"resources_type",            "resources.type",            "aws.cloudtrail.resources.type",       keyword, kColumn, kMulti,  record, "types of those resources"},
  Field{"bytes_in",                  "additionalEventData.bytesTransferredIn",  "http.request.body.bytes",  integer, kColumn, kSingle, record, "bytes sent to the service"},
  Field{"bytes_out",                 "additionalEventData.bytesTransferredOut", "http.response.body.bytes", integer, kColumn, kSingle, record, "bytes sent by the service"},
  Field{"tls_version",               "tlsDetails.tlsVersion",     "tls.version_protocol",                keyword, kColumn, kSingle, record, "TLS version of the call"},
  Field{"tls_cipher_suite",          "tlsDetails.cipherSuite",    "tls.cipher",                          keyword, kColumn, kSingle, record, "TLS cipher suite of the call"},
  Field{"tls_client_provided_host_header", "tlsDetails.clientProvidedHostHeader", "tls.client.server_name", keyword, kColumn, kSingle, record, "host name the client asked for"},
  Field{"insight_type",              "insightDetails.insightType", "aws.cloudtrail.insight_details.insight_type", keyword, kColumn, kSingle, record, "kind of insight, such as ApiCallRateInsight"},
  Field{"insight_state",             "insightDetails.state",       "aws.cloudtrail.insight_details.state",        keyword, kColumn, kSingle, record, "Start or End of the unusual activity"},
  Field{"insight_event_name",        "insightDetails.eventName",   "",                                    keyword, kColumn, kSingle, record, "the API action the insight is about"},
  Field{"insight_event_source",      "insightDetails.eventSource", "",                                    keyword, kColumn, kSingle, record, "the service the insight is about"},
  Field{"addendum_reason",           "addendum.reason",            "",                                    keyword, kColumn, kSingle, record, "why an earlier event was delivered again, changed"},
  Field{"addendum_original_event_id", "addendum.originalEventID",  "",                                    keyword, kColumn, kSingle, record, "the event that an addendum corrects"},
  Field{"edge_device_id",            "edgeDeviceDetails.deviceID", "",                                    keyword, kColumn, kSingle, record, "the edge device the call was made on"},
  Field{"log_file",                  "",                           "log.file.path",                       keyword, kColumn, kSingle, delivery, "the delivered file the event came from"},

  // What is known of events beside them, and may change.
  Field{"account_name",              "",                           "cloud.account.name",                  keyword, kColumn, kSingle, joined, "name of the account that received the event, by the list of account names", {"recipient_account_id", "", "account-names.csv", true}},
  Field{"integrity",                 "",                           "",                                    keyword, kColumn, kSingle, joined, "what trailsift verify found of the event's file: verified, unverified, missing or tampered", {"log_file", "unverified", "integrity.csv", false}},

  // The parts without a fixed shape, as text.
  Field{"request_parameters",        "requestParameters",          "aws.cloudtrail.request_parameters aws.cloudtrail.flattened.request_parameters",   text, kNoColumn, kMulti, subtree, "words anywhere in the request's parameters"},
  Field{"response_elements",         "responseElements",           "aws.cloudtrail.response_elements aws.cloudtrail.flattened.response_elements",     text, kNoColumn, kMulti, subtree, "words anywhere in the response"},
  Field{"additional_event_data",     "additionalEventData",        "aws.cloudtrail.additional_eventdata aws.cloudtrail.flattened.additional_eventdata", text, kNoColumn, kMulti, subtree, "words anywhere in the service's additional data"},
  Field{"service_event_details",     "serviceEventDetails",        "aws.cloudtrail.service_event_details aws.cloudtrail.flattened.service_event_details", text, kNoColumn, kMulti, subtree, "words anywhere in a service event's details"},
  Field{"raw",                       "",                           "event.original",                      text,    kNoColumn, kMulti,  subtree, "words anywhere in the event; returned as the original JSON"},
};

/// The objects at the top of a record, below which any dotted path can be asked for.
constexpr std::array<std::string_view, 14> kRoots = {
  "requestParameters", "responseElements", "additionalEventData", "serviceEventDetails",
  "userIdentity", "resources", "insightDetails", "addendum", "edgeDeviceDetails", "tlsDetails",
  "eventContext", "insightContext", "sessionContext", "attributes",
};
constexpr std::size_t kFreeFormRoots = 4;
// clang-format on

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), ascii_lower);
  return out;
}

using NameIndex = std::unordered_map<std::string, FieldIndex>;

NameIndex build_name_index() {
  NameIndex index;
  for (std::size_t i = 0; i < kFields.size(); ++i) {
    const Field& row = kFields.at(i);
    index.emplace(row.name, i);
    if (!row.path.empty()) index.emplace(lower(row.path), i);
    for (std::string_view rest = row.aliases; !rest.empty();) {
      const std::size_t space = std::min(rest.find(' '), rest.size());
      index.emplace(lower(rest.substr(0, space)), i);
      rest.remove_prefix(std::min(space + 1, rest.size()));
    }
  }
  return index;
}

const NameIndex& name_index() {
  static const NameIndex kIndex = build_name_index();
  return kIndex;
}

std::optional<std::int64_t> parse_integer(std::string_view text) {
  if (const auto value = parse_number<std::int64_t>(text)) return value;
  // JSON writers differ: 1372.0 and 1.372e3 are the same number as 1372.
  const auto real = parse_number<double>(text);
  constexpr double kExact = 9007199254740992.0;  // 2^53
  if (!real || std::trunc(*real) != *real || std::abs(*real) > kExact) return std::nullopt;
  return static_cast<std::int64_t>(*real);
}

std::strong_ordering compare_bytes(std::string_view a, std::string_view b) {
  return a.compare(b) <=> 0;  // char_traits<char> compares as unsigned bytes.
}

}  // namespace

std::span<const Field> fields() {
  return kFields;
}

const Field& field_at(FieldIndex index) {
  return kFields.at(index);
}

FieldIndex index_of(const Field& field) {
  assert(&field >= kFields.data() && &field < kFields.data() + kFields.size());
  return static_cast<FieldIndex>(&field - kFields.data());
}

FieldIndex field_index(std::string_view canonical_name) {
  const auto* row = std::ranges::find(kFields, canonical_name, &Field::name);
  assert(row != kFields.end());
  return index_of(*row);
}

FieldIndex event_time_field() {
  static const FieldIndex kIndex = field_index("event_time");
  return kIndex;
}

FieldIndex event_id_field() {
  static const FieldIndex kIndex = field_index("event_id");
  return kIndex;
}

FieldIndex log_file_field() {
  static const FieldIndex kIndex = field_index("log_file");
  return kIndex;
}

std::span<const FieldIndex> joined_fields() {
  static const std::vector<FieldIndex> kJoined = [] {
    std::vector<FieldIndex> indexes;
    for (const Field& field : kFields) {
      if (field.origin == joined) indexes.push_back(index_of(field));
    }
    return indexes;
  }();
  return kJoined;
}

const Field* find_field(std::string_view name) {
  const auto found = name_index().find(lower(name));
  return found == name_index().end() ? nullptr : &kFields.at(found->second);
}

std::vector<std::string_view> similar_fields(std::string_view name, std::size_t limit) {
  constexpr std::size_t kLongestName = 100;
  if (name.size() > kLongestName) return {};
  const std::string wanted = lower(name);
  // The best distance of any of a row's names stands for the row.
  std::vector<std::pair<std::size_t, FieldIndex>> ranked;
  std::vector<std::size_t> best(kFields.size(), std::numeric_limits<std::size_t>::max());
  for (const auto& [known, row] : name_index()) {
    best[row] = std::min(best[row], edit_distance(wanted, known));
  }
  for (std::size_t i = 0; i < kFields.size(); ++i) {
    const bool part = wanted.size() >= 3 && kFields.at(i).name.find(wanted) != std::string::npos;
    if (best[i] <= std::max<std::size_t>(2, wanted.size() / 4)) {
      ranked.emplace_back(best[i], static_cast<FieldIndex>(i));
    } else if (part) {
      ranked.emplace_back(kLongestName + best[i], static_cast<FieldIndex>(i));
    }
  }
  std::ranges::sort(ranked);
  std::vector<std::string_view> names;
  for (const auto& [distance, row] : ranked) {
    if (names.size() == limit) break;
    names.push_back(kFields.at(row).name);
  }
  return names;
}

std::span<const std::string_view> free_form_roots() {
  return std::span(kRoots).first(kFreeFormRoots);
}

bool is_leaf_path(std::string_view path) {
  const std::size_t dot = path.find('.');
  if (dot == std::string_view::npos || dot + 1 == path.size()) return false;
  return std::ranges::find(kRoots, path.substr(0, dot)) != kRoots.end();
}

std::string_view name(FieldType type) {
  switch (type) {
    case keyword: return "keyword";
    case text: return "text";
    case ip: return "ip";
    case time: return "time";
    case boolean: return "bool";
    case integer: return "integer";
  }
  return "keyword";
}

std::optional<std::string> canonical_value(FieldType type, std::string_view text) {
  switch (type) {
    case FieldType::keyword:
    case FieldType::text:
    case FieldType::ip: return std::string(text);
    case FieldType::time: {
      const auto parsed = parse_time(text);
      return parsed ? std::optional(format_time(*parsed)) : std::nullopt;
    }
    case FieldType::boolean: {
      std::string folded = lower(text);
      return folded == "true" || folded == "false" ? std::optional(std::move(folded))
                                                   : std::nullopt;
    }
    case FieldType::integer: {
      const auto parsed = parse_integer(text);
      return parsed ? std::optional(std::to_string(*parsed)) : std::nullopt;
    }
  }
  return std::nullopt;
}

bool is_canonical(FieldType type, std::string_view text) {
  switch (type) {
    case FieldType::keyword:
    case FieldType::text:
    case FieldType::ip: return true;
    case FieldType::time: {
      // The usual form needs no look at how it would be written; a leap second would.
      constexpr std::string_view kForm = "2021-07-29T23:53:26Z";
      const bool usual = text.size() == kForm.size() && text[10] == 'T' && text.back() == 'Z' &&
                         text.substr(17, 2) != "60";
      if (usual) return parse_time(text).has_value();
      return canonical_value(type, text) == text;
    }
    case FieldType::boolean: return text == "true" || text == "false";
    case FieldType::integer: return canonical_value(type, text) == text;
  }
  return false;
}

bool sorts_by_bytes(FieldType type) {
  return type != FieldType::time && type != FieldType::integer;
}

std::strong_ordering compare_values(FieldType type, std::string_view a, std::string_view b) {
  switch (type) {
    case FieldType::keyword:
    case FieldType::text:
    case FieldType::ip:
    case FieldType::boolean: return compare_bytes(a, b);
    case FieldType::time: {
      const auto left = parse_time(a);
      const auto right = parse_time(b);
      if (left && right) return *left <=> *right;
      return compare_bytes(a, b);
    }
    case FieldType::integer: {
      const auto left = parse_integer(a);
      const auto right = parse_integer(b);
      if (left && right) return *left <=> *right;
      return compare_bytes(a, b);
    }
  }
  return compare_bytes(a, b);
}

}  // namespace trailsift
