#include "cli/child_process.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <memory>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <spawn.h>

namespace trailsift::cli {
namespace {

constexpr std::size_t kMostOutput = std::size_t{64} << 20;
constexpr int kLook = 100;  // Milliseconds between looks at the stop token.
constexpr int kSignalled = 128;

/// A pipe whose ends close with it.
class Pipe {
 public:
  Pipe() { made_ = pipe2(ends_.data(), O_CLOEXEC) == 0; }
  ~Pipe() {
    close_end(0);
    close_end(1);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;

  bool made() const { return made_; }
  int end(std::size_t which) const { return ends_.at(which); }
  void close_end(std::size_t which) {
    if (made_ && ends_.at(which) >= 0) close(ends_.at(which));
    ends_.at(which) = -1;
  }

 private:
  std::array<int, 2> ends_{-1, -1};
  bool made_ = false;
};

tl::unexpected<Error> cannot_run(const std::string& program, int error) {
  return fail(error == ENOENT ? ErrorCode::not_found : ErrorCode::io,
              "cannot run '" + program +
                  "': " + (error == ENOENT ? "no such program in PATH" : std::strerror(error)));
}

/// What posix_spawn wants, from texts that outlive it.
std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> all;
  for (std::string& text : texts) all.push_back(text.data());
  all.push_back(nullptr);
  return all;
}

std::vector<std::string> environment_with(
    std::span<const std::pair<std::string, std::string>> variables) {
  std::vector<std::string> all;
  for (const auto& [name, value] : variables) all.push_back(name + '=' + value);
  const std::size_t added = all.size();
  for (char** variable = environ; *variable != nullptr; ++variable) {
    const std::string_view text(*variable);
    bool replaced = false;
    for (std::size_t i = 0; i < added; ++i) {
      replaced = replaced || text.starts_with(variables[i].first + '=');
    }
    if (!replaced) all.emplace_back(text);
  }
  return all;
}

/// The child; its signals are as in a shell, whatever this program blocks.
Result<pid_t> spawn(std::span<const std::string> words,
                    std::span<const std::pair<std::string, std::string>> variables, const Pipe& out,
                    const Pipe& err) {
  posix_spawn_file_actions_t files;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&files);
  posix_spawnattr_init(&attributes);
  posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&files, out.end(1), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&files, err.end(1), STDERR_FILENO);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);

  std::vector<std::string> arguments(words.begin(), words.end());
  auto environment = environment_with(variables);
  pid_t child = 0;
  const int error = posix_spawnp(&child, arguments.at(0).c_str(), &files, &attributes,
                                 pointers(arguments).data(), pointers(environment).data());
  posix_spawn_file_actions_destroy(&files);
  posix_spawnattr_destroy(&attributes);
  if (error != 0) return cannot_run(words[0], error);
  return child;
}

/// False at the end of the pipe.
bool read_some(int file, std::string& into) {
  std::array<char, std::size_t{64} << 10> part{};
  const ssize_t size = read(file, part.data(), part.size());
  if (size < 0) return errno == EINTR;
  into.append(part.data(), static_cast<std::size_t>(size));
  return size > 0;
}

Result<void> read_both(const Pipe& out, const Pipe& err, ChildOutcome& outcome,
                       const std::stop_token& stop) {
  std::array<pollfd, 2> files{pollfd{out.end(0), POLLIN, 0}, pollfd{err.end(0), POLLIN, 0}};
  const std::array<std::string*, 2> texts{&outcome.out, &outcome.err};
  while (files[0].fd >= 0 || files[1].fd >= 0) {
    if (stop.stop_requested()) return fail(ErrorCode::cancelled, "stopped");
    if (poll(files.data(), files.size(), kLook) < 0 && errno != EINTR) {
      return fail(ErrorCode::io, std::string("cannot wait for a program: ") + std::strerror(errno));
    }
    for (std::size_t i = 0; i < files.size(); ++i) {
      if (files.at(i).revents == 0) continue;
      if (!read_some(files.at(i).fd, *texts.at(i))) files.at(i).fd = -1;  // poll() passes it over.
      if (texts.at(i)->size() > kMostOutput) {
        return fail(ErrorCode::too_large, "expected a program to write at most 64 MiB");
      }
    }
  }
  return {};
}

int wait_for(pid_t child) {
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFSIGNALED(status) ? kSignalled + WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace

Result<ChildOutcome> run_child(std::span<const std::string> words,
                               std::span<const std::pair<std::string, std::string>> variables,
                               const std::stop_token& stop) {
  Pipe out;
  Pipe err;
  if (!out.made() || !err.made()) return cannot_run(words[0], errno);
  const auto child = spawn(words, variables, out, err);
  if (!child) return tl::unexpected(child.error());
  out.close_end(1);
  err.close_end(1);
  ChildOutcome outcome;
  const auto read = read_both(out, err, outcome, stop);
  if (!read) kill(*child, SIGTERM);
  outcome.code = wait_for(*child);
  if (!read) return tl::unexpected(read.error());
  return outcome;
}

}  // namespace trailsift::cli
