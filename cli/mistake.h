#pragma once

#include <string>

#include <tl/expected.hpp>

#include "cli/console.h"
#include "schema/error.h"

namespace trailsift::cli {

/// A mistake in what the user typed. For a query, `source` is its text and the error's place is in
/// it; an empty `source` means the command line itself.
struct Mistake {
  Error error;
  std::string source;
};

/// What is there unless a mistake was made.
template <class T>
using Answered = tl::expected<T, Mistake>;

/// Prints it; ExitCode::failure.
inline ExitCode report(Console& console, const Mistake& mistake) {
  return report(console, mistake.error, mistake.source);
}

inline tl::unexpected<Mistake> mistake(Error error, std::string source = {}) {
  return tl::unexpected(Mistake{std::move(error), std::move(source)});
}

}  // namespace trailsift::cli
