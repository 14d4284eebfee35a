#pragma once

namespace trailsift::store {

/// Whether the Xapian library that is linked reads what GlassWriter writes: it is a 1.4, and a
/// small database that the first call writes (in memory) holds for it what was put in. Any thread.
bool glass_layout_is_tested();

}  // namespace trailsift::store
