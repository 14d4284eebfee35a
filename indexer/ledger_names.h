#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "indexer/delivery.h"

namespace trailsift::indexer {

/// How the ledger tells deliveries apart, and what makes their names short on disk.

/// 128 bits of the SHA-256 of a name's parts and their lengths: names that somebody chose must not
/// collide.
std::string name_key(const DeliveryName& name);

/// The bytes that hexadecimal digits stand for; digits of upper case and others give any.
std::string bytes_of_hex(std::string_view digits);

/// What is kept of a name: UTF-8 of at most 4,096 bytes (object) and 256.
DeliveryName kept_name(const DeliveryName& name);

/// What of a key has an index: a number of four bytes on disk. Several names may have the same.
std::int64_t short_hash(std::string_view key);

/// An object's name in three parts; end to end they are the name. The outer ones are those that
/// many objects share: folder, and of names of AWS's make account, region and day; suffixes.
struct ObjectParts {
  std::string_view beginning;
  std::string_view middle;
  std::string_view ending;
};
ObjectParts split_object(std::string_view object);

/// An etag in half of its bytes, when it is 32 lower-case hexadecimal digits (16 bytes), or at most
/// 30 digits, points and hyphens (at most 15 bytes). nullopt: it is neither.
std::optional<std::string> packed_etag(std::string_view etag);
/// The reverse. Bytes that packed_etag() does not make give some text.
std::string unpacked_etag(std::string_view packed);

}  // namespace trailsift::indexer
