// One call of aws/ and its answer as JSON, for tests in Python: they have the servers.
// Configured like the AWS CLI, by environment and profile files. A failed call is
// {"error": {"code": …, "message": …}} and exit code 1.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <functional>
#include <iostream>
#include <iterator>
#include <map>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include <CLI/CLI.hpp>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "aws/cloudtrail.h"
#include "aws/http_client.h"
#include "aws/s3.h"
#include "aws/session.h"
#include "aws/sns.h"
#include "aws/sqs.h"

namespace {

using namespace trailsift;
using namespace trailsift::aws;
using Writer = rapidjson::Writer<rapidjson::StringBuffer>;

struct Options {
  SessionOptions session;
  std::vector<std::string> roles;
  std::vector<std::string> words;
  std::string version;
  std::string out;
  std::string delimiter;
  std::string start_after;
  std::size_t max_keys = 1000;
  std::size_t max_bytes = std::size_t{64} << 20U;
  int seconds = 0;
  std::vector<long> advance;
  bool stop_on_input = false;
};

/// What a command does with the session; false after an error was written.
struct Run {
  const Options& options;
  Session& session;
  Writer& out;
  std::stop_token stop;
  std::chrono::seconds& clock_offset;

  const std::string& word(std::size_t index) const { return options.words.at(index); }
  void member(const char* name, const std::string& value) const {
    out.Key(name);
    out.String(value.data(), static_cast<rapidjson::SizeType>(value.size()));
  }
  void member(const char* name, std::uint64_t value) const {
    out.Key(name);
    out.Uint64(value);
  }
  void members(const char* name, const std::map<std::string, std::string>& values) const {
    out.Key(name);
    out.StartObject();
    for (const auto& [key, value] : values) member(key.c_str(), value);
    out.EndObject();
  }
};

void write_info(const Run& run, const ObjectInfo& info) {
  run.member("size", info.size);
  run.member("etag", info.etag);
  run.member("version_id", info.version_id);
  run.member("last_modified", info.last_modified ? format_time(*info.last_modified) : "");
  run.members("metadata", info.metadata);
}

/// Not getrusage(): it begins with what the program that started this one used.
void write_peak(const Run& run) {
  std::ifstream status("/proc/self/status");
  std::string word;
  while (status >> word && word != "VmHWM:") {
  }
  std::uint64_t kilobytes = 0;
  status >> kilobytes;
  run.member("peak_kb", kilobytes);
}

Result<void> get(Run& run) {
  const ObjectName name{run.word(0), run.word(1), run.options.version};
  auto object = S3(run.session).get(name, run.options.max_bytes, run.stop);
  if (!object) {
    write_peak(run);
    return tl::unexpected(object.error());
  }
  std::ofstream(run.options.out, std::ios::binary) << object->bytes;
  write_info(run, object->info);
  return {};
}

Result<void> stream(Run& run) {
  const ObjectName name{run.word(0), run.word(1), run.options.version};
  std::ofstream file(run.options.out, std::ios::binary);
  const BodySink sink = [&](std::string_view bytes) {
    file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    return true;
  };
  auto info = S3(run.session).get(name, sink, run.stop);
  if (!info) return tl::unexpected(info.error());
  write_info(run, *info);
  write_peak(run);
  return {};
}

Result<void> head(Run& run) {
  auto info = S3(run.session).head({run.word(0), run.word(1), run.options.version}, run.stop);
  if (!info) return tl::unexpected(info.error());
  write_info(run, *info);
  return {};
}

Result<void> list(Run& run) {
  ListRequest request{run.word(0),
                      run.options.words.size() > 1 ? run.word(1) : "",
                      run.options.delimiter,
                      run.options.start_after,
                      "",
                      run.options.max_keys};
  std::vector<ListedObject> objects;
  std::vector<std::string> prefixes;
  std::uint64_t pages = 0;
  do {
    auto page = S3(run.session).list(request, run.stop);
    if (!page) return tl::unexpected(page.error());
    ++pages;
    std::ranges::move(page->objects, std::back_inserter(objects));
    std::ranges::move(page->common_prefixes, std::back_inserter(prefixes));
    request.continuation_token = page->next_token;
  } while (!request.continuation_token.empty());
  run.member("pages", pages);
  run.out.Key("objects");
  run.out.StartArray();
  for (const ListedObject& object : objects) {
    run.out.StartObject();
    run.member("key", object.key);
    run.member("size", object.size);
    run.member("etag", object.etag);
    run.member("last_modified", format_time(object.last_modified));
    run.out.EndObject();
  }
  run.out.EndArray();
  run.out.Key("prefixes");
  run.out.StartArray();
  for (const std::string& prefix : prefixes) run.out.String(prefix.c_str());
  run.out.EndArray();
  return {};
}

void write_outcomes(Run& run, const std::vector<BatchOutcome>& outcomes) {
  run.out.Key("failed");
  run.out.StartArray();
  for (const BatchOutcome& outcome : outcomes) {
    run.out.StartObject();
    run.member("index", outcome.index);
    run.member("code", outcome.code);
    run.member("message", outcome.message);
    run.out.Key("sender_fault");
    run.out.Bool(outcome.sender_fault);
    run.out.EndObject();
  }
  run.out.EndArray();
}

using QueueCall =
    std::function<Result<std::vector<BatchOutcome>>(Sqs&, std::span<const std::string>)>;

Result<void> batch(Run& run, const QueueCall& call) {
  auto queue = Sqs::open(run.session, run.word(0), run.stop);
  if (!queue) return tl::unexpected(queue.error());
  auto outcomes = call(*queue, std::span(run.options.words).subspan(1));
  if (!outcomes) return tl::unexpected(outcomes.error());
  write_outcomes(run, *outcomes);
  return {};
}

Result<void> sqs_send(Run& run) {
  return batch(run, [&](Sqs& queue, auto words) { return queue.send(words, run.stop); });
}

Result<void> sqs_delete(Run& run) {
  return batch(run, [&](Sqs& queue, auto words) { return queue.remove(words, run.stop); });
}

Result<void> sqs_extend(Run& run) {
  const std::chrono::seconds visibility(run.options.seconds);
  return batch(run,
               [&](Sqs& queue, auto words) { return queue.extend(words, visibility, run.stop); });
}

Result<void> sqs_receive(Run& run) {
  auto queue = Sqs::open(run.session, run.word(0), run.stop);
  if (!queue) return tl::unexpected(queue.error());
  ReceiveOptions options;
  options.wait = std::chrono::seconds(run.options.seconds);
  auto messages = queue->receive(options, run.stop);
  if (!messages) return tl::unexpected(messages.error());
  run.member("url", queue->url());
  run.out.Key("messages");
  run.out.StartArray();
  for (const QueueMessage& message : *messages) {
    run.out.StartObject();
    run.member("id", message.id);
    run.member("receipt_handle", message.receipt_handle);
    run.member("body", message.body);
    run.member("receive_count", message.receive_count);
    run.member("sent", format_time(message.sent));
    run.out.EndObject();
  }
  run.out.EndArray();
  return {};
}

Result<void> sqs_attributes(Run& run) {
  auto queue = Sqs::open(run.session, run.word(0), run.stop);
  if (!queue) return tl::unexpected(queue.error());
  auto attributes = queue->attributes(run.stop);
  if (!attributes) return tl::unexpected(attributes.error());
  run.members("attributes", *attributes);
  return {};
}

Result<void> confirm(Run& run) {
  auto arn = Sns(run.session).confirm_subscription(run.word(0), run.word(1), run.stop);
  if (!arn) return tl::unexpected(arn.error());
  run.member("subscription", *arn);
  return {};
}

Result<void> public_keys(Run& run) {
  const auto start = parse_time(run.word(0));
  const auto end = parse_time(run.word(1));
  if (!start || !end) return fail(ErrorCode::bad_request, "expected two times");
  auto keys = CloudTrail(run.session).list_public_keys(*start, *end, "", run.stop);
  if (!keys) return tl::unexpected(keys.error());
  run.out.Key("keys");
  run.out.StartArray();
  for (const PublicKey& key : *keys) {
    run.out.StartObject();
    run.member("fingerprint", key.fingerprint);
    run.member("der_bytes", key.der.size());
    run.member("from", format_time(key.valid_from));
    run.member("to", format_time(key.valid_to));
    run.out.EndObject();
  }
  run.out.EndArray();
  return {};
}

/// Who calls, once for each --advance of the clock.
Result<void> identity(Run& run) {
  run.out.Key("identities");
  run.out.StartArray();
  std::optional<Error> failed;
  for (const long seconds : run.options.advance) {
    run.clock_offset = std::chrono::seconds(seconds);
    auto found = run.session.identity(run.stop);
    if (!found) {
      failed = found.error();
      break;
    }
    run.out.StartObject();
    run.member("access_key_id", found->access_key_id);
    run.member("source", found->source);
    run.out.EndObject();
  }
  run.out.EndArray();
  if (failed) return tl::unexpected(*failed);
  return {};
}

Result<void> region(Run& run) {
  auto found = run.session.region(run.stop);
  if (!found) return tl::unexpected(found.error());
  run.member("region", *found);
  return {};
}

/// A URL that somebody else wrote.
Result<void> fetch(Run& run) {
  auto client = HttpClient::make();
  if (!client) return tl::unexpected(client.error());
  HttpRequest request;
  request.url = run.word(0);
  request.public_address_only = true;
  request.allow_http = run.options.version == "http";
  auto response = (*client)->send(request, run.stop);
  if (!response) return tl::unexpected(response.error());
  run.member("status", static_cast<std::uint64_t>(response->status));
  return {};
}

struct Command {
  const char* name;
  Result<void> (*run)(Run&);
};

constexpr Command kCommands[] = {
    {"get", get},
    {"stream", stream},
    {"head", head},
    {"list", list},
    {"sqs-send", sqs_send},
    {"sqs-receive", sqs_receive},
    {"sqs-delete", sqs_delete},
    {"sqs-extend", sqs_extend},
    {"sqs-attributes", sqs_attributes},
    {"confirm", confirm},
    {"list-public-keys", public_keys},
    {"identity", identity},
    {"region", region},
    {"fetch", fetch},
};

Result<void> run_command(const Command& command, const Options& options, Writer& out) {
  std::chrono::seconds clock_offset{0};
  SessionOptions session_options = options.session;
  for (const std::string& arn : options.roles) {
    session_options.roles.emplace_back();
    session_options.roles.back().role_arn = arn;
  }
  session_options.clock = [&clock_offset] {
    return std::chrono::system_clock::now() + clock_offset;
  };
  auto session = Session::open(session_options);
  if (!session) return tl::unexpected(session.error());
  std::stop_source stop;
  std::thread input;
  if (options.stop_on_input) {
    input = std::thread([&stop] {
      std::cin.get();
      stop.request_stop();
    });
  }
  Run run{options, **session, out, stop.get_token(), clock_offset};
  auto result = command.run(run);
  if (input.joinable()) input.join();
  return result;
}

void add_options(CLI::App& app, Options& options) {
  app.add_option("--profile", options.session.profile);
  app.add_option("--region", options.session.region);
  app.add_option("--role", options.roles);
  app.add_option("--attempts", options.session.retry.max_attempts);
  app.add_option("--version-id", options.version);
  app.add_option("--out", options.out);
  app.add_option("--delimiter", options.delimiter);
  app.add_option("--start-after", options.start_after);
  app.add_option("--max-keys", options.max_keys);
  app.add_option("--max-bytes", options.max_bytes);
  app.add_option("--seconds", options.seconds);
  app.add_option("--advance", options.advance)->delimiter(',');
  app.add_flag("--stop-on-input", options.stop_on_input);
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app("Asks AWS once and prints the answer.");
  app.require_subcommand(1);
  add_options(app, options);
  for (const Command& command : kCommands)
    app.add_subcommand(command.name)->fallthrough()->add_option("words", options.words);
  CLI11_PARSE(app, argc, argv);

  rapidjson::StringBuffer buffer;
  Writer out(buffer);
  int exit_code = 2;
  out.StartObject();
  for (const Command& command : kCommands) {
    if (!app.got_subcommand(command.name)) continue;
    const auto result = run_command(command, options, out);
    exit_code = result ? 0 : 1;
    if (result) continue;
    out.Key("error");
    out.StartObject();
    out.Key("code");
    out.String(std::string(name(result.error().code)).c_str());
    out.Key("message");
    out.String(result.error().message.c_str());
    out.EndObject();
  }
  out.EndObject();
  std::cout << buffer.GetString() << "\n";
  return exit_code;
}
