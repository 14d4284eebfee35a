#include "cli/serve_options.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "aws/endpoint.h"
#include "cli/exclude_options.h"
#include "cli/small_file.h"
#include "cli/version_command.h"
#include "indexer/sns_topic.h"
#include "query/parse.h"

namespace trailsift::cli {
namespace {

constexpr std::size_t kShortestToken = 16;
constexpr std::size_t kLongestToken = 1024;
constexpr std::size_t kAccountDigits = 12;

tl::unexpected<Error> expected(std::string_view what, const std::string& got) {
  return fail(ErrorCode::bad_request, fmt::format("expected {}, got '{}'", what, got));
}

Result<void> check_bucket(const std::string& text) {
  if (!aws::is_bucket_name(text)) return expected("the name of a bucket", text);
  return {};
}

Result<void> check_account(const std::string& text) {
  const bool digits = text.find_first_not_of("0123456789") == std::string::npos;
  if (text.size() != kAccountDigits || !digits) return expected("an account id of 12 digits", text);
  return {};
}

Result<void> check_topic(const std::string& text) {
  const auto topic = indexer::read_sns_topic(text);
  if (!topic) return tl::unexpected(topic.error());
  return {};
}

Result<void> check_route(const std::string& text) {
  if (!server::push_route_named(text)) {
    return expected("sns, firehose, awslogs, ingest, documents or bulk", text);
  }
  return {};
}

Result<std::string> read_token(const std::string& path) {
  auto text = read_small_file(path, kLongestToken + 2);  // And the end of its line.
  if (!text) return tl::unexpected(text.error());
  while (text->ends_with('\n') || text->ends_with('\r')) text->pop_back();
  const bool plain = std::ranges::all_of(*text, [](char c) { return c > ' ' && c < '\x7f'; });
  if (text->size() < kShortestToken || text->size() > kLongestToken || !plain) {
    return fail(ErrorCode::bad_request,
                fmt::format("expected '{}' to hold one line of {} to {} visible ASCII characters",
                            path, kShortestToken, kLongestToken));
  }
  return text;
}

/// Turns settings into what a server is to do, and gathers what is wrong with them.
class Reader {
 public:
  explicit Reader(const GivenSettings& given) : given_(given), all_(given.all) {}

  server::ServeOptions read() {
    read_serve();
    read_push();
    read_queues();
    read_session();
    read_intake();
    check_rules();
    return std::move(options_);
  }

  std::vector<Mistake> mistakes() && { return std::move(mistakes_); }

 private:
  void read_serve();
  void read_push();
  void read_queues();
  void read_session();
  void read_intake();
  void read_exclude();
  void check_rules();
  void check_bucket_rule();
  void check_token_rule();

  void tell(Error error, std::string source = {}) {
    mistakes_.push_back({std::move(error), std::move(source)});
  }
  void tell(std::string_view name, const Error& error) { tell(all_.mistake(name, error)); }
  void tell(std::string message) { tell(Error{ErrorCode::bad_request, std::move(message), {}}); }

  /// The texts of a setting, each checked.
  std::vector<std::string> checked(std::string_view name,
                                   Result<void> (*check)(const std::string&)) {
    auto texts = all_.texts(name);
    for (std::size_t i = 0; i < texts.size(); ++i) {
      const auto fine = check(texts[i]);
      if (!fine) tell(all_.mistake(name, fine.error(), i));
    }
    return texts;
  }

  bool is_open(server::PushRoute route) const {
    return options_.sources.push.open.at(static_cast<std::size_t>(route));
  }

  /// Whoever serves without sources need not care for the AWS CLI's files.
  bool needs_aws() const {
    const auto& sources = options_.sources;
    return !sources.queues.empty() || is_open(server::PushRoute::sns);
  }

  const GivenSettings& given_;
  const Settings& all_;
  server::ServeOptions options_;
  std::vector<Mistake> mistakes_;
};

void Reader::read_serve() {
  options_.data = all_.text("serve.data");
  if (options_.data.empty()) tell("expected --data DIR, or data in [serve] of a file");
  const auto listen = server::parse_listen_address(all_.text("serve.listen"));
  if (listen) {
    options_.http.listen = *listen;
  } else {
    tell("serve.listen", listen.error());
  }
  options_.http.threads = all_.number("serve.threads");
  options_.allow_remote = all_.flag("serve.allow_remote");
  options_.service.query_timeout = all_.duration("serve.query_timeout");
  options_.service.allowed_hosts = all_.texts("serve.allow_hosts");
  options_.service.version = kVersion;
  if (all_.has("serve.account_names")) {
    options_.joins.account_names = all_.text("serve.account_names");
  }
}

void Reader::read_push() {
  server::PushOptions& push = options_.sources.push;
  for (const std::string& route : checked("push.routes", check_route)) {
    const auto named = server::push_route_named(route);
    if (named) push.open.at(static_cast<std::size_t>(*named)) = true;
  }
  if (all_.has("push.token_file")) {
    auto token = read_token(all_.text("push.token_file"));
    if (token) {
      push.token = std::move(*token);
    } else {
      tell("push.token_file", token.error());
    }
  }
  push.sns.topics = checked("push.topics", check_topic);
  push.sns.trusted_file = all_.text("push.sns_trusted_file");
  push.max_body_bytes = all_.number("push.max_body");
}

void Reader::read_queues() {
  std::vector<std::string> seen;
  for (const Settings& source : given_.sources) {
    const std::string queue = source.text("source.queue");
    if (source.text("source.type") != "sqs") {
      const auto error = expected("type to be \"sqs\"", source.text("source.type")).value();
      tell(source.mistake("source.type", error));
    }
    if (std::ranges::find(seen, queue) != seen.end()) {
      const Error twice{
          ErrorCode::bad_request, "expected each queue once, got '" + queue + "'", {}};
      tell(source.mistake("source.queue", twice));
    }
    seen.push_back(queue);
    indexer::SqsPollerOptions poller;
    poller.queue = queue;
    poller.receivers = source.number("source.receivers");
    poller.visibility =
        std::chrono::ceil<std::chrono::seconds>(source.duration("source.visibility"));
    poller.retry_after =
        std::chrono::ceil<std::chrono::seconds>(source.duration("source.retry_after"));
    options_.sources.queues.push_back(std::move(poller));
  }
}

void Reader::read_session() {
  aws::SessionOptions& session = options_.sources.session;
  session.region = all_.text("aws.region");
  session.profile = all_.text("aws.profile");
  session.endpoints.all = all_.text("aws.endpoint_url");
  if (all_.has("aws.role_arn")) {
    aws::AssumeRoleOptions role;
    role.role_arn = all_.text("aws.role_arn");
    role.external_id = all_.text("aws.external_id");
    if (!role.role_arn.starts_with("arn:") || role.role_arn.find(":role/") == std::string::npos) {
      tell("aws.role_arn", expected("the ARN of a role", role.role_arn).value());
    }
    session.roles.push_back(std::move(role));
  } else if (all_.has("aws.external_id")) {
    tell("aws.external_id",
         Error{ErrorCode::bad_request, "expected role_arn beside external_id", {}});
  }
  if (!needs_aws()) return;
  // Finds out whether profile, region and endpoint are there and well-formed; asks nobody.
  if (const auto opened = aws::Session::open(session); !opened) tell(opened.error());
}

void Reader::read_intake() {
  indexer::IntakeOptions& intake = options_.sources.intake;
  intake.buckets = checked("intake.buckets", check_bucket);
  intake.accounts = checked("intake.accounts", check_account);
  intake.commit_within = all_.duration("intake.commit_within");
  intake.max_messages = all_.number("intake.max_messages");
  intake.quarantine_at_attempt =
      static_cast<std::uint32_t>(all_.number("intake.quarantine_at_attempt"));
  options_.sources.ledger.age = std::chrono::days(all_.number("retention.deliveries_days"));
  options_.sources.ledger.rows = all_.number("retention.deliveries_rows");
  read_exclude();
}

void Reader::read_exclude() {
  auto queries = all_.texts("intake.exclude");
  const std::size_t before = mistakes_.size();
  for (std::size_t i = 0; i < queries.size(); ++i) {
    const auto tree = query::parse_structured(queries[i]);
    if (!tree) tell(all_.mistake("intake.exclude", tree.error(), i), queries[i]);
  }
  if (mistakes_.size() > before) return;
  if (all_.flag("intake.exclude_describe_events")) {
    queries.insert(queries.begin(), std::string(kDescribeEvents));
  }
  auto filter = exclude_filter(queries, options_.data.string(), options_.joins);
  if (filter) {
    options_.sources.intake.ingest.exclude = std::move(*filter);
  } else {
    tell(filter.error().error, filter.error().source);
  }
}

void Reader::check_rules() {
  check_bucket_rule();
  check_token_rule();
}

/// Of a server that fetches objects at all; /ingest takes files, which announce none.
void Reader::check_bucket_rule() {
  if (!needs_aws() || !options_.sources.intake.buckets.empty()) return;
  for (const auto route :
       {server::PushRoute::sns, server::PushRoute::firehose, server::PushRoute::awslogs}) {
    if (!is_open(route)) continue;
    tell("push.routes",
         Error{ErrorCode::bad_request,
               fmt::format("expected --bucket NAME, or buckets in [intake], with the push route "
                           "'{}': whoever posts there names the objects that are fetched",
                           server::name(route)),
               {}});
    return;
  }
}

void Reader::check_token_rule() {
  const server::PushOptions& push = options_.sources.push;
  const bool any = std::ranges::find(push.open, true) != push.open.end();
  if (!any || options_.http.listen.address.empty() || options_.http.listen.loopback) return;
  if (all_.has("push.token_file")) return;
  auto others = push.open;
  others.at(static_cast<std::size_t>(server::PushRoute::sns)) = false;
  const bool only_sns = std::ranges::find(others, true) == others.end();
  if (only_sns && !push.sns.topics.empty()) return;
  tell("push.routes",
       Error{ErrorCode::bad_request,
             fmt::format("expected --push-token-file FILE, or token_file in [push], to take events "
                         "at {}{}",
                         options_.http.listen.address,
                         only_sns ? "; or --topic ARN, to take only what SNS has signed" : ""),
             {}});
}

}  // namespace

tl::expected<ServeRequest, std::vector<Mistake>> read_serve_options(const Arguments& arguments,
                                                                    const Console& console) {
  auto file = arguments.given("--config");
  if (!file && console.variable) file = console.variable("TRAILSIFT_CONFIG");
  auto settings = read_settings(file.value_or(""), arguments);
  std::vector<Mistake> mistakes;
  if (!settings) {
    for (Error& error : settings.error()) mistakes.push_back({std::move(error), {}});
    return tl::unexpected(std::move(mistakes));
  }
  Reader reader(*settings);
  auto options = reader.read();
  mistakes = std::move(reader).mistakes();
  if (!mistakes.empty()) return tl::unexpected(std::move(mistakes));
  return ServeRequest{std::move(options), std::move(*settings)};
}

}  // namespace trailsift::cli
