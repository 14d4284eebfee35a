#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <xapian.h>

#include "schema/error.h"

namespace trailsift::store {

/// Runs `body` and turns Xapian's exceptions into Errors: the only place that catches them.
/// `what` says whose terms they are, for the message.
template <class Body>
auto guarded(std::string_view what, Body&& body) -> decltype(body()) {
  const auto failed = [&](ErrorCode code, const Xapian::Error& error) {
    std::string message = "cannot use the terms of '" + std::string(what) + "': " + error.get_msg();
    if (const char* reason = error.get_error_string()) message += std::string(": ") + reason;
    return fail(code, std::move(message));
  };
  try {
    return std::forward<Body>(body)();
  } catch (const Xapian::DatabaseCorruptError& error) {
    return failed(ErrorCode::corrupt, error);
  } catch (const Xapian::DatabaseVersionError& error) {
    return failed(ErrorCode::corrupt, error);
  } catch (const Xapian::RangeError& error) {  // Numbers on disk that cannot be.
    return failed(ErrorCode::corrupt, error);
  } catch (const Xapian::DatabaseError& error) {
    return failed(ErrorCode::io, error);
  } catch (const Xapian::Error& error) {
    return failed(ErrorCode::internal, error);
  }
}

}  // namespace trailsift::store
