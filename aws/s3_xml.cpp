#include "aws/s3_xml.h"

#include <algorithm>
#include <string>
#include <utility>

#include "aws/url.h"
#include "aws/xml.h"
#include "schema/number.h"

namespace trailsift::aws {
namespace {

/// Keys come as in a form: '+' is a space, what XML cannot hold is %XX.
Result<std::string> decode(std::string_view text, bool encoded) {
  if (!encoded) return std::string(text);
  std::string spaced(text);
  std::ranges::replace(spaced, '+', ' ');
  return percent_decode(spaced);
}

std::string unquoted(std::string_view etag) {
  if (etag.size() >= 2 && etag.front() == '"' && etag.back() == '"')
    etag = etag.substr(1, etag.size() - 2);
  return std::string(etag);
}

Result<ListedObject> parse_object(const XmlElement& element, bool encoded) {
  ListedObject object;
  auto key = decode(element.text_of("Key"), encoded);
  const auto size = parse_number<std::uint64_t>(element.text_of("Size"));
  const auto modified = parse_time(element.text_of("LastModified"));
  if (!key || key->empty() || !size || !modified)
    return fail(ErrorCode::corrupt, "expected Key, Size and LastModified of each object");
  object.key = std::move(*key);
  object.size = *size;
  object.etag = unquoted(element.text_of("ETag"));
  object.last_modified = *modified;
  return object;
}

}  // namespace

Result<ListPage> parse_list_page(std::string_view xml) {
  const auto root = parse_xml(xml);
  if (!root) return tl::unexpected(root.error());
  if (root->name != "ListBucketResult")
    return fail(ErrorCode::corrupt, "expected ListBucketResult in the answer of S3");
  const bool encoded = root->text_of("EncodingType") == "url";
  ListPage page;
  for (const XmlElement& child : root->children) {
    if (child.name == "Contents") {
      auto object = parse_object(child, encoded);
      if (!object) return tl::unexpected(object.error());
      page.objects.push_back(std::move(*object));
    } else if (child.name == "CommonPrefixes") {
      auto prefix = decode(child.text_of("Prefix"), encoded);
      if (!prefix) return tl::unexpected(prefix.error());
      page.common_prefixes.push_back(std::move(*prefix));
    }
  }
  if (root->text_of("IsTruncated") == "true") {
    page.next_token = root->text_of("NextContinuationToken");
    if (page.next_token.empty())
      return fail(ErrorCode::corrupt, "expected NextContinuationToken in a truncated listing");
  }
  return page;
}

}  // namespace trailsift::aws
