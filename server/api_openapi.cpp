#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "query/syntax.h"
#include "server/api_answer.h"
#include "server/json_out.h"
#include "server/openapi_answers.h"
#include "server/openapi_schemas.h"
#include "server/routes.h"
#include "server/search_parameters.h"

namespace trailsift::server {
namespace {

/// The form of the one action of CloudSearch's configuration service.
constexpr std::string_view kActionSchema =
    R"({"type":"object","required":["Action"],"properties":{"Action":{"const":"DescribeDomains"}}})";

std::string_view meaning(std::string_view status) {
  if (status == "400") return "something about the request is wrong";
  if (status == "401") return "credentials are missing";
  if (status == "403") return "the host or the sender is not allowed";
  if (status == "404") return "there is no such thing";
  if (status == "406") return "no answer of a type that is asked for";
  if (status == "412") return "it was changed by somebody else meanwhile";
  if (status == "413") return "a limit, named in the message, was passed";
  if (status == "415") return "a type or an encoding that is not understood";
  return status == "503" ? "busy or stopping: try again" : "the store or the server has a fault";
}

std::string_view error_schema(ErrorShape shape) {
  switch (shape) {
    case ErrorShape::own: return "Error";
    case ErrorShape::cloudsearch: return "SearchException";
    case ErrorShape::documents: return "DocumentsAnswer";
    case ErrorShape::firehose: return "FirehoseAnswer";
    case ErrorShape::elastic: return "ElasticError";
  }
  return "Error";
}

/// nullptr: nobody has told.
const RouteAnswer* answer_of(const Route& route) {
  if (route.shape == ErrorShape::elastic) return route.push ? &kElasticPushAnswer : &kElasticAnswer;
  const auto* const found = std::ranges::find_if(kAnswers, [&](const RouteAnswer& row) {
    return row.path == route.path && (row.method.empty() || row.method == route.method);
  });
  return found == kAnswers.end() ? nullptr : found;
}

/// The parts of the document, each of which writes one value.
class Document {
 public:
  std::string write(std::string_view version) {
    out_.begin_object();
    out_.member("openapi", "3.1.0");
    out_.key("info");
    out_.begin_object();
    out_.member("title", "Trailsift");
    out_.member("version", version);
    out_.member("description",
                "Search over AWS CloudTrail events. docs/api.md tells what the members mean.");
    out_.end_object();
    out_.key("paths");
    write_paths();
    out_.key("components");
    out_.begin_object();
    out_.key("schemas");
    out_.raw(kAnswerSchemas);
    out_.end_object();
    out_.end_object();
    return out_.text();
  }

 private:
  void write_paths() {
    std::vector<std::string_view> paths;
    for (const Route& route : routes()) {
      if (std::ranges::count(paths, route.path) == 0) paths.push_back(route.path);
    }
    out_.begin_object();
    for (const std::string_view path : paths) {
      out_.key(path);
      out_.begin_object();
      for (const Route& route : routes()) {
        if (route.path != path) continue;
        out_.key(method_key(route));
        write_operation(route);
      }
      out_.end_object();
    }
    out_.end_object();
  }

  void write_operation(const Route& route) {
    out_.begin_object();
    out_.member("summary", route.help);
    const bool post = route.method == "POST" || route.method == "PUT";
    out_.key("parameters");
    out_.begin_array();
    write_path_argument(route);
    const bool in_url = !post || route.push.has_value();
    if (route.members != nullptr && in_url) {
      for (const Member& row : route.members()) write_parameter(row);
    }
    if (is_cloudsearch(route) && !post && route.members == nullptr) write_cloudsearch_parameters();
    out_.end_array();
    if (post) write_body(route);
    write_responses(route);
    out_.end_object();
  }

  static std::string_view method_key(const Route& route) {
    if (route.method == "GET") return "get";
    if (route.method == "PUT") return "put";
    return route.method == "DELETE" ? "delete" : "post";
  }

  static bool is_cloudsearch(const Route& route) { return route.shape == ErrorShape::cloudsearch; }

  static bool has_form(const Route& route) {
    return is_cloudsearch(route) || route.path == "/" || route.path.starts_with("/api/quarantine/");
  }

  void write_path_argument(const Route& route) {
    const std::size_t brace = route.path.find('{');
    if (brace == std::string_view::npos) return;
    out_.begin_object();
    out_.member("name", route.path.substr(brace + 1, route.path.find('}') - brace - 1));
    out_.member("in", "path");
    out_.key("required");
    out_.boolean(true);
    out_.key("schema");
    out_.raw(R"({"type":"string","minLength":1})");
    out_.end_object();
  }

  void write_parameter(const Member& row) {
    out_.begin_object();
    out_.member("name", row.name);
    out_.member("in", "query");
    out_.member("description", description(row));
    if (row.type == MemberType::object || row.type == MemberType::objects) {
      out_.key("content");
      write_content("application/json", [&] { write_schema(row); });
    } else {
      if (row.type == MemberType::list) {
        out_.key("explode");
        out_.boolean(false);
      }
      out_.key("schema");
      write_schema(row);
    }
    out_.end_object();
  }

  void write_cloudsearch_parameters() {
    for (const SearchParameter& row : kSearchParameters) {
      if (row.support != Support::full || is_family(row)) continue;
      out_.begin_object();
      out_.member("name", row.name);
      out_.member("in", "query");
      out_.member("description", row.help);
      out_.key("schema");
      out_.raw(R"({"type":"string"})");
      out_.end_object();
    }
  }

  /// `facet.FIELD` stands for any number of parameters, which OpenAPI cannot say.
  static bool is_family(const SearchParameter& row) {
    return row.name.find("FIELD") != std::string_view::npos ||
           row.name.find("NAME") != std::string_view::npos;
  }

  void write_body(const Route& route) {
    out_.key("requestBody");
    out_.begin_object();
    out_.key("content");
    if (route.push) {
      write_content("application/octet-stream", [&] { out_.raw("{}"); });
    } else {
      write_content(has_form(route) ? "application/x-www-form-urlencoded" : "application/json",
                    [&] { write_body_schema(route); });
    }
    out_.end_object();
  }

  void write_body_schema(const Route& route) {
    if (route.members != nullptr) return write_object(route.members());
    if (!is_cloudsearch(route)) return out_.raw(kActionSchema);
    out_.begin_object();
    out_.member("type", "object");
    out_.key("properties");
    out_.begin_object();
    for (const SearchParameter& row : kSearchParameters) {
      if (row.support != Support::full || is_family(row)) continue;
      out_.key(row.name);
      out_.raw(R"({"type":"string"})");
    }
    out_.end_object();
    out_.end_object();
  }

  template <class Write>
  void write_content(std::string_view type, const Write& write) {
    out_.begin_object();
    out_.key(type);
    out_.begin_object();
    out_.key("schema");
    write();
    out_.end_object();
    out_.end_object();
  }

  static std::string description(const Member& row) {
    std::string text(row.help);
    if (!row.otherwise.empty()) text += "; when absent: " + std::string(row.otherwise);
    return text;
  }

  void write_object(std::span<const Member> rows) {
    out_.begin_object();
    out_.member("type", "object");
    out_.key("additionalProperties");
    out_.boolean(false);
    out_.key("properties");
    out_.begin_object();
    for (const Member& row : rows) {
      out_.key(row.name);
      write_schema(row);
    }
    out_.end_object();
    out_.end_object();
  }

  void write_schema(const Member& row) {
    if (row.type == MemberType::object) return write_object(row.parts);
    out_.begin_object();
    out_.member("description", description(row));
    switch (row.type) {
      case MemberType::number:
        out_.member("type", "integer");
        out_.member("minimum", row.least);
        out_.member("maximum", row.most);
        break;
      case MemberType::flag: out_.member("type", "boolean"); break;
      case MemberType::list:
        write_array(row, [&] { out_.raw(R"({"type":"string","minLength":1})"); });
        break;
      case MemberType::objects: write_array(row, [&] { write_object(row.parts); }); break;
      default: write_text(row); break;
    }
    out_.end_object();
  }

  template <class Write>
  void write_array(const Member& row, const Write& write) {
    out_.member("type", "array");
    out_.member("maxItems", row.most);
    out_.key("items");
    write();
  }

  void write_text(const Member& row) {
    out_.member("type", "string");
    std::vector<std::string_view> choices = split_words(row.choices);
    if (row.type == MemberType::syntax) {
      for (const auto& syntax : query::syntaxes()) choices.push_back(syntax.name);
    }
    if (row.type == MemberType::duration) out_.member("pattern", "^[1-9][0-9]{0,8}(ms|s|m)$");
    if (choices.empty()) {
      out_.member("maxLength", row.most == 0 ? kMaxTextBytes : row.most);
      return;
    }
    out_.key("enum");
    out_.begin_array();
    for (const std::string_view choice : choices) out_.string(choice);
    out_.end_array();
  }

  void write_responses(const Route& route) {
    const RouteAnswer* const answer = answer_of(route);
    out_.key("responses");
    out_.begin_object();
    if (answer != nullptr) write_success(*answer);
    std::map<std::string_view, std::string_view> errors;
    for (const auto status : split_words(kErrorsOfAll)) errors[status] = meaning(status);
    for (const auto status : split_words(answer == nullptr ? "" : answer->errors)) {
      errors[status] = meaning(status);
    }
    for (const auto& [status, text] : errors) {
      out_.key(status);
      out_.begin_object();
      out_.member("description", text);
      out_.key("content");
      write_content("application/json", [&] { write_reference(error_schema(route.shape)); });
      out_.end_object();
    }
    out_.end_object();
  }

  void write_success(const RouteAnswer& answer) {
    out_.key("200");
    out_.begin_object();
    out_.member("description", "the answer");
    const auto types = split_words(answer.content);
    if (!types.empty()) {
      out_.key("content");
      out_.begin_object();
      for (const std::string_view type : types) {
        out_.key(type);
        out_.begin_object();
        out_.key("schema");
        if (type == types.front() && !answer.schema.empty()) {
          write_reference(answer.schema);
        } else {
          out_.raw(R"({"type":"string"})");
        }
        out_.end_object();
      }
      out_.end_object();
    }
    out_.end_object();
  }

  void write_reference(std::string_view schema) {
    out_.begin_object();
    out_.member("$ref", "#/components/schemas/" + std::string(schema));
    out_.end_object();
  }

  JsonOut out_;
};

}  // namespace

Checked<HttpResponse> get_openapi(Context& context, const Call&) {
  return json_answer(Document().write(context.version));
}

}  // namespace trailsift::server
