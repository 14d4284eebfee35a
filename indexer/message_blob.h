#pragma once

#include <memory>
#include <string>

#include "indexer/fetched_object.h"
#include "indexer/memory_budget.h"
#include "indexer/source.h"
#include "schema/time.h"

namespace trailsift::indexer {

/// What a delivery out of a message is called, and who wants to know what becomes of it.
struct BlobAbout {
  std::string name;
  std::string source;
  Timestamp received;
  std::shared_ptr<Receipt> receipt;
};

/// Blobs whose bytes are here. They are opened once; `held` ends with the stream.
std::unique_ptr<Blob> text_blob(BlobAbout about, MemoryBudget::Held held, std::string text);
std::unique_ptr<Blob> object_blob(BlobAbout about, MemoryBudget::Held held,
                                  std::unique_ptr<FetchedObject> object);

}  // namespace trailsift::indexer
