#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "indexer/delivery.h"
#include "schema/error.h"
#include "schema/time.h"

namespace trailsift::indexer {

/// The bytes of one delivered file, as they come: compressed or not.
class ByteStream {
 public:
  virtual ~ByteStream() = default;

  /// Fills the front of `buffer`; 0 means the end.
  virtual Result<std::size_t> read(std::span<char> buffer) = 0;
};

/// Told once what became of a delivery: its events are durable then, and its row is in the ledger.
/// One that goes without being told belongs to a delivery of which nothing is known: the run failed
/// or was stopped. Any thread.
class Receipt {
 public:
  virtual ~Receipt() = default;
  virtual void settle(const DeliveryOutcome& outcome) = 0;
};

/// One delivered file, not opened yet.
class Blob {
 public:
  virtual ~Blob() = default;

  /// What it is called in `log_file`, the quarantine list and messages.
  virtual const std::string& name() const = 0;
  /// Which version of the file this is; empty when there is no telling.
  virtual std::string etag() const { return {}; }
  /// How it came, for the ledger; empty: as the run says.
  virtual std::string source() const { return {}; }
  /// When it came; nullopt: now.
  virtual std::optional<Timestamp> received() const { return std::nullopt; }
  /// Who wants to know what became of it; nullptr: nobody.
  virtual std::shared_ptr<Receipt> receipt() const { return nullptr; }
  /// Bytes, when known beforehand: for progress only.
  virtual std::optional<std::uint64_t> size() const = 0;
  /// Once `stop` is requested, a read that waits for bytes may fail.
  virtual Result<std::unique_ptr<ByteStream>> open(std::stop_token stop) const = 0;
};

/// Where files come from. Pulled by one thread, so implementations need no locks.
class Source {
 public:
  virtual ~Source() = default;

  /// The next file; nullptr when there are no more. An Error is about one file or folder only: the
  /// caller counts it and calls next() again.
  virtual Result<std::unique_ptr<Blob>> next() = 0;

  /// Any thread. Nobody wants more: a next() that waits ends soon with nullptr, as do later ones.
  virtual void interrupt() {}

  /// Files and bytes there are in all, when known: for the progress bar.
  struct Total {
    std::uint64_t files = 0;
    std::uint64_t bytes = 0;
  };
  /// Any thread, also while another pulls; may take as long as a look at every file. nullopt when
  /// `stop` was requested first.
  virtual std::optional<Total> total(std::stop_token stop) const = 0;
};

/// Files and directory trees, in the order of their names; "-" is standard input. Symbolic links
/// are followed when they are given, never inside a tree; special files inside a tree are passed
/// over. What is missing or cannot be read is a file that cannot be opened. Memory does not grow
/// with the number of files in the tree beyond one directory's names at each level.
std::unique_ptr<Source> file_source(std::vector<std::string> paths);

}  // namespace trailsift::indexer
