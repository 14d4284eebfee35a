#pragma once

#include <string_view>

namespace trailsift::server {

/// What answers look like, as the `components/schemas` of the OpenAPI document.
constexpr std::string_view kAnswerSchemas = R"json({
"Error": {"type": "object", "required": ["error"], "properties": {"error": {
  "type": "object", "required": ["code", "message"], "properties": {
    "code": {"type": "string", "enum": ["bad_query", "bad_request", "not_found", "too_large", "denied",
      "unavailable", "cancelled", "corrupt", "io", "internal"]},
    "message": {"type": "string"},
    "parameter": {"type": "string", "description": "the member that is wrong"},
    "at": {"$ref": "#/components/schemas/Span"}}}}},
"Span": {"type": "object", "required": ["begin", "end"], "description": "bytes of a text, UTF-8",
  "properties": {"begin": {"type": "integer", "minimum": 0}, "end": {"type": "integer", "minimum": 0}}},
"SearchException": {"type": "object", "required": ["error", "message", "__type"], "properties": {
  "error": {"type": "object", "required": ["rid", "code", "message"], "properties": {
    "rid": {"type": "string"}, "code": {"type": "string"}, "message": {"type": "string"},
    "parameter": {"type": "string"}, "at": {"$ref": "#/components/schemas/Span"}}},
  "message": {"type": "string"}, "__type": {"const": "#SearchException"}}},
"ElasticError": {"type": "object", "required": ["error", "status"], "properties": {
  "error": {"type": "object", "required": ["type", "reason"]}, "status": {"type": "integer"}}},
"ElasticAnswer": {"type": "object", "description": "as Elasticsearch answers"},
"FirehoseAnswer": {"type": "object", "required": ["requestId", "timestamp"], "properties": {
  "requestId": {"type": "string"}, "timestamp": {"type": "integer"}, "errorMessage": {"type": "string"}}},
"ValueCount": {"type": "object", "required": ["value", "count"], "properties": {
  "value": {"type": "string"}, "count": {"type": "integer", "minimum": 0}}},
"Counts": {"type": "array", "items": {"type": "integer", "minimum": 0}},
"Hit": {"type": "object", "required": ["id", "time", "fields"], "properties": {
  "id": {"type": "string"}, "time": {"type": "string"}, "score": {"type": "number", "minimum": 0},
  "fields": {"type": "object", "additionalProperties": {"oneOf": [{"type": "string"},
    {"type": "array", "items": {"type": "string"}}]}}}},
"Events": {"type": "object", "required": ["total", "hits", "took_ms"], "properties": {
  "total": {"type": "integer", "minimum": 0},
  "partial": {"type": "object", "required": ["searched_events", "events"], "properties": {
    "searched_events": {"type": "integer", "minimum": 1}, "events": {"type": "integer", "minimum": 1}}},
  "hits": {"type": "array", "items": {"$ref": "#/components/schemas/Hit"}},
  "facets": {"type": "array", "items": {"type": "object", "required": ["field", "values", "distinct", "missing"],
    "properties": {"field": {"type": "string"},
      "values": {"type": "array", "items": {"$ref": "#/components/schemas/ValueCount"}},
      "distinct": {"type": "integer"}, "missing": {"type": "integer"}}}},
  "histogram": {"type": "object", "required": ["interval_ms", "buckets"], "properties": {
    "interval_ms": {"type": "integer", "minimum": 1},
    "buckets": {"type": "array", "items": {"type": "object", "required": ["time", "count"], "properties": {
      "time": {"type": "string"}, "count": {"type": "integer", "minimum": 0}}}},
    "split": {"type": "object", "required": ["field", "series", "others", "missing"], "properties": {
      "field": {"type": "string"},
      "series": {"type": "array", "items": {"type": "object", "required": ["value", "counts"], "properties": {
        "value": {"type": "string"}, "counts": {"$ref": "#/components/schemas/Counts"}}}},
      "others": {"$ref": "#/components/schemas/Counts"}, "missing": {"$ref": "#/components/schemas/Counts"}}}}},
  "cursor": {"type": "string"}, "took_ms": {"type": "integer", "minimum": 0}}},
"Statistics": {"type": "object", "required": ["total", "group_count", "groups", "took_ms"], "properties": {
  "total": {"type": "integer"}, "group_count": {"type": "integer"}, "took_ms": {"type": "integer"},
  "groups": {"type": "array", "items": {"type": "object", "required": ["by", "count", "first_seen", "last_seen"],
    "properties": {"by": {"type": "object", "additionalProperties": {"type": "string"}},
      "time": {"type": "string"}, "count": {"type": "integer", "minimum": 1}, "distinct": {"type": "integer"},
      "first_seen": {"type": "string"}, "last_seen": {"type": "string"}}}}}},
"Clause": {"type": "object", "required": ["kind", "member", "meaning"], "properties": {
  "kind": {"type": "string", "enum": ["condition", "and", "or", "not"]}, "member": {"type": "string"},
  "at": {"$ref": "#/components/schemas/Span"}, "text": {"type": "string"}, "meaning": {"type": "string"},
  "hits": {"type": "integer"}, "without": {"type": "integer"},
  "clauses": {"type": "array", "items": {"$ref": "#/components/schemas/Clause"}}}},
"Explanation": {"type": "object", "required": ["total", "syntax", "meaning", "clauses"], "properties": {
  "total": {"type": "integer"}, "syntax": {"type": "string"}, "meaning": {"type": "string"},
  "time": {"type": "object", "required": ["without"], "properties": {
    "from": {"type": "string"}, "to": {"type": "string"}, "without": {"type": "integer"}}},
  "clauses": {"type": "array", "items": {"$ref": "#/components/schemas/Clause"}}}},
"Suggestions": {"type": "object", "required": ["replace"], "properties": {
  "replace": {"$ref": "#/components/schemas/Span"}, "field": {"type": "string"},
  "fields": {"type": "array", "items": {"type": "object", "required": ["name", "type", "help"]}},
  "operators": {"type": "array", "items": {"type": "object", "required": ["text", "help"]}},
  "values": {"type": "array", "items": {"type": "object", "required": ["value"], "properties": {
    "value": {"type": "string"}, "count": {"type": "integer"}}}},
  "complete": {"type": "boolean"}}},
"CloudSearchAnswer": {"type": "object", "required": ["status"], "properties": {
  "status": {"type": "object", "required": ["rid"]},
  "hits": {"type": "object", "required": ["found", "start", "hit"]},
  "facets": {"type": "object"}, "histogram": {"type": "object"}}},
"CloudSearchSuggestions": {"type": "object", "required": ["status", "suggest"], "properties": {
  "status": {"type": "object", "required": ["rid"]},
  "suggest": {"type": "object", "required": ["query", "found", "suggestions"]}}},
"DocumentsAnswer": {"type": "object", "required": ["status", "adds", "deletes"], "properties": {
  "status": {"enum": ["success", "error"]}, "adds": {"type": "integer"}, "deletes": {"type": "integer"},
  "warnings": {"type": "array"}, "errors": {"type": "array"}, "message": {"type": "string"},
  "__type": {"const": "#DocumentServiceException"}}},
"Record": {"type": "object", "description": "an event's original record"},
"SessionIssued": {"type": "object", "required": ["event_id", "event_name", "time", "expires"], "properties": {
  "event_id": {"type": "string"}, "event_name": {"type": "string"}, "recipient_account_id": {"type": "string"},
  "time": {"type": "string"}, "expires": {"type": "string"}, "access_key_id": {"type": "string"},
  "session_id": {"type": "string"}, "role_arn": {"type": "string"}, "session_name": {"type": "string"},
  "by": {"type": "object", "additionalProperties": {"type": "string"}}}},
"Session": {"type": "object", "required": ["chain", "end", "total", "errors", "denied", "facets", "children",
    "child_count", "hits", "took_ms"], "properties": {
  "chain": {"type": "array", "minItems": 1, "items": {"type": "object", "required": ["session"], "properties": {
    "session": {"type": "boolean"}, "type": {"type": "string"}, "actor": {"type": "string"},
    "actor_type": {"type": "string"}, "principal_id": {"type": "string"}, "arn": {"type": "string"},
    "account_id": {"type": "string"}, "access_key_id": {"type": "string"}, "issuer_arn": {"type": "string"},
    "source_identity": {"type": "string"}, "invoked_by": {"type": "string"}, "created": {"type": "string"},
    "evidence": {"type": "string", "enum": ["access_key", "session_id", "sign_in", "session_name"]},
    "confidence": {"type": "string", "enum": ["certain", "likely", "weak"]}, "ambiguous": {"type": "boolean"},
    "opened_by": {"type": "array", "items": {"$ref": "#/components/schemas/SessionIssued"}}}}},
  "end": {"type": "string", "enum": ["origin", "other_account", "no_record", "ambiguous", "loop", "depth"]},
  "others": {"type": "array", "items": {"type": "string"}},
  "total": {"type": "integer", "minimum": 0}, "errors": {"type": "integer", "minimum": 0},
  "denied": {"type": "integer", "minimum": 0}, "first": {"type": "string"}, "last": {"type": "string"},
  "gap_ms": {"type": "integer"},
  "facets": {"type": "array", "items": {"type": "object", "required": ["field", "values", "distinct", "missing"],
    "properties": {"field": {"type": "string"},
      "values": {"type": "array", "items": {"$ref": "#/components/schemas/ValueCount"}},
      "distinct": {"type": "integer"}, "missing": {"type": "integer"}}}},
  "children": {"type": "array", "items": {"$ref": "#/components/schemas/SessionIssued"}},
  "child_count": {"type": "integer", "minimum": 0},
  "hits": {"type": "array", "items": {"$ref": "#/components/schemas/Hit"}},
  "cursor": {"type": "string"}, "took_ms": {"type": "integer", "minimum": 0}}},
"SavedSearch": {"type": "object", "required": ["name", "state", "created", "updated", "etag"], "properties": {
  "name": {"type": "string"}, "state": {"type": "string"}, "created": {"type": "string"},
  "updated": {"type": "string"}, "etag": {"type": "string"}}},
"SavedSearches": {"type": "object", "required": ["searches"], "properties": {
  "searches": {"type": "array", "items": {"$ref": "#/components/schemas/SavedSearch"}}}},
"Deleted": {"type": "object", "required": ["deleted"], "properties": {"deleted": {"type": "string"}}},
"Link": {"type": "object", "required": ["id", "state", "created"], "properties": {
  "id": {"type": "string"}, "state": {"type": "string"}, "created": {"type": "string"}}},
"Translation": {"type": "object", "properties": {"text": {"type": "string"}, "error": {"type": "string"}}},
"Translations": {"type": "object", "required": ["kql", "structured", "athena_sql", "sigma",
    "eventbridge", "curl"], "properties": {
  "kql": {"$ref": "#/components/schemas/Translation"}, "structured": {"$ref": "#/components/schemas/Translation"},
  "athena_sql": {"$ref": "#/components/schemas/Translation"}, "sigma": {"$ref": "#/components/schemas/Translation"},
  "eventbridge": {"$ref": "#/components/schemas/Translation"}, "curl": {"$ref": "#/components/schemas/Translation"}}},
"PolicyCalls": {"type": "array", "items": {"type": "object", "required": ["event_source", "event_name", "events"],
  "properties": {"event_source": {"type": "string"}, "event_name": {"type": "string"}, "action": {"type": "string"},
    "events": {"type": "integer"}}}},
"AccessPolicy": {"type": "object", "required": ["policy", "denied", "left_out", "calls", "other_events", "took_ms"],
  "properties": {
  "policy": {"type": "object", "required": ["Version", "Statement"], "properties": {"Version": {"const": "2012-10-17"},
    "Statement": {"type": "array", "items": {"type": "object", "required": ["Effect", "Action", "Resource"], "properties": {
      "Effect": {"const": "Allow"}, "Action": {"type": "array", "items": {"type": "string"}},
      "Resource": {"type": "array", "items": {"type": "string"}}}}}}},
  "denied": {"$ref": "#/components/schemas/PolicyCalls"}, "left_out": {"$ref": "#/components/schemas/PolicyCalls"},
  "calls": {"type": "integer", "minimum": 0}, "other_events": {"type": "integer", "minimum": 0},
  "took_ms": {"type": "integer", "minimum": 0}}},
"Fields": {"type": "object", "required": ["fields"], "properties": {"fields": {"type": "array", "items": {
  "type": "object", "required": ["name", "aliases", "type", "column", "multi", "origin", "help"]}}}},
"Routes": {"type": "object", "required": ["routes", "search_parameters"]},
"Status": {"type": "object", "required": ["version", "uptime_seconds", "generation", "segments", "events", "bytes",
  "segment_list", "deliveries", "quarantine"]},
"IntegrityReport": {"type": "object", "required": ["files", "list"], "properties": {
  "verified_at": {"type": "string"}, "cursor": {"type": "string"},
  "files": {"type": "object", "required": ["verified", "unverified", "missing", "tampered"],
    "additionalProperties": {"type": "integer", "minimum": 0}},
  "list": {"type": "array", "items": {"type": "object", "required": ["log_file", "integrity"], "properties": {
    "log_file": {"type": "string"}, "integrity": {"enum": ["verified", "unverified", "missing", "tampered"]}}}}}},
"About": {"type": "object", "required": ["version", "compiler", "vector_instructions", "cores", "bulk_writer",
    "takes_events", "limits"], "properties": {
  "version": {"type": "string"}, "compiler": {"type": "string"}, "vector_instructions": {"type": "string"},
  "cores": {"type": "integer"}, "bulk_writer": {"type": "boolean"}, "takes_events": {"type": "boolean"},
  "limits": {"type": "array", "items": {"type": "object", "required": ["name", "value", "help"], "properties": {
    "name": {"type": "string"}, "value": {"type": "integer"}, "unit": {"type": "string"}, "help": {"type": "string"}}}}}},
"Deliveries": {"type": "object", "required": ["total", "deliveries", "totals"], "properties": {
  "total": {"type": "integer"}, "deliveries": {"type": "array", "items": {"type": "object"}},
  "totals": {"type": "object"}, "cursor": {"type": "string"}}},
"QuarantineList": {"type": "object", "required": ["total", "entries"], "properties": {
  "total": {"type": "integer"}, "cursor": {"type": "string"},
  "entries": {"type": "array", "items": {"$ref": "#/components/schemas/QuarantineEntry"}}}},
"QuarantineEntry": {"type": "object", "required": ["id", "seen", "reason", "kind", "has_bytes"]},
"Replayed": {"type": "object", "required": ["entries", "replayed", "kept", "indexed", "duplicates", "stays"]},
"Dropped": {"type": "object", "required": ["dropped"]},
"IngestAccount": {"type": "object", "required": ["name", "read", "indexed", "duplicates", "filtered", "rejected"]},
"OpenApi": {"type": "object", "required": ["openapi", "info", "paths"]}
})json";

}  // namespace trailsift::server
