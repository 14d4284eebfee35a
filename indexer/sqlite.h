#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schema/error.h"

struct sqlite3;
struct sqlite3_stmt;

namespace trailsift::indexer {

/// The wall to SQLite. Failures name the file: `corrupt` when it is damaged or of a newer format,
/// `unavailable` when another process kept it locked for too long, `io` when the system refused.

/// One statement, to be run any number of times. One thread; must not outlive its Sqlite.
class SqliteStatement {
 public:
  /// Parameters are numbered from 1. A failure to bind is told by the next step().
  void bind(int parameter, std::int64_t value);
  void bind(int parameter, std::string_view text);
  void bind_bytes(int parameter, std::string_view bytes);
  void bind_null(int parameter);

  /// Goes on to the next row; false: there is none, and the statement can be bound and run again.
  Result<bool> step();
  /// For a statement whose rows nobody wants (any more).
  Result<void> run();
  /// Gives up the rest of the rows, so that the statement can be bound and run again.
  void reset();

  /// Columns of the row, from 0. A text is valid until the next step(); NULL reads as 0 or "".
  std::int64_t integer(int column) const;
  std::string_view text(int column) const;
  bool is_null(int column) const;
  /// Bytes, of which text() gives a view too; not text.
  bool is_bytes(int column) const;

 private:
  friend class Sqlite;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  SqliteStatement(sqlite3* database, std::string path, sqlite3_stmt* statement)
      : database_(database), path_(std::move(path)), statement_(statement) {}

  sqlite3* database_;
  std::string path_;
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
  int bind_failure_ = 0;
};

class Sqlite;

/// What a database file holds.
struct SqliteSchema {
  std::int64_t version = 1;  ///< In `user_version`; larger in the file: a newer program made it.
  const char* tables = "";   ///< Makes the tables of a new file.
  /// Brings a file of the smaller `version` up to this schema; runs in a transaction. Null: such
  /// files are refused.
  Result<void> (*upgrade)(Sqlite& database, std::int64_t version) = nullptr;
};

/// One connection. One thread at a time; movable.
class Sqlite {
 public:
  enum class Sync : std::uint8_t {
    on_checkpoint,  ///< A power failure may take the last transactions, never a part of one.
    on_commit,      ///< A transaction is durable when it returns.
  };
  /// Opens for writing; makes the file when missing. Other processes may read and write it.
  static Result<Sqlite> open(const std::filesystem::path& path, const SqliteSchema& schema,
                             Sync sync);
  /// Opens for reading, also while another process writes; nullopt: there is no such file. One of
  /// a smaller version is brought up to the schema first.
  static Result<std::optional<Sqlite>> open_to_read(const std::filesystem::path& path,
                                                    const SqliteSchema& schema);

  Result<SqliteStatement> prepare(std::string_view sql);
  /// Runs statements whose rows nobody wants.
  Result<void> run(const char* sql);
  /// Runs `body` as one transaction that writes (or, for a reader, that sees one state): all of it
  /// is done, or nothing when it fails.
  Result<void> transaction(const std::function<Result<void>()>& body);
  /// Rows that the last statement changed.
  std::int64_t changes() const;
  /// Reads the whole file. What is wrong with it, one line each.
  Result<std::vector<std::string>> check();

 private:
  struct Close {
    void operator()(sqlite3* database) const;
  };
  Sqlite(std::string path, sqlite3* database, bool writes)
      : path_(std::move(path)), database_(database), writes_(writes) {}
  static Result<Sqlite> connect(const std::filesystem::path& path, int flags, bool writes);
  Result<void> set_up(const SqliteSchema& schema, Sync sync);
  Result<void> make_or_upgrade(const SqliteSchema& schema);
  Result<std::int64_t> version();
  Result<void> accept_version(std::int64_t found, const SqliteSchema& schema) const;

  std::string path_;
  std::unique_ptr<sqlite3, Close> database_;
  bool writes_;
};

}  // namespace trailsift::indexer
