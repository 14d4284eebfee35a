#pragma once

#include <filesystem>
#include <memory>

#include "schema/error.h"
#include "store/manifest.h"
#include "store/store.h"

namespace trailsift::store {

/// The segment without what was deleted of it; `deletes` may be null. Corrupt when it does not have
/// what was deleted.
Result<std::shared_ptr<const Segment>> with_deletes(std::shared_ptr<const Segment> segment,
                                                    const Deletes* deletes);

/// Opens the segments that `manifest` names; those that `known` has open already are shared.
/// not_found when one of them is gone: a merge has replaced it, and the manifest with it.
Result<std::shared_ptr<const Snapshot>> load_snapshot(const std::filesystem::path& directory,
                                                      const Manifest& manifest,
                                                      const Snapshot* known);

}  // namespace trailsift::store
