#include "cli/aws_setup_command.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <rapidjson/document.h>

#include "cli/aws_cli.h"
#include "cli/setup_options.h"
#include "cli/setup_plan.h"
#include "cli/setup_state.h"
#include "cli/terminal.h"

namespace trailsift::cli {
namespace {

constexpr std::string_view kAbout =
    "Works through the AWS CLI (`aws` in PATH, version 1 or 2) and its credentials: a trail of all "
    "regions, its bucket, a topic that announces each delivered file, a queue with a dead-letter "
    "queue, and a role that may read them. It is what deploy/cloudformation makes; docs/deploy.md "
    "describes it.\n";

const std::string kCreateDescription =
    std::string(kAbout) +
    "What is there already and fits is kept, so the same command can be run again. What is there "
    "and differs is an error that says how; nothing is made then. With --dry-run the commands are "
    "printed instead, for a shell, and AWS is not asked.";

const std::string kShowDescription =
    std::string(kAbout) +
    "Tells of each part whether it is there, missing, or how it differs from what `aws setup "
    "create` makes with the same options. The exit code is 1 unless all is there.";

const std::string kDeleteDescription =
    std::string(kAbout) +
    "Deletes what `aws setup create` makes with the same options, after --yes. What differs stays, "
    "and so does a bucket that holds objects: empty it yourself when nobody needs the logs. The "
    "exit code is 1 when something else than that bucket stays.";

constexpr std::string_view kCreateExamples =
    "  trailsift aws setup create --bucket example-trail-logs --region eu-west-1 --dry-run \\\n"
    "    --account-id 111122223333\n"
    "  trailsift aws setup create --bucket example-trail-logs --region eu-west-1 --profile audit\n";
constexpr std::string_view kShowExamples =
    "  trailsift aws setup show --bucket example-trail-logs --region eu-west-1\n";
constexpr std::string_view kDeleteExamples =
    "  trailsift aws setup delete --bucket example-trail-logs --region eu-west-1 --yes\n";

Result<std::string> account_of(const AwsCli& aws) {
  const auto answer = aws.call({"sts", "get-caller-identity", "--query", "Account"});
  if (!answer) return tl::unexpected(answer.error().error);
  rapidjson::Document account;
  account.Parse(answer->data(), answer->size());
  if (account.HasParseError() || !account.IsString()) {
    return fail(ErrorCode::corrupt, "expected an account of 'aws sts get-caller-identity'");
  }
  return std::string(account.GetString());
}

/// One run of a command.
class Setup {
 public:
  Setup(SetupOptions options, Console& console)
      : options_(std::move(options)), aws_(options_.aws, console.stop), console_(console) {}

  /// Learns the account, unless nobody is to be asked.
  Result<void> begin(bool ask) {
    if (ask) {
      auto account = account_of(aws_);
      if (!account) return tl::unexpected(account.error());
      if (!options_.account.empty() && *account != options_.account) {
        return fail(ErrorCode::denied,
                    fmt::format("expected credentials of account {}, got those of {}",
                                options_.account, *account));
      }
      options_.account = std::move(*account);
    }
    plan_ = setup_plan(options_);
    return {};
  }

  void print_create() const;
  void print_delete() const;
  ExitCode create();
  ExitCode show();
  ExitCode remove();

 private:
  Result<void> run(const std::vector<AwsWords>& commands) const {
    for (const AwsWords& words : commands) {
      if (const auto done = aws_.call(words); !done) return tl::unexpected(done.error().error);
    }
    return {};
  }
  void tell(std::string_view state, const SetupStep& step) const {
    console_.out << fmt::format("{:<8} {}\n", state, printable(step.what)) << std::flush;
  }
  void tell_differences(const StepState& state) const {
    for (const std::string& line : state.differences) {
      console_.out << "         " << printable(line) << '\n';
    }
  }
  void tell_how_to_serve() const {
    console_.out << fmt::format(
        "\nrole   {}\npolicy {}\nread it with:\n  trailsift serve --data DIR --queue {} --bucket "
        "{}\n",
        options_.arn("iam", "", "role/" + options_.reader()), options_.reader_policy_arn(),
        options_.queue_url(options_.queue), options_.bucket);
  }
  /// Whether it is gone.
  Result<bool> remove_one(const SetupStep& step, const StepState& state);

  SetupOptions options_;
  AwsCli aws_;
  Console& console_;
  std::vector<SetupStep> plan_;
};

void Setup::print_create() const {
  for (const SetupStep& step : plan_) {
    console_.out << "# " << step.what << '\n';
    for (const AwsWords& words : step.make) console_.out << aws_.line(words) << '\n';
  }
}

void Setup::print_delete() const {
  for (auto place = plan_.rbegin(); place != plan_.rend(); ++place) {
    const SetupStep& step = *place;
    if (step.remove.empty()) continue;
    console_.out << "# " << step.what;
    if (step.is_bucket) console_.out << ": S3 refuses this while it holds objects";
    console_.out << '\n';
    for (const AwsWords& words : step.remove) console_.out << aws_.line(words) << '\n';
  }
}

ExitCode Setup::create() {
  const auto states = look_at(plan_, aws_);
  if (!states) return report(console_, states.error());
  bool differs = false;
  for (std::size_t i = 0; i < plan_.size(); ++i) {
    if (states->at(i).differences.empty()) continue;
    differs = true;
    tell("differs", plan_[i]);
    tell_differences(states->at(i));
  }
  if (differs) {
    return report(console_, Error{ErrorCode::bad_request,
                                  "cannot go on: what differs is not changed, and nothing was made",
                                  {}});
  }
  for (std::size_t i = 0; i < plan_.size(); ++i) {
    if (states->at(i).there) {
      tell("kept", plan_[i]);
      continue;
    }
    if (const auto made = run(plan_[i].make); !made) {
      tell("failed", plan_[i]);
      console_.err << "what was made stays; run the same command again to go on\n";
      return report(console_, made.error());
    }
    tell("made", plan_[i]);
  }
  tell_how_to_serve();
  return ExitCode::ok;
}

ExitCode Setup::show() {
  const auto states = look_at(plan_, aws_);
  if (!states) return report(console_, states.error());
  for (std::size_t i = 0; i < plan_.size(); ++i) {
    const StepState& state = states->at(i);
    tell(state.fits() ? "there" : state.there ? "differs" : "missing", plan_[i]);
    tell_differences(state);
  }
  if (!std::ranges::all_of(*states, &StepState::fits)) return ExitCode::failure;
  tell_how_to_serve();
  return ExitCode::ok;
}

Result<bool> Setup::remove_one(const SetupStep& step, const StepState& state) {
  if (!state.there) {
    tell("missing", step);
    return true;
  }
  if (!state.differences.empty()) {
    tell("stays", step);
    tell_differences(state);
    return false;
  }
  if (step.is_bucket) {
    const auto full = holds_objects(options_.bucket, aws_);
    if (!full) return tl::unexpected(full.error());
    if (*full) {
      tell("stays", step);
      console_.out << "         it holds objects, which this program never deletes\n";
      return true;
    }
  }
  if (const auto removed = run(step.remove); !removed) return tl::unexpected(removed.error());
  tell("deleted", step);
  return true;
}

ExitCode Setup::remove() {
  const auto states = look_at(plan_, aws_);
  if (!states) return report(console_, states.error());
  bool all_gone = true;
  for (std::size_t i = plan_.size(); i-- > 0;) {
    if (plan_[i].remove.empty()) continue;
    const auto gone = remove_one(plan_[i], states->at(i));
    if (!gone) {
      tell("failed", plan_[i]);
      return report(console_, gone.error());
    }
    all_gone = all_gone && *gone;
  }
  return all_gone ? ExitCode::ok : ExitCode::failure;
}

constexpr std::string_view kNeedsAccount =
    "expected --account-id ID with --dry-run, which asks nobody";

ExitCode run_setup(const Arguments& arguments, Console& console, SetupJob job,
                   std::string_view command) {
  auto options = read_setup_options(arguments);
  if (!options) return report_usage(console, command, options.error());
  const bool dry = job != SetupJob::show && arguments.has("--dry-run");
  if (dry && options->account.empty()) {
    return report_usage(console, command,
                        Error{ErrorCode::bad_request, std::string(kNeedsAccount), {}});
  }
  if (job == SetupJob::remove && !dry && !arguments.has("--yes")) {
    return report_usage(console, command,
                        Error{ErrorCode::bad_request,
                              "expected --yes, or --dry-run to see what "
                              "would be deleted",
                              {}});
  }
  Setup setup(std::move(*options), console);
  if (const auto begun = setup.begin(!dry); !begun) return report(console, begun.error());
  if (dry) {
    job == SetupJob::create ? setup.print_create() : setup.print_delete();
    return ExitCode::ok;
  }
  const ExitCode code = job == SetupJob::create ? setup.create()
                        : job == SetupJob::show ? setup.show()
                                                : setup.remove();
  return console.stop.stop_requested() ? ExitCode::interrupted : code;
}

ExitCode run_create(const Arguments& arguments, Console& console) {
  return run_setup(arguments, console, SetupJob::create, "aws setup create");
}

ExitCode run_show(const Arguments& arguments, Console& console) {
  return run_setup(arguments, console, SetupJob::show, "aws setup show");
}

ExitCode run_delete(const Arguments& arguments, Console& console) {
  return run_setup(arguments, console, SetupJob::remove, "aws setup delete");
}

}  // namespace

const Command& aws_setup_create_command() {
  static const Command kCommand{.name = "aws setup create",
                                .summary = "make trail, bucket, topic, queue and role on AWS",
                                .description = kCreateDescription,
                                .options = setup_option_rows(SetupJob::create),
                                .examples = kCreateExamples,
                                .run = run_create,
                                .interrupt = Interrupt::stops};
  return kCommand;
}

const Command& aws_setup_show_command() {
  static const Command kCommand{.name = "aws setup show",
                                .summary = "tell which of them are there",
                                .description = kShowDescription,
                                .options = setup_option_rows(SetupJob::show),
                                .examples = kShowExamples,
                                .run = run_show,
                                .interrupt = Interrupt::stops};
  return kCommand;
}

const Command& aws_setup_delete_command() {
  static const Command kCommand{.name = "aws setup delete",
                                .summary = "delete them; never a bucket with objects",
                                .description = kDeleteDescription,
                                .options = setup_option_rows(SetupJob::remove),
                                .examples = kDeleteExamples,
                                .run = run_delete,
                                .interrupt = Interrupt::stops};
  return kCommand;
}

}  // namespace trailsift::cli
