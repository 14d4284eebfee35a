#include <algorithm>

#include "server/routes.h"
#include "server/xml_out.h"

namespace trailsift::server {
namespace {

constexpr std::string_view kNamespace = "http://cloudsearch.amazonaws.com/doc/2013-01-01/";
constexpr std::string_view kAccount = "111122223333";
constexpr std::size_t kMaxDomains = 100;

bool may_be_domain(std::string_view name) {
  return !name.empty() && name.size() <= 64 && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

/// The names asked for, of which every one is a domain here; one of its own where none is.
Checked<std::vector<std::string>> names_asked_for(const Parameters& parameters) {
  std::vector<std::string> names;
  for (const Parameter& parameter : parameters.all()) {
    if (!parameter.name.starts_with("DomainNames.member.")) continue;
    if (!may_be_domain(parameter.value) || names.size() == kMaxDomains) {
      return refuse(ErrorCode::bad_request,
                    "expected at most 100 names of a-z, 0-9 and '-', got '" + parameter.value + "'",
                    parameter.name);
    }
    names.push_back(parameter.value);
  }
  if (names.empty()) names.emplace_back("trailsift");
  return names;
}

void write_endpoint(XmlOut& out, std::string_view service, std::string_view host) {
  out.begin(service);
  out.element("Endpoint", host);
  out.end();
}

void write_domain(XmlOut& out, const std::string& name, std::string_view host) {
  const std::string account(kAccount);
  out.begin("member");
  out.element("DomainId", account + "/" + name);
  out.element("DomainName", name);
  out.element("ARN", "arn:aws:cloudsearch:us-east-1:" + account + ":domain/" + name);
  out.element("Created", "true");
  out.element("Deleted", "false");
  out.element("Processing", "false");
  out.element("RequiresIndexDocuments", "false");
  out.element("SearchPartitionCount", "1");
  out.element("SearchInstanceCount", "1");
  write_endpoint(out, "DocService", host);
  write_endpoint(out, "SearchService", host);
  out.end();
}

}  // namespace

Checked<HttpResponse> describe_domains(Context& /*context*/, const Call& call) {
  const std::string* action = call.parameters.find("Action");
  if (action == nullptr || *action != "DescribeDomains") {
    return refuse(ErrorCode::bad_request,
                  "expected the action DescribeDomains, got '" +
                      (action == nullptr ? std::string() : *action) + "'",
                  "Action");
  }
  const auto names = names_asked_for(call.parameters);
  if (!names) return tl::unexpected(names.error());
  XmlOut out;
  out.begin("DescribeDomainsResponse");
  out.attribute("xmlns", kNamespace);
  out.begin("DescribeDomainsResult");
  out.begin("DomainStatusList");
  for (const std::string& name : *names) write_domain(out, name, call.request.host.value_or(""));
  out.end();
  out.end();
  out.begin("ResponseMetadata");
  out.element("RequestId", call.request_id);
  out.end();
  out.end();
  return HttpResponse{200, "text/xml", out.take(), {}};
}

}  // namespace trailsift::server
