// One call of fetch_object() and what came of it as JSON, for tests in Python: they have the
// servers. Configured like the AWS CLI, by environment. What is fetched goes to --out.
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <stop_token>
#include <string>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <system_error>

#include <CLI/CLI.hpp>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "aws/s3.h"
#include "aws/session.h"
#include "indexer/fetched_object.h"

namespace {

using namespace trailsift;
using Writer = rapidjson::Writer<rapidjson::StringBuffer>;

struct Options {
  indexer::ObjectRef object;
  std::string version;
  indexer::FetchLimits limits;
  std::string spool;
  std::string out;
  bool no_nameless_files = false;
};

void member(Writer& out, const char* name, const std::string& value) {
  out.Key(name);
  out.String(value.data(), static_cast<rapidjson::SizeType>(value.size()));
}

void member(Writer& out, const char* name, std::uint64_t value) {
  out.Key(name);
  out.Uint64(value);
}

/// Open files that have no name any more, such as those of a spool.
std::uint64_t nameless_files() {
  std::uint64_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    std::error_code failed;
    const auto target = std::filesystem::read_symlink(entry.path(), failed).native();
    count += target.starts_with('/') && target.ends_with(" (deleted)") ? 1 : 0;
  }
  return count;
}

/// From now on no file system knows files without a name, as with some of the network.
bool refuse_nameless_files() {
  sock_filter rules[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_openat, 0, 3),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, args[2])),
      BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, O_TMPFILE & ~O_DIRECTORY, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EOPNOTSUPP),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  const sock_fprog program{std::size(rules), rules};
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

Result<void> copy(indexer::ByteStream& bytes, const std::string& path) {
  std::ofstream file(path, std::ios::binary);
  std::array<char, 4099> buffer{};
  while (true) {
    const auto size = bytes.read(buffer);
    if (!size) return tl::unexpected(size.error());
    if (*size == 0) return {};
    file.write(buffer.data(), static_cast<std::streamsize>(*size));
  }
}

Result<void> run(const Options& options, Writer& out) {
  auto session = aws::Session::open();
  if (!session) return tl::unexpected(session.error());
  aws::S3 s3(**session);
  auto fetched = indexer::fetch_object(s3, options.object, options.limits, std::stop_token());
  if (!fetched) return tl::unexpected(fetched.error());
  member(out, "name", (*fetched)->name());
  member(out, "etag", (*fetched)->etag());
  member(out, "size", (*fetched)->size());
  member(out, "files", nameless_files());
  member(out, "names",
         static_cast<std::uint64_t>(
             std::distance(std::filesystem::directory_iterator(options.spool), {})));
  {
    const auto bytes = (*fetched)->open();
    if (auto copied = copy(*bytes, options.out); !copied) return copied;
  }
  member(out, "files_after", nameless_files());
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app("Fetches one object as the indexer does.");
  app.add_option("bucket", options.object.bucket)->required();
  app.add_option("key", options.object.key)->required();
  app.add_option("--version-id", options.version);
  app.add_flag("--may-be-encoded", options.object.may_be_encoded);
  app.add_option("--max-object", options.limits.max_object_bytes);
  app.add_option("--max-memory", options.limits.max_memory_bytes);
  app.add_option("--spool", options.spool)->required();
  app.add_option("--out", options.out)->required();
  app.add_flag("--no-nameless-files", options.no_nameless_files);
  CLI11_PARSE(app, argc, argv);
  if (options.no_nameless_files && !refuse_nameless_files()) {
    std::cerr << "cannot filter system calls: " << std::generic_category().message(errno) << "\n";
    return 1;
  }
  if (!options.version.empty()) options.object.version = options.version;
  options.limits.spool = options.spool;

  rapidjson::StringBuffer buffer;
  Writer out(buffer);
  out.StartObject();
  const auto done = run(options, out);
  if (!done) {
    member(out, "code", std::string(name(done.error().code)));
    member(out, "message", done.error().message);
  }
  out.EndObject();
  std::cout << buffer.GetString() << "\n";
  return done ? 0 : 1;
}
