#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "schema/error.h"

namespace trailsift::server {

constexpr std::size_t kMaxBatchBytes = 5UL << 20;
constexpr std::size_t kMaxDocumentBytes = 1UL << 20;
constexpr std::size_t kMaxDocumentFields = 200;
constexpr std::size_t kMaxDocumentValues = 1000;  ///< Of one field.
constexpr std::size_t kMaxDocumentIdBytes = 128;

struct DocumentField {
  std::string name;
  std::vector<std::string> values;  ///< Never empty.
};

/// One operation of a batch, as CloudSearch's clients send them.
struct DocumentOperation {
  std::string id;
  bool remove = false;  ///< A delete; `fields` is empty. Otherwise an add.
  std::vector<DocumentField> fields;
};

struct DocumentBatch {
  std::vector<DocumentOperation> operations;
  std::vector<std::string> warnings;
};

/// Reads a batch in JSON or XML. The first thing wrong with it is a bad_request, or a too_large
/// for a limit above, that names the operation.
///
///   [{"type":"add","id":ID,"fields":{NAME: VALUE | [VALUE, …], …}}, {"type":"delete","id":ID}, …]
///   <batch><add id="ID"><field name="NAME">VALUE</field>…</add><delete id="ID"/>…</batch>
Result<DocumentBatch> parse_json_batch(std::string_view text);
Result<DocumentBatch> parse_xml_batch(std::string_view text);

/// What a batch does, where the last operation on an id is the one that counts.
struct DocumentChanges {
  std::string log_file;            ///< Holds the record of each document that is added.
  std::vector<std::string> added;  ///< Their ids.
  /// Ids of documents that are deleted, before others are added. One can be in both.
  std::vector<std::string> removed;
};

/// A document whose field `raw` is the record of an event with its id is that record; any other is
/// made of its fields, which must be known and have `event_time`. One that cannot be an event is a
/// bad_request.
Result<DocumentChanges> changes_of(const DocumentBatch& batch);

/// The record of the document that an operation adds.
Result<std::string> document_record(const DocumentOperation& operation);

}  // namespace trailsift::server
