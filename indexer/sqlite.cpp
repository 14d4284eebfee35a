#include "indexer/sqlite.h"

#include <system_error>
#include <utility>

#include <sqlite3.h>

#include "store/file.h"

namespace trailsift::indexer {
namespace {

// Writers of other processes hold the file for milliseconds.
constexpr int kBusyTimeoutMs = 10'000;
constexpr int kMostFaults = 20;

ErrorCode code_of(int status) {
  switch (status & 0xFF) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return ErrorCode::corrupt;
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return ErrorCode::unavailable;
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_NOMEM: return ErrorCode::io;
    default: return ErrorCode::internal;
  }
}

tl::unexpected<Error> failed(sqlite3* database, int status, const std::string& path) {
  std::string reason = sqlite3_errstr(status);
  // What the connection knows is more exact, when it is about the same failure.
  if ((sqlite3_extended_errcode(database) & 0xFF) == (status & 0xFF)) {
    reason = sqlite3_errmsg(database);
  }
  if (const int number = sqlite3_system_errno(database); code_of(status) == ErrorCode::io && number)
    reason += " (" + std::system_category().message(number) + ")";
  const ErrorCode code = code_of(status);
  const char* const what = code == ErrorCode::corrupt ? "' is damaged: " : "' cannot be used: ";
  return fail(code, "'" + path + what + reason);
}

/// Also when something throws.
class RollBackUnlessCommitted {
 public:
  explicit RollBackUnlessCommitted(sqlite3* database) : database_(database) {}
  RollBackUnlessCommitted(const RollBackUnlessCommitted&) = delete;
  RollBackUnlessCommitted& operator=(const RollBackUnlessCommitted&) = delete;
  ~RollBackUnlessCommitted() {
    if (sqlite3_get_autocommit(database_) != 0) return;
    sqlite3_exec(database_, "ROLLBACK", nullptr, nullptr, nullptr);
  }

 private:
  sqlite3* database_;
};

bool can_upgrade(std::int64_t found, const SqliteSchema& schema) {
  return found < schema.version && schema.upgrade != nullptr;
}

}  // namespace

void SqliteStatement::Finalize::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

void SqliteStatement::bind(int parameter, std::int64_t value) {
  const int status = sqlite3_bind_int64(statement_.get(), parameter, value);
  if (status != SQLITE_OK) bind_failure_ = status;
}

void SqliteStatement::bind(int parameter, std::string_view text) {
  // A null pointer would be NULL.
  const char* const data = text.empty() ? "" : text.data();
  const int status = sqlite3_bind_text64(statement_.get(), parameter, data, text.size(),
                                         SQLITE_TRANSIENT, SQLITE_UTF8);
  if (status != SQLITE_OK) bind_failure_ = status;
}

void SqliteStatement::bind_bytes(int parameter, std::string_view bytes) {
  const char* const data = bytes.empty() ? "" : bytes.data();
  const int status =
      sqlite3_bind_blob64(statement_.get(), parameter, data, bytes.size(), SQLITE_TRANSIENT);
  if (status != SQLITE_OK) bind_failure_ = status;
}

void SqliteStatement::bind_null(int parameter) {
  const int status = sqlite3_bind_null(statement_.get(), parameter);
  if (status != SQLITE_OK) bind_failure_ = status;
}

void SqliteStatement::reset() {
  sqlite3_reset(statement_.get());
  bind_failure_ = SQLITE_OK;
}

Result<bool> SqliteStatement::step() {
  const int status =
      bind_failure_ == SQLITE_OK ? sqlite3_step(statement_.get()) : std::exchange(bind_failure_, 0);
  if (status == SQLITE_ROW) return true;
  if (status == SQLITE_DONE) {
    reset();
    return false;
  }
  auto error = failed(database_, status, path_);
  reset();
  return error;
}

Result<void> SqliteStatement::run() {
  const auto row = step();
  if (!row) return tl::unexpected(row.error());
  if (*row) reset();
  return {};
}

std::int64_t SqliteStatement::integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

std::string_view SqliteStatement::text(int column) const {
  const auto* const data = static_cast<const char*>(sqlite3_column_blob(statement_.get(), column));
  const int size = sqlite3_column_bytes(statement_.get(), column);
  return data == nullptr ? std::string_view()
                         : std::string_view(data, static_cast<std::size_t>(size));
}

bool SqliteStatement::is_null(int column) const {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

bool SqliteStatement::is_bytes(int column) const {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_BLOB;
}

void Sqlite::Close::operator()(sqlite3* database) const {
  sqlite3_close_v2(database);  // Waits for statements that are still there.
}

Result<Sqlite> Sqlite::connect(const std::filesystem::path& path, int flags, bool writes) {
  sqlite3* database = nullptr;
  const int status = sqlite3_open_v2(path.c_str(), &database, flags | SQLITE_OPEN_NOMUTEX, nullptr);
  if (database == nullptr) {
    return fail(ErrorCode::io, "cannot open '" + path.string() + "': not enough memory");
  }
  Sqlite opened(path.string(), database, writes);
  if (status != SQLITE_OK) return failed(database, status, path.string());
  sqlite3_extended_result_codes(database, 1);
  sqlite3_busy_timeout(database, kBusyTimeoutMs);
  // The file may have come from anywhere: nothing that its schema holds is run.
  sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  return opened;
}

Result<Sqlite> Sqlite::open(const std::filesystem::path& path, const SqliteSchema& schema,
                            Sync sync) {
  auto opened = connect(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, true);
  if (!opened) return opened;
  if (auto done = opened->set_up(schema, sync); !done) return tl::unexpected(done.error());
  return opened;
}

Result<void> Sqlite::set_up(const SqliteSchema& schema, Sync sync) {
  const char* const synchronous =
      sync == Sync::on_commit ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=NORMAL";
  // The first one only counts before there is anything in the file.
  for (const char* const setting :
       {"PRAGMA auto_vacuum=INCREMENTAL", "PRAGMA journal_mode=WAL",
        "PRAGMA journal_size_limit=16777216", "PRAGMA wal_autocheckpoint=4096", synchronous}) {
    if (auto done = run(setting); !done) return done;
  }
  const auto found = version();
  if (!found) return tl::unexpected(found.error());
  if (*found == schema.version) return {};
  auto made = transaction([&] { return make_or_upgrade(schema); });
  if (!made) return made;
  // What an upgrade no longer needs.
  if (auto shrunk = run("PRAGMA incremental_vacuum"); !shrunk) return shrunk;
  // So that the new file's name is as durable as what will be in it.
  return store::sync_directory(std::filesystem::path(path_).parent_path());
}

/// In a transaction, for another process may have been faster.
Result<void> Sqlite::make_or_upgrade(const SqliteSchema& schema) {
  const auto found = version();
  if (!found) return tl::unexpected(found.error());
  if (*found == schema.version) return {};
  if (*found == 0) {
    if (auto made = run(schema.tables); !made) return made;
  } else {
    if (!can_upgrade(*found, schema)) return accept_version(*found, schema);
    if (auto upgraded = schema.upgrade(*this, *found); !upgraded) return upgraded;
  }
  return run(("PRAGMA user_version=" + std::to_string(schema.version)).c_str());
}

Result<std::optional<Sqlite>> Sqlite::open_to_read(const std::filesystem::path& path,
                                                   const SqliteSchema& schema) {
  std::error_code unknown;
  if (!std::filesystem::exists(path, unknown) && !unknown) return std::optional<Sqlite>();
  // Writable where the system allows it: what a killed writer left must be rolled back first.
  auto opened = connect(path, SQLITE_OPEN_READWRITE, false);
  if (!opened) return tl::unexpected(opened.error());
  if (auto done = opened->run("PRAGMA query_only=ON"); !done) return tl::unexpected(done.error());
  const auto found = opened->version();
  if (!found) return tl::unexpected(found.error());
  if (*found == 0) return std::optional<Sqlite>();  // Its maker has not come to the tables yet.
  if (can_upgrade(*found, schema)) {
    auto upgraded = open(path, schema, Sync::on_checkpoint);
    if (!upgraded) return tl::unexpected(upgraded.error());
    return open_to_read(path, schema);
  }
  if (auto ok = opened->accept_version(*found, schema); !ok) return tl::unexpected(ok.error());
  return std::optional(std::move(*opened));
}

Result<std::int64_t> Sqlite::version() {
  auto statement = prepare("PRAGMA user_version");
  if (!statement) return tl::unexpected(statement.error());
  const auto row = statement->step();
  if (!row) return tl::unexpected(row.error());
  return statement->integer(0);
}

Result<void> Sqlite::accept_version(std::int64_t found, const SqliteSchema& schema) const {
  if (found == schema.version) return {};
  return fail(ErrorCode::corrupt, "'" + path_ + "' has format " + std::to_string(found) +
                                      ", expected " + std::to_string(schema.version) +
                                      ": another version of the program made it");
}

Result<SqliteStatement> Sqlite::prepare(std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  const int status = sqlite3_prepare_v2(database_.get(), sql.data(), static_cast<int>(sql.size()),
                                        &statement, nullptr);
  if (status != SQLITE_OK) return failed(database_.get(), status, path_);
  return SqliteStatement(database_.get(), path_, statement);
}

Result<void> Sqlite::run(const char* sql) {
  const int status = sqlite3_exec(database_.get(), sql, nullptr, nullptr, nullptr);
  if (status != SQLITE_OK) return failed(database_.get(), status, path_);
  return {};
}

Result<void> Sqlite::transaction(const std::function<Result<void>()>& body) {
  if (auto begun = run(writes_ ? "BEGIN IMMEDIATE" : "BEGIN"); !begun) return begun;
  const RollBackUnlessCommitted roll_back(database_.get());
  auto done = body();
  return done ? run("COMMIT") : done;
}

std::int64_t Sqlite::changes() const {
  return sqlite3_changes64(database_.get());
}

Result<std::vector<std::string>> Sqlite::check() {
  const std::string sql = "PRAGMA integrity_check(" + std::to_string(kMostFaults) + ")";
  auto statement = prepare(sql);
  if (!statement) return tl::unexpected(statement.error());
  std::vector<std::string> faults;
  while (true) {
    const auto row = statement->step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return faults;
    if (statement->text(0) != "ok") {
      faults.push_back("'" + path_ + "': " + std::string(statement->text(0)));
    }
  }
}

}  // namespace trailsift::indexer
