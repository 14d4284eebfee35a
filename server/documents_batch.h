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

/// The log file that holds the record of each document which a batch adds, the last one of an id. A
/// document whose field `raw` is the record of an event with its id is that record; any other is
/// made of its fields, which must be known and have `event_time`. A batch that deletes is a
/// bad_request, as is one with a document that cannot be an event.
Result<std::string> to_log_file(const DocumentBatch& batch);

}  // namespace trailsift::server
