#include "cli/run.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <optional>
#include <string_view>
#include <thread>
#include <unistd.h>
#include <vector>

#include "cli/command.h"
#include "cli/help.h"
#include "cli/parse_arguments.h"
#include "cli/terminal.h"

namespace trailsift::cli {
namespace {

/// The command whose name `words` begin with, and how many words that took.
struct Found {
  const Command* command = nullptr;
  std::size_t words = 0;
};

Found find_command(std::span<const std::string> words) {
  constexpr std::size_t kMostWords = 3;
  for (std::size_t length = std::min(words.size(), kMostWords); length > 0; --length) {
    std::string name = words[0];
    for (const std::string& word : words.subspan(1, length - 1)) name += " " + word;
    for (const Command* command : commands()) {
      if (command->name == name) return {command, length};
    }
  }
  return {};
}

bool asks_for_help(const std::string& word) {
  return word == "--help" || word == "-h";
}

/// Help stands before any "--": behind it, everything is data.
bool asks_for_help(std::span<const std::string> words) {
  const auto end = std::ranges::find(words, "--");
  return std::any_of(words.begin(), end, [](const std::string& w) { return asks_for_help(w); });
}

ExitCode unknown_command(Console& console, std::span<const std::string> words) {
  std::string names;
  for (const Command* command : commands()) {
    // "quarantine" alone asks for "quarantine list".
    if (command->name.starts_with(words[0] + " "))
      names.append(names.empty() ? " '" : ", '").append(command->name).append("'");
  }
  std::string message = "unknown command '" + words[0] + "'";
  if (!names.empty()) message = "expected one of:" + names;
  return report_usage(console, "", Error{ErrorCode::bad_request, std::move(message), {}});
}

// Tools such as timeout(1) signal both the program and its group: that is one request, not two.
constexpr std::chrono::milliseconds kOneRequest(500);

/// While it lives, the first SIGINT or SIGTERM requests a stop and the second ends the program.
/// Must be made before any other thread, so that all of them leave the signals to this one.
class StopOnSignals {
 public:
  StopOnSignals() {
    sigemptyset(&signals_);
    sigaddset(&signals_, SIGINT);
    sigaddset(&signals_, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals_, &before_);
    waiter_ = std::jthread([this](const std::stop_token& ended) { wait(ended); });
  }
  ~StopOnSignals() {
    waiter_.request_stop();
    // Ends its sigwait(). The signal is blocked, so nothing is terminated.
    pthread_kill(waiter_.native_handle(), SIGTERM);  // NOLINT(bugprone-bad-signal-to-kill-thread)
    waiter_.join();
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  StopOnSignals(const StopOnSignals&) = delete;
  StopOnSignals& operator=(const StopOnSignals&) = delete;

  std::stop_token token() const { return stop_.get_token(); }

  /// What the shell expects of a program that the signal ended.
  ExitCode exit_code() const { return static_cast<ExitCode>(128 + first_signal_); }

 private:
  void wait(const std::stop_token& ended) {
    using Clock = std::chrono::steady_clock;
    std::optional<Clock::time_point> first_at;
    int signal = 0;
    while (sigwait(&signals_, &signal) == 0 && !ended.stop_requested()) {
      if (first_at && Clock::now() - *first_at >= kOneRequest) _exit(128 + signal);
      if (first_at) continue;
      first_at = Clock::now();
      first_signal_ = signal;
      stop_.request_stop();
    }
  }

  sigset_t signals_{};
  sigset_t before_{};
  std::atomic<int> first_signal_ = SIGINT;
  std::stop_source stop_;
  std::jthread waiter_;
};

bool color_wanted() {
  const char* const no_color = std::getenv("NO_COLOR");
  const char* const terminal = std::getenv("TERM");
  return (no_color == nullptr || *no_color == '\0') &&
         (terminal == nullptr || std::string_view(terminal) != "dumb");
}

Console process_console() {
  return Console{
      .in = std::cin,
      .out = std::cout,
      .err = std::cerr,
      .out_is_terminal = isatty(STDOUT_FILENO) == 1,
      .err_is_terminal = isatty(STDERR_FILENO) == 1,
      .color_wanted = color_wanted(),
      .width = terminal_width(isatty(STDOUT_FILENO) == 1 ? STDOUT_FILENO : STDERR_FILENO),
      .now =
          [] {
            return std::chrono::time_point_cast<std::chrono::milliseconds>(
                std::chrono::system_clock::now());
          },
      .variable =
          [](const char* name) {
            const char* const value = std::getenv(name);
            return value == nullptr ? std::nullopt : std::optional<std::string>(value);
          },
  };
}

ExitCode run_in_process(std::span<const std::string> words) {
  Console console = process_console();
  const Found found = find_command(words);
  if (found.command == nullptr || found.command->interrupt == Interrupt::ends) {
    return run(words, console);
  }
  const StopOnSignals signals;
  console.stop = signals.token();
  const ExitCode code = run(words, console);
  return code == ExitCode::interrupted ? signals.exit_code() : code;
}

}  // namespace

void print_json(Console& console, std::string_view json) {
  console.out << (console.out_is_terminal ? printable_json(json) : std::string(json)) << '\n';
}

ExitCode report(Console& console, const Error& error, std::string_view source) {
  console.err << "trailsift: " << masked(render(error, source)) << '\n';
  return ExitCode::failure;
}

ExitCode report_usage(Console& console, std::string_view command, const Error& error,
                      std::string_view source) {
  console.err << "trailsift: "
              << (source.empty() ? printable(error.message) : masked(render(error, source)))
              << "\nTry 'trailsift " << (command.empty() ? "" : std::string(command) + " ")
              << "--help'.\n";
  return ExitCode::usage;
}

ExitCode run(std::span<const std::string> arguments, Console& console) {
  if (arguments.empty()) {
    console.err << help();
    return ExitCode::usage;
  }
  if (asks_for_help(arguments[0]) || arguments[0] == "help") {
    console.out << help();
    return ExitCode::ok;
  }
  static const std::string kVersionCommand = "version";
  if (arguments[0] == "--version") return run(std::span(&kVersionCommand, 1), console);
  const Found found = find_command(arguments);
  if (found.command == nullptr) return unknown_command(console, arguments);

  const auto words = arguments.subspan(found.words);
  if (asks_for_help(words)) {
    console.out << help(*found.command);
    return ExitCode::ok;
  }
  const auto parsed = parse_arguments(*found.command, words);
  if (!parsed) return report_usage(console, found.command->name, parsed.error());
  return found.command->run(*parsed, console);
}

int run(int argc, const char* const* argv) {
  try {
    std::ios::sync_with_stdio(false);
    const std::vector<std::string> words(argv + std::min(argc, 1), argv + argc);
    ExitCode code = run_in_process(words);
    std::cout.flush();
    if (!std::cout && code == ExitCode::ok) {
      std::cerr << "trailsift: cannot write the answer: standard output refused it\n";
      code = ExitCode::failure;
    }
    return static_cast<int>(code);
  } catch (const std::exception& bug) {
    std::cerr << "trailsift: internal error: " << printable(bug.what()) << '\n';
  }
  return static_cast<int>(ExitCode::failure);
}

}  // namespace trailsift::cli
