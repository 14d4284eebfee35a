#pragma once

#include <cstdint>

namespace trailsift::store {

/// What writes the inverted index of a segment. Both give the same documents, terms and postings.
enum class TermsWriter : std::uint8_t {
  bulk,  ///< Our own (glass_writer.h); the reference where Xapian is not what it is tested with.
  reference,  ///< Xapian's: some ten times slower, and what the tests compare the other with.
};

struct BuildOptions {
  bool durable = true;
  unsigned threads = 1;
  TermsWriter terms_writer = TermsWriter::bulk;
};

}  // namespace trailsift::store
