#pragma once

#include <filesystem>
#include <functional>

#include "schema/event.h"

namespace trailsift::bench {

/// Calls `take` with every event of the delivered files below `directory`, in the order of the
/// files' names, until it returns false. What is no event, or cannot be read, is passed over.
void for_each_event(const std::filesystem::path& directory,
                    const std::function<bool(const Event&)>& take);

}  // namespace trailsift::bench
