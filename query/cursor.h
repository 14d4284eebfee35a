#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "query/search.h"
#include "query/sort.h"
#include "schema/error.h"

namespace trailsift::query {

/// The keys that the places of a request's hits have values for. Of a computed order they stand for
/// its numbers, and what these are is for the fingerprint to tell.
std::vector<SortKey> cursor_keys(const SearchRequest& request);

/// A place between two pages as text: base64url without padding of
///
///   version (1 byte, now 1) | hash of the request (8) | time in ms (8) | id | values | checksum
///   (8)
///
/// Numbers are little-endian. The id and each value are a 4-byte length and bytes; the length of
/// an absent value is 2^32-1. The checksum is FNV-1a of all before it, the hash of the request
/// FNV-1a of its fingerprint and sort keys.
std::string encode_cursor(const Position& position, std::string_view fingerprint,
                          std::span<const SortKey> keys);

/// The place, or a bad_request error: damaged, or made for another query or order.
Result<Position> decode_cursor(std::string_view cursor, std::string_view fingerprint,
                               std::span<const SortKey> keys);

}  // namespace trailsift::query
